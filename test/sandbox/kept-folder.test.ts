import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { KeptFolderError } from '../../sandbox/kept-folder.ts';
import { openStage } from '../../sandbox/page/stage.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'campaign-wf-kept-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function refusal(keep: string): Promise<string> {
  const outcome = await openStage({ mode: 'http', keep }).catch((error: unknown) => error);
  if (outcome instanceof KeptFolderError) return outcome.message;
  throw new Error('the folder was not refused', { cause: outcome });
}

describe('a kept folder', () => {
  it.each(['campaign-wf.yml', 'ledger.sqlite'])('is refused where %s there cannot be read', async (name) => {
    await mkdir(join(folder, name));
    expect(await refusal(folder)).toBe(`${join(folder, name)} cannot be read: remove it, or use another folder.`);
  });

  it.each(['{"messages":', '{}', 'null', '{"messages":[]}'])(
    'is refused where its conversation is invalid: %s',
    async (conversation) => {
      const path = join(folder, 'conversation.json');
      await writeFile(path, conversation);
      expect(await refusal(folder)).toBe(`${path} cannot be read: remove it, or use another folder.`);
      expect(await readdir(folder)).toContain('conversation.json');
    },
  );

  it('is refused where a file has its name', async () => {
    const path = join(folder, 'a-file');
    await writeFile(path, '');
    expect(await refusal(path)).toBe(`${path} cannot be used: it is not a folder, or not writable.`);
  });
});
