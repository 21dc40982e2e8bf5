import { setTimeout as wait } from 'node:timers/promises';
import { replay } from '../../src/requests/replay.ts';
import type { Evidence, Loss } from './evidence.ts';
import { campaignRows, type FaultRow, imsRows, slackRows } from './fault-rows.ts';
import { gather } from './gather.ts';
import { judge } from './judge.ts';
import { newWorkflow } from './people.ts';
import { live, type Order } from './traffic.ts';
import { startWorld, type World } from './world.ts';

/** The result of one fault. */
export type TriedFault = {
  readonly row: FaultRow;
  readonly requests: number;
  readonly outcomes: readonly string[];
  readonly losses: readonly Loss[];
};

const settledWithinMs = 60_000;

/** Long, so that only the fault decides how a request ends. */
const confirmWithinMs = 40_000;

/** One person's commands take turns, and Slack gives up what waits for three seconds. Nobody types two in this time. */
const typingPauseMs = 400;

/** Every fault separately, around a pause and a confirmed stop. */
export async function tryFaults(): Promise<readonly TriedFault[]> {
  const worlds = [inOneWorld(campaignRows, 'at once'), inOneWorld([...imsRows, ...slackRows], 'in turn')];
  return (await Promise.all(worlds)).flat();
}

async function inOneWorld(rows: readonly FaultRow[], how: 'at once' | 'in turn'): Promise<readonly TriedFault[]> {
  const current: { row: FaultRow | null; world: World | null } = { row: null, world: null };
  const onCommand = () => {
    if (current.world !== null) current.row?.onCommand?.(current.world);
  };
  const world = await startWorld({ name: how, killer: null, replicas: 1, confirmWithinMs, onCommand });
  current.world = world;
  const workflowsOf = new Map<FaultRow, readonly string[]>();
  try {
    const tryRow = async (row: FaultRow) => {
      const orders = ordersFor(row);
      workflowsOf.set(
        row,
        orders.map(({ workflowId }) => workflowId),
      );
      row.begin(world, workflowsOf.get(row) ?? []);
      const lives = Promise.all(orders.map((order) => live(world, order)));
      await row.end?.(world);
      await lives;
    };
    if (how === 'at once')
      await Promise.all(rows.map(async (row, index) => wait(index * typingPauseMs).then(() => tryRow(row))));
    for (const row of how === 'in turn' ? rows : []) {
      current.row = row;
      await tryRow(row);
      await quiet(world);
    }
    const evidence = await gather(world, settledWithinMs);
    const losses = judge(evidence);
    const failures = world.failures.map((what) => ({ request: 'the bot', what }));
    return rows.map((row) => tried(row, workflowsOf.get(row) ?? [], evidence, [...losses, ...failures]));
  } finally {
    await world.close();
  }
}

function ordersFor({ end, burst = 0 }: FaultRow): readonly Order[] {
  const plain = {
    others: [],
    by: 'U0ALICE',
    answer: 'confirmed',
    altered: false,
    meddled: false,
    presses: 1,
    campaignFault: null,
    slackFault: null,
  } as const;
  const pauses = Array.from(
    { length: 1 + burst },
    () => ({ ...plain, verb: 'pause', workflowId: newWorkflow('WKF8') }) as const,
  );
  return end === undefined ? [...pauses, { ...plain, verb: 'stop', workflowId: newWorkflow('WKF8') }] : pauses;
}

/** Waits until every outcome so far is posted. */
async function quiet({ open, slack, campaign }: World): Promise<void> {
  for (const until = Date.now() + 30_000; open.size > 0 && Date.now() < until; ) await wait(50);
  slack.clearFaults();
  slack.limitRates(false);
  campaign.clearFaults();
}

function tried(row: FaultRow, workflows: readonly string[], evidence: Evidence, losses: readonly Loss[]): TriedFault {
  const requests = evidence.requests.map(({ id, events }) => ({ id, request: replay(events) }));
  const mine = requests.filter(({ request }) => workflows.includes(request.order.workflowId));
  const otherwise = mine
    .filter(({ request }) => request.state !== row.expected)
    .map(({ id, request }) => ({ request: id, what: `ended as ${request.state}, and not as ${row.expected}` }));
  const ids = new Set(mine.map(({ id }) => id));
  const lost = losses.filter(({ request }) => ids.has(request) || request === 'the bot');
  const missing = workflows.length - mine.length;
  return {
    row,
    requests: mine.length,
    outcomes: mine.map(({ request }) => request.state),
    losses: [...lost, ...otherwise, ...(missing > 0 ? [{ request: row.fault, what: `${missing} not on record` }] : [])],
  };
}
