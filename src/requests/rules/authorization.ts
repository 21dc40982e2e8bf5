import { decideRequest } from '../../access/answer-decision.ts';
import { freezeOf } from '../../access/decide.ts';
import { type Decision, type Refusal, refuse } from '../../access/decision.ts';
import { asMemberOf, type Caller, membershipRefusal } from '../../access/membership.ts';
import { groupsNamed, includes, isNamed, isNamedIn, isVerb, nobody, type Policy, united } from '../../access/policy.ts';
import { decidePress, type Press, stageThatPermits } from '../../access/press-decision.ts';
import { givesReason } from '../../commands/grammar/read-reason.ts';
import { declaredFreeze } from '../ledger/ledger.ts';
import type { RecordedPeople, RecordedRefusal } from '../outcome.ts';
import type { Ports } from '../ports.ts';
import { isBatch, type PendingPress, type Request } from '../request.ts';
import { isAsked, itemsOf } from './batch.ts';
import { judgeEmergency, judgeReview } from './emergency.ts';
import { peopleOf, recordedPeople } from './recorded-people.ts';

type Needs = Pick<Ports, 'directory' | 'policy' | 'team' | 'environmentOf' | 'now'> & {
  readonly ledger: Pick<Ports['ledger'], 'load' | 'lastFreeze'>;
};

type Freezing = Pick<Ports, 'policy' | 'environmentOf' | 'now'> & { ledger: Pick<Ports['ledger'], 'lastFreeze'> };

/** Who acts where: a Slack user, the user's workspace, and a channel. */
export type Actor = { readonly person: string; readonly team: string; readonly channel: string };

/** What Slack says now of somebody and of the channel, as the rules need it. @param groups user groups beside those of the rules */
export async function gatherCaller(
  { person: id, team, channel }: Actor,
  { directory, policy, team: own }: Pick<Ports, 'directory' | 'policy' | 'team'>,
  groups: ReadonlySet<string> = new Set(),
): Promise<Caller> {
  const named = groupsNamed(policy()).union(groups);
  const [lookedUp, place] = await Promise.all([directory.person(id, named), directory.place(channel)]);
  return { channel, person: asMemberOf(team, own, id, lookedUp), place };
}

/**
 * Whether the requester may ask for this, by what Slack, the policy and the freezes say now. Of a batch: for any of what is
 * still asked about. Each of its items is checked once more before it is sent.
 */
export async function mayAsk(request: Request, needs: Needs): Promise<Decision> {
  if (!isBatch(request)) return mayAskOne(request, needs);
  const items = subjectsOf(request, await itemsOf(request, needs.ledger));
  const decisions = await Promise.all(items.map((item) => mayAskOne(item, needs)));
  const [first = refuse({ reason: 'environment_gone' })] = decisions;
  return decisions.find(({ permitted }) => permitted) ?? first;
}

/** A press can arrive before the question, or after everything was sent: then it is about all of them. */
function subjectsOf({ grant }: Request, items: readonly Request[]): readonly Request[] {
  const asked = items.filter(isAsked);
  if (asked.length > 0) return asked;
  return grant === null ? items : items.filter((item) => item.grant !== null);
}

async function mayAskOne(request: Request, needs: Needs): Promise<Decision> {
  const { order, requester, channel, team } = request;
  const environment = needs.environmentOf(order.organization);
  if (environment === null) return refuse({ reason: 'environment_gone' });
  // The form's own request is refused when it is recorded.
  if (order.verb === 'form') return refuse({ reason: 'not_permitted', permitted: nobody, channels: [] });
  const rules = needs.policy();
  const [caller, declared] = await Promise.all([
    gatherCaller({ person: requester, team, channel }, { ...needs, policy: () => rules }),
    declaredFreeze(order.organization, needs),
  ]);
  const { verb: action, workflowId } = order;
  const reason = order.reason ?? '';
  const given = { hasReason: givesReason(reason), reason, isOneOfSeveral: request.batch !== null };
  const what = {
    action,
    workflowId,
    environment,
    ...given,
    at: Math.max(needs.now(), request.grant?.dueAt ?? 0),
    declared,
  };
  return decideRequest(rules, { ...what, ...caller, channel: ruledChannel(request, rules) });
}

/** The channel's ID as the rules have it: the ID at the time of the request, until somebody updates the rules. */
function ruledChannel({ channel, originalChannel }: Request, policy: Policy): string {
  return isNamed(policy, channel) ? channel : originalChannel;
}

const temporary: ReadonlySet<string> = new Set(['lookup_failed', 'frozen', 'bot_not_in_channel', 'archived_channel']);

/** Whether a refusal may no longer hold before the question expires. */
export function isTemporary({ reason }: Pick<Refusal, 'reason'>): boolean {
  return temporary.has(reason);
}

/** Whether a freeze applies to the request at this moment, whoever the requester is. */
export async function isFrozen({ order }: Request, needs: Freezing): Promise<boolean> {
  const { verb, organization } = order;
  if (!isVerb(verb)) return false;
  const declared = await declaredFreeze(organization, needs);
  const environment = needs.environmentOf(organization);
  return freezeOf(needs.policy(), { action: verb, environment, at: needs.now(), declared }) !== null;
}

/**
 * The judgement of a press: whether it counts, whether the requester may still ask, and whether the person had been asked to
 * confirm. `stage`: by which stage of the escalation the person may confirm; null: without.
 */
export type Judgement = {
  readonly press: Decision;
  readonly asked: Decision;
  readonly wasAsked: boolean;
  readonly stage: number | null;
};

