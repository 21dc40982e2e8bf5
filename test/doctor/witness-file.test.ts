import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { witnessLine } from '../../src/requests/ledger/log/witness-lines.ts';
import { formatCheckpoint } from '../../src/transparency-log/checkpoint.ts';
import { urlOf } from '../audit/run-audit.ts';
import { engines, newLedger, type OpenedLedger, storeRequest, submission } from '../requests/ledger/ledger.fixture.ts';
import { examine, newFolder } from './examine.ts';

const only = 'witness';

async function recorded({ ledger }: OpenedLedger, id: string, workflowId: string) {
  await storeRequest(ledger, submission(id, { workflowId }));
  await ledger.seal();
  return ledger.checkpoint();
}

const lookAt = (opened: OpenedLedger, path: string) =>
  examine({ DATABASE_URL: urlOf(opened), CAMPAIGN_WF_WITNESS_FILE: path }, { only });

it('without a file says what that means, which is no mistake', async () => {
  const { exit, findings } = await examine({}, { only });
  expect([exit, ...findings.map(({ name }) => name)]).toEqual([0, 'witness_unset']);
});

it('that does not exist is not created', async () => {
  const path = join(newFolder(), 'witness.jsonl');
  const { exit, named } = await examine({ CAMPAIGN_WF_WITNESS_FILE: path }, { only });
  expect([exit, named('witness_new').length, existsSync(path)]).toEqual([0, 1, false]);
});

it.each([
  ['in a folder that does not exist', () => join(newFolder(), 'none', 'witness.jsonl'), 'does not exist'],
  ['that is a folder', () => newFolder(), 'no ordinary file'],
])('%s', async (_what, pathOf, words) => {
  const { exit, named } = await examine({ CAMPAIGN_WF_WITNESS_FILE: pathOf() }, { only });
  expect(exit).toBe(1);
  expect(named('witness_unusable')[0]?.message).toContain(words);
});

it.each(engines)('that agrees with the record, or is behind it: %s', async (engine) => {
  await using opened = await newLedger(engine);
  const path = join(newFolder(), 'witness.jsonl');
  writeFileSync(path, witnessLine(await recorded(opened, 'R1', 'WKF110')));
  const same = await lookAt(opened, path);
  expect([same.exit, same.named('witness_ready').length]).toEqual([0, 1]);
  await recorded(opened, 'R2', 'WKF111');
  const text = readFileSync(path, 'utf8');
  const behind = await lookAt(opened, path);
  expect(behind.named('witness_behind')).toMatchObject([{ level: 'warning' }]);
  expect(readFileSync(path, 'utf8')).toBe(text);
});

it.each(engines)('that has seen more than the record, or something else: %s', async (engine) => {
  await using opened = await newLedger(engine);
  const path = join(newFolder(), 'witness.jsonl');
  const { size, at } = await recorded(opened, 'R1', 'WKF110');
  const lineOf = (of: number) =>
    witnessLine({
      at,
      note: formatCheckpoint({ origin: 'other', size: of, root: Buffer.alloc(32, 7), extensions: [] }),
    });
  writeFileSync(path, lineOf(size + 5));
  const ahead = await lookAt(opened, path);
  expect(ahead.exit).toBe(1);
  expect(ahead.named('witness_ahead')).toMatchObject([{ size: size + 5, ledger: size }]);
  writeFileSync(path, lineOf(size));
  const other = await lookAt(opened, path);
  expect(other.exit).toBe(1);
  expect(other.named('witness_differs')).toMatchObject([{ size }]);
});
