import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import type { Ledger } from '../../../src/requests/ledger/ledger.ts';
import { type Sealer, startSealer } from '../../../src/requests/ledger/log/sealer.ts';
import { underWay } from '../request.fixture.ts';
import { engines, newLedger, storeRequest, submission } from './ledger.fixture.ts';

const failures: unknown[] = [];
const log = { info() {}, warn() {}, error: (fields: object) => failures.push(fields) };

function sealing(ledger: Ledger): Sealer & Disposable {
  const sealer = startSealer(ledger, log);
  return { ...sealer, [Symbol.dispose]: sealer.end };
}

/** Waits until the log has this size; Jest ends a test that waits in vain. */
async function until(ledger: Ledger, size: number): Promise<void> {
  while (ledger.checkpoint().size < size) await wait(20);
}

it.each(engines)('what is recorded gets its place by itself (%s)', async (engine) => {
  await using opened = await newLedger(engine);
  using sealer = sealing(opened.ledger);
  for (const [index, id] of ['A', 'B'].entries()) {
    await storeRequest(opened.ledger, submission(id, { workflowId: id }), ...underWay);
    sealer.wake();
    await until(opened.ledger, 1 + (index + 1) * (1 + underWay.length));
  }
  expect(failures).toEqual([]);
});

it.each(engines)('what was left by a process that died gets its place without being announced (%s)', async (engine) => {
  await using opened = await newLedger(engine);
  await storeRequest(opened.ledger, submission('A'), ...underWay);
  using _sealer = sealing(await opened.reopen());
  await until(opened.ledger, 2 + underWay.length);
});

it('what another replica has recorded gets its place, and is known to both', async () => {
  await using opened = await newLedger('postgres');
  const replica = await opened.replica();
  using _sealers = sealing(opened.ledger);
  using _others = sealing(replica);
  await wait(600);
  await storeRequest(replica, submission('A'), ...underWay);
  await Promise.all([opened.ledger, replica].map((ledger) => until(ledger, 2 + underWay.length)));
  expect(await opened.query('select count(*)::int as places from log_leaves')).toEqual([{ places: 5 }]);
});

it('a clean end seals what still waits', async () => {
  await using opened = await newLedger();
  using sealer = sealing(opened.ledger);
  sealer.end();
  await storeRequest(opened.ledger, submission('A'), ...underWay);
  await sealer.sealRest();
  expect(opened.ledger.checkpoint().size).toBe(2 + underWay.length);
});
