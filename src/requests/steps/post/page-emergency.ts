import { type People, united } from '../../../access/policy.ts';
import type { EventOf } from '../../events.ts';
import type { Claim } from '../../ledger/ledger.ts';
import type { Ports, StepResult } from '../../ports.ts';
import type { Emergency, Request } from '../../request.ts';
import { lookUpReachable, mostMessaged, type Reachable } from '../../rules/approver-lookup.ts';
import { reviewersNow } from '../../rules/emergency.ts';
import { toldOfEmergency } from '../../rules/emergency-message.ts';
import { nextRound } from '../../rules/emergency-round.ts';
import { peopleOf } from '../../rules/recorded-people.ts';
import { isLastLookUp, leftInDoubt, logUnasked, nextListingAt, sendDirectly } from './direct-messages.ts';

/**
 * With the first message about an emergency, everybody who is named gets a direct message, reviewers first; with those that
 * ask for its review again, the reviewers. The button of a reviewer's message opens the same dialog.
 */
export async function pageEmergency(request: Request, ports: Ports, claim: Claim): Promise<StepResult> {
  const { emergency } = request;
  if (emergency === null) return undefined;
  const direct = { ...emergency.direct, about: 'emergency' } as const;
  if (direct.paging.length > 0) return leftInDoubt(request, direct, ports);
  const round = nextRound(emergency);
  if (round !== null && round.at <= ports.now()) return list(request, emergency, round.number, ports, claim);
  if (direct.unpaged.length === 0) {
    return direct.unlisted.length === 0
      ? undefined
      : list(request, emergency, Math.max(0, direct.count - 1), ports, claim);
  }
  return sendDirectly(request, direct, (begun, person) => ports.messenger.pageEmergency(begun, person), ports, claim);
}

/** Records who gets one, as far as Slack says. Whose groups it has not named is looked up again. */
async function list(
  request: Request,
  emergency: Emergency,
  number: number,
  ports: Ports,
  { attempts }: Claim,
): Promise<StepResult> {
  const { direct } = emergency;
  const isNew = number >= direct.count;
  const found = await lookUpReceivers(request, emergency, number === 0, ports);
  const known = isNew ? [] : direct.listed;
  const people = found.people.filter((id) => !known.includes(id)).slice(0, mostMessaged - known.length);
  const { unlisted, outside } = found;
  const hasMore = isNew || unlisted.length < direct.unlisted.length;
  if (!hasMore && !isLastLookUp(attempts)) return nextListingAt(found, attempts, ports);
  const isOutside = isNew && outside.length > 0;
  if (isOutside || !hasMore) {
    logUnasked(request, { ...(isOutside && { outside }), ...(!hasMore && { groups: unlisted }) }, ports);
  }
  if (isNew && found.reviewers.length === 0 && unlisted.length === 0) {
    const { id, channel } = request;
    ports.log.warn({ request: id, channel, rule: emergency.rule }, 'nobody can review an emergency');
  }
  const data: EventOf<'emergency_listed'>['data'] = {
    ...{ number, people, reviewers: found.reviewers.filter((id) => people.includes(id)) },
    ...(unlisted.length > 0 && { unlisted }),
    ...(!hasMore && { isFinal: true }),
    ...(isOutside && { outside }),
  };
  return {
    record: (current) => (current.emergency?.direct.count === direct.count ? [{ type: 'emergency_listed', data }] : []),
  };
}

type Receivers = Reachable & { readonly reviewers: readonly string[] };

/** Reviewers first. Whoever declared it knows. */
async function lookUpReceivers(
  request: Request,
  { by }: Emergency,
  withAllNamed: boolean,
  ports: Ports,
): Promise<Receivers> {
  const reviewBy = peopleOf(reviewersNow(request, ports.policy()));
  const [reviewing, others] = await Promise.all([
    lookUpReachable(request, reviewBy, ports),
    withAllNamed ? lookUpReachable(request, named(request), ports) : null,
  ]);
  const all = [reviewing, ...(others === null ? [] : [others])];
  const union = (part: 'people' | 'unlisted' | 'outside') => [
    ...new Set(all.flatMap((one) => one[part]).filter((id) => id !== by)),
  ];
  return {
    people: union('people'),
    reviewers: reviewing.people.filter((id) => id !== by),
    unlisted: union('unlisted'),
    outside: union('outside'),
    retryAfterMs: Math.max(...all.map(({ retryAfterMs }) => retryAfterMs)),
  };
}

function named(request: Request): People {
  return united(toldOfEmergency(request).map(peopleOf));
}
