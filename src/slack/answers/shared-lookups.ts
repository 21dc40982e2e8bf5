import { LRUCache } from 'lru-cache';
import type { Observation } from '../../requests/events.ts';

/** The part of Campaign that answers use. */
export type WorkflowLookUps = { probe(workflowId: string): Promise<Observation> };

/** How long the result of a look-up is shared with other people who ask for the same workflow. */
const sharedMs = 2_000;

/** The most look-ups at the same time in one organization. Orders are not limited by it. */
const mostAtOnce = 8;

/**
 * Looks workflows up for people who only read. Queries for the same workflow share a look-up; the others are queued.
 *
 * @param clock a monotonic clock, in milliseconds
 */
export function createSharedLookUps(
  campaignOf: (organization: string) => WorkflowLookUps | null,
  clock = () => performance.now(),
): (organization: string) => WorkflowLookUps | null {
  const queues = new Map<string, <T>(work: () => Promise<T>) => Promise<T>>();
  const cache = new LRUCache<string, Observation, () => Promise<Observation>>({
    max: 1_000,
    ttl: sharedMs,
    ttlResolution: 0,
    perf: { now: clock },
    fetchMethod: (_key, _stale, { context: lookUp }) => lookUp(),
  });

  return (organization) => {
    const campaign = campaignOf(organization);
    if (campaign === null) return null;
    const queued = queues.get(organization) ?? queueOf(mostAtOnce);
    queues.set(organization, queued);
    const lookUp = (workflowId: string) => queued(() => campaign.probe(workflowId));
    return { probe: (id) => cache.forceFetch(`${organization} ${id}`, { context: () => lookUp(id) }) };
  };
}

/** Runs at most `most` pieces of work at the same time, the others in order of arrival. */
function queueOf(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running === most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
