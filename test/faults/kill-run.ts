import { setTimeout as wait } from 'node:timers/promises';
import { type Chance, chanceOf } from './chance.ts';
import type { Evidence, Loss } from './evidence.ts';
import { gather } from './gather.ts';
import { judge } from './judge.ts';
import { createKiller, type Killer } from './killer.ts';
import { liveLater } from './later.ts';
import { laterSteps, type Step, steps } from './steps.ts';
import { keepBusy, keepWhatIsLeft } from './traffic.ts';
import { changeWatched } from './watching.ts';
import { startWorld, type World } from './world.ts';

export type KillPlan = {
  readonly name: string;
  readonly seed: number;
  readonly replicas: number;
  readonly postgres?: string;
  /** How often a bot dies at each step, and how often in all. */
  readonly perStep: number;
  readonly kills: number;
  /** How many press each button at the same moment. */
  readonly presses: number;
  /** Happens once, when all steps have had their kills and people are still at work. */
  readonly outage?: () => Promise<void>;
};

/** How a run ended, for the tables. */
export type Run = {
  readonly name: string;
  readonly evidence: Evidence;
  readonly losses: readonly Loss[];
  readonly kills: Killer['kills'];
  readonly totalKills: number;
  readonly failures: readonly string[];
  /** How long people worked, and how long it then took until every outcome was posted. */
  readonly seconds: { readonly work: number; readonly rest: number };
  /** Steps that had fewer kills than planned. */
  readonly missed: readonly Step[];
};

/** Short, so that some questions expire. */
const confirmWithinMs = 12_000;

/** The longest that the killing may take; a step that does not occur by then is missed. A slow machine needs nine minutes. */
const killingWithinMs = 900_000;

/** Longer than a lease, a message in doubt, a question and a look put together, and than the rarest try to tell an outcome. */
const settledWithinMs = 330_000;

/** Bots die while people work: at every step in turn, then at any moment. What is left is judged. */
export async function killRun(plan: KillPlan): Promise<Run> {
  const killer = createKiller(plan.perStep);
  const chance = chanceOf(plan.seed);
  const world = await startWorld({ ...plan, killer, confirmWithinMs });
  try {
    const begun = performance.now();
    const until = Date.now() + killingWithinMs;
    const enough = () =>
      (killer.isContent(steps) && killer.total() >= plan.kills) || Date.now() > until || broken(world);
    const busy = Promise.all([keepBusy(world, chance, plan.presses, enough), changeWatched(world, enough)]);
    await killAtRandom(world, killer, chanceOf(plan.seed + 1), enough);
    const { turnClock } = world;
    if (turnClock !== null) {
      await busy;
      await liveLater(world, killer, turnClock);
    }
    world.spare();
    if (plan.outage !== undefined) await Promise.all([plan.outage(), busyFor(world, chance, plan.presses)]);
    await busy;
    const rested = performance.now();
    const evidence = await gather(world, settledWithinMs, turnClock === null ? keepWhatIsLeft(world) : undefined);
    const seconds = { work: (rested - begun) / 1_000, rest: (performance.now() - rested) / 1_000 };
    return {
      name: plan.name,
      evidence,
      losses: judge(evidence),
      kills: killer.kills,
      totalKills: killer.total(),
      seconds,
      failures: [...world.failures, ...world.slack.workspace.mistakes.filter(isOurs)],
      missed: [...steps, ...(turnClock === null ? [] : laterSteps)].filter(
        (step) => (killer.kills.get(step) ?? 0) < plan.perStep,
      ),
    };
  } finally {
    await world.close();
  }
}

/** An acknowledgement that the bot did not live to give is no mistake of its own. */
function isOurs(mistake: string): boolean {
  return !mistake.startsWith('acknowledged after');
}

function broken({ failures }: World): boolean {
  return failures.length > 0;
}

async function killAtRandom(world: World, killer: Killer, chance: Chance, enough: () => boolean): Promise<void> {
  while (!enough()) {
    await wait(chance.between(50, 700));
    if (killer.isContent(steps) && !enough()) world.killAnybody();
  }
}

/** People go on working through whatever else happens. */
async function busyFor(world: World, chance: Chance, presses: number): Promise<void> {
  const until = Date.now() + 5_000;
  await keepBusy(world, chance, presses, () => Date.now() > until);
}
