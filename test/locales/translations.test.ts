import { describe, expect, it } from '@jest/globals';
import { type Use, usesIn } from './message-parameters.ts';
import { sameAsEnglish } from './same-as-english.ts';
import { catalogueFiles } from './sources.ts';

type Catalogue = Record<string, string>;

const catalogues = new Map(catalogueFiles().map(([locale, json]) => [locale, JSON.parse(json) as Catalogue]));
const english = catalogues.get('en') ?? {};
const translations = [...catalogues].filter(([locale]) => locale !== 'en');

const selects = (uses: readonly Use[]) =>
  uses
    .filter(({ as }) => as === 'select')
    .map(({ name, choices }) => `${name}: ${choices.toSorted().join(' ')}`)
    .toSorted();

const tags = (uses: readonly Use[]) => uses.filter(({ as }) => as === 'tag').map(({ name }) => name);

describe.each(translations)('%s', (locale, messages) => {
  const each = Object.entries(messages).map(([key, text]) => ({ key, text, uses: usesIn(text, locale) }));

  it('stands in the order of the English one, for whoever compares them', () => {
    expect(Object.keys(messages)).toEqual(Object.keys(english));
  });

  it('says nothing in English that it should not', () => {
    const same = each.filter(({ key, text }) => text === english[key]).map(({ key }) => key);
    expect(same.toSorted()).toEqual([...(sameAsEnglish[locale] ?? [])].toSorted());
  });

  it('chooses by the same words, wherever it chooses', () => {
    const other = each.filter(({ key, uses }) => {
      const own = new Set(selects(uses));
      const original = new Set(selects(usesIn(english[key] ?? '', 'en')));
      return own.symmetricDifference(original).size > 0;
    });
    expect(other.map(({ key }) => key)).toEqual([]);
  });

  it('counts as the language does', () => {
    const { pluralCategories } = new Intl.PluralRules(locale).resolvedOptions();
    const possible = new Set<string>(pluralCategories);
    const plurals = each.flatMap(({ key, uses }) =>
      uses.filter(({ as }) => as === 'plural').map(({ choices }) => ({ key, choices })),
    );
    const wrong = plurals.filter(({ choices }) =>
      choices.some((choice) => !/^=\d+$/.test(choice) && !possible.has(choice)),
    );
    expect(wrong).toEqual([]);
    expect(plurals.filter(({ choices }) => !choices.includes('one'))).toEqual([]);
  });

  it('stresses what the English one stresses', () => {
    const other = each.filter(
      ({ key, uses }) =>
        new Set(tags(uses)).symmetricDifference(new Set(tags(usesIn(english[key] ?? '', 'en')))).size > 0,
    );
    expect(other.map(({ key }) => key)).toEqual([]);
  });
});

/** What somebody types has no such spaces. */
const code = /\bsqlite:/g;

it('French has a no-break space before “:”, “;”, “!” and “?”, and inside « … », so that no line begins with them', () => {
  const isWrong = (text: string) => / [:;!?»]|« |[\p{L}\p{N}}»)][!?;]|[\p{L}}»)]:\s/u.test(text.replace(code, ''));
  const wrong = Object.entries(catalogues.get('fr') ?? {}).filter(([, text]) => isWrong(text));
  expect(wrong).toEqual([]);
});
