import { randomUUID } from 'node:crypto';
import type { Policy } from '../../../src/access/policy.ts';
import { type SimpleLists, simplePolicy } from '../../../src/access/simple-policy.ts';
import type { PressChoice } from '../../../src/commands/command.ts';
import type { Event, EventOf, EventType, Order } from '../../../src/requests/events.ts';
import type { Ledger } from '../../../src/requests/ledger/ledger.ts';
import { type Database, type LedgerOptions, openLedger } from '../../../src/requests/ledger/open-ledger.ts';
import { logEnd } from '../../../src/requests/log-end.ts';
import type { Outcome } from '../../../src/requests/outcome.ts';
import type { Log, Ports } from '../../../src/requests/ports.ts';
import { createChannelComparison } from '../../../src/requests/recovery/channel-comparison.ts';
import { isBatch, type Request } from '../../../src/requests/request.ts';
import { limits } from '../../../src/requests/retry-policy.ts';
import { itemsOf } from '../../../src/requests/rules/batch.ts';
import { type Pressed, type PressResult, recordPress } from '../../../src/requests/rules/press.ts';
import { type Runner, startRunner } from '../../../src/requests/runner.ts';
import { orderOf, requestedBy } from '../events.fixture.ts';
import { ledgerOptions } from '../ledger/ledger.fixture.ts';
import { createFakePorts, type FakePorts } from './fake-ports.fixture.ts';
import { newLedgerPath } from './ledger-path.fixture.ts';
import { watchLedger } from './watch-ledger.fixture.ts';
import { newWorld, type World } from './world.fixture.ts';

export const minutes = 60_000;
export const neverAborted = new AbortController().signal;

/** Alice and Bob run workflows; Carol and Dave, the leads, confirm a stop within five minutes. */
export const lists: SimpleLists = {
  channels: new Set(['C0OPS']),
  users: { users: new Set(['U0ALICE', 'U0BOB']), groups: new Set() },
  approvers: { users: new Set(), groups: new Set(['S0LEADS']) },
  confirmWithinMs: 5 * minutes,
};

/** Permits nothing. */
export const noRules: Policy = { ...simplePolicy(lists, 'prod'), rules: [] };

/** The environments by organization. null: the environment was removed. */
const bothEnvironments: ReadonlyMap<string, string | null> = new Map([
  ['acme', 'prod'],
  ['acme-stage', 'stage'],
]);

/** The simple policy, in both environments. */
export function policyOf(people: SimpleLists): Policy {
  const policy = simplePolicy(people, 'prod');
  return { ...policy, rules: policy.rules.map((rule) => ({ ...rule, environments: new Set(['prod', 'stage']) })) };
}

export type Logged = { level: keyof Log; fields: object; message: string };

export type SceneOptions = {
  readonly world?: World;
  readonly path?: string;
  /** Instead of a file: a database that several processes share. */
  readonly database?: Database;
  readonly policy?: Policy;
  readonly onPortCall?: (moment: string) => void;
  /** Puts something around the ledger that the runner and the scene use. */
  readonly around?: (ledger: Ledger) => Ledger;
  readonly acknowledged?: Ports['acknowledged'];
  /** After what time Campaign ends a pause, in milliseconds; absent: nobody is reminded of pauses. */
  readonly pausesEndAfterMs?: () => number | null;
};

/** The real ledger and the real runner, over fakes of Slack and Campaign. */
export type Scene = {
  readonly world: World;
  readonly path: string;
  readonly ledger: Ledger;
  readonly ports: Ports;
  readonly runner: Runner;
  readonly gate: FakePorts['gate'];
  readonly logged: readonly Logged[];
  readonly counted: { readonly ended: Outcome[]; faults: number; unthreaded: number };
  /** Replaces the policy. */
  setPolicy(policy: Policy): void;
  /** Renames the environment of `acme` in the configuration. null removes it. */
  renameEnvironment(name: string | null): void;
  /** Records a typed command. Resolves to the ID of its request. */
  submit(order?: Partial<Order>, by?: string): Promise<string>;
  /** Records a command for several workflows. Resolves to the ID of the batch, and those of its items. */
  submitSeveral(workflowIds: readonly string[], order?: Partial<Order>, by?: string): Promise<Several>;
  press(id: string, by: string, choice?: PressChoice, rest?: Partial<Pressed>): Promise<PressResult>;
  /** The runner claims no task until `resume`. Steps in progress continue. */
  suspend(): Promise<void>;
  resume(): void;
  /** Wakes the runner, and does not wait for it. */
  wake(): void;
  /** Waits until no task is due at the current time, except `blocked` steps that wait at a gate. */
  untilIdle(blocked?: number): Promise<void>;
  /** Moves the clock forward, and performs each task at the time when it is due. */
  advanceTime(ms: number): Promise<void>;
  /** Moves the clock forward without performing anything. */
  skipTime(ms: number): void;
  request(id: string): Promise<Request>;
  /** The events of one type of a request. */
  events<T extends EventType>(id: string, type: T): Promise<readonly EventOf<T>[]>;
  [Symbol.asyncDispose](): Promise<void>;
};

export type Several = { readonly batch: string; readonly items: readonly string[] };

let requests = 0;

function newId(): string {
  return `REQ${String(++requests).padStart(5, '0')}`;
}

