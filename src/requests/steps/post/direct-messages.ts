import type { PostResult } from '../../attempt-results.ts';
import type { EventOf } from '../../events.ts';
import type { Claim } from '../../ledger/ledger.ts';
import type { Ports, StepResult } from '../../ports.ts';
import { holdOnRateLimit, record, recordIntent, recording } from '../../record.ts';
import type { Request } from '../../request.ts';
import { backoffMs, isTransient, limits, postponedWhileAsked } from '../../retry-policy.ts';

type Missed = EventOf<'paged'>['data']['missed'];

/** What direct messages are about: absent: the question. */
type About = Pick<EventOf<'paging'>['data'], 'about'>;

/** Who is still to get a direct message, and to whom one is being sent. */
export type Receivers = { readonly unpaged: readonly string[]; readonly paging: readonly string[] };

/**
 * Sends a direct message to each of these people, some at a time. The bot cannot search direct messages, so what is in doubt
 * is not sent again: the thread mentions everybody as well. What Slack does not take now is sent as soon as it does, for as
 * long as it is due.
 */
export async function sendDirectly(
  request: Request,
  { unpaged, about }: Receivers & About,
  send: (begun: Request, person: string) => Promise<PostResult>,
  ports: Ports,
  claim: Claim,
): Promise<StepResult> {
  const people = unpaged.slice(0, limits.paging.atOnce);
  const intent = { type: 'paging', data: { people, ...(about && { about }) } } as const;
  const begun = await recordIntent(request, ports, claim, intent);
  if (begun === null) return undefined;
  const sent = await Promise.all(people.map(async (person) => ({ person, posted: await send(begun, person) })));
  return settle(begun, { sent, about }, ports, claim.attempts);
}

type Sent = { readonly person: string; readonly posted: PostResult };

async function settle(
  request: Request,
  { sent, about }: { readonly sent: readonly Sent[] } & { readonly about: About['about'] | undefined },
  ports: Ports,
  attempts: number,
): Promise<StepResult> {
  const reached = sent.filter(({ posted }) => posted.kind === 'posted').map(({ person }) => person);
  const missed = sent.flatMap(({ person, posted }): Missed => {
    if (posted.kind === 'doubt') return [{ person, reason: 'doubt' }];
    return posted.kind === 'refused' && !isTransient(posted) ? [{ person, reason: posted.reason }] : [];
  });
  for (const { person, posted } of sent) await holdOnRateLimit(posted, person, ports);
  if (missed.length > 0) logUnasked(request, { missed }, ports);
  const again = sent.find(
    ({ posted }) => posted.kind === 'rate_limited' || (posted.kind === 'refused' && isTransient(posted)),
  );
  const event = { type: 'paged', data: { reached, missed, ...(about && { about }) } } as const;
  if (again === undefined) return recording(event);
  await record(request, ports, event);
  return postponedWhileAsked(again.posted, attempts, ports);
}

/** An earlier process may have sent these. */
export function leftInDoubt(request: Request, { paging, about }: Receivers & About, ports: Ports): StepResult {
  const missed = paging.map((person) => ({ person, reason: 'doubt' as const }));
  logUnasked(request, { missed }, ports);
  return recording({ type: 'paged', data: { reached: [], missed, ...(about && { about }) } });
}

/** Whether Slack is not asked any more for the members of a group. */
export function isLastLookUp(attempts: number): boolean {
  return attempts >= limits.paging.often;
}

/** When Slack is asked again for them. */
export function nextListingAt({ retryAfterMs }: { readonly retryAfterMs: number }, attempts: number, ports: Ports) {
  const pauseMs = Math.max(retryAfterMs, backoffMs(attempts, ports.random()));
  return { notBefore: ports.now() + Math.min(pauseMs, limits.slackRetryAfter.mostMs) };
}

type Unasked = {
  readonly missed?: Missed;
  /** The groups whose members Slack did not name. */
  readonly groups?: readonly string[];
  /** Who is not in the private channel. */
  readonly outside?: readonly string[];
};

export function logUnasked({ id, channel }: Request, unasked: Unasked, { log }: Ports): void {
  log.warn({ request: id, channel, ...unasked }, 'somebody was not asked by direct message');
}
