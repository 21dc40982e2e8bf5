import { expect } from '@jest/globals';
import type { Block } from '../../sandbox/slack/blocks.ts';
import { checkPostedContent } from '../../sandbox/slack/content.ts';
import type { Message } from '../../src/slack/render.ts';

type RichTextElement = Extract<Block, { type: 'rich_text' }>['elements'][number]['elements'][number];

const asItShouldBe = { mistake: null, isTooLong: false };

/** The blocks as Slack would take them; fails when it would not, or would not show them whole. */
export function takenBySlack(message: Message): readonly Block[] {
  const checked = checkPostedContent(message);
  if (!checked.ok) throw new Error(`${checked.error}: ${checked.problems.join('; ')}\n${JSON.stringify(message)}`);
  const isTooLong = message.text.length >= 4_000;
  // Thousands of messages are checked, and an `expect` takes long also when it holds.
  if (checked.mistake !== null || isTooLong) expect({ mistake: checked.mistake, isTooLong }).toEqual(asItShouldBe);
  return checked.content.blocks;
}

/** What the lines of a message read, without looks. Mentions, links and times are shown as `@U0BOB`, `[7K3M9QPA]`, `{time}`. */
export function linesOf(message: Message): readonly string[] {
  return takenBySlack(message).flatMap((block) =>
    block.type === 'rich_text' ? block.elements.map(({ elements }) => elements.map(shown).join('')) : [],
  );
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

/** Fails when Slack would not take the message, or a line has a hole where something should have been said. */
export function expectToSaySomething(message: Message): readonly string[] {
  const lines = linesOf(message);
  const wrong = lines.filter((line) => !whole.test(line) || hole.test(line));
  const saysNothing = lines.length === 0;
  if (saysNothing || wrong.length > 0) expect({ saysNothing, wrong }).toEqual({ saysNothing: false, wrong: [] });
  return lines;
}

const whole = /^\S.*[.!?:)\]}\p{L}\p{N}]$/u;
const hole = / {2}| [.,:;)]|\(\)|: *[.,]|undefined|\bnull\b|NaN|\[object|\{(?!time)|<\/?[a-z]/;
