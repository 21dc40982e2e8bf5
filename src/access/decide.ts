import { type Decision, type Looked, type Person, type Place, type Refusal, refuse } from './decision.ts';
import { type Action, includes, nobody, type People, type Policy, type Rule } from './policy.ts';

/** Who asks for what, where, with what Slack said of both. */
export type Question = {
  readonly action: Action;
  /** `null` where the question is about no single workflow (`history`). */
  readonly workflowId: string | null;
  readonly channel: string;
  readonly person: Looked<Person>;
  readonly place: Looked<Place>;
};

/** Whether a person may do this here: the first matching rule decides, and nothing else permits. */
export function decide(policy: Policy, question: Question): Decision {
  const here = policy.rules.filter((rule) => rule.channels.has(question.channel) && rule.actions.has(question.action));
  if (here.length === 0) return refuse({ reason: 'wrong_channel', channels: channelsFor(policy, question.action) });
  if (isProtected(policy, question)) return refuse({ reason: 'protected_workflow' });
  const known = standingHere(question);
  if ('refusal' in known) return refuse(known.refusal);
  const rule = here.find(({ people }) => includes(people, known.person));
  if (rule === undefined) return refuse({ reason: 'not_permitted', permitted: peopleOf(here) });
  return { permitted: true, rule: rule.name, approval: rule.approval.get(question.action) ?? null };
}

/** The refusals that hold whatever the rules say: whom and which place Slack could not vouch for. */
export function standingHere(question: Pick<Question, 'person' | 'place'>): { person: Person } | { refusal: Refusal } {
  const { person, place } = question;
  if (!place.ok) return { refusal: { reason: 'lookup_failed', failed: place.failed } };
  const problem = placeProblem(place.value);
  if (problem !== null) return { refusal: { reason: problem } };
  if (!person.ok) return { refusal: { reason: 'lookup_failed', failed: person.failed } };
  if (person.value.standing !== 'member') return { refusal: { reason: person.value.standing } };
  return { person: person.value };
}

function placeProblem(place: Place): 'bot_not_in_channel' | 'archived_channel' | 'shared_channel' | null {
  if (place.shared) return 'shared_channel';
  if (place.archived) return 'archived_channel';
  return place.botIsMember ? null : 'bot_not_in_channel';
}

function isProtected(policy: Policy, { action, workflowId }: Question): boolean {
  const changes = action !== 'status' && action !== 'history';
  return changes && workflowId !== null && policy.protectedWorkflows.has(workflowId.toLowerCase());
}

function channelsFor(policy: Policy, action: Action): readonly string[] {
  return [...new Set(policy.rules.filter((rule) => rule.actions.has(action)).flatMap((rule) => [...rule.channels]))];
}

function peopleOf(rules: readonly Rule[]): People {
  return rules.reduce(
    (all, { people }) => ({ users: all.users.union(people.users), groups: all.groups.union(people.groups) }),
    nobody,
  );
}
