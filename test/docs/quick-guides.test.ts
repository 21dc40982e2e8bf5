import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { commandWords } from '../../src/commands/command.ts';
import { commandName } from '../../src/commands/vocabulary/command-names.ts';
import type { Key } from '../../src/locales/parameters.ts';
import { locales, plain, translatorFor } from '../../src/locales/translator.ts';
import { catalogueFiles } from '../locales/sources.ts';

const outcomes = ['accepted', 'rejected', 'unknown', 'not_sent', 'refused', 'expired', 'superseded'] as const;

/** Where the announcement has the outcome. */
const announced: Partial<Record<(typeof outcomes)[number], Key>> = {
  accepted: 'announce.accepted',
  rejected: 'announce.ended.rejected',
  unknown: 'announce.ended.unknown',
};

/** What an outcome begins with: "Accepted" on the announcement, or in bold. */
function titles(locale: string): readonly string[] {
  const messages = JSON.parse(catalogueFiles().find(([name]) => name === locale)?.[1] ?? '{}') as Record<Key, string>;
  return outcomes.map((outcome) => {
    const key = announced[outcome];
    const begins =
      key === undefined
        ? /<b>(.+?)\.?<\/b>/.exec(messages[`outcome.${outcome}`])
        : /^(.+?)(?:,| \{at\})/.exec(messages[key]);
    return begins?.[1] ?? outcome;
  });
}

describe.each(locales)('the quick guide in %s', (locale) => {
  const guide = readFileSync(new URL(`../../docs/quick-guide.${locale}.md`, import.meta.url), 'utf8');
  const words = translatorFor(locale);

  it('shows every command as the bot itself writes it', () => {
    const names = commandWords.map((command) => commandName(command, locale));
    const missing = names.filter((name) => !new RegExp(`(?:\`|campaign-wf )${name}(?!\\p{L})`, 'u').test(guide));
    expect(missing).toEqual([]);
  });

  it('names the buttons of a stop, the outcomes and the way without typing as they stand in Slack', () => {
    const buttons = (['approve', 'cancel'] as const).map((choice) =>
      plain(words.translate(`button.${choice}`, { verb: 'stop' })),
    );
    const shown = [...buttons, ...titles(locale), plain(words.translate('button.new_request'))];
    expect(shown.filter((text) => !guide.includes(`*${text}`) && !guide.includes(`_${text}_`))).toEqual([]);
  });
});
