import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseDocument } from 'yaml';
import { translatorFor } from '../../src/locales/translator.ts';
import { problemLine } from '../../src/settings/problem.ts';
import { readSettings } from '../../src/settings/read-settings.ts';
import { environmentSchema } from '../../src/settings/variables.ts';
import { validVariables } from './valid-variables.ts';
import { problemsWith } from './with-file.ts';

const translator = translatorFor('en');
const ofEnvironment = ['CLIENT_ID', 'CLIENT_SECRET', 'SCOPES', 'ACCESS_TOKEN'].map((name) => `CAMPAIGN_ACME_${name}`);
const names = [...Object.keys(environmentSchema(translator).shape), ...ofEnvironment];
const example = readFileSync(new URL('../../campaign-wf.example.yml', import.meta.url), 'utf8');

const secret = fc.stringMatching(/^[A-Za-z0-9_-]{12,40}$/);
/** A secret pasted into the wrong line. */
const pasted = fc.tuple(secret, fc.nat(10)).map(([text, form]) => {
  const forms = [
    text,
    `xoxb-${text}`,
    `xapp-1-${text}`,
    `"${text}"`,
    `Bearer ${text}`,
    `postgres://user:${text}@db/x`,
    `https://user:${text}@slack.com/`,
    `https://slack.com/?token=${text}`,
    `C0OPS,${text},U0ALICE`,
    `${text}\n${text}`,
    `{verb} <b>${text}</b> '${text}'`,
  ];
  return { text, value: forms[form] ?? text };
});

function output(env: Record<string, string>): string {
  const read = readSettings(env, translator, null);
  return read.ok ? '' : read.problems.map((problem) => problemLine(problem, translator)).join('\n');
}

it('no problem contains the value of a variable', () => {
  fc.assert(
    fc.property(fc.constantFrom(...names), pasted, (name, { text, value }) => {
      const lines = output({ ...validVariables, [name]: value });
      expect(lines).not.toContain(text);
    }),
    { numRuns: 500 },
  );
});

it('no problem contains a value where every variable is invalid', () => {
  fc.assert(
    fc.property(fc.array(pasted, { minLength: names.length, maxLength: names.length }), (values) => {
      const env = Object.fromEntries(names.map((name, index) => [name, values[index]?.value ?? '']));
      const lines = output(env);
      expect(lines).toContain('CAMPAIGN_WF_LOCALE');
      for (const { text } of values) expect(lines).not.toContain(text);
    }),
    { numRuns: 100 },
  );
});

/** The path of every value in the example. */
const places = (value: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] => {
  if (Array.isArray(value)) return value.flatMap((inner, index) => places(inner, [...path, index]));
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, key]))];
};

it('no problem contains a value of the configuration file, except free texts', () => {
  const all = places(parseDocument(example).toJS()).filter((path) => path.length > 0);
  fc.assert(
    fc.property(fc.constantFrom(...all), pasted, (path, { text, value }) => {
      const document = parseDocument(example);
      document.setIn(path, value);
      expect(problemsWith(String(document)).join('\n')).not.toContain(text);
    }),
    { numRuns: 150 },
  );
});
