import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newRequestId } from '../src/commands/vocabulary/ids.ts';
import type { Order } from '../src/requests/events.ts';
import type { Ledger } from '../src/requests/ledger/ledger.ts';
import { openLedger } from '../src/requests/ledger/open-ledger.ts';
import { quantile } from './harness/commands.ts';

// Costs must not grow with history. Measures the operations of a command with few and with many requests in the ledger.
// Prints the ratio of many to few, measured alternately in one run. The target is about 1.0.

const few = 1_000;
const many = Number(process.argv[2] ?? 20_000);
const rounds = 400;

const channel = 'C0BENCH';
const never = new AbortController().signal;
let serial = 0;

function requested(workflowId: string) {
  serial += 1;
  const order: Order = {
    verb: 'pause',
    workflowId,
    alias: null,
    environment: 'acme',
    organization: 'acme',
    reason: 'bench',
  };
  return { requester: 'U0BENCH', team: 'T0BENCH', channel, interaction: `bench.${serial}`, order };
}

function freshId(): string {
  return newRequestId(crypto.getRandomValues(new Uint8Array(5)));
}

/** A finished request. */
async function fill(ledger: Ledger, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const submission = { id: freshId(), requested: requested(`WKF${index % 500}`) };
    const { request } = await ledger.submit(submission, never);
    const because = { kind: 'too_late' } as const;
    await ledger.transaction((tx) =>
      tx.append(
        request,
        { type: 'ended', data: { outcome: 'not_sent', because, answer: null } },
        { type: 'reported', data: { via: 'log', ts: null } },
      ),
    );
  }
}

const measured: Record<string, (ledger: Ledger) => Promise<unknown>> = {
  'record a command': (ledger) => ledger.submit({ id: freshId(), requested: requested('WKF1') }, never),
  'find conflicts': (ledger) =>
    ledger.transaction((tx) => tx.competingRequests({ organization: 'acme', workflowId: 'WKF1' })),
  'claim and settle a task': async (ledger) => {
    for (const claim of await ledger.claim(1)) await ledger.settle(claim);
  },
  'history of the channel': (ledger) => ledger.recent({ channel, workflowKey: null, refused: false, limit: 10 }),
  'history of a workflow': (ledger) => ledger.recent({ channel, workflowKey: 'acme/wkf1', refused: false, limit: 10 }),
};

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

const folder = await mkdtemp(join(tmpdir(), 'campaign-wf-bench-'));
const open = (name: string) =>
  openLedger({
    database: { kind: 'sqlite', path: join(folder, name) },
    now: Date.now,
    leaseMs: 60_000,
    onRecorded: () => {},
    onTrouble: () => {},
    onHealthChange: () => {},
    signal: new AbortController().signal,
  });
const [small, large] = [await open('few.sqlite'), await open('many.sqlite')];
try {
  await fill(small, few);
  await fill(large, many);
  console.log(`median of ${rounds}, ${few} requests against ${many}:`);
  for (const [name, work] of Object.entries(measured)) {
    const times = { small: [] as number[], large: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      times.small.push(await timed(() => work(small)));
      times.large.push(await timed(() => work(large)));
    }
    const [before, after] = [quantile(times.small, 0.5), quantile(times.large, 0.5)];
    console.log(
      `${name.padEnd(28)} ${before.toFixed(3)} ms  ${after.toFixed(3)} ms  ratio ${(after / before).toFixed(2)}`,
    );
  }
} finally {
  await Promise.all([small.close(), large.close()]);
  await rm(folder, { recursive: true });
}
