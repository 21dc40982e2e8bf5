import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PretendCampaign, startPretendCampaign } from '../../sandbox/campaign/pretend-campaign.ts';
import type { RecordedRequest } from '../../sandbox/campaign/recorded-request.ts';
import type { ApiCall } from '../../sandbox/slack/api/web-api.ts';
import { type PretendSlack, startPretendSlack } from '../../sandbox/slack/pretend-slack.ts';
import { botEnv, withoutSimplePolicy } from '../../sandbox/start-sandbox.ts';
import type { Database } from '../../src/requests/ledger/open-ledger.ts';
import { followPages, type Page } from './direct-messages.ts';
import type { AcknowledgedDecision, Watched } from './evidence.ts';
import { type Fleet, startFleet } from './fleet.ts';
import type { Killer } from './killer.ts';
import { configuration, watchedAtStart, workspace } from './rules.ts';
import { type SealingStep, sealingSteps, standStillAt, standsStillAt } from './sealing-steps.ts';
import { effectInCampaign, effectInSlack, recordedIn, type Step, watchStepIn } from './steps.ts';

export type WorldOptions = {
  readonly name: string;
  readonly killer: Killer | null;
  readonly replicas: number;
  /** The lifetime of a stop's question. */
  readonly confirmWithinMs: number;
  /** `postgres://…`, or undefined for a new SQLite file. */
  readonly postgres?: string;
  /** Called when a command reaches Campaign, before the response. */
  readonly onCommand?: (workflowId: string) => void;
};

export type TypedDecision = AcknowledgedDecision & { readonly responseUrl: string };

/** Slack, Campaign and real bots between them, which are killed when the killer decides so. */
export type World = {
  readonly name: string;
  readonly replicas: number;
  readonly confirmWithinMs: number;
  readonly slack: PretendSlack;
  readonly campaign: PretendCampaign;
  readonly fleet: Fleet;
  readonly database: Database;
  /** The IDs of the typed commands whose acknowledgement said that they are recorded. */
  readonly acknowledged: Set<string>;
  /** Decisions that somebody typed, acknowledged, and where the reply is that says whether they are recorded. */
  readonly decisions: TypedDecision[];
  /** Requests that their person has seen. */
  readonly seen: Set<string>;
  /** Typed commands whose request nobody has seen yet, and requests without a posted outcome. */
  readonly open: Set<string>;
  /** Requests with a posted outcome. */
  readonly reported: ReadonlySet<string>;
  /** The direct messages to those whom escalation asks. */
  readonly pages: readonly Page[];
  /** Empty where no bot is killed: looks would meet the faults that are meant for commands. */
  readonly watched: Watched[];
  /** Failures of the bots themselves. */
  readonly failures: string[];
  /** What the clock of the bots and of Slack showed at a time of this machine, in milliseconds since the epoch. */
  clockAt(time: number): number;
  /** Turns it. Null with PostgreSQL, where the time is the server's. */
  readonly turnClock: ((ms: number) => Promise<void>) | null;
  /** Ends the kills. */
  spare(): void;
  killAnybody(): void;
  close(): Promise<void>;
};

/** Long time limits: a slow machine is not a fault of these runs. */
const timeoutMs = 30_000;

/** A bot stands still at the latest when it seals for the so manieth time. */
const mostSealings = 3;

