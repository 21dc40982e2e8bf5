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

async function written(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

function read(path: string) {
  const place = configurationPlace({ CAMPAIGN_WF_CONFIG: path });
  return place && configurationFile(place);
}

describe('the configuration file', () => {
  it('is the one that is named, as it is now', async () => {
    const path = await written('rules.yml', 'because: é\n');
    expect(read(` ${path}\n`)).toEqual({ path, text: 'because: é\n' });
    await written('rules.yml', 'locale: en\n');
    expect(read(path)).toEqual({ path, text: 'locale: en\n' });
  });

  it('is none where none is named', () => {
    for (const variables of [{}, { CAMPAIGN_WF_CONFIG: ' ' }]) expect(configurationPlace(variables)).toBeNull();
  });

  it('has to be there: what was there at the start and is gone is no leave to go on without', () => {
    const path = join(folder, 'gone.yml');
    expect(read(path)).toEqual({ path, isNamed: true, unreadable: 'ENOENT' });
  });

  it('is an ordinary file: to read from another would wait or never end', async () => {
    const path = join(folder, 'rules.d');
    await mkdir(path);
    for (const other of [path, '/dev/zero']) expect(read(other)).toMatchObject({ path: other, unreadable: 'EISDIR' });
  });

  it('has a megabyte at most', async () => {
    const path = await written('large.yml', '#'.repeat(1_000_000));
    expect(read(path)).toMatchObject({ text: expect.stringMatching(/^#+$/) });
    await written('large.yml', '#'.repeat(1_000_001));
    expect(read(path)).toMatchObject({ path, unreadable: 'EFBIG' });
  });

  it('is UTF-8', async () => {
    const path = await written('latin.yml', new Uint8Array([0x23, 0xe9, 0x0a]));
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

  it('is asked for by being there', async () => {
    await written(path, 'locale: en\n');
    expect(found()).toEqual({ path, text: 'locale: en\n' });
  });

  it.each([
    ['a folder', () => mkdir(path), 'EISDIR'],
    ['a link to nothing', () => symlink('nothing.yml', path), 'ENOENT'],
  ])('is not passed over where it is %s', async (_, make, unreadable) => {
    await make();
    expect(found()).toEqual({ path, isNamed: false, unreadable });
  });
});