export async function openScene(options: SceneOptions = {}): Promise<Scene> {
  const { world = newWorld(), path = newLedgerPath(), onPortCall = () => {} } = options;
  const database = options.database ?? { kind: 'sqlite', path };
  const now = () => world.now;
  const { around = (it) => it } = options;
  const logged: Logged[] = [];
  const counted = { ended: [] as Outcome[], faults: 0, unthreaded: 0 };
  const onProgress: LedgerOptions['onProgress'] = ({ type }, request) => {
    if (type !== 'ended' && type !== 'reconciled') return;
    logEnd(request, logInto(logged));
    if (request.end !== null && !isBatch(request)) counted.ended.push(request.end.outcome);
  };
  const ledger = around(await openLedger({ ...ledgerOptions(database, now), leaseMs: limits.lease.ms, onProgress }));
  const outside = createFakePorts(world, onPortCall, (batch) => itemsOf(batch, ledger));
  let rules = options.policy ?? policyOf(lists);
  let environments = bothEnvironments;
  const { ledger: watchedLedger, untilIdle, suspend, resume } = watchLedger(ledger, now, () => runner.wake());
  const { log, random } = { log: logInto(logged), random: () => 0.5 };
  const { pausesEndAfterMs: pausesEndAfter = () => null } = options;
  const comparison = createChannelComparison({ ...outside, ledger, now, random, log, pausesEndAfter });
  const ports: Ports = {
    ...outside,
    reconciliation: comparison.reconciliation,
    ledger: watchedLedger,
    policy: () => rules,
    team: 'T0ACME',
    workspace: 'https://acme.slack.com/',
    environmentOf: (organization) => environments.get(organization) ?? null,
    environments: () =>
      [...environments].flatMap(([organization, name]) => (name === null ? [] : [{ name, organization }])),
    vocabulary: () => ({ environments: ['prod', 'stage'], defaultEnvironment: 'prod', aliases: [] }),
    pausesEndAfter,
    campaign: (organization) => (environments.get(organization) == null ? null : outside.campaign),
    ...{ now, random, log },
    acknowledged: options.acknowledged ?? (() => null),
    count: {
      fault: () => (counted.faults += 1),
      unthreaded: () => (counted.unthreaded += 1),
    },
  };
  const runner = startRunner(ports);

  const scene: Scene = {
    ...{ world, path, ledger, ports, runner, gate: outside.gate, logged, counted },
    setPolicy: (policy) => {
      rules = policy;
    },
    renameEnvironment: (name) => {
      environments = new Map([...bothEnvironments, ['acme', name]]);
    },
    async submit(order, requester = 'U0ALICE') {
      const id = newId();
      const requested = requestedBy(orderOf(order), { requester, interaction: `typed-${id}` });
      await ledger.submit({ id, requested }, neverAborted);
      return id;
    },
    async submitSeveral(workflowIds, order, requester = 'U0ALICE') {
      const batch = newId();
      const workflows = workflowIds.map((workflowId) => ({ request: newId(), workflowId, alias: null }));
      const requested = (own: Partial<Order>, interaction: string) =>
        requestedBy(orderOf({ ...order, ...own }), { requester, interaction });
      const submission = {
        id: batch,
        requested: requested({ workflowId: workflowIds.join(','), workflows }, `typed-${batch}`),
        items: workflows.map(({ request: id, workflowId }) => ({
          id,
          requested: { ...requested({ workflowId }, `typed-${batch} ${workflowId}`), batch },
        })),
      };
      await ledger.submit(submission, neverAborted);
      return { batch, items: workflows.map(({ request }) => request) };
    },
    press(request, by, choice = 'approve', rest = {}) {
      const interaction = `pressed-${randomUUID()}`;
      const pressed = { request, by, choice, team: 'T0ACME', channel: 'C0OPS', interaction, ...rest };
      return recordPress(ledger, pressed, now, neverAborted);
    },
    ...{ suspend, resume },
    wake: () => runner.wake(),
    async untilIdle(blocked = 0) {
      const done = untilIdle(blocked);
      runner.wake();
      await done;
    },
    skipTime: (ms) => {
      world.now += ms;
    },
    advanceTime: (ms) => advanceTime(scene, ms),
    async request(id) {
      const request = await ledger.load(id);
      if (request === null) throw new Error(`there is no request ${id}`);
      return request;
    },
    async events(id, type) {
      const all: readonly Event[] = await ledger.events(id);
      return all.filter((event): event is EventOf<typeof type> => event.type === type);
    },
    async [Symbol.asyncDispose]() {
      outside.openGates();
      await runner.stop();
      await ledger.close();
    },
  };
  return scene;
}

async function advanceTime({ world, ledger, untilIdle }: Scene, ms: number): Promise<void> {
  const until = world.now + ms;
  await untilIdle();
  for (let due = await ledger.nextDueAt(); due !== null && due <= until; due = await ledger.nextDueAt()) {
    world.now = Math.max(world.now, due);
    await untilIdle();
  }
  world.now = until;
  await untilIdle();
}

function logInto(logged: Logged[]): Log {
  const to = (level: keyof Log) => (fields: object, message: string) => {
    logged.push({ level, fields, message });
  };
  return { info: to('info'), warn: to('warn'), error: to('error') };
}
