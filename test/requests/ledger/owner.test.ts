import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openLedger } from '../../../src/requests/ledger/open-ledger.ts';
import { LedgerInUseError, openSqlite } from '../../../src/requests/ledger/sqlite.ts';
import { underWay } from '../request.fixture.ts';
import { newLedgerPath } from '../scene/ledger-path.fixture.ts';
import { ledgerOptions, newLedger, storeRequest, submission } from './ledger.fixture.ts';
import { executeAndHold, holdOpen, openInProcess } from './open-in-process.ts';

function open(path: string) {
  return openLedger(ledgerOptions({ kind: 'sqlite', path }, () => 0));
}

describe('a ledger', () => {
  it('has one process: a second one is refused, and neither is disturbed', async () => {
    await using opened = await newLedger();
    await expect(open(opened.path)).rejects.toThrow(LedgerInUseError);
    expect(await storeRequest(opened.ledger, submission('A'), ...underWay)).toMatchObject({ state: 'approved' });
  });

  it('has one process by whatever path the file is opened', async () => {
    await using opened = await newLedger();
    const otherName = newLedgerPath();
    symlinkSync(opened.path, otherName);
    await expect(open(otherName)).rejects.toThrow(LedgerInUseError);
  });

  it('is refused to another operating-system process as well', async () => {
    await using opened = await newLedger();
    expect(await openInProcess(opened.path)).toBe('LedgerInUseError');
    await opened.ledger.close();
    expect(await openInProcess(opened.path)).toBe('opened');
  });

  it('can be opened as soon as the previous process has closed it', async () => {
    await using opened = await newLedger();
    const request = await storeRequest(opened.ledger, submission('A'));
    expect(await (await opened.reopen()).load('A')).toEqual(request);
  });

  it('has no owner once it is closed, also without a query', async () => {
    const path = newLedgerPath();
    await openSqlite(path, Date.now).close();
    expect(await openInProcess(path)).toBe('opened');
  });

  it('keeps no leases of the previous process: the next one claims its tasks at once', async () => {
    await using opened = await newLedger();
    await storeRequest(opened.ledger, submission('A'));
    expect(await opened.ledger.claim(9)).toHaveLength(1);
    expect(await opened.ledger.claim(9)).toEqual([]);
    const ledger = await opened.reopen();
    expect(await ledger.nextDueAt()).toBe(0);
    expect(await ledger.claim(9)).toMatchObject([{ request: 'A', task: 'advance', attempts: 0 }]);
  });

  it('in a file that is not a ledger is refused with that reason, and can be opened after a repair', async () => {
    const path = newLedgerPath();
    writeFileSync(path, 'not a database, and longer than any header would be'.repeat(99));
    await expect(open(path)).rejects.toMatchObject({ code: 'ERR_SQLITE_ERROR' });
    rmSync(path);
    await (await open(path)).close();
  });

  it('whose lock fails for another reason is not reported as in use', async () => {
    const path = newLedgerPath();
    writeFileSync(`${path}-owner`, 'not a database, and longer than any header would be'.repeat(99));
    await expect(open(path)).rejects.toMatchObject({ name: 'Error', code: 'ERR_SQLITE_ERROR' });
  });

  it('can be in memory, several at the same time', async () => {
    const [one, other] = await Promise.all([open(':memory:'), open(':memory:')]);
    await storeRequest(one, submission('A'));
    expect(await one.load('A')).not.toBeNull();
    expect(await other.load('A')).toBeNull();
    await Promise.all([one.close(), other.close()]);
  });
});

