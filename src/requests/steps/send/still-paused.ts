import type { NoReminder, ProbeResult, SeenItem } from '../../events.ts';
import type { Ports } from '../../ports.ts';
import { isBatch, type Request, workflowKey } from '../../request.ts';
import { limits } from '../../retry-policy.ts';
import { itemsOf } from '../../rules/batch.ts';
import { expectedState, hasPaused, stateIn } from '../../rules/effect.ts';

/** What is still paused, or why nothing is; or until when that is left open. */
export type StillPaused =
  | { readonly kind: 'paused'; readonly items: readonly SeenItem[] }
  | { readonly kind: 'over'; readonly because: NoReminder; readonly seen?: ProbeResult }
  | { readonly kind: 'wait'; readonly until: number };

/**
 * Which workflows of a pause are paused still. Each one's state is read once, unless a later command says enough.
 *
 * @param endsAt when Campaign ends the pause, in milliseconds since the epoch
 */
export async function stillPaused(request: Request, endsAt: number, ports: Ports): Promise<StillPaused> {
  const all = isBatch(request) ? await itemsOf(request, ports.ledger) : [request];
  const accepted = all.filter(hasPaused);
  const found = await Promise.all(accepted.map((one) => lookAt(one, endsAt, ports)));
  const paused = found.flatMap((one) => (one.kind === 'paused' ? one.items : []));
  if (paused.length > 0) return { kind: 'paused', items: paused };
  const waits = found.flatMap((one) => (one.kind === 'wait' ? [one.until] : []));
  if (waits.length > 0) return { kind: 'wait', until: Math.min(...waits) };
  return found[0] ?? { kind: 'over', because: 'not_paused' };
}

async function lookAt(pause: Request, endsAt: number, { ledger, campaign, now }: Ports): Promise<StillPaused> {
  const { order, end } = pause;
  const { open, accepted } = await ledger.commandsTo(workflowKey(order));
  const pausedAt = end?.at ?? 0;
  const others = accepted.filter((other) => other.id !== pause.id);
  if (others.some((other) => endsOrRenews(other, pausedAt)) || others.some((other) => holds(other, pause, endsAt))) {
    return { kind: 'over', because: 'other_command' };
  }
  const resumesAt = open.find(({ order: { verb }, state }) => verb === 'resume' && state === 'scheduled')?.grant?.dueAt;
  if (resumesAt !== undefined && resumesAt < endsAt) {
    return { kind: 'wait', until: resumesAt + limits.pauseReminder.afterResumeMs };
  }
  const seen = (await campaign(order.organization)?.probe(order.workflowId)) ?? { kind: 'not_shown' };
  const reading = stateIn(seen);
  if (seen.kind === 'not_found' || (reading !== null && reading !== 'warning')) {
    return { kind: 'over', because: 'not_paused', seen };
  }
  if (reading === null && now() > endsAt) return { kind: 'over', because: 'over', seen };
  return { kind: 'paused', items: [{ request: pause.id, seen }] };
}

/** Whether a command after a pause ended it, or is a pause that began anew, and has a reminder of its own. */
function endsOrRenews({ order, end, grant }: Request, pausedAt: number): boolean {
  if ((end?.at ?? 0) < pausedAt) return false;
  return order.verb !== 'pause' || (readingBefore(grant) !== null && !isRepeated({ grant }));
}

/** Whether a pause only repeated an earlier one, of which people are reminded. @param endsAt when Campaign would end the later one */
function holds({ order, end }: Request, pause: Request, endsAt: number): boolean {
  const [at, pausedAt] = [end?.at ?? 0, pause.end?.at ?? 0];
  const isInForce = at < pausedAt && pausedAt < at + (endsAt - pausedAt);
  return order.verb === 'pause' && isInForce && isRepeated(pause);
}

/** Whether it was known to be paused already, when people were asked. */
function isRepeated({ grant }: Pick<Request, 'grant'>): boolean {
  return readingBefore(grant) === expectedState.pause;
}

function readingBefore(grant: Request['grant']) {
  return stateIn(grant?.seen ?? null);
}
