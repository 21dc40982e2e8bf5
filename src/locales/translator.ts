import { IntlMessageFormat, type MessageFormatPart } from 'intl-messageformat';
import de from './de.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };
import es from './es.json' with { type: 'json' };
import fr from './fr.json' with { type: 'json' };
import it from './it.json' with { type: 'json' };
import { type Key, type Kind, parameters } from './parameters.ts';
import { foreign, type Phrase, type Piece, type Style } from './phrase.ts';
import ptBR from './pt-BR.json' with { type: 'json' };
import sv from './sv.json' with { type: 'json' };

const catalogues = { en, fr, sv, 'pt-BR': ptBR, it, es, de } satisfies Record<string, Record<Key, string>>;

export type Locale = keyof typeof catalogues;
export const locales = Object.keys(catalogues) as readonly Locale[];

/**
 * The catalogue for a Slack locale: the same region, or another region of the same language, or English.
 */
export function localeFor(tag: string): Locale {
  return locales.find((locale) => languageIn(locale) === languageIn(tag)) ?? 'en';
}

/** "fr" of "fr-CA", in any case. */
function languageIn(tag: string): string {
  return tag.split(/[-_]/, 1).join('').toLowerCase();
}

/** The value of each kind of parameter. Text is foreign: it is sanitized here and stays literal. */
type ValueOf<K extends Kind> = K extends 'number' ? number : K extends 'rich' ? Piece | Phrase : string;
type Values<K extends Key> = {
  readonly [P in keyof (typeof parameters)[K]]: ValueOf<(typeof parameters)[K][P] & Kind>;
};
type Arguments<K extends Key> = keyof (typeof parameters)[K] extends never ? [] : [Values<K>];

/** One language's words. */
export type Translator = {
  readonly locale: Locale;
  /** The message with its values, as pieces that a renderer turns into Slack's format. */
  translate<K extends Key>(key: K, ...values: Arguments<K>): Phrase;
  /** A list of alternatives: "a, b or c" */
  either(pieces: readonly Piece[]): Phrase;
  /** "a, b and c" */
  all(pieces: readonly Piece[]): Phrase;
  /** "1 hour, 30 minutes" */
  lasting(ms: number): Phrase;
};

/** A message of a catalogue, as text or parsed. */
type Message = ConstructorParameters<typeof IntlMessageFormat>[0];

const opened = new Map<Locale, Translator>();

/** The words of a language. */
export function translatorFor(locale: Locale): Translator {
  const translator = opened.get(locale) ?? createTranslator(locale, (key) => catalogues[locale][key]);
  opened.set(locale, translator);
  return translator;
}

/** A translator over any catalogue, in that language. Compiles each message at its first use. */
export function createTranslator(locale: Locale, messageOf: (key: Key) => Message): Translator {
  const compiled = new Map<Key, IntlMessageFormat>();
  const disjunction = new Intl.ListFormat(locale, { type: 'disjunction' });
  const duration = new Intl.DurationFormat(locale, { style: 'long' });
  const conjunction = new Intl.ListFormat(locale, { type: 'conjunction' });
  return {
    locale,
    translate(key, ...[values]) {
      const message = compiled.get(key) ?? new IntlMessageFormat(messageOf(key), locale);
      compiled.set(key, message);
      return flatten(message.formatToParts<Piece | Phrase>({ ...tags, ...prepare(key, values ?? {}) }));
    },
    either: (pieces) => inARow(pieces, disjunction),
    all: (pieces) => inARow(pieces, conjunction),
    lasting: (ms) => [text(duration.format(inUnits(ms)))],
  };
}

function inUnits(ms: number) {
  const seconds = Math.floor(ms / 1_000);
  return {
    hours: Math.floor(seconds / 3_600),
    minutes: Math.floor(seconds / 60) % 60,
    seconds: seconds % 60,
    milliseconds: ms % 1_000,
  };
}

function inARow(pieces: readonly Piece[], list: Intl.ListFormat): Phrase {
  const left = [...pieces];
  return list.formatToParts(pieces.map(nextWord)).flatMap((part) => {
    const piece = part.type === 'element' ? left.shift() : undefined;
    return piece ?? text(part.value);
  });
}

/** Spanish uses "u" before an o, and "e" before an i. The name in a mention is not known here. */
function nextWord(piece: Piece): string {
  return piece.kind === 'text' || piece.kind === 'link' ? piece.text : '@';
}

const tags = { b: styled('bold'), i: styled('italic'), code: styled('code') };

/** A tag of a catalogue: `<b>…</b>` and the like. */
function styled(style: Style) {
  return (chunks: (string | Piece | Phrase)[]): Phrase =>
    chunks
      .flatMap((chunk) => (typeof chunk === 'string' ? [text(chunk)] : chunk))
      .map((piece) => (piece.kind === 'text' ? { ...piece, styles: [...(piece.styles ?? []), style] } : piece));
}

function prepare(key: Key, values: object): Record<string, Phrase | string | number> {
  const kinds: Record<string, Kind> = parameters[key];
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, valueFor(kinds[name], value)]));
}

function valueFor(kind: Kind | undefined, value: unknown): Phrase | string | number {
  if (kind === 'rich') return [value].flat() as Phrase;
  if (kind === 'text') return [foreign(String(value))];
  return value as string | number;
}

function flatten(parts: readonly MessageFormatPart<Piece | Phrase>[]): Phrase {
  return parts.flatMap(({ value }) => (typeof value === 'string' ? [text(value)] : ([value].flat() as Phrase)));
}

function text(value: string): Piece {
  return { kind: 'text', text: value };
}

/** A phrase as plain text, for logs and the terminal. */
export function plain(phrase: Phrase): string {
  return phrase.map(plainPiece).join('');
}

function plainPiece(piece: Piece): string {
  switch (piece.kind) {
    case 'text':
      return piece.text;
    case 'link':
      return `${piece.text} (${piece.url})`;
    case 'time':
      return new Date(piece.at).toISOString();
    default:
      return piece.id;
  }
}
