import pg from 'pg';
import { newRequestId } from '../../src/commands/vocabulary/ids.ts';
import type { EventType, Order } from '../../src/requests/events.ts';
import { recordPress } from '../../src/requests/rules/press.ts';
import { type Chance, chanceOf } from '../../test/faults/chance.ts';
import { newDatabase } from '../../test/postgres/new-database.ts';
import { startPostgres } from '../../test/postgres/postgres-server.ts';
import { createCampaign } from './campaign.ts';
import {
  channelId,
  type DaySize,
  leads,
  minuteMs,
  type PlannedCommand,
  planDay,
  requestersOf,
  stranger,
  timeOf,
} from './plan.ts';
import { environment, openReplica, organization, type Replica, team } from './replica.ts';
import { createSlack, type SlackModel } from './slack.ts';
import { createVirtualTime, type VirtualTime } from './virtual-time.ts';

/** What became of a command, and when, in milliseconds since the epoch. */
export type Course = {
  readonly command: PlannedCommand;
  /** Its last confirmation, or its announcement where none is needed. */
  approvedAt: number | null;
  /** Its question was in the channel. */
  askedAt: number | null;
  endedAt: number | null;
  /** Its outcome was posted. */
  outcomeAt: number | null;
  /** The channel shows the outcome in the announcement. */
  shownAt: number | null;
};

/** What waits in the ledger at a time, and how many commands have come since the last sample. */
export type Sample = {
  readonly at: number;
  readonly posts: number;
  readonly updates: number;
  readonly commands: number;
};

export type Day = {
  readonly courses: ReadonlyMap<string, Course>;
  readonly backlog: readonly Sample[];
  readonly slack: SlackModel;
  /** The outcomes, and how many requests have each. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** The tasks that each replica claimed. */
  readonly claimed: readonly number[];
  readonly warnings: ReadonlyMap<string, number>;
};

const replicaCount = 3;

/** How long the simulation goes on after the last command, for what still waits. */
const restMs = 15 * minuteMs;

/** Runs a day of commands through three replicas, which share a new database, in virtual time. */
export async function simulateDay(size: DaySize): Promise<Day> {
  await using resources = new AsyncDisposableStack();
  const server = resources.adopt(await startPostgres(), (it) => it.close());
  const url = await newDatabase(server.url);
  const time = createVirtualTime(timeOf(size.from));
  const chance = chanceOf(size.seed + 1);
  const channels = Array.from({ length: size.channels }, (_, index) => channelId(index));
  const slack = createSlack(time, { requesters: requestersOf(size), leads, channels });
  const courses = new Map<string, Course>();
  const warnings = new Map<string, number>();
  let onEvent = (_request: string, _type: EventType) => {};
  const shared = {
    ...{ time, slack, url },
    campaign: createCampaign(time),
    channels,
    random: () => chance.between(0, 999_999) / 1_000_000,
    onRecorded: ({ request, type }: { readonly request: string; readonly type: EventType }) => onEvent(request, type),
    onWarning: (message: string) => void warnings.set(message, (warnings.get(message) ?? 0) + 1),
  };
  const replicas: Replica[] = [];
  for (let index = 0; index < replicaCount; index++)
    replicas.push(resources.adopt(await openReplica(shared), (it) => it.close()));
  const database = resources.adopt(await connect(url), (it) => it.end());

  const people = peopleIn({ time, replicas, courses, chance });
  onEvent = people.onEvent;
  // The latest first: a timer is inserted from that end.
  for (const command of planDay(size).toReversed()) time.at(command.at, () => people.type(command));
  const backlog: Sample[] = [];
  let typed = 0;
  const until = timeOf(size.to) + restMs;
  for (let at = timeOf(size.from); at <= until; at += minuteMs) {
    await runUntil(at, time, replicas);
    backlog.push({ at, commands: courses.size - typed, ...(await waitingIn(database, at)) });
    typed = courses.size;
  }
  return {
    ...{ courses, backlog, slack },
    warnings: new Map(warnings),
    outcomes: await outcomesIn(database),
    claimed: replicas.map((replica) => replica.claimed()),
  };
}

/** What is due within one tick happens at its end, at once. */
const tickMs = 50;

