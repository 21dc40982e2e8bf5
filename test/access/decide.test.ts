import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decide, type Question } from '../../src/access/decide.ts';
import type { Standing } from '../../src/access/decision.ts';
import { type Action, groupsNamed, type Policy, type Rule } from '../../src/access/policy.ts';
import { simplePolicy } from '../../src/access/simple-policy.ts';
import {
  alice,
  carol,
  eve,
  inChannel,
  lead,
  lists,
  operator,
  people,
  personOf,
  placeThatIs,
  policy,
} from './policy.fixture.ts';

const actions = ['start', 'pause', 'resume', 'stop', 'status', 'history'] as const satisfies readonly Action[];
const changes = actions.slice(0, 4);
const everybody = { alice, operator, carol, lead, eve };

function ask(question: Partial<Question>, rules: Policy = policy) {
  const usual = { action: 'start', workflowId: 'WKF110', channel: 'C0OPS', person: alice, place: inChannel } as const;
  return decide(rules, { ...usual, ...question });
}

/** The decision in one word: the rule that permits, or the reason that refuses. */
function word(question: Partial<Question>, rules: Policy = policy): string {
  const decision = ask(question, rules);
  if (!decision.permitted) return decision.refusal.reason;
  const { approval } = decision;
  const confirmed =
    approval === null ? '' : approval.from === 'requester' ? ', confirmed by themselves' : ', confirmed';
  return `${decision.rule.replace('CAMPAIGN_WF_', '').toLowerCase()}${confirmed}`;
}

const decisions = `
            start          pause          resume         stop              status         history
  alice     users          users          users          users,_confirmed  users          users
  operator  users          users          users          users,_confirmed  users          users
  carol     not_permitted  not_permitted  not_permitted  not_permitted     approvers      approvers
  lead      not_permitted  not_permitted  not_permitted  not_permitted     approvers      approvers
  eve       not_permitted  not_permitted  not_permitted  not_permitted     not_permitted  not_permitted
`
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.trim().split(/\s+/))
  .flatMap(([name = '', ...cells]) => actions.map((action, index) => ({ name, action, decision: cells[index] })));

describe('who may do what', () => {
  it.each(decisions)('$name, $action: $decision', ({ name, action, decision }) => {
    const person = new Map(Object.entries(everybody)).get(name);
    expect(word({ action, ...(person && { person }) }).replaceAll(' ', '_')).toBe(decision);
  });

  it('is the same in every channel of the list', () => {
    for (const action of actions) expect(word({ action, channel: 'C0NIGHT' })).toBe(word({ action }));
  });

  it('is nothing in any other channel, and says where it would be', () => {
    for (const action of actions) {
      expect(ask({ action, channel: 'C0OTHER' })).toEqual({
        permitted: false,
        refusal: { reason: 'wrong_channel', channels: ['C0OPS', 'C0NIGHT'] },
      });
    }
  });

  it('is told to who may not, with whom to ask', () => {
    const refusal = (action: Action) => ask({ action, person: eve });
    expect(refusal('start')).toEqual({
      permitted: false,
      refusal: { reason: 'not_permitted', permitted: lists.users },
    });
    expect(refusal('status')).toEqual({
      permitted: false,
      refusal: { reason: 'not_permitted', permitted: people('U0ALICE', 'S0OPS', 'U0CAROL', 'S0LEADS') },
    });
  });

  it('depends on the ID of a person, not on its case or a part of it', () => {
    for (const id of ['u0alice', 'U0ALIC', 'U0ALICE2', '', 'S0OPS']) {
      expect(word({ person: personOf(id) })).toBe('not_permitted');
    }
  });
});

describe('a stop', () => {
  it('needs one of the approvers, in the time that is set', () => {
    expect(ask({ action: 'stop' })).toEqual({
      permitted: true,
      rule: 'CAMPAIGN_WF_USERS',
      approval: { from: lists.approvers, withinMs: 300_000 },
    });
  });

  it('is confirmed by who asked where no approvers are named', () => {
    const alone = simplePolicy({ ...lists, approvers: people() });
    expect(word({ action: 'stop' }, alone)).toBe('users, confirmed by themselves');
    expect(word({ action: 'stop', person: carol }, alone)).toBe('not_permitted');
  });

  it.each([
    ['users', people('U0CAROL')],
    ['groups', people('S0LEADS')],
  ])('needs approvers that are only %s', (_, approvers) => {
    expect(ask({ action: 'stop' }, simplePolicy({ ...lists, approvers }))).toMatchObject({
      approval: { from: approvers },
    });
  });
});

