import { setTimeout as wait } from 'node:timers/promises';
import { isOfWatch } from '../../access/policy.ts';
import type { Event, ReconciledOutcome } from '../events.ts';
import type { LedgerTransaction } from '../ledger/ledger.ts';
import { isOutcome } from '../outcome.ts';
import type { Ports, Reconciliation, ThreadView } from '../ports.ts';
import type { Request } from '../request.ts';
import { backoffMs, limits } from '../retry-policy.ts';
import { settledWithin } from '../settled-within.ts';
import { isUnsent } from '../transition.ts';
import { compareChannels, createLedgerAge, type LedgerAge } from './ledger-age.ts';
import { followChannel } from './moved-channel.ts';
import { reconcile, type Verdict } from './reconcile.ts';
import type { RestoredLedger } from './restored-ledger.ts';

/** Compares the ledger with the channels: it may be a restored older copy. */
export type ChannelComparison = {
  readonly reconciliation: Reconciliation;
  /** Some of the requests for which the channels are ahead of the ledger. */
  missing(): readonly string[];
  /** Compares the requests that were open at the start, and the newest messages of these channels and of the ledger's channels. */
  run(channels: readonly string[], restoredLedger: RestoredLedger, signal: AbortSignal): Promise<void>;
};

type Compared = Pick<Ports, 'ledger' | 'messenger' | 'directory' | 'now' | 'random' | 'log' | 'pausesEndAfter'>;

export function createChannelComparison(needs: Compared): ChannelComparison {
  const ledgerAge = createLedgerAge(needs);
  const reconciler = createReconciler({ ...needs, ledgerAge });
  return {
    reconciliation: reconciler,
    missing: ledgerAge.missing,
    async run(channels, restoredLedger, signal) {
      try {
        await Promise.all([
          reconciler.reconcileAll(signal),
          compareChannels(channels, ledgerAge, { ...needs, restoredLedger }, signal),
        ]);
      } catch (error) {
        if (!signal.aborted) needs.log.error({ err: error }, 'the ledger could not be compared with the channels');
      }
    },
  };
}

/** How many threads are read at once. */
const mostAtOnce = 4;

type Needs = Compared & {
  readonly ledgerAge: LedgerAge;
};

export type Reconciler = Reconciliation & {
  /** Compares every request that was open, stops first, until `signal` aborts, because a question may never get a press. */
  reconcileAll(signal: AbortSignal): Promise<void>;
};

export function createReconciler(needs: Needs): Reconciler {
  const { ledger, now, random, log } = needs;
  const wasOpen = new Set(ledger.openAtStart);
  const pending = new Set(wasOpen);
  const underWay = new Map<string, Promise<void>>();
  let failures = 0;
  let notBefore = 0;

  async function attempt(id: string): Promise<void> {
    const { request, verdict } = await judge(id, needs);
    if (verdict.kind === 'wait') {
      notBefore =
        now() + Math.max(verdict.retryAfterMs, backoffMs(failures++, random(), limits.reconciliation.mostWaitMs));
      // To the end of the queue: no single thread delays the others.
      pending.delete(id);
      pending.add(id);
      return;
    }
    failures = 0;
    if (request !== null) await carryOut(request, verdict, needs);
    pending.delete(id);
  }

  /** Resolves when the attempt is done, or at once where none can start now. */
  function tryNow(id: string): Promise<void> {
    const begun = underWay.get(id);
    if (begun !== undefined) return begun;
    if (underWay.size >= mostAtOnce || now() < notBefore) return Promise.resolve();
    const work = attempt(id).finally(() => underWay.delete(id));
    underWay.set(id, work);
    return work;
  }

  return {
    wasOpen: (id) => wasOpen.has(id),
    async ready(id) {
      if (!pending.has(id)) return null;
      await settledWithin(limits.reconciliation.holdMs, tryNow(id));
      // The more requests there are, the less often each one is retried.
      return pending.has(id)
        ? { notBefore: Math.max(notBefore, now() + limits.reconciliation.holdMs + pending.size), isUncounted: true }
        : null;
    },
    async reconcileAll(signal) {
      while (pending.size > 0 && !signal.aborted) {
        for (const id of pending) {
          if (!signal.aborted)
            await tryNow(id).catch((err) => log.error({ err, request: id }, 'a request could not be reconciled'));
        }
        if (pending.size > 0)
          await wait(Math.max(limits.reconciliation.holdMs, notBefore - now()), undefined, { signal }).catch(() => {});
      }
    },
  };
}

