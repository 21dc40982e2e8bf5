import type { types } from '@slack/bolt';
import type { Phrase, Piece, Style } from '../locales/phrase.ts';

/** A message for Slack: blocks, and the same as fallback text for notifications and screen readers. */
export type Message = { readonly text: string; readonly blocks: types.KnownBlock[] };

export type Button = {
  readonly actionId: string;
  readonly value: string;
  readonly label: string;
  readonly style?: 'danger' | 'primary';
  /** What a screen reader says instead of the label; cut to Slack's 75 characters. */
  readonly spoken?: string;
};

/** A menu of at most 100 options. `placeholder`: what it shows, and a screen reader reads, before anything is chosen. */
export type Menu = {
  readonly actionId: string;
  readonly placeholder: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
};

/**
 * What stands below the lines of a message, and its notification.
 *
 * - `details`: small print for whoever looks into the problem;
 * - `small`: the last small print; `name` is its `block_id`;
 * - `brief`: the fallback text, in place of all lines.
 */
export type Foot = {
  readonly buttons?: readonly Button[];
  readonly menu?: Menu;
  readonly details?: Phrase;
  readonly small?: Phrase;
  readonly name?: string;
  readonly brief?: Phrase;
};

/**
 * Renders lines as a message. The blocks use `rich_text`, where text is never markup (backticks and `*` cannot be
 * escaped in any other block). The fallback text is escaped.
 */
export function renderMessage(lines: readonly Phrase[], foot: Foot = {}): Message {
  return renderSections([{ lines, ...foot }]);
}

/** Lines with what stands below them. */
export type Section = Foot & { readonly lines: readonly Phrase[] };

/** The same for a message of several sections. Slack takes 50 blocks in a message; a section has five at most. */
export function renderSections(sections: readonly Section[]): Message {
  return { text: fallback(sections.flatMap(spokenLines)), blocks: sections.flatMap(blocksOf) };
}

function spokenLines({ lines, details = [], small, brief }: Section): readonly Phrase[] {
  if (brief !== undefined) return [brief];
  return [...lines, ...(details.length > 0 ? [details] : []), ...(small ? [small] : [])];
}

function blocksOf({ lines, buttons = [], menu, details = [], small, name }: Section): types.KnownBlock[] {
  const blocks: types.KnownBlock[] = [{ type: 'rich_text', elements: lines.map(section) }];
  if (buttons.length > 0) blocks.push({ type: 'actions', elements: buttons.map(button) });
  if (menu !== undefined) blocks.push({ type: 'actions', elements: [selectOf(menu)] });
  if (details.length > 0) blocks.push(smallPrint(details));
  if (small !== undefined) blocks.push({ ...smallPrint(small), ...(name && { block_id: name }) });
  return blocks;
}

function smallPrint(phrase: Phrase): types.ContextBlock {
  return { type: 'context', elements: [{ type: 'plain_text', text: smallText(phrase) }] };
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

/** A phrase of at most `most` characters: the first piece that has no room is cut if it is text, or left out. */
export function shortened(phrase: Phrase, most: number): Phrase {
  let room = most;
  const end = phrase.findIndex((piece) => {
    room -= fallbackPiece(piece).length;
    return room < 0;
  });
  const last = phrase[end];
  if (last === undefined) return phrase;
  const before = phrase.slice(0, end);
  const left = most - lengthOf(before);
  return last.kind === 'text' ? [...before, { ...last, text: cut(last.text, left) }] : before;
}

/** The length in the fallback text, where mentions and times also count. */
function lengthOf(line: Phrase): number {
  return line.reduce((sum, piece) => sum + fallbackPiece(piece).length, 0);
}

/** Lines as a block for a form. */
export function paragraph(...lines: readonly Phrase[]): types.RichTextBlock {
  return { type: 'rich_text', elements: lines.map(section) };
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
      return { type: 'date', timestamp: seconds(piece.at), format: formatOf(piece), fallback: utc(piece) };
    default:
      return piece satisfies never;
  }
}

function styled(styles: readonly Style[] = []) {
  return styles.length === 0 ? {} : { style: Object.fromEntries(styles.map((style) => [style, true])) };
}

type Time = Piece & { readonly kind: 'time' };

/** Slack's date syntax: shown in the reader's time zone and language. */
function formatOf({ isClock }: Time): string {
  return isClock ? '{time}' : '{date_short_pretty} {time}';
}

/** Slack cuts a text after 4,000 characters, possibly inside a mention. */
const longestFallback = 3_999;

/**
 * The escaped fallback: "escape &, < and >, and nothing else" (Slack, formatting message text). It may be shortened,
 * because the blocks are complete.
 */
function fallback(lines: readonly Phrase[]): string {
  const pieces = lines.flatMap((line, index) => [index === 0 ? '' : '\n', ...line.map(fallbackPiece)]);
  const text = pieces.join('');
  return text.length > longestFallback ? withinFallback(pieces) : text;
}

/** As many whole pieces as fit: no mention and no escaped character is cut in two. */
function withinFallback(pieces: readonly string[]): string {
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
      return `<!date^${seconds(piece.at)}^${formatOf(piece)}|${utc(piece)}>`;
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

const longestSpoken = 75;

function button({ actionId, value, label, style, spoken }: Button): types.Button {
  const text = { type: 'plain_text', text: label } as const;
  const accessibility = spoken === undefined ? {} : { accessibility_label: cut(spoken, longestSpoken) };
  return { type: 'button', action_id: actionId, value, text, ...accessibility, ...(style && { style }) };
}

function selectOf({ actionId, placeholder, options }: Menu): types.StaticSelect {
  return {
    type: 'static_select',
    action_id: actionId,
    placeholder: { type: 'plain_text', text: placeholder },
    options: options.map(({ value, label }) => ({ value, text: { type: 'plain_text', text: label } })),
  };
}

/** Whole characters, at most as many UTF-16 units as Slack counts. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  let short = '';
  for (const character of text) {
    if (short.length + character.length >= most) break;
    short += character;
  }
  return `${short}…`;
}

function seconds(at: number): number {
  return Math.floor(at / 1000);
}

function utc({ at, isClock }: Time): string {
  return `${new Date(at)
    .toISOString()
    .slice(isClock ? 11 : 0, 16)
    .replace('T', ' ')} UTC`;
}
