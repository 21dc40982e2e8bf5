import { copyFileSync } from 'node:fs';
import type { Checkpoint } from '../../../src/requests/ledger/log/checkpoints.ts';
import type { Database, LedgerOptions } from '../../../src/requests/ledger/open-ledger.ts';
import { newDatabase, onServer } from '../../postgres/new-database.ts';
import { noon } from '../events.fixture.ts';
import { underWay } from '../request.fixture.ts';
import { newLedgerPath } from '../scene/ledger-path.fixture.ts';
import { type EngineName, newLedger, type OpenedLedger, storeRequest, submission } from './ledger.fixture.ts';

/** A copy of a ledger that nobody uses. */
export async function copyOf(database: Database): Promise<Database> {
  if (database.kind === 'sqlite') {
    const path = newLedgerPath();
    copyFileSync(database.path, path);
    return { kind: 'sqlite', path };
  }
  const copy = new URL(await newDatabase());
  const [name, template] = [copy.pathname.slice(1), new URL(database.url).pathname.slice(1)];
  const server = Object.assign(new URL(copy), { pathname: '/postgres' }).href;
  await onServer(server, `drop database ${name}`);
  await onServer(server, `create database ${name} template ${template}`);
  return { kind: 'postgres', url: copy.href };
}

export type ForkedLedger = AsyncDisposable & {
  /** The copy, which was opened a minute later. */
  readonly restored: OpenedLedger;
  /** The checkpoints that were recorded after the copy was made. */
  readonly lost: readonly Checkpoint[];
  /** The ledger that went on. */
  readonly original: Database;
};

/** A ledger of five places from which a copy was made; it went on to thirteen places. Then the copy was opened. */
export async function forkedLedger(engine: EngineName, options: Partial<LedgerOptions> = {}): Promise<ForkedLedger> {
  const lost: Checkpoint[] = [];
  const first = await newLedger(engine, options);
  await recordOne(first, 'A');
  const original = first.database;
  await first[Symbol.asyncDispose]();
  const copy = await copyOf(original);
  const later = await newLedger(engine, {
    ...{ ...options, database: original },
    onCheckpoint: (checkpoint) => void lost.push(checkpoint),
  });
  lost.length = 0;
  await recordOne(later, 'B');
  await recordOne(later, 'C');
  await later[Symbol.asyncDispose]();
  const restored = await newLedger(engine, { ...options, database: copy });
  restored.clock.now = noon + 60_000;
  return { restored, lost, original, [Symbol.asyncDispose]: () => restored[Symbol.asyncDispose]() };
}

/** Four events, which are sealed. */
export async function recordOne({ ledger }: Pick<OpenedLedger, 'ledger'>, id: string): Promise<void> {
  await storeRequest(ledger, submission(id, { workflowId: id }), ...underWay);
  await ledger.seal();
}
