import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Membership } from '../../src/access/decision.ts';
import type { Policy, Rule } from '../../src/access/policy.ts';
import type { Verb } from '../../src/commands/command.ts';
import { lists, minutes, openScene, policyOf, type Scene } from './scene/scene.fixture.ts';

const verbs = ['start', 'pause', 'stop'] as const satisfies readonly Verb[];

/** What the rights depend on. Alice asks; Carol and Dave confirm where they are asked. */
type Facts = {
  /** The rules that are in force, in this order. */
  readonly rules: { readonly own: boolean; readonly ops: boolean; readonly confirmed: boolean };
  readonly alice: { readonly membership: Membership; readonly isInOps: boolean };
  readonly leads: { readonly carol: boolean; readonly dave: boolean; readonly carolsAccount: Membership };
  /** How many leads have to confirm a stop, or anything under the last rule. */
  readonly count: number;
  readonly isProtected: boolean;
  readonly isArchived: boolean;
  readonly isFrozen: boolean;
};

const membership = fc.constantFrom<Membership>('member', 'member', 'member', 'guest', 'deactivated');
const mostly = fc.constantFrom(true, true, true, false);
const seldom = fc.constantFrom(false, false, false, false, true);

const anyFacts: fc.Arbitrary<Facts> = fc.record({
  rules: fc.record({ own: fc.boolean(), ops: mostly, confirmed: mostly }),
  alice: fc.record({ membership, isInOps: mostly }),
  leads: fc.record({ carol: mostly, dave: mostly, carolsAccount: membership }),
  count: fc.constantFrom(1, 1, 2),
  isProtected: seldom,
  isArchived: seldom,
  isFrozen: seldom,
});

const [template] = policyOf(lists).rules;

function ruleOf(change: Partial<Rule>): Rule {
  if (template === undefined) throw new Error('there is no rule to begin with');
  return { ...template, approval: null, ...change };
}

const none: ReadonlySet<string> = new Set();

function policyWith({ rules, count, isProtected, isFrozen }: Facts): Policy {
  const approval = {
    from: { users: none, groups: new Set(['S0LEADS']) },
    count,
    requesterMayApprove: false,
    withinMs: 10 * minutes,
  };
  const ops = { users: none, groups: new Set(['S0OPS']) };
  const all: readonly (readonly [boolean, Rule])[] = [
    [
      rules.own,
      ruleOf({ name: 'own', people: { users: new Set(['U0ALICE']), groups: none }, actions: new Set(['start']) }),
    ],
    [rules.ops, ruleOf({ name: 'ops', people: ops, actions: new Set(['start', 'pause']) })],
    [rules.confirmed, ruleOf({ name: 'confirmed', people: ops, actions: new Set(verbs), approval })],
  ];
  const freeze = {
    environments: new Set(['prod']),
    verbs: new Set(['start'] as const),
    because: 'a launch',
    time: { kind: 'period', from: 0, until: Number.MAX_SAFE_INTEGER },
  } as const;
  return {
    ...policyOf(lists),
    rules: all.flatMap(([isInForce, rule]) => (isInForce ? [rule] : [])),
    protectedWorkflows: new Set(isProtected ? ['wkf110'] : []),
    freezes: isFrozen ? [freeze] : [],
  };
}

function arrange(scene: Scene, facts: Facts): void {
  const { alice, leads } = facts;
  const { people, place } = scene.world;
  scene.setPolicy(policyWith(facts));
  people.set('U0ALICE', { membership: alice.membership, groups: new Set(alice.isInOps ? ['S0OPS'] : []) });
  people.set('U0CAROL', { membership: leads.carolsAccount, groups: new Set(leads.carol ? ['S0LEADS'] : []) });
  people.set('U0DAVE', { membership: 'member', groups: new Set(leads.dave ? ['S0LEADS'] : []) });
  place.archived = facts.isArchived;
}

/** Written apart from the code that decides: how many leads have to confirm; null where Alice may not ask for it. */
function needed(verb: (typeof verbs)[number], facts: Facts): number | null {
  const { rules, alice, count, isProtected, isArchived, isFrozen } = facts;
  if (alice.membership !== 'member' || isProtected || isArchived || (isFrozen && verb === 'start')) return null;
  if (rules.own && verb === 'start') return 0;
  if (!alice.isInOps) return null;
  if (rules.ops && verb !== 'stop') return 0;
  return rules.confirmed ? count : null;
}

function mayConfirm(person: 'carol' | 'dave', { leads }: Facts): boolean {
  return leads[person] && (person === 'dave' || leads.carolsAccount === 'member');
}

/** Everybody who confirmed has to be able to do so still. */
function isPermitted(verb: (typeof verbs)[number], facts: Facts, by: readonly ('carol' | 'dave')[]): boolean {
  const count = needed(verb, facts);
  if (count === null || count === 0) return count === 0;
  return by.length >= count && by.every((person) => mayConfirm(person, facts));
}

const leadsById = { U0CAROL: 'carol', U0DAVE: 'dave' } as const;

/** Alice asks for it in half an hour, and whoever may confirms; then the facts change, one after the other. */
async function play(verb: Verb, asked: Facts, changes: readonly Facts[]) {
  await using scene = await openScene();
  arrange(scene, asked);
  const id = await scene.submit({ verb, due: { kind: 'in', ms: 30 * minutes, typed: 'in 30m' } });
  await scene.untilIdle();
  for (const lead of ['U0CAROL', 'U0DAVE'] as const) {
    if ((await scene.request(id)).state !== 'awaiting_approval') break;
    await scene.press(id, lead);
    await scene.untilIdle();
  }
  const { state, confirmations } = await scene.request(id);
  for (const facts of changes) {
    await scene.advanceTime(8 * minutes);
    arrange(scene, facts);
  }
  await scene.advanceTime(40 * minutes);
  expect((await scene.request(id)).outcomePost.done).not.toBeNull();
  return {
    wasScheduled: state === 'scheduled',
    by: confirmations.map((one) => leadsById[one.by as keyof typeof leadsById]),
    commands: scene.world.sent.map(({ command }) => command),
  };
}

describe('whatever changes between asking and the time', () => {
  it('a command for later is sent under the rights of that time, and under no others', async () => {
    let sent = 0;
    let stopped = 0;
    const scenario = fc.record({
      verb: fc.constantFrom(...verbs),
      asked: anyFacts,
      changes: fc.array(anyFacts, { minLength: 0, maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ verb, asked, changes }) => {
        const { wasScheduled, by, commands } = await play(verb, asked, changes);
        const isExpected = wasScheduled && isPermitted(verb, changes.at(-1) ?? asked, by);
        expect(commands).toEqual(isExpected ? [verb] : []);
        if (isExpected) sent += 1;
        else if (wasScheduled) stopped += 1;
      }),
      { numRuns: 150 },
    );
    // Otherwise it would say nothing.
    expect(Math.min(sent, stopped)).toBeGreaterThan(5);
  }, 60_000);
});
