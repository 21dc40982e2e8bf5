import { describe, expect, it } from '@jest/globals';
import { decide } from '../../src/access/decide.ts';
import { approversOf, decidePress, type Press } from '../../src/access/decide-press.ts';
import type { Decision, Looked, Person, Standing } from '../../src/access/decision.ts';
import type { Policy } from '../../src/access/policy.ts';
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

const alone = simplePolicy({ ...lists, approvers: people() });
const aliceApproves = simplePolicy({ ...lists, approvers: people('U0ALICE', 'U0CAROL') });
const choices = ['approve', 'cancel'] as const;

/** By which rule somebody may ask for a stop, with what the policy says now. */
function asked(rules: Policy, person: Looked<Person> = alice): Decision {
  return decide(rules, { action: 'stop', workflowId: 'WKF110', channel: 'C0OPS', person, place: inChannel });
}

function press(change: Partial<Press>): Decision {
  const usual = {
    choice: 'approve',
    requester: 'U0ALICE',
    announcedTo: people(),
    asked: asked(policy),
    person: carol,
    place: inChannel,
  } as const;
  return decidePress({ ...usual, ...change });
}

function word(change: Partial<Press>): string {
  const decision = press(change);
  return decision.permitted ? 'counts' : decision.refusal.reason;
}

describe('a press on the stop that Alice asked for', () => {
  it.each([
    ['an approver', policy, carol, 'counts', 'counts'],
    ['a member of the approving group', policy, lead, 'counts', 'counts'],
    ['Alice, who is no approver', policy, alice, 'not_an_approver', 'counts'],
    ['another user, who is no approver', policy, operator, 'not_an_approver', 'not_an_approver'],
    ['nobody in particular', policy, eve, 'not_an_approver', 'not_an_approver'],
    ['Alice, who is an approver', aliceApproves, alice, 'counts', 'counts'],
    ['another approver', aliceApproves, carol, 'counts', 'counts'],
    ['Alice, where there are no approvers', alone, alice, 'counts', 'counts'],
    ['anybody else, where there are no approvers', alone, operator, 'not_an_approver', 'not_an_approver'],
  ])('by %s', (_, rules, person, approve, cancel) => {
    expect([
      word({ choice: 'approve', asked: asked(rules), person }),
      word({ choice: 'cancel', asked: asked(rules), person }),
    ]).toEqual([approve, cancel]);
  });

  it('that does not count is answered with who could', () => {
    for (const choice of choices) {
      expect(press({ choice, person: eve })).toEqual({
        permitted: false,
        refusal: { reason: 'not_an_approver', permitted: lists.approvers },
      });
    }
    expect(press({ person: eve, asked: asked(alone) })).toMatchObject({ refusal: { permitted: people('U0ALICE') } });
  });

  it.each(['guest', 'stranger', 'bot', 'deactivated'] as const satisfies readonly Standing[])(
    'does not count from a %s, not even from Alice herself',
    (standing) => {
      for (const choice of choices) {
        for (const id of ['U0ALICE', 'U0CAROL']) {
          expect(word({ choice, person: personOf(id, standing, 'S0LEADS') })).toBe(standing);
        }
      }
    },
  );

  it.each([
    [{ shared: true }, 'shared_channel'],
    [{ archived: true }, 'archived_channel'],
    [{ botIsMember: false }, 'bot_not_in_channel'],
  ] as const)('does not count in a place that is %j', (change, reason) => {
    for (const choice of choices) expect(word({ choice, place: placeThatIs(change) })).toBe(reason);
  });

  it.each(['person', 'channel', 'group'] as const)('does not count when the look-up of the %s failed', (failed) => {
    const failure = { ok: false, failed } as const;
    for (const choice of choices) {
      const decision = press({ choice, ...(failed === 'channel' ? { place: failure } : { person: failure }) });
      expect(decision).toEqual({ permitted: false, refusal: { reason: 'lookup_failed', failed } });
    }
  });
});

describe('when Alice may not ask any more', () => {
  const notPermitted = asked(simplePolicy({ ...lists, users: people('U0BOB') }));
  const notFound = asked(policy, { ok: false, failed: 'person' });

  it('nobody can confirm it for her, and is told why', () => {
    expect(word({ asked: notPermitted })).toBe('requester_refused');
    expect(press({ asked: notFound })).toEqual(notFound);
  });

  it('she can still take it back', () => {
    for (const decision of [notPermitted, notFound]) {
      expect(word({ choice: 'cancel', person: alice, asked: decision })).toBe('counts');
    }
  });

  it('who could decide when it was announced can still keep it running, and nobody else', () => {
    const cancel = { choice: 'cancel', asked: notPermitted, announcedTo: people('U0CAROL') } as const;
    expect(word({ ...cancel, person: carol })).toBe('counts');
    expect(word({ ...cancel, announcedTo: people('U0BOB') })).toBe('requester_refused');
  });

  it('others are not called strangers to it because Slack did not answer', () => {
    expect(press({ choice: 'cancel', asked: notFound })).toEqual(notFound);
  });
});

describe('who may confirm', () => {
  it.each([
    ['the people of the rule', policy, lists.approvers],
    ['the requester, where it names nobody', alone, people('U0ALICE')],
  ])('is %s', (_, rules, approvers) => {
    const decision = asked(rules);
    expect(decision.permitted && approversOf(decision, 'U0ALICE')).toEqual(approvers);
  });

  it('is nobody where the rule names an empty list itself', () => {
    const approval = { from: people(), withinMs: 1 };
    const decision = { permitted: true, rule: 'empty', approval } as const;
    expect(press({ asked: decision, person: alice })).toMatchObject({ refusal: { reason: 'not_an_approver' } });
    expect(press({ asked: decision, person: carol })).toMatchObject({ refusal: { reason: 'not_an_approver' } });
  });
});
