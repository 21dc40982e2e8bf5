import type { Decision, Refusal } from '../../../access/decision.ts';
import type { Verb } from '../../../commands/command.ts';
import type { OrderedMoments } from '../../events.ts';
import type { EndReason } from '../../outcome.ts';
import type { Ports } from '../../ports.ts';
import type { Request } from '../../request.ts';
import { lastDispatchAt } from '../../retry-policy.ts';
import { mayAsk } from '../../rules/authorization.ts';
import { type DueTime, dueTimeOf } from '../../rules/due-time.ts';

type Resolved =
  | { readonly kind: 'resolved'; readonly known: OrderedMoments }
  | (EndReason & { kind: 'bad_time' | 'no_zone' })
  /** Slack did not say who the requester is. */
  | { readonly kind: 'unknown'; readonly refusal: Refusal };

/** The typed times as moments, in the zone of the requester. Slack says it with the account, which is looked up anyway. */
export async function resolveMoments(request: Request, ports: Ports): Promise<Resolved> {
  const { due, resumes } = request.order;
  const when = due ?? resumes;
  if (when === undefined) return { kind: 'resolved', known: {} };
  const found = await resolve(when, request, ports);
  if ('refusal' in found) return { kind: 'unknown', ...found };
  const { zone, time } = found;
  if (time === null) return { kind: 'no_zone', isEnd: due === undefined };
  if (time.kind !== 'due') return { kind: 'bad_time', problem: time.kind };
  return { kind: 'resolved', known: { ...(due ? { dueAt: time.at } : { resumesAt: time.at }), zone } };
}

/** `time` is null where it depends on a zone that nobody knows. */
async function resolve(
  when: NonNullable<Request['order']['due']>,
  { requester, requestedAt }: Request,
  { directory, now }: Ports,
): Promise<{ readonly zone: string; readonly time: DueTime | null } | { readonly refusal: Refusal }> {
  if (when.kind === 'moment') {
    const { at, zone } = when;
    // The end of a pause can have come while Campaign answered.
    return { zone, time: now() <= lastDispatchAt(at) ? { kind: 'due', at } : { kind: 'past' } };
  }
  const lookedUp = await directory.person(requester, new Set());
  const known = directory.lastKnownTimezone(requester);
  if (!lookedUp.ok && known === null) {
    return { refusal: { reason: 'lookup_failed', failed: 'person', retryAfterMs: lookedUp.retryAfterMs } };
  }
  return dueTimeOf(when, { timezone: known, askedAt: requestedAt, now: now() });
}

/** The decision, and the command that it is about, if that is not the one that was typed. */
type TimedDecision = { readonly decision: Decision; readonly of?: Verb };

/** Whether it may be asked for at its time, as far as that is known now. A pause that ends by itself needs the right to resume. */
export async function mayAskAt(
  request: Request,
  { dueAt, resumesAt }: OrderedMoments,
  ports: Ports,
): Promise<TimedDecision> {
  const at = (moment: number | undefined) => ({ ...ports, now: () => moment ?? ports.now() });
  const decision = await mayAsk(request, at(dueAt));
  if (!decision.permitted || resumesAt === undefined) return { decision };
  const resume = await mayAsk({ ...request, order: { ...request.order, verb: 'resume' } }, at(resumesAt));
  return resume.permitted ? { decision } : { decision: resume, of: 'resume' };
}
