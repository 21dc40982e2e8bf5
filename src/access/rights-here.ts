import { placeProblem, whoMay } from './decide.ts';
import { type Refusal, refuse, refuseUnknown } from './decision.ts';
import { emergenciesOf } from './emergency-decision.ts';
import { type Caller, checkMembership } from './membership.ts';
import { groupsNamed, includes, type Policy, type Rule } from './policy.ts';
import { confirmableBy } from './press-decision.ts';
import { withoutUnusable } from './unused-rules.ts';

/**
 * What a person may do in a channel: the rules that permit requests, confirmations, emergencies and reviews of them, or
 * the refusal if there are none. `confirmsLater`: only once escalation asks the person.
 * `unknownGroups`: groups that rules here name and whose members could not be looked up.
 */
export type RightsHere =
  | {
      readonly kind: 'some';
      readonly asks: readonly Rule[];
      readonly confirms: readonly Rule[];
      readonly declares: readonly Rule[];
      readonly reviews: readonly Rule[];
      readonly confirmsLater: readonly Rule[];
      readonly unknownGroups: ReadonlySet<string>;
    }
  | { readonly kind: 'none'; readonly refusal: Refusal };

export function rightsHere(policy: Policy, who: Caller): RightsHere {
  const known = checkMembership(policy, who);
  if ('refusal' in known) return { kind: 'none', refusal: known.refusal };
  const { person, place } = known;
  const rules = policy.rules.map((rule) => withoutUnusable(rule, policy)).filter(({ actions }) => actions.size > 0);
  const inChannel = rules.filter(({ channels }) => channels.has(who.channel));
  const asks = inChannel.filter(({ people }) => includes(people, person));
  const { atOnce: confirms, later: confirmsLater } = confirmableBy({ rules }, who.channel, person);
  const declares = emergenciesOf({ rules }, who.channel, person, 'people');
  const reviews = emergenciesOf({ rules }, who.channel, person, 'reviewBy');
  const unknownGroups = groupsNamed({ rules: inChannel }).intersection(person.unknownGroups);
  if ([asks, confirms, confirmsLater, declares, reviews].every((own) => own.length === 0)) {
    const { refusal } =
      unknownGroups.size > 0 ? refuseUnknown(unknownGroups, person) : refuse(whoMay(rules, who.channel, person));
    return { kind: 'none', refusal };
  }
  const problem = placeProblem(place);
  if (problem !== null) return { kind: 'none', refusal: problem };
  return { kind: 'some', asks, confirms, confirmsLater, declares, reviews, unknownGroups };
}
