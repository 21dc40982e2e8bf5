import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newRequestId } from '../../src/commands/vocabulary/ids.ts';
import type { Ledger } from '../../src/requests/ledger/ledger.ts';
import type { Database } from '../../src/requests/ledger/open-ledger.ts';
import { recordRefusedQuery } from '../../src/requests/refuse-reading.ts';
import { newDatabase } from '../../test/postgres/new-database.ts';
import { startPostgres } from '../../test/postgres/postgres-server.ts';
import { noon, orderOf, requestedBy } from '../../test/requests/events.fixture.ts';
import { writeHistory } from '../../test/requests/ledger/write-history.ts';
import { minutes, neverAborted, openScene, type Scene } from '../../test/requests/scene/scene.fixture.ts';
import { newWorld } from '../../test/requests/scene/world.fixture.ts';
import { createStopwatch, type Stopwatch } from '../harness/stopwatch.ts';
import type { Measured } from '../harness/table.ts';

const few = '1,000 requests';
const many = '1,000,000 requests';
const sizes = { [few]: 1_000, [many]: 1_000_000 } as const;
type Size = keyof typeof sizes;
const livesPerRound = 3;
/** The start is long: a million requests are written for each database. */
const mostRounds = 2;

/**
 * What a command waits for in the ledger, by the real runner and the real steps, over fakes of Slack and Campaign that
 * answer at once: with few requests in the ledger and with many, in turn.
 */
export async function growth(rounds: number): Promise<readonly Measured[]> {
  await using resources = new AsyncDisposableStack();
  const folder = resources.adopt(await mkdtemp(join(tmpdir(), 'campaign-wf-bench-')), (it) =>
    rm(it, { recursive: true }),
  );
  const server = resources.adopt(await startPostgres(), (it) => it.close());
  const names = Object.keys(sizes) as Size[];
  const sqlite = new Map(names.map((name): [Size, Database] => [name, { kind: 'sqlite', path: join(folder, name) }]));
  const postgres = new Map<Size, Database>();
  for (const name of names) postgres.set(name, { kind: 'postgres', url: await newDatabase(server.url) });
  // SQLite writes in this process, PostgreSQL in its own.
  await Promise.all([...postgres, ...sqlite].map(([name, database]) => fill(database, sizes[name])));
  return [...(await compare('SQLite', sqlite, rounds)), ...(await compare('PostgreSQL', postgres, rounds))];
}

/** One of a thousand waits for its confirmation. */
async function fill(database: Database, count: number): Promise<void> {
  const query = { id: newId(), requested: requestedBy({}, { interaction: 'query' }) };
  const often: Record<string, number> = { [query.id]: 899 };
  {
    await using scene = await openScene({ database, path: '' });
    await recordRefusedQuery(scene.ledger, query, { reason: 'not_permitted' }, neverAborted);
    often[await scene.submit({ verb: 'start' })] = 25;
    often[await scene.submit({ verb: 'start' }, 'U0EVE')] = 50;
    await scene.advanceTime(minutes);
    const stop = await scene.submit({ verb: 'stop' });
    often[stop] = 25;
    await scene.untilIdle();
    await scene.press(stop, 'U0CAROL');
    await scene.advanceTime(minutes);
    often[await scene.submit({ verb: 'stop', workflowId: 'WKF111' })] = 1;
    await scene.untilIdle();
  }
  const samples = Object.entries(often).map(([request, often]) => ({ request, often }));
  await writeHistory(database, { samples, count, until: noon - minutes });
}

type Median = { readonly name: string; readonly size: Size; readonly value: number };

async function compare(
  engine: string,
  databases: ReadonlyMap<Size, Database>,
  rounds: number,
): Promise<readonly Measured[]> {
  await using resources = new AsyncDisposableStack();
  const subjects = new Map<Size, Subject>();
  for (const [size, database] of databases) subjects.set(size, resources.use(await openSubject(database)));
  await inTurn(subjects, livesPerRound);
  const medians: Median[] = [];
  for (let round = 0; round < Math.min(rounds, mostRounds); round++)
    medians.push(...(await inTurn(subjects, livesPerRound)));
  return [...Map.groupBy(medians, ({ name }) => name)].map(([name, of]) => ({
    name: `${engine}: ${name}`,
    unit: 'ms',
    values: valuesOf(of),
    program: many,
    baselines: [few],
  }));
}

