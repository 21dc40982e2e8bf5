import { decide, freezeOf } from '../../access/decide.ts';
import { type Decision, type LookUp, type Person, type Refusal, refuse } from '../../access/decision.ts';
import type { ActiveFreeze } from '../../access/freeze-windows.ts';
import { groupsNamed, includes, isNamed, isVerb, nobody, type People, type Policy } from '../../access/policy.ts';
import { decidePress } from '../../access/press-decision.ts';
import { givesReason } from '../../commands/grammar/read-reason.ts';
import type { RecordedPeople, RecordedRefusal } from '../outcome.ts';
import type { Ports } from '../ports.ts';
import type { PendingPress, Request } from '../request.ts';

type Needs = Pick<Ports, 'directory' | 'policy' | 'team' | 'environmentOf' | 'ledger' | 'now'>;

type Freezing = Pick<Ports, 'policy' | 'environmentOf' | 'now'> & { ledger: Pick<Ports['ledger'], 'lastFreeze'> };

/** Whether the requester may ask for this, by what Slack, the policy and the freezes say now. */
export async function mayAsk(request: Request, needs: Needs): Promise<Decision> {
  const { order, requester, channel, team } = request;
  const environment = needs.environmentOf(order.organization);
  if (environment === null) return refuse({ reason: 'environment_gone' });
  // Refused as soon as it was on record.
  if (order.verb === 'form') return refuse({ reason: 'not_permitted', permitted: nobody, channels: [] });
  const rules = needs.policy();
  const [looked, place, declared] = await Promise.all([
    needs.directory.person(requester, groupsNamed(rules)),
    needs.directory.place(channel),
    declaredFreeze(order.organization, needs),
  ]);
  const person = asMemberOf(team, needs.team, requester, looked);
  const { verb: action, workflowId, reason } = order;
  const what = { action, workflowId, environment, hasReason: givesReason(reason), reason, at: needs.now(), declared };
  return decide(rules, { ...what, channel: ruledChannel(request, rules), person, place });
}

/** By which ID the rules know the channel: until somebody changes them, by the one that it had. */
function ruledChannel({ channel, askedIn }: Request, policy: Policy): string {
  return isNamed(policy, channel) ? channel : askedIn;
}

/** The freeze that people have put on an organization's environment, while it lasts. */
export async function declaredFreeze(
  organization: string,
  { ledger, now }: Pick<Freezing, 'ledger' | 'now'>,
): Promise<ActiveFreeze | null> {
  const freeze = await ledger.lastFreeze(organization);
  const until = freeze?.order.until;
  if (freeze === null || until === undefined || until <= now()) return null;
  return { because: freeze.order.reason, until, request: freeze.id };
}

/** Whether a freeze holds the request at this moment, whoever asked for it. */
export async function isFrozen({ order }: Request, needs: Freezing): Promise<boolean> {
  const { verb, organization } = order;
  if (!isVerb(verb)) return false;
  const declared = await declaredFreeze(organization, needs);
  const environment = needs.environmentOf(organization);
  return freezeOf(needs.policy(), { action: verb, environment, at: needs.now(), declared }) !== null;
}

/** How a press is judged: whether it counts, whether the request may still be asked for, and whether whoever pressed had been asked. */
export type Judgement = { readonly press: Decision; readonly asked: Decision; readonly wasAsked: boolean };

/**
 * Whether somebody may decide on the request, by what Slack and the policy say now.
 *
 * @param known whether the requester may still ask for it, where that was just looked up
 */
export async function mayDecide(
  request: Request,
  { by, choice, team }: Pick<PendingPress, 'by' | 'choice' | 'team'>,
  needs: Needs,
  known: Decision | null = null,
): Promise<Judgement> {
  const rules = needs.policy();
  const named = groupsNamed(rules);
  const [asked, looked, place] = await Promise.all([
    known ?? mayAsk(request, needs),
    needs.directory.person(by, named),
    needs.directory.place(request.channel),
  ]);
  const person = asMemberOf(team ?? needs.team, needs.team, by, looked);
  const { requester, grant } = request;
  const channel = ruledChannel(request, rules);
  const announcedTo = peopleOf(grant?.approvers ?? { users: [], groups: [] });
  const press = decidePress(rules, { choice, requester, announcedTo, asked, channel, person, place });
  return { press, asked, wasAsked: person.ok && includes(announcedTo, person.value) };
}

/**
 * Whether whoever pressed may take the request back, by what is known without asking Slack: the requester may, and
 * those who were asked. Null where it is not known who is in a user group that was.
 */
export function mayTakeBack(
  { requester, grant }: Pick<Request, 'requester' | 'grant'>,
  { by, team }: Pick<PendingPress, 'by' | 'team'>,
  { lastKnownMembers: lastMembers }: Pick<Ports['directory'], 'lastKnownMembers'>,
): boolean | null {
  if (team !== undefined) return false;
  const { users, groups } = grant?.approvers ?? { users: [], groups: [] };
  const members = groups.map(lastMembers);
  if (by === requester || users.includes(by) || members.some((known) => known?.has(by))) return true;
  return members.includes(null) ? null : false;
}

/** Who comes from another workspace is none of this one's members, whatever else Slack says of the person. */
export function asMemberOf(team: string, own: string, id: string, looked: LookUp<Person>): LookUp<Person> {
  if (team === own) return looked;
  if (!looked.ok)
    return { ok: true, value: { id, membership: 'stranger', groups: new Set(), unknownGroups: new Map() } };
  const { value } = looked;
  // A guest who is let in by name is let in from the own workspace alone.
  const isOfHere = value.membership === 'member' || value.membership === 'guest';
  return isOfHere ? { ok: true, value: { ...value, membership: 'other_workspace' } } : looked;
}

function peopleOf({ users, groups }: RecordedPeople): People {
  return { users: new Set(users), groups: new Set(groups) };
}

export function recordedPeople({ users, groups }: People): RecordedPeople {
  return { users: [...users].sort(), groups: [...groups].sort() };
}

export function recordedRefusal(refusal: Refusal): RecordedRefusal {
  if (refusal.reason === 'lookup_failed') {
    const { retryAfterMs, ...recorded } = refusal;
    return recorded;
  }
  return 'permitted' in refusal ? { ...refusal, permitted: recordedPeople(refusal.permitted) } : refusal;
}
