import { LRUCache } from 'lru-cache';
import type { Observation } from '../../requests/events.ts';
import type { CampaignPort } from '../../requests/ports.ts';

/** Campaign, as an answer needs it. */
export type WorkflowLookUps = Pick<CampaignPort, 'observe'>;

/** How long a look stands for the next ones at the same workflow. */
const sharedMs = 2_000;

/** How many looks for answers are under way at once in one organization. What is ordered does not wait for them. */
const mostAtOnce = 8;

/**
 * Looks at workflows for those who only ask: who asks for the same one within a moment shares a look, and the rest queue.
 *
 * @param clock milliseconds from any beginning
 */
export function createSharedLookUps(
  campaignOf: (organization: string) => WorkflowLookUps | null,
  clock = () => performance.now(),
): (organization: string) => WorkflowLookUps | null {
  const queues = new Map<string, <T>(work: () => Promise<T>) => Promise<T>>();
  const looks = new LRUCache<string, Observation, () => Promise<Observation>>({
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
    const lookAt = (workflowId: string) => queued(() => campaign.observe(workflowId));
    return { observe: (id) => looks.forceFetch(`${organization} ${id}`, { context: () => lookAt(id) }) };
  };
}

/** So many at once; the others wait for their turn. */
function queueOf(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let underWay = 0;
  return async (work) => {
    if (underWay === most) await new Promise<void>((resolve) => waiting.push(resolve));
    else underWay += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) underWay -= 1;
      else next();
    }
  };
}
