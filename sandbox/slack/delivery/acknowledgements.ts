import { z } from 'zod';
import { type Content, checkContent } from '../content.ts';
import type { SlackContext } from '../context.ts';
import { addMistake, addPrivateReply } from '../messages.ts';
import type { Origin } from '../response-urls.ts';
import type { Acknowledgement, Interaction } from './interaction.ts';

/** How long Slack waits before it tells the person that the app did not answer. */
const PATIENCE_OF_SLACK_MS = 3000;

/** Hands on what was said in time, and takes down what Slack would swallow. */
export function receive(
  context: SlackContext,
  { acknowledged }: Interaction,
  { said, status }: Acknowledgement,
  tookMs: number,
): void {
  if (tookMs > PATIENCE_OF_SLACK_MS) addMistake(context, `acknowledged after ${tookMs} ms: the person saw an error`);
  else if (status === 200) acknowledged(said);
}

/** For what is acknowledged with silence: whatever is said, no person sees it. */
export function unseen(context: SlackContext, what: string): Interaction['acknowledged'] {
  return (said) => {
    if (said !== undefined) addMistake(context, `${what} was acknowledged with a text, which nobody sees`);
  };
}

/** A command is answered privately by its acknowledgement. */
export function shownPrivately(context: SlackContext, { channel, user }: Origin): Interaction['acknowledged'] {
  return (said) => {
    if (said === undefined) return;
    const { mistakes, content } = readReply(said);
    for (const mistake of mistakes) addMistake(context, mistake);
    if (content) addPrivateReply(context, { channel, user, threadTs: null, via: 'ack', content });
  };
}

type ReadReply = { mistakes: string[]; content?: Content };

const reply = z.object({
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  response_type: z.enum(['ephemeral', 'in_channel']).default('ephemeral'),
});

function readReply(said: unknown): ReadReply {
  const read = reply.safeParse(typeof said === 'string' ? { text: said } : said);
  if (!read.success) return { mistakes: ['a command was acknowledged with something that is no message'] };
  if (read.data.response_type === 'in_channel') return { mistakes: ['a command was acknowledged for all to see'] };
  const checked = checkContent(read.data);
  if (!checked.ok) return { mistakes: [`acknowledged with ${[checked.error, ...checked.problems].join(': ')}`] };
  const mistakes = checked.mistake ? [`acknowledged with ${checked.mistake}`] : [];
  return { mistakes, content: checked.content };
}
