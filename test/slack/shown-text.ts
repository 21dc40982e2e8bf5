import { expect } from '@jest/globals';
import type { Block } from '../../sandbox/slack/blocks.ts';
import { checkPostedContent } from '../../sandbox/slack/content.ts';
import type { Message } from '../../src/slack/render.ts';

type RichTextElement = Extract<Block, { type: 'rich_text' }>['elements'][number]['elements'][number];

const asItShouldBe = { mistake: null, isTooLong: false };

/** The blocks as Slack accepts them. Fails where Slack would refuse the message, or cut it. */
export function acceptedBlocks(message: Message): readonly Block[] {
  const checked = checkPostedContent(message);
  if (!checked.ok) throw new Error(`${checked.error}: ${checked.problems.join('; ')}\n${JSON.stringify(message)}`);
  const isTooLong = message.text.length >= 4_000;
  // Thousands of messages are checked, and a successful `expect` also takes time.
  if (checked.mistake !== null || isTooLong) expect({ mistake: checked.mistake, isTooLong }).toEqual(asItShouldBe);
  return checked.content.blocks;
}

/** The lines of a message, without styles. Mentions, links and times are shown as `@U0BOB`, `[7K3M9QPA]`, `{time}`. */
export function linesOf(message: Message): readonly string[] {
  return acceptedBlocks(message).flatMap((block) =>
    block.type === 'rich_text' ? block.elements.map(({ elements }) => elements.map(shown).join('')) : [],
  );
}

/** The small print of a message. */
export function smallPrintOf(message: Message): string {
  return acceptedBlocks(message)
    .flatMap((block) => (block.type === 'context' ? block.elements : []))
    .map((element) => ('text' in element ? element.text : ''))
    .join('');
}

function shown(element: RichTextElement): string {
  if (!('type' in element)) return '';
  switch (element.type) {
    case 'text':
      return element.text;
    case 'user':
      return `@${element.user_id}`;
    case 'usergroup':
      return `@${element.usergroup_id}`;
    case 'channel':
      return `#${element.channel_id}`;
    case 'link':
      return `[${element.text}]`;
    case 'date':
      return '{time}';
    default:
      return '?';
  }
}

/** Fails where Slack would refuse the message, or where a part of a line is missing. Returns the lines. */
export function expectCompleteText(message: Message): readonly string[] {
  const lines = linesOf(message);
  const incomplete = lines.filter((line) => !completeLine.test(line) || missingPart.test(line));
  const isEmpty = lines.length === 0;
  if (isEmpty || incomplete.length > 0) expect({ isEmpty, incomplete }).toEqual({ isEmpty: false, incomplete: [] });
  return lines;
}

const completeLine = /^\S.*[.!?:)\]}…\p{L}\p{N}]$/u;
const missingPart = / {2}| [.,:;)]|\(\)|: *[.,]|undefined|\bnull\b|NaN|\[object|\{(?!time)|<\/?[a-z]/;
