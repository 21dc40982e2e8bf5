import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';

const repository = fileURLToPath(new URL('../', import.meta.url));
const english = 'src/locales/en.json';
const isBundle = (name: string) => name.startsWith('campaign-wf-');

let project: string;

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'campaign-wf-'));
  for (const part of ['src', 'start', 'package.json', 'package-lock.json'])
    await cp(join(repository, part), join(project, part), { recursive: true });
  await symlink(join(repository, 'node_modules'), join(project, 'node_modules'));
});

afterEach(() => rm(project, { recursive: true }));

/** Without settings, the bot names what is missing and ends. */
async function start(): Promise<string> {
  const args = ['--disable-warning=ExperimentalWarning', join(project, 'start/main.js')];
  const child = spawn(process.execPath, args, { cwd: tmpdir(), env: {}, stdio: ['ignore', 'ignore', 'pipe'] });
  return text(child.stderr);
}

it('the bot is bundled once, and again when a source has changed', async () => {
  const before = await start();
  const dist = join(project, 'dist');
  const [first] = (await readdir(dist)).filter(isBundle);
  expect(before).toMatch(/^campaign-wf cannot start with these settings:/);
  expect(await start()).toBe(before);
  expect((await readdir(dist)).filter(isBundle)).toEqual([first]);

  const path = join(project, english);
  await writeFile(path, (await readFile(path, 'utf8')).replaceAll('cannot start with', 'does not start with'));
  expect(await start()).toMatch(/^campaign-wf does not start with these settings:/);
  const bundles = (await readdir(dist)).filter(isBundle);
  expect(bundles).toHaveLength(1);
  expect(bundles).not.toEqual([first]);
});

it('several starts at once make one complete bundle', async () => {
  const said = await Promise.all([start(), start(), start()]);
  for (const each of said) expect(each).toMatch(/^campaign-wf cannot start with these settings:/);
  const files = await readdir(join(project, 'dist'));
  expect(files.filter((name) => name !== 'compile-cache')).toEqual([
    expect.stringMatching(/^campaign-wf-[0-9a-f]{16}\.js$/),
  ]);
});

it.each([
  ['the folder cannot be written', () => writeFile(join(project, 'dist'), 'a file')],
  ['there is no bundler', withoutBundler],
])('the bot starts from its sources and says why, when %s', async (_, prepare) => {
  await prepare();
  const [why, ...said] = (await start()).split('\n');
  expect(why).toMatch(/^campaign-wf starts from its sources, because they could not be bundled in .*: \w*Error.*/);
  expect(said[0]).toBe('campaign-wf cannot start with these settings:');
});

/** As `npm ci --omit=optional` leaves it. */
async function withoutBundler(): Promise<void> {
  const modules = join(project, 'node_modules');
  await rm(modules);
  await mkdir(modules);
  for (const name of await readdir(join(repository, 'node_modules')))
    if (name !== 'rolldown') await symlink(join(repository, 'node_modules', name), join(modules, name));
}
