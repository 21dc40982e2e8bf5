import {
  approversOf,
  type PossibleApprovers,
  possibleApproversOf,
  type Roster,
  tooFewPossible,
} from '../../access/approvals.ts';
import type { Decision, Membership, Refusal, RetryAfterMs } from '../../access/decision.ts';
import { askedAt, laterApprovers, stagesOf } from '../../access/escalation.ts';
import { type Approval, type People, united } from '../../access/policy.ts';
import type { AskedApprovers, AskedStage } from '../events.ts';
import type { Ports } from '../ports.ts';
import type { Request } from '../request.ts';
import { recordedPeople, unitedRecorded } from './recorded-people.ts';

/** The batch size for a longer list, which is looked up until enough people can confirm. */
const mostInList = 10;

/** Each person is a call of Slack, under the same rate limit as the look-ups for authorization. */
const mostPeople = 40;

/** After such a refusal somebody is added to the group, and the requester tries again. */
const oldestRefusalMs = 10_000;

/**
 * Who is asked for a confirmation, or why nobody can be. `retryAfterMs`: it is unknown whether enough people can confirm,
 * and when Slack may be asked again; null if it is known, or if Slack will not say. `atOnce`: the stages of the escalation
 * that ask at once, because too few of the others can confirm; usually none.
 */
export type ApproverLookUp = {
  readonly asked: AskedApprovers;
  readonly refusal: Refusal | null;
  readonly retryAfterMs: RetryAfterMs;
  readonly atOnce: readonly AskedStage[];
};

/** Whoever is asked with the question: the first approvers, and the stages that ask at once. */
export function askedWithQuestion({ asked, atOnce }: Pick<ApproverLookUp, 'asked' | 'atOnce'>): AskedApprovers {
  const all = [asked, ...atOnce.map((stage) => stage.asked)];
  return {
    ...asked,
    ...unitedRecorded(all),
    except: [...new Set(all.flatMap(({ except }) => except))],
  };
}

/** Whom direct messages about one thing reach at most. */
export const mostMessaged = 40;

type Subject = Pick<Request, 'requester' | 'channel'>;
type Terms = { readonly rule: string; readonly approval: Approval };
type Needs = Pick<Ports, 'policy' | 'now'> & { readonly directory: Directory };

/** Looks up who could confirm a request, before anybody is asked; null where no confirmation is needed. */
export async function lookUpApprovers(
  subject: Subject,
  { rule, approval }: Omit<Decision & { permitted: true }, 'permitted'>,
  needs: Needs,
): Promise<ApproverLookUp | null> {
  if (approval === null) return null;
  const terms = { rule, approval };
  const first = await lookUp(subject, terms, needs);
  if (first.refusal === null || stagesOf(approval).length === 0) return { ...asApprovers(first), atOnce: [] };
  return { ...asApprovers(first), ...(await lookUpStages(subject, terms, first, needs)) };
}

/** The stages that have to be asked at once, up to the one that reaches enough people; or the refusal if none does. */
async function lookUpStages(
  subject: Subject,
  { rule, approval }: Terms,
  first: Found,
  needs: Needs,
): Promise<Pick<ApproverLookUp, 'refusal' | 'atOnce'>> {
  const atOnce: AskedStage[] = [];
  let able = first.possible.able;
  for (const index of stagesOf(approval).keys()) {
    const stage = await lookUpStage(subject, { rule, approval }, index, needs);
    if (stage === null) break;
    atOnce.push(stage.asked);
    able = able.union(stage.able);
    if (able.size >= approval.count || !stage.isComplete) return { refusal: null, atOnce };
  }
  const from = united([approversOf(approval, subject.requester), laterApprovers(approval)]);
  const { refusal } = await lookUp(subject, { rule, approval: { ...approval, from } }, needs);
  return { refusal: refusal ?? first.refusal, atOnce: [] };
}

/** @param index the place of the stage in the rule, from 0; null where the rule has no such stage */
export async function lookUpStage(
  subject: Subject,
  { rule, approval }: Terms,
  index: number,
  needs: Needs,
): Promise<LookedUpStage | null> {
  const stage = stagesOf(approval)[index];
  if (stage === undefined) return null;
  const alone = { ...approval, from: askedAt(stage, needs.now()), count: 1 };
  const { possible, retryAfterMs } = await lookUp(subject, { rule, approval: alone }, needs);
  const { able, isComplete } = possible;
  const to = recordedPeople(approversOf(alone, subject.requester));
  const asked = {
    stage: index + 1,
    to,
    asked: recordedAsked(possible),
    people: [...able].sort().slice(0, mostMessaged),
    ...(possible.unlisted.size > 0 && { unlisted: [...possible.unlisted].sort() }),
  };
  return { asked, able, isComplete, retryAfterMs };
}

/** Whom a direct message can reach. `retryAfterMs`: when Slack may be asked again for the members of the groups in `unlisted`. */
export type Reachable = {
  readonly people: readonly string[];
  readonly unlisted: readonly string[];
  /** Who is not in the private channel of the request, and gets none. */
  readonly outside: readonly string[];
  readonly retryAfterMs: number;
};

