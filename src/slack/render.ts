import type { types } from '@slack/bolt';
import type { Phrase, Piece, Style } from '../locales/phrase.ts';

/** A message for Slack: blocks, and the same as fallback text for notifications and screen readers. */
export type Message = { readonly text: string; readonly blocks: types.KnownBlock[] };

export type Button = {
  readonly actionId: string;
  readonly value: string;
  readonly label: string;
  readonly style?: 'danger' | 'primary';
};

/** The buttons and the small print below the lines of a message; `name` is the small print's `block_id`. */
export type Foot = { readonly buttons?: readonly Button[]; readonly small?: Phrase; readonly name?: string };

/**
 * Renders lines as a message. The blocks use `rich_text`, where text is never markup (backticks and `*` cannot be
 * escaped in any other block). The fallback text is escaped.
 */
export function renderMessage(lines: readonly Phrase[], foot: Foot = {}): Message {
  return renderSections([{ lines, ...foot }]);
}

/** Lines with what stands below them. */
export type Section = Foot & { readonly lines: readonly Phrase[] };

/** The same for a message of several sections. Slack takes 50 blocks in a message; a section has three at most. */
export function renderSections(sections: readonly Section[]): Message {
  const all = sections.flatMap(({ lines, small }) => [...lines, ...(small ? [small] : [])]);
  return { text: fallback(all), blocks: sections.flatMap(blocksOf) };
}

function blocksOf({ lines, buttons = [], small, name }: Section): types.KnownBlock[] {
  const blocks: types.KnownBlock[] = [{ type: 'rich_text', elements: lines.map(section) }];
  if (buttons.length > 0) blocks.push({ type: 'actions', elements: buttons.map(button) });
  if (small !== undefined) {
    const elements: types.PlainTextElement[] = [{ type: 'plain_text', text: smallText(small) }];
    blocks.push({ type: 'context', ...(name && { block_id: name }), elements });
  }
  return blocks;
}

/** Both messages as one, while the fallback has room for both. */
export function stacked(first: Message, second: Message): Message {
  const text = `${first.text}\n${second.text}`;
  return {
    text: text.length > longestFallback ? first.text : text,
    blocks: [...first.blocks, ...second.blocks],
  };
}

/** The first lines, as many as have at most `most` characters together. */
export function linesThatFit(lines: readonly Phrase[], most: number): readonly Phrase[] {
  let room = most;
  const end = lines.findIndex((line) => {
    room -= lengthOf(line);
    return room < 0;
  });
  return end === -1 ? lines : lines.slice(0, end);
}

/** The length in the fallback text, where mentions and times also count. */
function lengthOf(line: Phrase): number {
  return line.reduce((sum, piece) => sum + fallbackPiece(piece).length, 0);
}

/** One line as a block for a form. */
export function paragraph(line: Phrase): types.RichTextBlock {
  return { type: 'rich_text', elements: [section(line)] };
}

function section(line: Phrase): types.RichTextSection {
  return { type: 'rich_text_section', elements: line.filter(isVisible).map(element) };
}

/** Slack refuses an empty text element. */
function isVisible(piece: Piece): boolean {
  return piece.kind !== 'text' || piece.text !== '';
}

function element(piece: Piece): types.RichTextElement {
  switch (piece.kind) {
    case 'text':
      return { type: 'text', text: piece.text, ...styled(piece.styles) };
    case 'user':
      return { type: 'user', user_id: piece.id };
    case 'group':
      return { type: 'usergroup', usergroup_id: piece.id };
    case 'channel':
      return { type: 'channel', channel_id: piece.id };
    case 'link':
      return { type: 'link', url: piece.url, text: piece.text };
    case 'time':
      return { type: 'date', timestamp: seconds(piece.at), format: dateFormat, fallback: utc(piece.at) };
    default:
      return piece satisfies never;
  }
}

function styled(styles: readonly Style[] = []) {
  return styles.length === 0 ? {} : { style: Object.fromEntries(styles.map((style) => [style, true])) };
}

/** Slack's date syntax: shown in the reader's time zone and language. */
const dateFormat = '{date_short_pretty} {time}';

/** Slack cuts a text after 4,000 characters, possibly inside a mention. */
const longestFallback = 3_999;

/**
 * The escaped fallback: "escape &, < and >, and nothing else" (Slack, formatting message text). It may be shortened,
 * because the blocks are complete.
 */
function fallback(lines: readonly Phrase[]): string {
  const pieces = lines.flatMap((line, index) => [index === 0 ? '' : '\n', ...line.map(fallbackPiece)]);
  const text = pieces.join('');
  return text.length > longestFallback ? shortened(pieces) : text;
}

/** As many whole pieces as fit: no mention and no escaped character is cut in two. */
function shortened(pieces: readonly string[]): string {
  let text = '';
  for (const piece of pieces) {
    if (text.length + piece.length >= longestFallback) break;
    text += piece;
  }
  return `${text}…`;
}

function fallbackPiece(piece: Piece): string {
  switch (piece.kind) {
    case 'text':
      return escaped(piece.text);
    case 'user':
      return `<@${piece.id}>`;
    case 'group':
      return `<!subteam^${piece.id}>`;
    case 'channel':
      return `<#${piece.id}>`;
    case 'link':
      return `<${piece.url}|${escaped(piece.text)}>`;
    case 'time':
      return `<!date^${seconds(piece.at)}^${dateFormat}|${utc(piece.at)}>`;
    default:
      return piece satisfies never;
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function smallText(phrase: Phrase): string {
  return phrase.map((piece) => (piece.kind === 'text' ? piece.text : fallbackPiece(piece))).join('');
}

function button({ actionId, value, label, style }: Button): types.Button {
  const text = { type: 'plain_text', text: label } as const;
  return { type: 'button', action_id: actionId, value, text, ...(style && { style }) };
}

function seconds(at: number): number {
  return Math.floor(at / 1000);
}

function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
