import {
  approversOf,
  type PossibleApprovers,
  possibleApproversOf,
  type Roster,
  tooFewPossible,
} from '../../access/approvals.ts';
import type { Decision, Refusal } from '../../access/decision.ts';
import type { People } from '../../access/policy.ts';
import type { AskedApprovers } from '../events.ts';
import type { Ports } from '../ports.ts';
import type { Request } from '../request.ts';
import { recordedPeople } from './authorization.ts';

/** In a longer list somebody can confirm, and Slack is not asked about each of them. */
const mostInList = 10;

/** Each is a call of Slack's, and its limits are the same for what decides over rights. */
const mostPeople = 30;

/** Whoever was told that somebody has to be added sees to it and tries again. */
const oldestRefusalMs = 10_000;

/** Who is asked for a confirmation, or why nobody is. */
export type ApproverLookUp = { readonly asked: AskedApprovers; readonly refusal: Refusal | null };

/** Looks up who could confirm a request before anybody is asked; null where nobody has to be. */
export async function lookUpApprovers(
  { requester }: Pick<Request, 'requester'>,
  { rule, approval }: Omit<Decision & { permitted: true }, 'permitted'>,
  { directory, policy }: Pick<Ports, 'policy'> & { readonly directory: Directory },
): Promise<ApproverLookUp | null> {
  if (approval === null) return null;
  const decided = async (oldestMs?: number) => {
    const roster = await rosterOf(approversOf(approval, requester), directory, oldestMs);
    const possible = possibleApproversOf(approval, requester, roster, policy().guests);
    return { asked: recordedAsked(possible), refusal: tooFewPossible(rule, approval, requester, possible) };
  };
  const known = await decided();
  return known.refusal === null ? known : decided(oldestRefusalMs);
}

function recordedAsked({ asked, except }: PossibleApprovers): AskedApprovers {
  return { ...recordedPeople(asked), except: [...except].sort() };
}

type Directory = Pick<Ports['directory'], 'members' | 'membership'>;

async function rosterOf(
  { users, groups }: People,
  { members, membership }: Directory,
  oldestMs: number | undefined,
): Promise<Roster> {
  const found = await Promise.all([...groups].map(async (group) => [group, await members(group, oldestMs)] as const));
  const known = new Map(
    found.flatMap(([group, list]) => (list.kind === 'known' ? [[group, list.users] as const] : [])),
  );
  const short = [users, ...known.values()].filter(({ size }) => size <= mostInList);
  const people = [...new Set(short.flatMap((list) => [...list]))].slice(0, mostPeople);
  const memberships = await Promise.all(people.map(async (id) => [id, await membership(id, oldestMs)] as const));
  return {
    members: known,
    gone: new Set(found.flatMap(([group, { kind }]) => (kind === 'gone' ? [group] : []))),
    memberships: new Map(memberships.flatMap(([id, one]) => (one === 'unknown' ? [] : [[id, one] as const]))),
  };
}
