import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'dotenv';
import { translatorFor } from '../../src/locales/translator.ts';
import { readSettings } from '../../src/settings/read-settings.ts';
import { environmentSchema } from '../../src/settings/variables.ts';
import { validVariables } from './valid-variables.ts';

const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
const translator = translatorFor('en');
const listed = Array.from(example.matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm), ([, name = '']) => name);

describe('.env.example', () => {
  it('lists every variable once, and no other', () => {
    expect(listed.toSorted()).toEqual(Object.keys(environmentSchema(translator).shape).toSorted());
  });

  it('leaves only the required variables to fill in', () => {
    const read = readSettings(parse(example), translator, null);
    expect(read.ok ? [] : read.problems.map((problem) => 'name' in problem && problem.name)).toEqual([
      'SLACK_BOT_TOKEN',
      'SLACK_APP_TOKEN',
      'CAMPAIGN_ORGANIZATION',
      'CAMPAIGN_CLIENT_ID',
      'CAMPAIGN_CLIENT_SECRET',
    ]);
  });

  it('shows the defaults: removing the # before them changes nothing', () => {
    const shown = parse(example.replace(/^#(?=[A-Z][A-Z0-9_]*=)/gm, ''));
    const all = readSettings({ ...shown, ...validVariables }, translator, null);
    expect(all.ok).toBe(true);
    expect(all).toEqual(readSettings(validVariables, translator, null));
  });
});
