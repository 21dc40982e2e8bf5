import { placeProblem, whoMay } from './decide.ts';
import { confirmableBy } from './decide-press.ts';
import type { Refusal } from './decision.ts';
import { withoutVain } from './idle-rules.ts';
import { includes, type Policy, type Rule } from './policy.ts';
import { standingHere, type Who } from './standing.ts';

/** What somebody may do in a place, by the rules that let them ask or confirm; or why nothing. */
export type RightsHere =
  | { readonly kind: 'some'; readonly asks: readonly Rule[]; readonly confirms: readonly Rule[] }
  | { readonly kind: 'none'; readonly refusal: Refusal };

export function rightsHere(policy: Policy, who: Who): RightsHere {
  const known = standingHere(policy, who);
  if ('refusal' in known) return { kind: 'none', refusal: known.refusal };
  const { person, place } = known;
  const rules = policy.rules.map((rule) => withoutVain(rule, policy)).filter(({ actions }) => actions.size > 0);
  const asks = rules.filter(({ channels, people }) => channels.has(who.channel) && includes(people, person));
  const confirms = confirmableBy({ rules }, who.channel, person);
  if (asks.length + confirms.length === 0) return { kind: 'none', refusal: whoMay(rules, who.channel, person) };
  const problem = placeProblem(place);
  return problem === null ? { kind: 'some', asks, confirms } : { kind: 'none', refusal: problem };
}
