import { LRUCache } from 'lru-cache';
import type { Observation } from '../../requests/events.ts';
import { createQueues } from '../queues.ts';

/** The part of Campaign that answers use. */
export type WorkflowLookUps = {
  /** What Campaign shows, at most two seconds old. */
  probe(workflowId: string): Promise<Observation>;
  /** The same for a list of many workflows, at most 30 seconds old; at most two where a command has just ended. */
  glance(workflowId: string, isChanging?: boolean): Promise<Observation>;
};

/** How long the result of a look-up is shared with other people who ask for the same workflow. */
const sharedMs = 2_000;

/** How long it is shared with people who list many workflows. */
const listedMs = 30_000;

/** The most look-ups at the same time in one organization. Orders are not limited by it. */
const mostAtOnce = 8;

/** The most of them for lists, so that nobody's list delays somebody who asks for one workflow. */
const mostListedAtOnce = 5;

/**
 * Looks workflows up for people who only read. Queries for the same workflow share a look-up; the others are queued.
 *
 * @param clock a monotonic clock, in milliseconds
 */
export function createSharedLookUps(
  campaignOf: (organization: string) => Pick<WorkflowLookUps, 'probe'> | null,
  clock = () => performance.now(),
): (organization: string) => WorkflowLookUps | null {
  const queued = createQueues(mostAtOnce);
  const queuedLists = createQueues(mostListedAtOnce);
  const cache = new LRUCache<string, Observation, () => Promise<Observation>>({
    max: 1_000,
    ttl: listedMs,
    ttlResolution: 0,
    perf: { now: clock },
    fetchMethod: (_key, _stale, { context: lookUp }) => lookUp(),
  });

  return (organization) => {
    const campaign = campaignOf(organization);
    if (campaign === null) return null;
    const keyOf = (workflowId: string) => `${organization} ${workflowId}`;
    const lookUp = (workflowId: string) => queued(organization, () => campaign.probe(workflowId));
    // A look-up under way is shared, whatever its age.
    const isOld = (id: string) => listedMs - cache.getRemainingTTL(keyOf(id)) > sharedMs;
    return {
      probe: (id) => cache.forceFetch(keyOf(id), { forceRefresh: isOld(id), context: () => lookUp(id) }),
      glance: (id, isChanging = false) =>
        cache.forceFetch(keyOf(id), {
          forceRefresh: isChanging && isOld(id),
          context: () => queuedLists(organization, () => lookUp(id)),
        }),
    };
  };
}