describe('nobody', () => {
  it.each([
    ['there are no rules', { rules: [], protectedWorkflows: new Set<string>() }, 'wrong_channel'],
    ['no channel is named', simplePolicy({ ...lists, channels: new Set() }), 'wrong_channel'],
    ['nobody is named', simplePolicy({ ...lists, users: people(), approvers: people() }), 'not_permitted'],
  ] as const)('may do anything when %s', (_, rules, reason) => {
    for (const action of actions) {
      for (const person of Object.values(everybody)) expect(word({ action, person }, rules)).toBe(reason);
    }
  });

  it('may run anything when only approvers are named, who may still read', () => {
    const rules = simplePolicy({ ...lists, users: people() });
    for (const action of changes) expect(word({ action, person: carol }, rules)).toBe('not_permitted');
    expect(word({ action: 'status', person: carol }, rules)).toBe('approvers');
  });
});

describe('whoever is no full member is refused, whatever the lists say', () => {
  it.each(['guest', 'stranger', 'bot', 'deactivated'] as const satisfies readonly Standing[])('%s', (standing) => {
    for (const action of actions) {
      const refused = { permitted: false, refusal: { reason: standing } };
      expect(ask({ action, person: personOf('U0ALICE', standing, 'S0OPS', 'S0LEADS') })).toEqual(refused);
    }
  });
});

describe('a place where not everybody can be trusted, or where the bot is not', () => {
  it.each([
    [{ shared: true }, 'shared_channel'],
    [{ archived: true }, 'archived_channel'],
    [{ botIsMember: false }, 'bot_not_in_channel'],
    [{ shared: true, archived: true, botIsMember: false }, 'shared_channel'],
  ] as const)('%j refuses everything', (change, reason) => {
    for (const action of actions) expect(word({ action, place: placeThatIs(change) })).toBe(reason);
  });
});

describe('a look-up that failed', () => {
  it.each(['person', 'channel', 'group'] as const)('refuses, and says which: %s', (failed) => {
    const refused = { permitted: false, refusal: { reason: 'lookup_failed', failed } };
    expect(ask(failed === 'channel' ? { place: { ok: false, failed } } : { person: { ok: false, failed } })).toEqual(
      refused,
    );
  });
});

describe('a protected workflow', () => {
  it.each([
    'billing',
    'Billing',
    'CLEANUP',
    'tracking',
    'trackingLogRecovery',
    'deliverabilityUpdate',
    'updateEventsStatus',
    'mobileAppMessages',
  ])('%s is changed by nobody, in any case, and can be looked at', (workflowId) => {
    for (const action of changes) expect(word({ action, workflowId })).toBe('protected_workflow');
    expect(word({ action: 'status', workflowId })).toBe('users');
  });

  it.each(['billing2', 'my-cleanup', 'WKF110'])('is not %s', (workflowId) => {
    expect(word({ workflowId })).toBe('users');
  });

  it('does not hide the history of a channel', () => {
    expect(word({ action: 'history', workflowId: null })).toBe('users');
  });
});

