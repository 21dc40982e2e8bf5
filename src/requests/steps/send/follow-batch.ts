import { isDeepStrictEqual } from 'node:util';
import type { Event } from '../../events.ts';
import type { Ports, Step } from '../../ports.ts';
import { record, recording } from '../../record.ts';
import type { Request } from '../../request.ts';
import { limits } from '../../retry-policy.ts';
import { isObservable, isSettled, itemsOf } from '../../rules/batch.ts';
import { hasPaused } from '../../rules/effect.ts';
import { pauseEnd } from './end-of-pause.ts';

/** Waits until every item of a batch has ended. The announcement shows how far they are. */
export const followItems: Step = async (batch, ports, { attempts }) => {
  const items = await itemsOf(batch, ports.ledger);
  const progress = progressOf(items);
  if (items.every(isSettled)) return recording(progress, completed(batch, items, ports));
  const { endingMs, mostEndingMs } = limits.batch;
  return goOn(batch, progress, growing(endingMs, mostEndingMs, attempts), ports);
};

/** Waits until the effect of every accepted command was observed. Each item looks for itself, for ten minutes at most. */
export const followEffects: Step = async (batch, ports, { attempts }) => {
  const progress = progressOf(await itemsOf(batch, ports.ledger));
  if (progress.data.observing === 0) return recording(progress);
  const { observingMs, mostObservingMs } = limits.batch;
  return goOn(batch, progress, growing(observingMs, mostObservingMs, attempts), ports);
};

type Progressed = Extract<Event, { type: 'progressed' }>;

function completed(batch: Request, items: readonly Request[], ports: Ports): Event {
  const end = items.some(hasPaused) ? pauseEnd(batch, ports.now(), ports) : {};
  return { type: 'ended', data: { outcome: 'completed', because: { kind: 'each' }, answer: null, ...end } };
}

function progressOf(items: readonly Request[]): Progressed {
  const decided = items.filter(({ approval }) => approval !== null);
  const retrying = decided.filter(isRetrying).length;
  return {
    type: 'progressed',
    data: {
      ended: decided.filter(isSettled).length,
      ...(retrying > 0 && { retrying }),
      observing: decided.filter(isObservable).length,
      observed: decided.filter(({ state, observation }) => state === 'accepted' && observation !== null).length,
    },
  };
}

/** Only then is there time to cancel it by a button. */
function isRetrying({ state, dispatch }: Request): boolean {
  return state === 'approved' && dispatch.notReached.length > 0;
}

/** An update of the announcement costs a call of Slack, so it is due only where something has changed. */
async function goOn(batch: Request, progress: Progressed, pauseMs: number, ports: Ports) {
  if (!isDeepStrictEqual(progress.data, batch.progress)) await record(batch, ports, progress);
  return { notBefore: ports.now() + pauseMs };
}

function growing(firstMs: number, mostMs: number, attempts: number): number {
  return Math.min(mostMs, firstMs * 2 ** Math.min(attempts, 10));
}
