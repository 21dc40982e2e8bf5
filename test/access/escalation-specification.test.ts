import { describe, expect, it } from '@jest/globals';
import { decide } from '../../src/access/decide.ts';
import type { Approval, People, Rule } from '../../src/access/policy.ts';
import { decidePress, stageThatPermits } from '../../src/access/press-decision.ts';
import { cast, named } from './cast.fixture.ts';
import { formatDecision } from './format-decision.fixture.ts';
import { people, placeThatIs, policyOf, ruleOf } from './policy.fixture.ts';
import { momentOf, rowsOf } from './specification-table.fixture.ts';

/** Leads and Carol are asked at once, the user group on call after five minutes, Adam and whoever's day it is after ten. */
const escalating: Approval = {
  from: people('S0LEADS', 'U0CAROL'),
  count: 1,
  requesterMayApprove: false,
  withinMs: 900_000,
  escalation: [
    { afterMs: 300_000, to: people('S0ONCALL'), onCall: null },
    {
      afterMs: 600_000,
      to: people('U0ADAM'),
      onCall: { users: ['U0EVE', 'U0AUDREY'], rotation: 'daily', from: '2026-03-09T12:05', timezone: 'UTC' },
    },
  ],
};

const own = { ...escalating, requesterMayApprove: true };
const [first, second] = escalating.escalation ?? [];

const rules: Readonly<Record<string, readonly Rule[]>> = {
  usual: [ruleNow(escalating)],
  'own too': [ruleNow(own)],
  'two needed': [ruleNow({ ...escalating, count: 2 })],
  'first stage gone': [ruleNow({ ...escalating, escalation: second ? [second] : [] })],
  'no stages': [ruleNow({ from: escalating.from, count: 1, requesterMayApprove: false, withinMs: 900_000 })],
  'other people': [ruleNow({ ...escalating, escalation: first ? [{ ...first, to: people('S0AUDIT') }] : [] })],
  'no approval': [ruleNow(null)],
  'not alice': [{ ...ruleNow(escalating), people: people('U0OTHER') }],
};

function ruleNow(approval: Approval | null): Rule {
  return ruleOf('Guarded', { people: people('U0ALICE', 'U0NINA', 'U0ADAM', 'U0CAROL'), approval });
}

/** Whom the stages have asked: the first; both, with Audrey or with Eve on call; the first when it reached nobody. */
const soFar: Readonly<Record<string, readonly People[]>> = {
  nobody: [],
  oncall: [people('S0ONCALL')],
  'oncall, adam audrey': [people('S0ONCALL'), people('U0ADAM', 'U0AUDREY')],
  'oncall, adam eve': [people('S0ONCALL'), people('U0ADAM', 'U0EVE')],
  none: [people()],
};

/** who presses | which button | whose request | whom escalation has asked before the press | the rules now | decision */
function specify(title: string, table: string): void {
  describe(title, () => {
    it.each(rowsOf(table))('$row: $decision', ({ cells, decision }) => {
      expect(cells).toHaveLength(6);
      const [who = '', button, requester = '', asked = '', now = ''] = cells;
      const policy = policyOf(named(rules, now));
      const at = momentOf('2026-03-10 12:00');
      const about = { channel: 'C0OPS', place: placeThatIs() };
      const press = {
        ...about,
        person: named(cast, who),
        choice: button === 'approve' ? ('approve' as const) : ('cancel' as const),
        requester: `U0${requester.toUpperCase()}`,
        announcedTo: people('S0LEADS', 'U0CAROL'),
        escalation: { since: at, asked: named(soFar, asked) },
        asked: decide(policy, {
          ...about,
          ...{ person: named(cast, requester), action: 'stop', environment: 'prod', workflowId: 'WKF1' },
          ...{ hasReason: true, at, declared: null },
        }),
      };
      const stage = stageThatPermits(press);
      const decided = decidePress(policy, press);
      const by = decided.permitted && stage !== null ? ` by stage ${stage}` : '';
      expect(`${formatDecision(decided)}${by}`).toBe(decision);
    });
  });
}

