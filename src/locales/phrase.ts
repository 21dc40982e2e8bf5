/** The style of a piece of text. */
export type Style = 'bold' | 'italic' | 'code';

/** A part of a message for people. Text is always literal: it cannot become a mention, a link or markup. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly styles?: readonly Style[] }
  | { readonly kind: 'user'; readonly id: string }
  | { readonly kind: 'group'; readonly id: string }
  | { readonly kind: 'channel'; readonly id: string }
  | { readonly kind: 'link'; readonly url: string; readonly text: string }
  /** Shown in the reader's own time zone. Milliseconds since the epoch. `isClock`: without the date. */
  | { readonly kind: 'time'; readonly at: number; readonly isClock?: true };

/** A sentence or more, ready to be rendered. */
export type Phrase = readonly Piece[];

/** Invisible characters: control, zero-width and direction characters, and lone surrogates. */
const invisible = /\p{C}|\p{Default_Ignorable_Code_Point}/gu;

/** The longest piece of foreign text that is shown, in characters. */
const longest = 500;

/**
 * Foreign text as a piece: white space and line breaks collapsed, invisible characters removed, and cut to the longest
 * length. Everything that a person or Campaign wrote passes through here.
 */
export function foreign(text: string, styles: readonly Style[] = []): Piece {
  const clean = text
    .replace(/\p{White_Space}+/gu, ' ')
    .replace(invisible, '')
    .replace(/ +/g, ' ')
    .trim();
  const characters = [...clean];
  const cut = characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : clean;
  return { kind: 'text', text: cut, styles };
}

export const user = (id: string): Piece => ({ kind: 'user', id });
export const channel = (id: string): Piece => ({ kind: 'channel', id });
export const group = (id: string): Piece => ({ kind: 'group', id });
export const time = (at: number): Piece => ({ kind: 'time', at });
export const link = (url: string, text: string): Piece => ({ kind: 'link', url, text });
export const code = (text: string): Piece => foreign(text, ['code']);

const clockWithinMs = 6 * 3_600_000;
const dayMs = 86_400_000;

/**
 * A time close to that of its message: the clock time alone. A time of another day (UTC), or hours away, has its date. In
 * other zones midnight can be in between; the clock time is then still the only one within hours of the message.
 *
 * @param writtenAt when the message was written, in milliseconds since the epoch
 */
export function clock(at: number, writtenAt: number): Piece {
  const isSameDay = Math.floor(at / dayMs) === Math.floor(writtenAt / dayMs);
  return isSameDay && Math.abs(at - writtenAt) < clockWithinMs ? { kind: 'time', at, isClock: true } : time(at);
}