/** The ledger is read after the channel, because another replica records before it posts. */
async function judge(id: string, needs: Needs): Promise<{ request: Request | null; verdict: Verdict }> {
  const { ledger, now } = needs;
  const before = await ledger.load(id);
  if (before === null || isOutcome(before.state)) return { request: null, verdict: { kind: 'go_on' } };
  const view = await readThread(before, needs);
  const request = await ledger.load(id);
  return { request, verdict: request === null ? { kind: 'go_on' } : reconcile(request, view, now()) };
}

/** Under its old ID a channel cannot be read. */
async function readThread(request: Request, needs: Needs): Promise<ThreadView> {
  const { messenger } = needs;
  const view = await messenger.readThread(request);
  if (view.kind !== 'unknowable') return view;
  const channel = await followChannel(request, needs);
  if (channel.kind === 'moved') return messenger.readThread({ ...request, channel: channel.to });
  const isPassing = channel.kind === 'unknown' && channel.retryAfterMs !== null;
  return isPassing ? { kind: 'unreachable', retryAfterMs: channel.retryAfterMs } : view;
}

async function carryOut(request: Request, verdict: Exclude<Verdict, { kind: 'wait' }>, needs: Needs): Promise<void> {
  if (verdict.kind === 'go_on') return;
  const { id, order, channel } = request;
  await needs.ledger.transaction(async (tx) => {
    const current = await tx.load(id);
    const events = current === null ? [] : eventsOf(verdict, current, needs);
    if (current === null || events.length === 0) return;
    await tx.append(current, ...events);
    if (isAccepted(verdict)) await applyTakenOver(current, tx, needs);
  });
  needs.log.warn({ request: id, order, ...verdict }, 'a request that was open at the start has ended');
  if (verdict.kind === 'take_over' || verdict.because === 'ledger_behind') needs.ledgerAge.behindOn(channel, [id]);
}

function isAccepted(verdict: Verdict): boolean {
  return verdict.kind === 'take_over' && verdict.reconciled.outcome === 'accepted';
}

/** A watch is a fact of the ledger alone: it is as its order has left it. What is so already stays. */
async function applyTakenOver(request: Request, tx: LedgerTransaction, { pausesEndAfter }: Needs): Promise<void> {
  const { verb, organization } = request.order;
  if (isOfWatch(verb)) {
    await tx.orderWatch(request, { choice: verb, pausesEndAfterMs: pausesEndAfter(organization) });
  }
}

type Ended = Extract<Verdict, { kind: 'take_over' | 'unknown' }>;

function eventsOf(verdict: Ended, request: Request, needs: Needs): readonly Event[] {
  const end = endOf(verdict, request, needs);
  if (end === null) return [];
  return verdict.emergency === undefined ? [end] : [end, { type: 'emergency_found', data: verdict.emergency }];
}

function endOf(verdict: Ended, request: Request, needs: Needs): Event | null {
  const { state } = request;
  if (verdict.kind === 'take_over') {
    const { reconciled } = verdict;
    const data = { ...reconciled, ...pauseEnd(request, reconciled, needs) };
    return isOutcome(state) ? null : { type: 'reconciled', data };
  }
  const because = { kind: verdict.because };
  return isUnsent(state) ? { type: 'ended', data: { outcome: 'unknown', because, answer: null } } : null;
}

/** People are reminded of it like of any other pause: the resume that would have ended it may be lost. */
function pauseEnd(
  { order, batch }: Request,
  { outcome, postedAt }: ReconciledOutcome,
  { pausesEndAfter }: Needs,
): Pick<ReconciledOutcome, 'pauseEndsAt'> {
  const isPaused = order.verb === 'pause' && batch === null && (outcome === 'accepted' || outcome === 'completed');
  const afterMs = isPaused ? pausesEndAfter(order.organization) : null;
  return afterMs === null ? {} : { pauseEndsAt: postedAt + afterMs };
}
