import type { PostResult } from '../../attempt-results.ts';
import type { EventOf } from '../../events.ts';
import type { Ports, Step, StepResult } from '../../ports.ts';
import { holdOnRateLimit, record, recordIntent, recording } from '../../record.ts';
import type { Request } from '../../request.ts';
import { isTransient, limits, postponedWhileAsked } from '../../retry-policy.ts';

type Missed = EventOf<'paged'>['data']['missed'];

/**
 * Sends a direct message to each of those whom a stage asks, some at a time. The bot cannot search direct messages, so what
 * is in doubt is not sent again: the thread mentions everybody as well. What Slack does not take now is sent as soon as it does,
 * while the question waits.
 */
export const page: Step = async (request, ports, claim) => {
  const { paging, unpaged } = request.escalation;
  if (paging.length > 0)
    return missing(
      request,
      paging.map((person) => ({ person, reason: 'doubt' })),
      ports,
    );
  const people = unpaged.slice(0, limits.paging.atOnce);
  const begun = await recordIntent(request, ports, claim, { type: 'paging', data: { people } });
  if (begun === null) return undefined;
  const sent = await Promise.all(people.map((person) => send(begun, person, ports)));
  return settle(begun, sent, ports, claim.attempts);
};

type Sent = { readonly person: string; readonly posted: PostResult };

async function send(request: Request, person: string, { messenger }: Ports): Promise<Sent> {
  return { person, posted: await messenger.page(request, person) };
}

async function settle(request: Request, sent: readonly Sent[], ports: Ports, attempts: number): Promise<StepResult> {
  const reached = sent.filter(({ posted }) => posted.kind === 'posted').map(({ person }) => person);
  const missed = sent.flatMap(({ person, posted }): Missed => {
    if (posted.kind === 'doubt') return [{ person, reason: 'doubt' }];
    return posted.kind === 'refused' && !isTransient(posted) ? [{ person, reason: posted.reason }] : [];
  });
  for (const { person, posted } of sent) await holdOnRateLimit(posted, person, ports);
  logMissed(request, missed, ports);
  const again = sent.find(
    ({ posted }) => posted.kind === 'rate_limited' || (posted.kind === 'refused' && isTransient(posted)),
  );
  const event = { type: 'paged', data: { reached, missed } } as const;
  if (again === undefined) return recording(event);
  await record(request, ports, event);
  return postponedWhileAsked(again.posted, attempts, ports);
}

function missing(request: Request, missed: Missed, ports: Ports): StepResult {
  logMissed(request, missed, ports);
  return recording({ type: 'paged', data: { reached: [], missed } });
}

function logMissed({ id, channel }: Request, missed: Missed, { log }: Ports): void {
  if (missed.length > 0) log.warn({ request: id, channel, missed }, 'somebody was not asked by direct message');
}
