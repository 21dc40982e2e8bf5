import { describe, expect, it } from '@jest/globals';
import { type Kind, parameters } from '../../src/locales/parameters.ts';
import { locales } from '../../src/locales/translator.ts';
import { composed } from './composed-keys.ts';
import { literalsIn, type Use, usesIn } from './message-parameters.ts';
import { catalogueFiles, codeFiles } from './sources.ts';

const declared: Record<string, Record<string, Kind>> = parameters;
const files = catalogueFiles();
const messages = files.flatMap(([locale, json]) =>
  Object.entries(JSON.parse(json) as Record<string, string>).map(([key, text]) => ({ locale, key, text })),
);

/** What the message makes of its parameters; tags are no parameters. */
function kindsIn(uses: readonly Use[]): Record<string, Kind> {
  return Object.fromEntries(
    uses.filter(({ as }) => as !== 'tag').map(({ name }) => [name, kindOf(uses.filter((use) => use.name === name))]),
  );
}

/** A choice may say itself too, as its last resort. Foreign text and pieces are inserted alike. */
function kindOf(uses: readonly Use[]): Kind {
  if (uses.some(({ as }) => as === 'select')) return 'choice';
  return uses.some(({ as }) => as === 'plural' || as === 'number') ? 'number' : 'text';
}

const inserted = (kind: Kind): Kind => (kind === 'rich' ? 'text' : kind);

describe('every catalogue', () => {
  it('is a language that can be set', () => {
    expect(files.map(([locale]) => locale).toSorted()).toEqual([...locales].toSorted());
  });

  it.each(files)('%s: has every message, once, and no other', (_locale, json) => {
    const keys = Array.from(json.matchAll(/^ *"([^"]+)":/gm), ([, key = '']) => key);
    expect(keys.toSorted()).toEqual(Object.keys(parameters).toSorted());
  });
});

describe('every message', () => {
  it.each(messages)('takes exactly what is declared: $locale $key', ({ locale, key, text }) => {
    const expected = Object.entries(declared[key] ?? {}).map(([name, kind]) => [name, inserted(kind)]);
    expect(kindsIn(usesIn(text, locale))).toEqual(Object.fromEntries(expected));
  });

  it.each(messages)('has words whatever is chosen, and uses known tags: $locale $key', ({ locale, key, text }) => {
    expect(declared).toHaveProperty([key]);
    for (const { as, name, choices } of usesIn(text, locale)) {
      if (as === 'select' || as === 'plural') expect(choices).toContain('other');
      if (as === 'tag') expect(['b', 'i', 'code']).toContain(name);
    }
  });

  it.each(messages)('is plain words, without markup or an apostrophe that ICU eats: $locale $key', (message) => {
    const { locale, text } = message;
    expect(text).not.toContain("'");
    const said = literalsIn(text, locale).join('');
    expect(said).not.toMatch(/oops|sorry|please/i);
    // A setting's name may stand there: within a word an underscore is no markup.
    expect(said.replace(/(?<=[A-Z])_(?=[A-Z])/g, '')).not.toMatch(/[*_~`<>|\\]/);
    expect(said).not.toMatch(/\p{Cc}|\p{Default_Ignorable_Code_Point}/u);
    expect(text).toBe(text.trim());
  });

  it('is said somewhere, under a name that is written out or put together from a closed set', () => {
    const code = codeFiles().join('\n');
    const written = new Set(Array.from(code.matchAll(/'([a-zA-Z_.]+)'/g), ([, key = '']) => key));
    const beginnings = Array.from(code.matchAll(/`([a-z]+\.(?:[a-z]+\.)?)\$\{/g), ([, beginning = '']) => beginning);
    const known = beginnings.filter((beginning) => Object.keys(parameters).some((key) => key.startsWith(beginning)));
    expect([...new Set(known)].toSorted()).toEqual(Object.keys(composed).toSorted());
    const put = Object.entries(composed).flatMap(([beginning, members]) => members.map((member) => beginning + member));
    const said = new Set([...written, ...put]);
    expect(Object.keys(parameters).filter((key) => !said.has(key))).toEqual([]);
    expect(put.filter((key) => !(key in declared))).toEqual([]);
  });
});