async function inTurn(subjects: ReadonlyMap<Size, Subject>, lives: number): Promise<readonly Median[]> {
  for (let life = 0; life < lives; life++) {
    const inOrder = [...subjects.values()];
    for (const subject of life % 2 === 0 ? inOrder : inOrder.reverse()) await live(subject);
  }
  return [...subjects].flatMap(([size, { stopwatch }]) =>
    [...stopwatch.medians()].map(([name, value]) => ({ name, size, value })),
  );
}

function valuesOf(medians: readonly Median[]): ReadonlyMap<string, readonly number[]> {
  const bySize = Map.groupBy(medians, ({ size }) => size);
  return new Map([...bySize].map(([size, of]) => [size, of.map(({ value }) => value)]));
}

type Subject = {
  readonly scene: Scene;
  readonly stopwatch: Stopwatch;
  /** Old requests. */
  readonly old: readonly string[];
  [Symbol.asyncDispose](): Promise<void>;
};

async function openSubject(database: Database): Promise<Subject> {
  const stopwatch = createStopwatch();
  const scene = await openScene({
    database,
    path: '',
    world: { ...newWorld(), now: noon + 10 * minutes },
    around: (ledger) => timed(ledger, stopwatch),
  });
  return { scene, stopwatch, old: await oldRequests(scene), [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose]() };
}

/** What the runner calls. A press and the intent of a side effect are transactions of their own. */
function timed(ledger: Ledger, { time }: Stopwatch): Ledger {
  return {
    ...ledger,
    transaction: (work, signal) => time('record a press or an intent', () => ledger.transaction(work, signal)),
    claim: (slots) => time('claim tasks', () => ledger.claim(slots)),
    complete: (claim, completion) => time('end a step', () => ledger.complete(claim, completion)),
    nextDueAt: (of) => time('when the next task is due', () => ledger.nextDueAt(of)),
    lastFreeze: (organization) => time('the freeze in force', () => ledger.lastFreeze(organization)),
    competingRequests: (order) => time('what competes', () => ledger.competingRequests(order)),
  };
}

/** From each of twenty places in the history, ten. */
async function oldRequests({ ledger }: Scene): Promise<readonly string[]> {
  const [newest] = await ledger.recent({ channel: 'C0OPS', workflowKey: null, refused: true, limit: 1 });
  if (newest === undefined) throw new Error('there is no history');
  const oldest = noon - minutes - 1_000 * 20_000;
  const places = Array.from({ length: 20 }, (_, place) => oldest + (place * (newest.requestedAt - oldest)) / 20);
  const found: string[] = [];
  for (const requestedAt of places) {
    const after = { id: '', requestedAt: Math.ceil(requestedAt) };
    const page = await ledger.recent({ channel: 'C0OPS', workflowKey: null, refused: true, limit: 10, after });
    found.push(...page.map(({ id }) => id));
  }
  return found;
}

/** A start and a stop of one workflow until their effect is posted, and what people look up. */
async function live(subject: Subject): Promise<void> {
  await subject.stopwatch.time('a start and a stop, from the commands to their follow-ups', async () => {
    await carryOut(subject, 'start');
    await carryOut(subject, 'stop');
  });
  await lookUp(subject);
}

async function carryOut({ scene, stopwatch: { time } }: Subject, verb: 'start' | 'stop'): Promise<void> {
  const id = newId();
  const requested = requestedBy(orderOf({ verb, workflowId: 'WKF0' }), { interaction: id });
  await time('record a command', () => scene.ledger.submitWithin(20, { id, requested }, neverAborted));
  await scene.untilIdle();
  if (verb === 'stop') await scene.press(id, 'U0CAROL');
  await scene.advanceTime(minutes);
  const { state } = await scene.request(id);
  if (state !== 'accepted') throw new Error(`the ${verb} ended as ${state}`);
}

async function lookUp({ scene: { ledger }, stopwatch: { time }, old }: Subject): Promise<void> {
  const recent = { channel: 'C0OPS', workflowKey: null, refused: false, limit: 10 };
  await time('history of the channel', () => ledger.recent(recent));
  await time('history of the channel, refused', () => ledger.recent({ ...recent, refused: true }));
  await time('history of a workflow', () => ledger.recent({ ...recent, workflowKey: 'acme/wkf0' }));
  const request = old[Math.floor(Math.random() * old.length)] ?? '';
  const events = await time('the events of an old request', () => ledger.events(request));
  if (events.length === 0) throw new Error(`${request} has no events`);
}

function newId(): string {
  return newRequestId(crypto.getRandomValues(new Uint8Array(5)));
}
