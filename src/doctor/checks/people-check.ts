import { z } from 'zod';
import type { Membership } from '../../access/decision.ts';
import { namedApprovers, nobody, type People, type Policy, peopleIn, type Rule } from '../../access/policy.ts';
import { mostInPage, mostPages } from '../../slack/channel-look-ups.ts';
import { absences, membershipOf, userInfo, userList } from '../../slack/memberships.ts';
import { failureReason, platformError } from '../../slack/slack-error.ts';
import { found } from '../finding.ts';
import { forEachConcurrently } from '../limited-concurrency.ts';
import type { SlackReader } from '../slack-session.ts';
import type { Check, Report } from './check.ts';
import { lacksScope, slackFor } from './slack-access.ts';

/** Slack's limit of users.info is 100 calls a minute; beyond this, the whole list is read first. */
const mostLookUps = 20;
const atOnce = 4;

const groupList = z.object({
  usergroups: z.array(
    z.object({
      id: z.string(),
      handle: z.string().default(''),
      // https://docs.slack.dev/reference/objects/usergroup-object: zero while the group is enabled.
      date_delete: z.number().default(0),
      users: z.array(z.string()).default([]),
    }),
  ),
});
type Group = z.output<typeof groupList>['usergroups'][number];
type Groups = ReadonlyMap<string, Group>;
const pageEnd = z.object({ response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish() });

/** `unknown`: it was not looked up, or that failed. */
type Known = Membership | 'absent' | 'unknown';

/** Every person and group of the rules, and whether enough of them can confirm. */
export const checkPeople: Check = async (context, report) => {
  const session = await slackFor(context, report);
  if (session !== null && context.known.adobe !== null) {
    await lookAtPeople(context.known.adobe.configuration.policy, session, report);
  }
};

export async function lookAtPeople(policy: Policy, slack: SlackReader, report: Report): Promise<void> {
  const lists = policy.rules.flatMap(peopleIn);
  const users = new Set([...lists.flatMap((list) => [...list.users]), ...policy.guests]);
  const named = new Set(lists.flatMap((list) => [...list.groups]));
  const groups = named.size === 0 ? new Map() : await readGroups(slack, report);
  const asked = policy.rules.flatMap((rule) => [namedApprovers(rule.approval), reviewersIn(rule)]);
  const deciding = asked.flatMap((list) => [...possibleOf(list, groups ?? new Map())]);
  const known = await readMemberships(new Set([...users, ...deciding]), slack, report);
  let problems = 0;
  const count: Report = (finding) => {
    problems += 1;
    report(finding);
  };
  for (const id of users) judgePerson(id, known.get(id) ?? 'unknown', policy, count);
  if (groups !== null) for (const id of named) judgeGroup(id, groups.get(id), count);
  if (groups !== null) {
    for (const rule of policy.rules) {
      judgeApproval(rule, { groups, known, policy }, count);
      judgeReview(rule, { groups, known, policy }, count);
    }
  }
  const isAllKnown = groups !== null && ![...users].some((id) => (known.get(id) ?? 'unknown') === 'unknown');
  if (problems === 0 && isAllKnown) report(found('ok', 'people_ready', { people: users.size, groups: named.size }));
}

/** Those of a list who could confirm: its users, and the members of its groups that are enabled. */
function possibleOf({ users, groups }: People, all: Groups): ReadonlySet<string> {
  const members = [...groups].flatMap((id) => {
    const group = all.get(id);
    return group === undefined || group.date_delete > 0 ? [] : group.users;
  });
  return new Set([...users, ...members]);
}

/** All groups with their members, with one call. Null: Slack does not return them. */
async function readGroups({ client, call }: SlackReader, report: Report): Promise<Groups | null> {
  try {
    const wanted = { include_disabled: true, include_users: true };
    const { usergroups } = groupList.parse(await call('usergroups.list', () => client.usergroups.list(wanted)));
    return new Map(usergroups.map((group) => [group.id, group]));
  } catch (error) {
    if (lacksScope(error)) report(found('warning', 'not_checked', { because: 'scope' }));
    else report(found('warning', 'look_up_failed', { id: 'usergroups.list', problem: failureReason(error) }));
    return null;
  }
}