describe('rules', () => {
  const rule = (name: string, change: Partial<Rule> = {}): Rule => ({
    name,
    channels: new Set(['C0OPS']),
    people: people('U0ALICE'),
    actions: new Set<Action>(['stop']),
    approval: new Map(),
    ...change,
  });
  const approval = new Map([['stop' as const, { from: people('U0CAROL'), withinMs: 60_000 }]]);

  it('decide in their order: the first that matches counts, whatever the later ones say', () => {
    const rules = [rule('careful', { approval }), rule('careless')];
    expect(ask({ action: 'stop' }, { rules, protectedWorkflows: new Set() })).toMatchObject({ rule: 'careful' });
    expect(ask({ action: 'stop' }, { rules: rules.toReversed(), protectedWorkflows: new Set() })).toEqual({
      permitted: true,
      rule: 'careless',
      approval: null,
    });
  });

  it.each([
    ['channel', { channels: new Set(['C0NIGHT']) }],
    ['person', { people: people('U0BOB') }],
    ['command', { actions: new Set<Action>(['start']) }],
  ])('that match in all but the %s do not count', (_, change) => {
    const rules = [rule('other', change), rule('own')];
    expect(word({ action: 'stop' }, { rules, protectedWorkflows: new Set() })).toBe('own');
    expect(ask({ action: 'stop' }, { rules: rules.slice(0, 1), protectedWorkflows: new Set() }).permitted).toBe(false);
  });

  it('give each command its own confirmation', () => {
    const both = rule('both', { actions: new Set<Action>(['start', 'stop']), approval });
    const rules = { rules: [both], protectedWorkflows: new Set<string>() };
    expect([word({ action: 'start' }, rules), word({ action: 'stop' }, rules)]).toEqual(['both', 'both, confirmed']);
  });

  it('name the groups of their people and of their approvers', () => {
    expect(groupsNamed(policy)).toEqual(new Set(['S0OPS', 'S0LEADS']));
    const rules = [rule('own', { approval: new Map([['stop', { from: people('S0LEADS'), withinMs: 1 }]]) })];
    expect(groupsNamed({ rules, protectedWorkflows: new Set() })).toEqual(new Set(['S0LEADS']));
    expect(groupsNamed(simplePolicy({ ...lists, approvers: people(), users: people('U0ALICE') }))).toEqual(new Set());
  });
});

describe('the order in which lists are written', () => {
  it('changes no decision', () => {
    const ids = ['U0ALICE', 'U0BOB', 'U0CAROL', 'S0OPS', 'S0LEADS', 'S0OTHER'];
    const listed = fc.uniqueArray(fc.constantFrom(...ids)).chain((one) => {
      return fc.tuple(fc.constant(one), fc.shuffledSubarray(one, { minLength: one.length }));
    });
    const whoever = fc
      .record({
        id: fc.constantFrom('U0ALICE', 'U0BOB', 'U0EVE'),
        groups: fc.subarray(['S0OPS', 'S0LEADS', 'S0OTHER']),
      })
      .map(({ id, groups }) => personOf(id, 'member', ...groups));
    const seen = new Set<string>();
    fc.assert(
      fc.property(listed, listed, whoever, fc.constantFrom(...actions), (users, approvers, person, action) => {
        const [one, other] = ([0, 1] as const).map((index) =>
          ask(
            { person, action },
            simplePolicy({ ...lists, users: people(...users[index]), approvers: people(...approvers[index]) }),
          ),
        );
        expect(one).toEqual(other);
        seen.add(one?.permitted ? one.rule : 'refused');
      }),
      { seed: 11, numRuns: 500 },
    );
    expect(seen).toEqual(new Set(['CAMPAIGN_WF_USERS', 'CAMPAIGN_WF_APPROVERS', 'refused']));
  });
});

describe('whatever the lists are', () => {
  it('permits only who is on them, as a member, in a channel of the list', () => {
    const ids = fc.subarray(['U0ALICE', 'U0BOB', 'S0OPS', 'S0LEADS']);
    let permitted = 0;
    fc.assert(
      fc.property(
        fc.record({
          users: ids,
          approvers: ids,
          channels: fc.subarray(['C0OPS', 'C0NIGHT']),
          id: fc.constantFrom('U0ALICE', 'U0BOB', 'U0EVE'),
          groups: fc.subarray(['S0OPS', 'S0LEADS']),
          standing: fc.constantFrom<Standing>('member', 'member', 'guest', 'bot'),
          action: fc.constantFrom(...actions),
          shared: fc.boolean(),
        }),
        ({ users, approvers, channels, id, groups, standing, action, shared }) => {
          const rules = simplePolicy({
            ...lists,
            channels: new Set(channels),
            users: people(...users),
            approvers: people(...approvers),
          });
          const person = personOf(id, standing, ...groups);
          const decision = ask({ action, person, place: placeThatIs({ shared }) }, rules);
          const isOn = (list: readonly string[]) => [id, ...groups].some((one) => list.includes(one));
          const reads = action === 'status' || action === 'history';
          const expected = isOn(users) || (reads && isOn(approvers));
          expect(decision.permitted).toBe(expected && standing === 'member' && !shared && channels.includes('C0OPS'));
          permitted += decision.permitted ? 1 : 0;
        },
      ),
      { seed: 5, numRuns: 1_000 },
    );
    expect(permitted).toBeGreaterThan(50);
  });
});
