import { z } from 'zod';
import type { Content } from '../content.ts';
import { checkContent } from '../content.ts';
import type { SlackContext } from '../context.ts';
import { addMistake, addPrivateReply } from '../messages.ts';
import type { Acknowledgement, Interaction } from './interaction.ts';

/** How long Slack waits before it tells the person that the app did not answer. */
const PATIENCE_OF_SLACK_MS = 3000;

/** Shows what was said, as Slack would, and takes down what Slack would swallow. */
export function receive(
  context: SlackContext,
  { type, origin }: Interaction,
  { said, status }: Acknowledgement,
  tookMs: number,
): void {
  if (tookMs > PATIENCE_OF_SLACK_MS) {
    addMistake(context, `acknowledged after ${tookMs} ms: the person saw an error`);
    return;
  }
  if (status !== 200 || said === undefined) return;
  const { mistakes, content } = type === 'interactive' ? UNSEEN : readReply(said);
  for (const mistake of mistakes) addMistake(context, mistake);
  const { channel, user } = origin;
  if (content) addPrivateReply(context, { channel, user, threadTs: null, via: 'ack', content });
}

type ReadReply = { mistakes: string[]; content?: Content };

const UNSEEN: ReadReply = { mistakes: ['a button was acknowledged with a text, which nobody sees'] };

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
