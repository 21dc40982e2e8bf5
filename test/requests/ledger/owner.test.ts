import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openLedger } from '../../../src/requests/ledger/open-ledger.ts';
import { LedgerInUseError, openSqlite } from '../../../src/requests/ledger/sqlite.ts';
import { underWay } from '../request.fixture.ts';
import { newLedgerPath } from '../scene/folder.fixture.ts';
import { ledgerOptions, newLedger, submission, written } from './ledger.fixture.ts';
import { keepDoing, keepOpen, openInProcess } from './open-in-process.ts';

function open(path: string) {
  return openLedger(ledgerOptions({ kind: 'sqlite', path }, () => 0));
}

describe('a ledger', () => {
  it('belongs to one process: a second one is refused, and neither is disturbed', async () => {
    await using opened = await newLedger();
    await expect(open(opened.path)).rejects.toThrow(LedgerInUseError);
    expect(await written(opened.ledger, submission('A'), ...underWay)).toMatchObject({ state: 'approved' });
  });

  it('belongs to one process by whatever name the file is reached', async () => {
    await using opened = await newLedger();
    const otherName = newLedgerPath();
    symlinkSync(opened.path, otherName);
    await expect(open(otherName)).rejects.toThrow(LedgerInUseError);
  });

  it('is refused to another process of the operating system, too', async () => {
    await using opened = await newLedger();
    expect(await openInProcess(opened.path)).toBe('LedgerInUseError');
    await opened.ledger.close();
    expect(await openInProcess(opened.path)).toBe('opened');
  });

  it('can be opened as soon as the one before has closed it', async () => {
    await using opened = await newLedger();
    const request = await written(opened.ledger, submission('A'));
    expect(await (await opened.reopen()).load('A')).toEqual(request);
  });

  it('belongs to nobody once it is closed, also where nothing was asked of it', async () => {
    const path = newLedgerPath();
    await openSqlite(path, Date.now).close();
    expect(await openInProcess(path)).toBe('opened');
  });

  it('keeps leases from nobody: what the process before was at, the next one takes at once', async () => {
    await using opened = await newLedger();
    await written(opened.ledger, submission('A'));
    expect(await opened.ledger.claim(9)).toHaveLength(1);
    expect(await opened.ledger.claim(9)).toEqual([]);
    const ledger = await opened.reopen();
    expect(await ledger.nextDueAt()).toBe(0);
    expect(await ledger.claim(9)).toMatchObject([{ request: 'A', task: 'advance', attempts: 0 }]);
  });

  it('that is no ledger is refused for what it is, and can be opened when it has been mended', async () => {
    const path = newLedgerPath();
    writeFileSync(path, 'not a database, and longer than any header would be'.repeat(99));
    await expect(open(path)).rejects.toMatchObject({ code: 'ERR_SQLITE_ERROR' });
    rmSync(path);
    await (await open(path)).close();
  });

  it('whose lock cannot be had for another reason is not said to be in use', async () => {
    const path = newLedgerPath();
    writeFileSync(`${path}-owner`, 'not a database, and longer than any header would be'.repeat(99));
    await expect(open(path)).rejects.toMatchObject({ name: 'Error', code: 'ERR_SQLITE_ERROR' });
  });

  it('can live in memory, as many at once as one likes', async () => {
    const [one, other] = await Promise.all([open(':memory:'), open(':memory:')]);
    await written(one, submission('A'));
    expect(await one.load('A')).not.toBeNull();
    expect(await other.load('A')).toBeNull();
    await Promise.all([one.close(), other.close()]);
  });
});

