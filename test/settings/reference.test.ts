import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { translatorFor } from '../../src/locales/translator.ts';
import { exampleEnv, settingsPage } from '../../src/settings/reference.ts';
import { about } from '../../src/settings/variable-descriptions.ts';
import { environmentSchema } from '../../src/settings/variables.ts';

it.each([
  ['.env.example', exampleEnv],
  ['docs/settings.md', settingsPage],
])('%s is what npm run schema writes', (path, generated) => {
  expect(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')).toBe(generated());
});

it('every variable has its description, in the order of the schema', () => {
  const { shape } = environmentSchema(translatorFor('en'));
  expect(Object.entries(shape).map(([name, schema]) => [name, schema.meta()])).toEqual(Object.entries(about));
});

it('the page has every variable, default and key', () => {
  const page = settingsPage();
  for (const name of Object.keys(about)) expect(page).toContain(`| \`${name}\` |`);
  expect(page).toContain('`sqlite:data/campaign-wf.sqlite`');
  expect(page).toContain(
    '| `access[].approval.count` | How many different people have to confirm. | a whole number | `1` |',
  );
  expect(page).not.toMatch(/undefined|\[object/);
});
