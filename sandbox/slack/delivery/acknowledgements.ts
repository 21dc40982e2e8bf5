import { z } from 'zod';
import { type Content, checkContent } from '../content.ts';
import type { SlackContext } from '../context.ts';
import { addMistake, addPrivateReply } from '../messages.ts';
import type { Origin } from '../response-urls.ts';
import type { Acknowledgement, Interaction } from './interaction.ts';

/** Slack's time limit for an acknowledgement, after which the person sees an error. */
const ACKNOWLEDGE_WITHIN_MS = 3000;

/** Passes on an acknowledgement that was in time, and records mistakes that Slack would ignore. */
export function receive(
  context: SlackContext,
  { acknowledged }: Interaction,
  { parsedBody, status }: Acknowledgement,
  elapsedMs: number,
): void {
  if (elapsedMs > ACKNOWLEDGE_WITHIN_MS)
    addMistake(context, `acknowledged after ${elapsedMs} ms: the person saw an error`);
  else if (status === 200) acknowledged(parsedBody);
}

/** For interactions with an empty acknowledgement: Slack would not show a text. */
export function unseen(context: SlackContext, what: string): Interaction['acknowledged'] {
  return (parsedBody) => {
    if (parsedBody !== undefined)
      addMistake(context, `${what} was acknowledged with a text, which Slack does not show`);
  };
}

/** The acknowledgement of a command is a private reply. */
export function shownPrivately(
  context: SlackContext,
  { channel, user }: Origin,
  responseUrl: string,
): Interaction['acknowledged'] {
  return (parsedBody) => {
    if (parsedBody === undefined) return;
    const { mistakes, content } = readReply(parsedBody);
    for (const mistake of mistakes) addMistake(context, mistake);
    if (content) addPrivateReply(context, { channel, user, threadTs: null, via: 'ack', responseUrl, content });
  };
}

type ReadReply = { mistakes: string[]; content?: Content };

const reply = z.object({
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  response_type: z.enum(['ephemeral', 'in_channel']).default('ephemeral'),
});

function readReply(parsedBody: unknown): ReadReply {
  const read = reply.safeParse(typeof parsedBody === 'string' ? { text: parsedBody } : parsedBody);
  if (!read.success) return { mistakes: ['a command was acknowledged with an invalid message'] };
  if (read.data.response_type === 'in_channel')
    return { mistakes: ['a command was acknowledged with a public response'] };
  const checked = checkContent(read.data);
  if (!checked.ok) return { mistakes: [`acknowledged with ${[checked.error, ...checked.problems].join(': ')}`] };
  const mistakes = checked.mistake ? [`acknowledged with ${checked.mistake}`] : [];
  return { mistakes, content: checked.content };
}