describe('the file that says who owns a ledger', () => {
  const reading = 'begin; select * from sqlite_schema';
  const earlierVersion = 'pragma locking_mode = exclusive; begin exclusive';

  it.each([reading, `pragma query_only = on; ${reading}`])(
    'can be read while a process starts (%s), which then owns the ledger',
    async (sql) => {
      const path = newLedgerPath();
      expect(await openInProcess(path)).toBe('opened');
      await using reader = await keepDoing(`${path}-owner`, sql);
      expect(reader.said).toBe('kept');
      await using _opened = await newLedger('sqlite', path);
      expect(await openInProcess(path)).toBe('LedgerInUseError');
    },
  );

  it('can be read while the ledger is open, and the next process starts nevertheless', async () => {
    await using opened = await newLedger();
    await using reader = await keepDoing(`${opened.path}-owner`, reading);
    expect(reader.said).toBe('kept');
    expect(await openInProcess(opened.path)).toBe('LedgerInUseError');
    await opened.ledger.close();
    expect(await openInProcess(opened.path)).toBe('opened');
  });

  it('is free at once when its process is killed, also while somebody reads it', async () => {
    const path = newLedgerPath();
    await using owner = await keepOpen(path);
    await using reader = await keepDoing(`${path}-owner`, reading);
    expect([owner.said, reader.said]).toEqual(['kept', 'kept']);
    expect(await openInProcess(path)).toBe('LedgerInUseError');
    await owner.kill();
    expect(readdirSync(dirname(path))).not.toContain('ledger.sqlite-owner-journal');
    expect(await openInProcess(path)).toBe('opened');
  });

  it('excludes an earlier version, and is had by one', async () => {
    const path = newLedgerPath();
    await using earlier = await keepDoing(`${path}-owner`, earlierVersion);
    expect(earlier.said).toBe('kept');
    await expect(open(path)).rejects.toThrow(LedgerInUseError);
    await earlier.kill();
    await using _opened = await newLedger('sqlite', path);
    await using refused = await keepDoing(`${path}-owner`, earlierVersion);
    expect(refused.said).toBe('database is locked');
  });
});

describe('files', () => {
  const modeOf = (path: string) => statSync(path).mode & 0o777;
  const files = (path: string) => ['', '-wal', '-shm', '-owner'].map((end) => modeOf(`${path}${end}`));

  /** With the mask that most systems have. */
  async function underUsualMask(work: () => Promise<void>): Promise<void> {
    const before = process.umask(0o022);
    try {
      await work();
      expect(process.umask()).toBe(0o022);
    } finally {
      process.umask(before);
    }
  }

  it('of a new ledger are for the user of the process alone, and so is a folder that is made', async () => {
    const [folder, inside] = [join(dirname(newLedgerPath()), 'made'), 'here/ledger.sqlite'];
    await underUsualMask(async () => {
      await using opened = await newLedger('sqlite', join(folder, inside));
      expect(files(opened.path)).toEqual([0o600, 0o600, 0o600, 0o600]);
      expect([modeOf(folder), modeOf(join(folder, 'here'))]).toEqual([0o700, 0o700]);
    });
  });

  it('of a new ledger are so, too, where a link leads to it, and it can be worked with', async () => {
    const [link, path] = [newLedgerPath(), newLedgerPath()];
    symlinkSync(path, link);
    await underUsualMask(async () => {
      await using opened = await newLedger('sqlite', link);
      await written(opened.ledger, submission('A'));
      expect(files(path)).toEqual([0o600, 0o600, 0o600, 0o600]);
      await expect(open(link)).rejects.toThrow(LedgerInUseError);
    });
  });

  it('that are there keep their modes, and the log gets that of the ledger', async () => {
    const path = join(dirname(newLedgerPath()), 'there', 'ledger.sqlite');
    mkdirSync(dirname(path));
    for (const file of [path, `${path}-owner`]) writeFileSync(file, '');
    chmodSync(dirname(path), 0o755);
    for (const file of [path, `${path}-owner`]) chmodSync(file, 0o640);
    await underUsualMask(async () => {
      await using _opened = await newLedger('sqlite', path);
      expect(files(path)).toEqual([0o640, 0o640, 0o640, 0o640]);
      expect(modeOf(dirname(path))).toBe(0o755);
    });
  });
});