describe('the owner file of a ledger', () => {
  const reading = 'begin; select * from sqlite_schema';
  const earlierVersion = 'pragma locking_mode = exclusive; begin exclusive';

  it.each([reading, `pragma query_only = on; ${reading}`])(
    'can be read while a process starts (%s), which then owns the ledger',
    async (sql) => {
      const path = newLedgerPath();
      expect(await openInProcess(path)).toBe('opened');
      await using reader = await executeAndHold(`${path}-owner`, sql);
      expect(reader.result).toBe('open');
      await using _opened = await newLedger('sqlite', { path });
      expect(await openInProcess(path)).toBe('LedgerInUseError');
    },
  );

  it('can be read while the ledger is open, and the next process starts nevertheless', async () => {
    await using opened = await newLedger();
    await using reader = await executeAndHold(`${opened.path}-owner`, reading);
    expect(reader.result).toBe('open');
    expect(await openInProcess(opened.path)).toBe('LedgerInUseError');
    await opened.ledger.close();
    expect(await openInProcess(opened.path)).toBe('opened');
  });

  it('is unlocked at once when its process is killed, also while another process reads it', async () => {
    const path = newLedgerPath();
    await using owner = await holdOpen(path);
    await using reader = await executeAndHold(`${path}-owner`, reading);
    expect([owner.result, reader.result]).toEqual(['open', 'open']);
    expect(await openInProcess(path)).toBe('LedgerInUseError');
    await owner.kill();
    expect(readdirSync(dirname(path))).not.toContain('ledger.sqlite-owner-journal');
    expect(await openInProcess(path)).toBe('opened');
  });

  it('excludes an earlier version, and has one owner', async () => {
    const path = newLedgerPath();
    await using earlier = await executeAndHold(`${path}-owner`, earlierVersion);
    expect(earlier.result).toBe('open');
    await expect(open(path)).rejects.toThrow(LedgerInUseError);
    await earlier.kill();
    await using _opened = await newLedger('sqlite', { path });
    await using refused = await executeAndHold(`${path}-owner`, earlierVersion);
    expect(refused.result).toBe('database is locked');
  });
});

describe('files', () => {
  const modeOf = (path: string) => statSync(path).mode & 0o777;
  const files = (path: string) => ['', '-wal', '-shm', '-owner'].map((end) => modeOf(`${path}${end}`));

  /** With the usual umask. */
  async function underUsualMask(work: () => Promise<void>): Promise<void> {
    const before = process.umask(0o022);
    try {
      await work();
      expect(process.umask()).toBe(0o022);
    } finally {
      process.umask(before);
    }
  }

  it('of a new ledger are accessible to the process’s user alone, and so is a new folder', async () => {
    const [folder, inside] = [join(dirname(newLedgerPath()), 'made'), 'here/ledger.sqlite'];
    await underUsualMask(async () => {
      await using opened = await newLedger('sqlite', { path: join(folder, inside) });
      expect(files(opened.path)).toEqual([0o600, 0o600, 0o600, 0o600]);
      expect([modeOf(folder), modeOf(join(folder, 'here'))]).toEqual([0o700, 0o700]);
    });
  });

  it('of a new ledger have the same modes behind a symbolic link, and the ledger works', async () => {
    const [link, path] = [newLedgerPath(), newLedgerPath()];
    symlinkSync(path, link);
    await underUsualMask(async () => {
      await using opened = await newLedger('sqlite', { path: link });
      await storeRequest(opened.ledger, submission('A'));
      expect(files(path)).toEqual([0o600, 0o600, 0o600, 0o600]);
      await expect(open(link)).rejects.toThrow(LedgerInUseError);
    });
  });

  it('that exist keep their modes, and the log gets the mode of the ledger', async () => {
    const path = join(dirname(newLedgerPath()), 'there', 'ledger.sqlite');
    mkdirSync(dirname(path));
    for (const file of [path, `${path}-owner`]) writeFileSync(file, '');
    chmodSync(dirname(path), 0o755);
    for (const file of [path, `${path}-owner`]) chmodSync(file, 0o640);
    await underUsualMask(async () => {
      await using _opened = await newLedger('sqlite', { path });
      expect(files(path)).toEqual([0o640, 0o640, 0o640, 0o640]);
      expect(modeOf(dirname(path))).toBe(0o755);
    });
  });
});