/**
 * Whether somebody may decide on the request, by what Slack and the policy say now. `stages`: how many stages of the
 * escalation had asked when they pressed; absent: all that have.
 *
 * @param known whether the requester may still ask for it, where that was just looked up
 */
export async function mayDecide(
  request: Request,
  {
    by,
    choice,
    team,
    stages,
    ...rest
  }: Pick<PendingPress, 'by' | 'choice' | 'team'> & Partial<Pick<PendingPress, 'stages'>> & EmergencyPress,
  needs: Needs,
  known: Decision | null = null,
): Promise<Judgement> {
  if (choice === 'review') return mayReview(request, { by, team, ...rest }, needs);
  const rules = needs.policy();
  const { requester, grant, escalation, askedAt } = request;
  const announcedTo = peopleOf(grant?.approvers ?? { users: [], groups: [] });
  const escalated = escalation.stages.slice(0, stages).map(({ to }) => peopleOf(to));
  const all = united([announcedTo, ...escalated]);
  const actor = { person: by, team: team ?? needs.team, channel: request.channel };
  const [asked, caller] = await Promise.all([
    known ?? mayAsk(request, needs),
    gatherCaller(actor, { ...needs, policy: () => rules }, all.groups),
  ]);
  const channel = ruledChannel(request, rules);
  const soFar = { since: askedAt ?? request.requestedAt, asked: escalated };
  const wasAsked = caller.person.ok && includes(all, caller.person.value);
  if (choice === 'emergency') {
    return { press: judgeEmergency(rules, request, rest, { ...caller, channel, asked }), asked, wasAsked, stage: null };
  }
  const press: Press = { ...caller, channel, choice, requester, announcedTo, asked, escalation: soFar };
  return { press: decidePress(rules, press), asked, wasAsked, stage: stageThatPermits(press) };
}

/** What else an emergency and its review are judged by. Absent: its time and its text are not judged. */
type EmergencyPress = Partial<Pick<PendingPress, 'at' | 'reason'>>;

/** The rights of the requester do not matter any more. */
async function mayReview(
  request: Request,
  { by, team, ...press }: Pick<PendingPress, 'by'> & { readonly team: string | undefined } & EmergencyPress,
  needs: Needs,
): Promise<Judgement> {
  const { emergency } = request;
  if (emergency === null) throw new Error('no emergency was declared');
  const rules = needs.policy();
  const actor = { person: by, team: team ?? needs.team, channel: request.channel };
  const then = new Set(emergency.reviewBy.groups);
  const caller = await gatherCaller(actor, { ...needs, policy: () => rules }, then);
  const decision = judgeReview(rules, emergency, press, { ...caller, channel: ruledChannel(request, rules) });
  return { press: decision, asked: decision, wasAsked: false, stage: null };
}

/**
 * Whether the person may cancel the request, by what is known without calling Slack: the requester may, and everybody
 * who was asked. Null where the members of a group that was asked are not known.
 */
export function mayTakeBack(
  { requester, grant, escalation }: Pick<Request, 'requester' | 'grant' | 'escalation'>,
  press: Pick<PendingPress, 'by' | 'team'>,
  directory: Pick<Ports['directory'], 'lastKnownMembers'>,
): boolean | null {
  if (press.team === undefined && press.by === requester) return true;
  return isAmong([grant?.approvers ?? nobodyRecorded, ...escalation.stages.map(({ to }) => to)], press, directory);
}

/** Whether the question named the person, for what was pressed: to confirm or cancel, or to declare its emergency. */
export function wasNamed(
  request: Pick<Request, 'requester' | 'grant' | 'escalation'>,
  press: Pick<PendingPress, 'by' | 'choice' | 'team'>,
  directory: Pick<Ports['directory'], 'lastKnownMembers'>,
): boolean | null {
  if (press.choice !== 'emergency') return mayTakeBack(request, press, directory);
  return isAmong([request.grant?.emergency?.people ?? nobodyRecorded], press, directory);
}

const nobodyRecorded: RecordedPeople = { users: [], groups: [] };

function isAmong(
  people: readonly RecordedPeople[],
  { by, team }: Pick<PendingPress, 'by' | 'team'>,
  { lastKnownMembers }: Pick<Ports['directory'], 'lastKnownMembers'>,
): boolean | null {
  if (team !== undefined) return false;
  const members = people.flatMap(({ groups }) => groups).map(lastKnownMembers);
  if (people.some(({ users }) => users.includes(by)) || members.some((known) => known?.has(by))) return true;
  return members.includes(null) ? null : false;
}

/** Whether a rule of the channel names somebody, by what is known without calling Slack. Unknown counts as no. */
export function isKnownHere(
  { person, team, channel }: Actor,
  { directory, policy, team: own }: Pick<Ports, 'directory' | 'policy' | 'team'>,
): boolean {
  const rules = policy();
  const membership = directory.lastKnownMembership(person);
  if (team !== own || membership === null || membershipRefusal(person, membership, rules.guests) !== null) return false;
  const groups = [...groupsNamed(rules)].filter((group) => directory.lastKnownMembers(group)?.has(person));
  return isNamedIn(rules, channel, { id: person, groups: new Set(groups) });
}

export function recordedRefusal(refusal: Refusal): RecordedRefusal {
  if (refusal.reason === 'lookup_failed') {
    const { retryAfterMs, ...recorded } = refusal;
    return recorded;
  }
  return 'permitted' in refusal ? { ...refusal, permitted: recordedPeople(refusal.permitted) } : refusal;
}