async function readMemberships(
  ids: ReadonlySet<string>,
  slack: SlackReader,
  report: Report,
): Promise<ReadonlyMap<string, Known>> {
  const known = new Map<string, Known>();
  let left = [...ids];
  try {
    if (left.length > mostLookUps) await readList(slack, known);
    left = left.filter((id) => !known.has(id));
    await forEachConcurrently(left.slice(0, mostLookUps), atOnce, async (id) => {
      known.set(id, await lookUp(id, slack, report));
    });
  } catch (error) {
    // The first of many: the others would fail like it.
    if (!lacksScope(error)) throw error;
    report(found('warning', 'not_checked', { because: 'scope' }));
  }
  if (left.length > mostLookUps) report(found('warning', 'not_all_checked', { left: left.length - mostLookUps }));
  return known;
}

async function readList({ client, call, identity }: SlackReader, into: Map<string, Known>): Promise<void> {
  let cursor = '';
  for (let pages = 0; pages < mostPages; pages++) {
    const page = await call('users.list', () =>
      client.users.list({ limit: mostInPage, ...(cursor !== '' && { cursor }) }),
    );
    for (const user of userList.parse(page).members) into.set(user.id, membershipOf(user, identity));
    cursor = pageEnd.parse(page).response_metadata?.next_cursor ?? '';
    if (cursor === '') return;
  }
}

async function lookUp(id: string, { client, call, identity }: SlackReader, report: Report): Promise<Known> {
  try {
    const answer = await call('users.info', () => client.users.info({ user: id }));
    return membershipOf(userInfo.parse(answer).user, identity);
  } catch (error) {
    if (lacksScope(error)) throw error;
    if (absences.has(platformError(error) ?? '')) return 'absent';
    report(found('warning', 'look_up_failed', { id, problem: failureReason(error) }));
    return 'unknown';
  }
}

function judgePerson(person: string, known: Known, { guests }: Policy, report: Report): void {
  if (known === 'absent') report(found('failure', 'person_unknown', { person }));
  else if (known === 'guest' ? !guests.has(person) : known !== 'member' && known !== 'unknown') {
    report(found('warning', 'person_barred', { person, membership: known }));
  }
}

function judgeGroup(group: string, known: Group | undefined, report: Report): void {
  if (known === undefined) return void report(found('failure', 'group_unknown', { group }));
  const label = `@${known.handle} (${group})`;
  if (known.date_delete > 0) report(found('failure', 'group_disabled', { label }, { group }));
  else if (known.users.length === 0) report(found('warning', 'group_empty', { label }, { group }));
}

type Everybody = { readonly groups: Groups; readonly known: ReadonlyMap<string, Known>; readonly policy: Policy };

function judgeApproval(rule: Rule, everybody: Everybody, report: Report): void {
  if (rule.approval === null || rule.approval.from === 'requester') return;
  const able = ableIn(namedApprovers(rule.approval), everybody).length;
  const needed = rule.approval.count;
  if (able < needed) report(found('failure', 'approval_impossible', { rule: rule.name, able, needed }));
}

/** Nobody reviews an emergency of their own, so one person who declares them as well is not enough. */
function judgeReview(rule: Rule, everybody: Everybody, report: Report): void {
  const { emergency, name } = rule;
  if (emergency === undefined) return;
  const [one, ...others] = ableIn(emergency.reviewBy, everybody);
  if (one === undefined) return void report(found('warning', 'review_impossible', { rule: name }));
  const mayDeclare = possibleOf(emergency.people, everybody.groups).has(one);
  if (others.length === 0 && mayDeclare) report(found('warning', 'review_own', { rule: name, person: one }));
}

/** Whoever is not known counts as able, as for the bot. */
function ableIn(people: People, { groups, known, policy }: Everybody): readonly string[] {
  return [...possibleOf(people, groups)].filter((id) => {
    const membership = known.get(id) ?? 'unknown';
    return membership === 'guest' ? policy.guests.has(id) : membership === 'member' || membership === 'unknown';
  });
}

function reviewersIn({ emergency }: Rule): People {
  return emergency?.reviewBy ?? nobody;
}