specify(
  'Nobody may confirm before they are asked, and reads when that is',
  `
  nina    approve  alice  nobody  usual       ✗ not_asked_yet: 2026-03-10 12:05
  nina    cancel   alice  nobody  usual       ✗ not_asked_yet: 2026-03-10 12:05
  adam    approve  alice  nobody  usual       ✗ not_asked_yet: 2026-03-10 12:10
  adam    approve  alice  oncall  usual       ✗ not_asked_yet: 2026-03-10 12:10
  adam    cancel   alice  oncall  usual       ✗ not_asked_yet: 2026-03-10 12:10
  audrey  approve  alice  oncall  usual       ✗ not_asked_yet: 2026-03-10 12:10
  eve     approve  alice  oncall  usual       ✗ not_an_approver: @leads @oncall carol
  eve     approve  alice  nobody  usual       ✗ not_an_approver: @leads carol
  nina    approve  alice  nobody  two needed  ✗ not_asked_yet: 2026-03-10 12:05
  nina    approve  alice  none    usual       ✗ not_an_approver: @leads carol
`,
);

specify(
  'Whoever was asked may confirm, and cancel',
  `
  nina    approve  alice  oncall               usual       ✓ Guarded [1 of @leads carol, others only, 15 min] by stage 1
  nina    cancel   alice  oncall               usual       ✓ announcement by stage 1
  nina    approve  alice  oncall, adam audrey  usual       ✓ Guarded [1 of @leads carol, others only, 15 min] by stage 1
  adam    approve  alice  oncall, adam audrey  usual       ✓ Guarded [1 of @leads carol, others only, 15 min] by stage 2
  audrey  approve  alice  oncall, adam audrey  usual       ✓ Guarded [1 of @leads carol, others only, 15 min] by stage 2
  nina    approve  alice  oncall               two needed  ✓ Guarded [2 of @leads carol, others only, 15 min] by stage 1
`,
);

specify(
  'Who was on call when the stage asked decides, and not who is now',
  `
  eve     approve  alice  oncall, adam eve     usual  ✓ Guarded [1 of @leads carol, others only, 15 min] by stage 2
  eve     approve  alice  oncall, adam audrey  usual  ✗ not_an_approver: @leads @oncall adam audrey carol
  audrey  approve  alice  oncall, adam eve     usual  ✗ not_an_approver: @leads @oncall adam carol eve
`,
);

specify(
  'The first approvers may confirm before, and after',
  `
  lars   approve  alice  nobody  usual  ✓ Guarded [1 of @leads carol, others only, 15 min]
  carol  approve  alice  oncall  usual  ✓ Guarded [1 of @leads carol, others only, 15 min]
  lena   cancel   alice  oncall  usual  ✓ announcement
`,
);

specify(
  'Whoever asked confirms only where the rule says so, and then as everybody else',
  `
  nina  approve  nina  oncall               usual    ✗ own_request: @leads @oncall carol
  nina  approve  nina  nobody               usual    ✗ own_request: @leads carol
  adam  approve  adam  oncall, adam audrey  usual    ✗ own_request: @leads @oncall adam audrey carol
  nina  cancel   nina  nobody               usual    ✓ requester
  nina  approve  nina  oncall               own too  ✓ Guarded [1 of @leads carol, 15 min] by stage 1
  nina  approve  nina  nobody               own too  ✗ not_asked_yet: 2026-03-10 12:05
`,
);

specify(
  'The rules of now decide: a stage that is gone lets nobody confirm, and whoever was asked may still cancel',
  `
  nina    approve  alice  oncall               first stage gone  ✗ not_an_approver: @leads carol
  nina    approve  alice  oncall               no stages         ✗ not_an_approver: @leads carol
  nina    approve  alice  oncall               other people      ✗ not_an_approver: @leads carol
  audrey  approve  alice  nobody               other people      ✗ not_asked_yet: 2026-03-10 12:05
  audrey  approve  alice  oncall               other people      ✗ not_an_approver: @leads carol
  adam    approve  alice  oncall, adam audrey  first stage gone  ✓ Guarded [1 of @leads carol, others only, 15 min] by stage 2
  nina    approve  alice  oncall               no approval       ✗ not_an_approver: alice
  nina    approve  alice  oncall               not alice         ✗ requester_refused
  nina    cancel   alice  oncall               no stages         ✓ announcement
  nina    cancel   alice  oncall               not alice         ✓ announcement
  adam    approve  alice  nobody               no stages         ✗ not_an_approver: @leads carol
`,
);

specify(
  'Accounts that may nothing may nothing here, and what is not known permits nothing',
  `
  dee        approve  alice  oncall               usual  ✗ deactivated
  greta      approve  alice  oncall               usual  ✗ guest
  unseen     approve  alice  oncall               usual  ✗ lookup_failed: person
  ungrouped  approve  alice  oncall               usual  ✗ lookup_failed: @leads
  dora       approve  alice  oncall, adam audrey  usual  ✗ not_an_approver: @leads @oncall adam audrey carol
`,
);