/** Looks up whom of these people a direct message can reach. Nobody's rights depend on that. */
export async function lookUpReachable(subject: Subject, people: People, needs: Needs): Promise<Reachable> {
  const anybody = { from: people, count: 1, requesterMayApprove: true, withinMs: 0 };
  const { possible, listsAfterMs } = await lookUp(subject, { rule: '', approval: anybody }, needs);
  return {
    people: [...possible.able].sort(),
    unlisted: [...possible.unlisted].sort(),
    outside: [...possible.outsiders].sort(),
    retryAfterMs: listsAfterMs ?? 0,
  };
}

type LookedUpStage = {
  readonly asked: AskedStage;
  readonly able: ReadonlySet<string>;
  readonly isComplete: boolean;
  readonly retryAfterMs: RetryAfterMs;
};

type Found = {
  readonly possible: PossibleApprovers;
  readonly refusal: Refusal | null;
  readonly retryAfterMs: RetryAfterMs;
  /** When Slack may be asked again for the members of groups, whether or not anything depends on them. */
  readonly listsAfterMs: RetryAfterMs;
};

async function lookUp(
  { requester, channel }: Subject,
  { rule, approval }: Terms,
  { directory, policy }: Needs,
): Promise<Found> {
  const decided = async (oldestMs?: number) => {
    const judge = (roster: Roster) => possibleApproversOf(approval, requester, roster, policy().guests);
    const lists = await listsOf(approversOf(approval, requester), channel, directory, oldestMs);
    const membership = (id: string) => directory.membership(id, oldestMs);
    const possible = judge(await withStandings(lists, { count: approval.count, membership, judge }));
    const isUnknown = !possible.isComplete && possible.able.size < approval.count;
    const refusal = tooFewPossible(rule, approval, requester, possible);
    const { retryAfterMs: listsAfterMs } = lists;
    return { possible, refusal, retryAfterMs: isUnknown ? listsAfterMs : null, listsAfterMs };
  };
  const known = await decided();
  return known.refusal === null ? known : decided(oldestRefusalMs);
}

function asApprovers({ possible, refusal, retryAfterMs }: Found): Omit<ApproverLookUp, 'atOnce'> {
  return { asked: recordedAsked(possible), refusal, retryAfterMs };
}

function recordedAsked({ asked, except, outside }: PossibleApprovers): AskedApprovers {
  const recorded = { ...recordedPeople(asked), except: [...except].sort() };
  return outside.size === 0 ? recorded : { ...recorded, outside: [...outside].sort() };
}

type Directory = Pick<Ports['directory'], 'members' | 'membership' | 'audience'>;

type Lists = Omit<Roster, 'memberships'> & {
  readonly users: ReadonlySet<string>;
  /** When Slack may be asked again for the members that it did not return. */
  readonly retryAfterMs: RetryAfterMs;
};

async function listsOf(
  { users, groups }: People,
  channel: string,
  { members, audience }: Directory,
  oldestMs: number | undefined,
): Promise<Lists> {
  const [inChannel, ...found] = await Promise.all([
    audience(channel, oldestMs),
    ...[...groups].map(async (group) => [group, await members(group, oldestMs)] as const),
  ]);
  const waits = found.flatMap(([, list]) =>
    list.kind === 'unknown' && list.retryAfterMs !== null ? [list.retryAfterMs] : [],
  );
  return {
    users,
    inChannel,
    retryAfterMs: waits.length === 0 ? null : Math.max(...waits),
    unreadable: new Set(
      found.flatMap(([group, list]) => (list.kind === 'unknown' && list.retryAfterMs === null ? [group] : [])),
    ),
    members: new Map(found.flatMap(([group, list]) => (list.kind === 'known' ? [[group, list.users] as const] : []))),
    gone: new Set(found.flatMap(([group, { kind }]) => (kind === 'gone' ? [group] : []))),
  };
}

type Search = {
  readonly count: number;
  readonly membership: (id: string) => ReturnType<Directory['membership']>;
  readonly judge: (roster: Roster) => PossibleApprovers;
};

async function withStandings(lists: Lists, { count, membership, judge }: Search): Promise<Roster> {
  const asked = new Set<string>();
  const memberships = new Map<string, Membership | 'absent'>();
  const ask = async (people: readonly string[]) => {
    const others = [...new Set(people).difference(asked)].slice(0, mostPeople - asked.size);
    for (const id of others) asked.add(id);
    const found = await Promise.all(others.map(async (id) => [id, await membership(id)] as const));
    for (const [id, one] of found) if (one !== 'unknown') memberships.set(id, one);
  };
  const isEnough = (list: ReadonlySet<string>) =>
    judge({ ...lists, memberships })
      .able.intersection(list)
      .intersection(asked).size >= count;
  const { inChannel } = lists;
  const present = (list: ReadonlySet<string>) => (inChannel === null ? list : list.intersection(inChannel));
  const all = [lists.users, ...lists.members.values()].map((list) => present(list).union(list));
  await ask(all.flatMap((list) => (list.size <= mostInList ? [...list] : [])));
  for (const list of all.filter(({ size }) => size > mostInList)) {
    for (let at = 0; at < list.size && asked.size < mostPeople && !isEnough(list); at += mostInList) {
      await ask([...list].slice(at, at + mostInList));
    }
  }
  return { ...lists, memberships };
}