export async function startWorld({
  name,
  killer,
  replicas,
  confirmWithinMs,
  postgres,
  onCommand,
}: WorldOptions): Promise<World> {
  const resources = new AsyncDisposableStack();
  try {
    const state = { sparing: killer === null, turn: 0, starts: 0 };
    const turns: { readonly at: number; readonly aheadMs: number }[] = [];
    const clockAt = (time: number) => time + (turns.findLast(({ at }) => at <= time)?.aheadMs ?? 0);
    const [open, reported] = [new Set<string>(), new Set<string>()];
    const failures: string[] = [];
    let fleet: Fleet | null = null;

    /** False where it killed the bot. */
    function survives(step: Step | null, pid: number | undefined): boolean {
      if (step === null || pid === undefined || state.sparing || killer === null) return true;
      if (!fleet?.isLive(pid) || !killer.wants(step)) return true;
      killer.killedAt(step);
      fleet.kill(pid);
      return false;
    }

    /** With one bot, the origin of the effect is known; otherwise the bots are killed in turn. */
    function inTurn(): number | undefined {
      const pids = fleet?.livePids() ?? [];
      return pids[state.turn++ % Math.max(1, pids.length)];
    }

    function killStanding(step: SealingStep, pid: number): void {
      killer?.killedAt(step);
      fleet?.kill(pid);
    }

    function onLogLine(line: string, pid: number): void {
      const standing = standsStillAt(line);
      if (standing !== null) killStanding(standing, pid);
      survives(watchStepIn(line), pid);
      const happened = recordedIn(line);
      if (happened === null) return;
      if (happened.event === 'reported') {
        reported.add(happened.request);
        open.delete(happened.request);
      }
      survives(happened.event, pid);
    }

    const mayAnswerSlack = (call: Pick<ApiCall, 'method' | 'params'>) => survives(effectInSlack(call), inTurn());
    const mayAnswerCampaign = (request: RecordedRequest) => {
      if (request.method === 'POST') onCommand?.(/execution\/([^/]+)\//.exec(request.path)?.[1] ?? '');
      return survives(effectInCampaign(request), inTurn());
    };
    const slack = resources.adopt(
      await startPretendSlack({ mayAnswer: mayAnswerSlack, timeoutMs, workspace, now: () => clockAt(Date.now()) }),
      (it) => it.close(),
    );
    const campaign = resources.adopt(await startPretendCampaign({ strict: true, mayAnswer: mayAnswerCampaign }), (it) =>
      it.close(),
    );
    const folder = resources.adopt(await mkdtemp(join(tmpdir(), 'campaign-wf-drill-')), (it) =>
      rm(it, { recursive: true, force: true, maxRetries: 5 }),
    );
    const removeAtExit = () => rmSync(folder, { recursive: true, force: true });
    process.once('exit', removeAtExit);
    resources.defer(() => void process.off('exit', removeAtExit));
    const path = join(folder, 'ledger.sqlite');
    const clock = join(folder, 'clock-ahead');
    await writeFile(clock, '0');
    const database: Database = postgres === undefined ? { kind: 'sqlite', path } : { kind: 'postgres', url: postgres };
    /** Where steps of the sealing still want kills, the next bot dies at one of them. */
    const env = () => {
      const step = sealingSteps.find((one) => !state.sparing && killer?.wants(one));
      return {
        ...withoutSimplePolicy(botEnv(slack, campaign, 'http')),
        DATABASE_URL: postgres ?? `sqlite:${path}`,
        LOG_LEVEL: 'debug',
        ...(killer !== null && preloaded(clock, standStillAt(step ?? null, 1 + (++state.starts % mostSealings)))),
      };
    };
    const arm = (pid: number) => {
      if (!state.sparing) process.kill(pid, 'SIGUSR2');
    };
    const hasWatches = killer !== null;
    const watched = hasWatches ? watchedAtStart(campaign) : [];
    await writeFile(join(folder, 'campaign-wf.yml'), configuration(confirmWithinMs / 1_000, { hasWatches }));
    const turnClock = async (ms: number) => {
      const aheadMs = (turns.at(-1)?.aheadMs ?? 0) + ms;
      turns.push({ at: Date.now(), aheadMs });
      await writeFile(clock, String(aheadMs));
    };
    const failed = (error: unknown) => failures.push(String(error));
    fleet = await startFleet({ size: replicas, env, folder, onLogLine, onReady: arm, failed });
    const started = fleet;
    resources.defer(async () => void (await started.stop()));
    return {
      ...{ name, replicas, confirmWithinMs, slack, campaign, database, open, failures },
      fleet: started,
      acknowledged: new Set(),
      ...{ seen: new Set(), reported, decisions: [], watched },
      pages: followPages(slack),
      clockAt,
      turnClock: postgres === undefined && killer !== null ? turnClock : null,
      spare() {
        if (!state.sparing) started.signal('SIGUSR2');
        state.sparing = true;
      },
      killAnybody() {
        const pid = inTurn();
        if (pid === undefined || state.sparing) return;
        killer?.killedAt('any moment');
        started.kill(pid);
      },
      close: () => resources.disposeAsync(),
    };
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
}

/** Beside what stands still, what turns the clock. */
function preloaded(clock: string, { NODE_OPTIONS = '', ...env }: Record<string, string>): Record<string, string> {
  const program = new URL('../../sandbox/turned-clock.ts', import.meta.url).href;
  return { ...env, NODE_OPTIONS: `${NODE_OPTIONS} --import=${program}`, SANDBOX_CLOCK_AHEAD: clock };
}
