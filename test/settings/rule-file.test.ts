import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { configurationFile } from '../../src/command-line.ts';
import { translatorFor } from '../../src/locales/translator.ts';
import { watchRuleFile } from '../../src/rule-file.ts';
import type { Configuration } from '../../src/settings/settings.ts';
import { validVariables } from './valid-variables.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'campaign-wf-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const rule = (name: string) =>
  `access:\n  - { name: ${name}, channels: [C0OPS], people: { users: [U0ALICE] }, commands: [pause] }\n`;

/** A watched file, whose next look the test asks for. */
function watched(path: string) {
  const stop = new AbortController();
  let look = Promise.withResolvers<void>();
  let began = Promise.withResolvers<void>();
  const events: string[] = [];
  const note = (at: object, text: string) => {
    const { problems } = at as { problems?: readonly string[] };
    events.push(problems === undefined ? text : `${text}: ${problems.join('; ')}`);
  };
  const file = watchRuleFile({
    file: configurationFile({ path, isNamed: true }),
    variables: { ...validVariables, CAMPAIGN_WF_CONFIG: path },
    translator: translatorFor('en'),
    log: { info: note, warn: note, error: note },
    now: () => 5_000,
    apply: ({ policy }: Configuration) => events.push(`in force: ${policy.rules.map(({ name }) => name).join(', ')}`),
    signal: stop.signal,
    nextLook() {
      began.resolve();
      return look.promise;
    },
  });
  /** Resolves when the looks are over. */
  async function looks(count: number): Promise<void> {
    for (let done = 0; done < count; done++) {
      await began.promise;
      began = Promise.withResolvers();
      const { resolve } = look;
      look = Promise.withResolvers();
      resolve();
      await began.promise;
    }
  }
  return { file, events, looks, [Symbol.dispose]: () => stop.abort() };
}

const reloaded = 'the configuration was reloaded';

it('a change counts once two looks have found the same content', async () => {
  const path = join(folder, 'rules.yml');
  writeFileSync(path, rule('First'));
  using it = watched(path);
  await it.looks(2);
  writeFileSync(path, rule('Half'));
  await it.looks(1);
  writeFileSync(path, rule('Whole'));
  await it.looks(1);
  expect(it.events).toEqual([]);
  await it.looks(3);
  expect(it.events).toEqual([reloaded, 'in force: Whole']);
});

it('the same content is not reloaded, whatever its date and however it was written', async () => {
  const path = join(folder, 'rules.yml');
  writeFileSync(path, rule('First'));
  using it = watched(path);
  utimesSync(path, 1, 1);
  await it.looks(2);
  writeFileSync(`${path}.new`, rule('First'));
  renameSync(`${path}.new`, path);
  await it.looks(2);
  expect(it.events).toEqual([]);
});

it('is followed through the links of a ConfigMap, and where an editor replaces the file', async () => {
  const mount = (version: string, name: string) => {
    mkdirSync(join(folder, version));
    writeFileSync(join(folder, version, 'rules.yml'), rule(name));
    symlinkSync(version, join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
  };
  mount('..1', 'First');
  const path = join(folder, 'rules.yml');
  symlinkSync('..data/rules.yml', path);
  using it = watched(path);
  mount('..2', 'Second');
  rmSync(join(folder, '..1'), { recursive: true });
  await it.looks(2);
  expect(it.events.splice(0)).toEqual([reloaded, 'in force: Second']);
  writeFileSync(join(folder, 'rules.yml~'), rule('Third'));
  renameSync(join(folder, 'rules.yml~'), path);
  await it.looks(2);
  expect(it.events).toEqual([reloaded, 'in force: Third']);
});

it('a mistake is logged once, the earlier rules stay, and its end is logged', async () => {
  const path = join(folder, 'rules.yml');
  writeFileSync(path, rule('First'));
  using it = watched(path);
  writeFileSync(path, 'acess: []\n');
  await it.looks(4);
  expect(it.events.splice(0)).toEqual([
    `the configuration was rejected: ${path}:1: acess is not known here: did you mean access?`,
  ]);
  expect(it.file.rejectedSince()).toBe(5_000);
  writeFileSync(path, rule('First'));
  await it.looks(4);
  expect(it.events.splice(0)).toEqual(['the configuration file is as it was before, so nothing was reloaded']);
  expect(it.file.rejectedSince()).toBe(null);
});

it('a removed file is a mistake as well, and counts again when it comes back', async () => {
  const path = join(folder, 'rules.yml');
  writeFileSync(path, rule('First'));
  using it = watched(path);
  unlinkSync(path);
  await it.looks(3);
  expect(it.events.splice(0)).toEqual([expect.stringContaining('CAMPAIGN_WF_CONFIG names a file that is not there.')]);
  writeFileSync(path, rule('Second'));
  await it.looks(3);
  expect(it.events).toEqual([reloaded, 'in force: Second']);
});

it('what was reread on demand is not reloaded again', async () => {
  const path = join(folder, 'rules.yml');
  writeFileSync(path, rule('First'));
  using it = watched(path);
  writeFileSync(path, rule('Second'));
  await it.looks(1);
  it.file.reread();
  await it.looks(3);
  expect(it.events.splice(0)).toEqual([reloaded, 'in force: Second']);
  it.file.reread();
  expect(it.events).toEqual([reloaded, 'in force: Second']);
});
