import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { openLedger } from '../../../src/requests/ledger/open-ledger.ts';
import { LedgerInUseError } from '../../../src/requests/ledger/sqlite.ts';
import { underWay } from '../request.fixture.ts';
import { newLedgerPath } from '../scene/folder.fixture.ts';
import { ledgerOptions, newLedger, submission, written } from './ledger.fixture.ts';
import { openInProcess } from './open-in-process.ts';

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