/** Moves the clock from one thing that is due to the next. */
async function runUntil(end: number, time: VirtualTime, replicas: readonly Replica[]): Promise<void> {
  for (;;) {
    for (const replica of replicas) await replica.quiet();
    const isAnyFull = replicas.some((replica) => replica.isFull());
    const wakesAt = replicas.map((replica) => replica.wakesAt(isAnyFull));
    const next = Math.ceil(Math.min(time.nextAt(), ...wakesAt) / tickMs) * tickMs;
    time.moveTo(Math.min(next, end));
    if (next > end) return;
    for (const [index, replica] of replicas.entries()) if ((wakesAt[index] ?? 0) <= next) replica.wake();
  }
}

type Scene = {
  readonly time: VirtualTime;
  readonly replicas: readonly Replica[];
  readonly courses: Map<string, Course>;
  readonly chance: Chance;
};

const never = new AbortController().signal;

/** The people: they type commands, and decide on questions. Slack delivers what they do to any replica. */
function peopleIn({ time, replicas, courses, chance }: Scene) {
  let interactions = 0;
  const anyReplica = () => replicas[chance.between(0, replicas.length - 1)] as Replica;

  async function type(command: PlannedCommand): Promise<void> {
    const { requester, channel, verb, workflowId } = command;
    const id = newRequestId(crypto.getRandomValues(new Uint8Array(5)));
    courses.set(id, { command, approvedAt: null, askedAt: null, endedAt: null, outcomeAt: null, shownAt: null });
    const order: Order = { verb, workflowId, alias: null, environment, organization, reason: 'simulated day' };
    const replica = anyReplica();
    await replica.ledger.submit(
      { id, requested: { requester, team, channel, interaction: `typed.${id}`, order } },
      never,
    );
    replica.wake();
  }

  async function press(id: string, by: string, choice: 'approve' | 'cancel'): Promise<void> {
    const course = courses.get(id);
    if (course === undefined) return;
    const replica = anyReplica();
    const interaction = `pressed.${++interactions}`;
    const { channel } = course.command;
    await recordPress(replica.ledger, { request: id, by, choice, team, channel, interaction }, time.now, never);
    replica.wake();
  }

  /** The leads confirm stops; whatever else asks for a confirmation needs the requester's own. */
  function answer(id: string, { command }: Course): void {
    const { verb, requester, decision } = command;
    if (decision.choice === 'none') return;
    const { choice, afterMs, strangerFirst } = decision;
    const by = verb === 'stop' ? (leads[chance.between(0, leads.length - 1)] as string) : requester;
    if (strangerFirst) time.at(time.now() + Math.round(afterMs / 2), () => press(id, stranger, choice));
    time.at(time.now() + afterMs, () => press(id, by, choice));
  }

  function onEvent(id: string, type: EventType): void {
    const course = courses.get(id);
    if (course === undefined) return;
    note(course, type, time.now());
    if (type === 'asked' || type === 'changed') answer(id, course);
  }

  return { type: (command: PlannedCommand) => void type(command), onEvent };
}

function note(course: Course, type: EventType, now: number): void {
  switch (type) {
    case 'asked':
      course.askedAt ??= now;
      break;
    case 'approved':
      course.approvedAt = now;
      break;
    case 'ended':
      course.endedAt = now;
      break;
    case 'reported':
      course.outcomeAt = now;
      break;
    case 'shown':
      if (course.endedAt !== null) course.shownAt = now;
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: `${url}?options=-c%20search_path%3Dcampaign_wf` });
  await client.connect();
  return client;
}

/** The messages and updates that are due. */
async function waitingIn(database: pg.Client, at: number): Promise<Pick<Sample, 'posts' | 'updates'>> {
  const { rows } = await database.query<{ posts: string; updates: string }>(
    `select count(*) filter (where task <> 'show') as posts, count(*) filter (where task = 'show') as updates
    from tasks where channel is not null and due_at <= $1`,
    [at],
  );
  return { posts: Number(rows[0]?.posts), updates: Number(rows[0]?.updates) };
}

async function outcomesIn(database: pg.Client): Promise<ReadonlyMap<string, number>> {
  const { rows } = await database.query<{ state: string; count: string }>(
    'select state, count(*) as count from requests group by state order by count(*) desc',
  );
  return new Map(rows.map(({ state, count }) => [state, Number(count)]));
}
