import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { configurationFile, configurationPlace } from '../../src/command-line.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'campaign-wf-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function writeInFolder(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

function read(path: string) {
  const place = configurationPlace({ CAMPAIGN_WF_CONFIG: path });
  return place && configurationFile(place);
}

describe('the configuration file', () => {
  it('is the one that is named, in its current state', async () => {
    const path = await writeInFolder('rules.yml', 'because: é\n');
    expect(read(` ${path}\n`)).toEqual({ path, text: 'because: é\n' });
    await writeInFolder('rules.yml', 'locale: en\n');
    expect(read(path)).toEqual({ path, text: 'locale: en\n' });
  });

  it('is none where none is named', () => {
    for (const variables of [{}, { CAMPAIGN_WF_CONFIG: ' ' }]) expect(configurationPlace(variables)).toBeNull();
  });

  it('must exist: a file that was removed after the start is a problem', () => {
    const path = join(folder, 'gone.yml');
    expect(read(path)).toEqual({ path, isNamed: true, unreadable: 'ENOENT' });
  });

  it('must be an ordinary file: reading another kind could wait or never end', async () => {
    const path = join(folder, 'rules.d');
    await mkdir(path);
    for (const other of [path, '/dev/zero']) expect(read(other)).toMatchObject({ path: other, unreadable: 'EISDIR' });
  });

  it('has a megabyte at most', async () => {
    const path = await writeInFolder('large.yml', '#'.repeat(1_000_000));
    expect(read(path)).toMatchObject({ text: expect.stringMatching(/^#+$/) });
    await writeInFolder('large.yml', '#'.repeat(1_000_001));
    expect(read(path)).toMatchObject({ path, unreadable: 'EFBIG' });
  });

  it('must be UTF-8', async () => {
    const path = await writeInFolder('latin.yml', new Uint8Array([0x23, 0xe9, 0x0a]));
    expect(read(path)).toMatchObject({ path, unreadable: 'EILSEQ' });
  });
});

describe('a campaign-wf.yml in the folder', () => {
  const path = 'campaign-wf.yml';
  const before = process.cwd();
  beforeEach(() => process.chdir(folder));
  afterEach(async () => {
    await rm(path, { recursive: true });
    process.chdir(before);
  });

  const found = () => {
    const place = configurationPlace({});
    return place && configurationFile(place);
  };

  it('is used where it exists', async () => {
    await writeInFolder(path, 'locale: en\n');
    expect(found()).toEqual({ path, text: 'locale: en\n' });
  });

  it.each([
    ['a folder', () => mkdir(path), 'EISDIR'],
    ['a link to nothing', () => symlink('nothing.yml', path), 'ENOENT'],
  ])('is not ignored where it is %s', async (_, make, unreadable) => {
    await make();
    expect(found()).toEqual({ path, isNamed: false, unreadable });
  });
});
