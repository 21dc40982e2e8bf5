import { LRUCache } from 'lru-cache';
import type { Observation } from '../../requests/events.ts';
import { createQueues } from '../queues.ts';

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
  const queued = createQueues(mostAtOnce);
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
    const lookUp = (workflowId: string) => queued(organization, () => campaign.probe(workflowId));
    return { probe: (id) => cache.forceFetch(`${organization} ${id}`, { context: () => lookUp(id) }) };
  };
}
