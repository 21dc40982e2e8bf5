import { describe, expect, it } from '@jest/globals';
import { decide } from '../../src/access/decide.ts';
import type { Policy } from '../../src/access/policy.ts';
import { decidePress } from '../../src/access/press-decision.ts';
import { cast, named, places } from './cast.fixture.ts';
import { formatDecision } from './format-decision.fixture.ts';
import { people, policyOf } from './policy.fixture.ts';
import { policy } from './rich-policy.fixture.ts';
import { channelOf, questionOf, rowsOf } from './specification-table.fixture.ts';

type Given = {
  /** Who could decide at the time of the announcement. */
  readonly announcedTo: readonly string[];
  /** The current rules. */
  readonly rules?: Policy;
};

/**
 * What the rich policy decides on a press:
 * who presses | which button | whose request | where | command | workflow | environment | reason | when | decision
 */
function specify(title: string, { announcedTo, rules = policy }: Given, table: string): void {
  describe(title, () => {
    it.each(rowsOf(table))('$row: $decision', ({ cells, decision }) => {
      expect(cells).toHaveLength(10);
      const [who = '', button, requester = '', where = ''] = cells;
      const decided = decidePress(rules, {
        person: named(cast, who),
        choice: button === 'approve' ? 'approve' : 'cancel',
        requester: `U0${requester.toUpperCase()}`,
        announcedTo: people(...announcedTo),
        asked: decide(rules, questionOf([requester, ...cells.slice(3, 9)])),
        channel: channelOf(where),
        place: named(places, where),
      });
      expect(formatDecision(decided)).toBe(decision);
    });
  });
}

const billing = { announcedTo: ['U0CAROL', 'S0LEADS'] };

specify(
  'Approvers may confirm, and may cancel',
  billing,
  `
  carol   approve  alice   ops    start  BILL1         prod   why  -  ✓ Billing takes two [2 of @leads carol, others only, 15 min]
  carol   cancel   alice   ops    start  BILL1         prod   why  -  ✓ announcement
  lars    approve  alice   ops    stop   BILL1         prod   why  -  ✓ Billing takes two [2 of @leads carol, others only, 15 min]
  lena    cancel   alice   ops    stop   BILL1         prod   why  -  ✓ announcement
  lena    approve  lars    ops    stop   WKF777        stage  why  -  ✓ Leads stop [1 of @leads, others only, 10 min]
  anna    approve  adam    admin  start  WKF1          prod   -    -  ✓ Admins [1 of @admins, 5 min]
`,
);

specify(
  'A refusal of somebody who is not an approver names the approvers',
  billing,
  `
  oscar   approve  alice   ops    start  BILL1         prod   why  -  ✗ not_an_approver: @leads carol
  eve     cancel   alice   ops    start  BILL1         prod   why  -  ✗ not_an_approver: @leads alice carol
  carol   approve  lars    ops    stop   WKF777        stage  why  -  ✗ not_an_approver: @leads
  carol   cancel   lars    ops    stop   WKF777        stage  why  -  ✓ announcement
  dora    cancel   lars    ops    stop   WKF777        stage  why  -  ✗ not_an_approver: @leads lars
  lars    approve  adam    admin  start  WKF1          prod   -    -  ✗ not_an_approver: @admins
`,
);

specify(
  'The requester may confirm only where the rule permits it, and may always cancel',
  billing,
  `
  lars    approve  lars    ops    stop   BILL1         prod   why  -  ✗ own_request: @leads carol
  alice   approve  alice   ops    start  BILL1         prod   why  -  ✗ own_request: @leads carol
  doubted alice  approve  alice  ops  start  BILL1     prod   why  -  ✗ own_request: @leads carol
  lars    approve  lars    ops    stop   WKF777        stage  why  -  ✗ own_request: @leads
  adam    approve  adam    admin  stop   WKF1          prod   -    -  ✓ Admins [1 of @admins, 5 min]
  oscar   approve  oscar   ops    stop   nightly-load  prod   -    -  ✓ Operators stop [1 of themselves, 5 min]
  alice   approve  oscar   ops    stop   nightly-load  prod   -    -  ✗ not_an_approver: oscar
  lena    cancel   oscar   night  stop   nightly-load  prod   -    -  ✓ announcement
  lars    cancel   lars    ops    stop   BILL1         prod   why  -  ✓ requester
  alice   cancel   alice   ops    start  BILL1         prod   why  -  ✓ requester
  gustav  approve  gustav  dev    stop   WKF1          dev    -    -  ✓ Developers play [1 of themselves, 5 min]
  gustav  cancel   gustav  dev    stop   WKF1          dev    -    -  ✓ requester
`,
);

const carolAsked = { announcedTo: ['U0CAROL', 'U0GRETA', 'U0SAM', 'U0ROBOT', 'U0DEE', 'W0WILMA', 'S0LEADS'] };

specify(
  'A person without a valid membership decides nothing, whatever the announcement said',
  carolAsked,
  `
  greta      approve  alice   ops      start  BILL1     prod   why  -  ✗ guest
  sam        approve  alice   ops      start  BILL1     prod   why  -  ✗ stranger
  robot      cancel   alice   ops      start  BILL1     prod   why  -  ✗ bot
  dee        approve  alice   ops      start  BILL1     prod   why  -  ✗ deactivated
  dee        cancel   dee     ops      start  BILL1     prod   why  -  ✗ deactivated
  wilma      approve  alice   ops      start  BILL1     prod   why  -  ✗ other_workspace
  unseen     approve  alice   ops      start  BILL1     prod   why  -  ✗ lookup_failed: person
  ungrouped  cancel   alice   ops      start  BILL1     prod   why  -  ✗ lookup_failed: @leads
  carol      approve  alice   lost     start  BILL1     prod   why  -  ✗ lookup_failed: channel
  carol      cancel   alice   partner  start  BILL1     prod   why  -  ✗ shared_channel
  alice      cancel   alice   partner  start  BILL1     prod   why  -  ✗ shared_channel
`,
);

specify(
  'A request that is no longer permitted cannot be confirmed, and the refusal says why',
  billing,
  `
  carol   approve  eve     ops    start  BILL1         prod   why  -                 ✗ requester_refused
  carol   approve  oscar   dev    start  nightly-load  prod   why  -                 ✗ requester_refused
  carol   approve  greta   ops    start  BILL1         prod   why  -                 ✗ requester_refused
  lars    approve  sam     ops    start  BILL1         prod   why  -                 ✗ requester_refused
  lars    approve  robot   ops    start  BILL1         prod   why  -                 ✗ requester_refused
  lars    approve  dee     ops    stop   BILL1         prod   why  -                 ✗ requester_refused
  lars    approve  wilma   ops    stop   BILL1         prod   why  -                 ✗ requester_refused
  lars    approve  unseen  ops    stop   BILL1         prod   why  -                 ✗ lookup_failed: person unseen
  carol   approve  ungrouped  ops  stop  BILL1         prod   why  -                 ✗ lookup_failed: @leads
  carol   approve  alice   ops    start  BILL1         prod   why  2026-12-25 12:00  ✗ frozen until 2027-01-02 00:00: Holidays
  carol   approve  alice   ops    stop   BILL1         prod   why  2026-12-25 12:00  ✓ Billing takes two [2 of @leads carol, others only, 15 min]
  carol   approve  alice   ops    stop   BILL1         prod   why  2026-11-27 12:00  ✗ frozen until 2026-11-28 00:00: Black Friday
  carol   approve  alice   ops    start  billing       prod   why  -                 ✗ protected_workflow: technical
  carol   approve  alice   ops    start  BILL1         prod   -    -                 ✗ reason_required: Billing takes two
  carol   approve  alice   attic  start  odd-1         prod   why  -                 ✗ archived_channel
  carol   approve  alice   quiet  start  odd-1         prod   why  -                 ✗ bot_not_in_channel
  eve     approve  eve     ops    start  BILL1         prod   why  -                 ✗ requester_refused
`,
);

specify(
  'It can still be cancelled, by the requester and by those who could decide at the announcement',
  billing,
  `
  eve     cancel   eve     ops    start  BILL1         prod   why  -                 ✓ requester
  alice   cancel   alice   ops    start  BILL1         prod   why  2026-12-25 12:00  ✓ requester
  alice   cancel   alice   attic  start  odd-1         prod   why  -                 ✓ requester
  carol   cancel   eve     ops    start  BILL1         prod   why  -                 ✓ announcement
  lars    cancel   unseen  ops    stop   BILL1         prod   why  -                 ✓ announcement
  lena    cancel   alice   ops    start  BILL1         prod   why  2026-12-25 12:00  ✓ announcement
  carol   cancel   alice   ops    start  billing       prod   why  -                 ✓ announcement
  oscar   cancel   eve     ops    start  BILL1         prod   why  -                 ✗ requester_refused
  oscar   cancel   unseen  ops    stop   BILL1         prod   why  -                 ✗ lookup_failed: person unseen
  oscar   cancel   alice   ops    start  BILL1         prod   why  2026-12-25 12:00  ✗ frozen until 2027-01-02 00:00: Holidays
`,
);

specify(
  'Where the rules no longer require a confirmation, those who were asked may confirm',
  { announcedTo: ['U0CAROL', 'S0LEADS', 'U0OSCAR'] },
  `
  carol   approve  oscar   ops    start  WKF201        prod   -    -  ✓ Operators run
  lars    cancel   oscar   ops    start  WKF201        prod   -    -  ✓ announcement
  oscar   approve  oscar   ops    start  WKF201        prod   -    -  ✓ Operators run
  oscar   cancel   oscar   ops    start  WKF201        prod   -    -  ✓ requester
  alice   approve  oscar   ops    start  WKF201        prod   -    -  ✗ not_an_approver: @leads carol oscar
  alice   cancel   oscar   ops    start  WKF201        prod   -    -  ✗ not_an_approver: @leads carol oscar
`,
);

specify(
  'Where the rules now name others, those confirm; a person asked before can still cancel',
  { announcedTo: ['U0EVE', 'S0DEVS'] },
  `
  carol   approve  alice   ops    start  BILL1         prod   why  -  ✓ Billing takes two [2 of @leads carol, others only, 15 min]
  eve     approve  alice   ops    start  BILL1         prod   why  -  ✗ not_an_approver: @leads carol
  dora    cancel   alice   ops    start  BILL1         prod   why  -  ✓ announcement
`,
);

specify(
  'Without a remaining rule nothing can be confirmed',
  { announcedTo: ['U0CAROL'], rules: policyOf([]) },
  `
  carol   approve  alice   ops    start  BILL1         prod   why  -  ✗ requester_refused
  carol   cancel   alice   ops    start  BILL1         prod   why  -  ✓ announcement
  alice   cancel   alice   ops    start  BILL1         prod   why  -  ✓ requester
  alice   approve  alice   ops    start  BILL1         prod   why  -  ✗ requester_refused
`,
);

const [first] = policy.rules.filter(({ name }) => name === 'Billing takes two');
const asks = (...ids: readonly string[]) => {
  if (first?.approval == null) throw new Error('the rule is gone');
  return policyOf([{ ...first, approval: { ...first.approval, from: people(...ids) } }]);
};

specify(
  'With an empty list of approvers nobody can confirm, not even somebody who was asked before',
  { announcedTo: ['U0CAROL'], rules: asks() },
  `
  carol   approve  alice   ops    start  BILL1         prod   why  -  ✗ too_few_approvers: 2, Billing takes two
  carol   cancel   alice   ops    start  BILL1         prod   why  -  ✓ announcement
  alice   cancel   alice   ops    start  BILL1         prod   why  -  ✓ requester
`,
);

specify(
  'A person asked before can cancel as soon as the look-up succeeds; only others can confirm now',
  { announcedTo: ['S0LEADS'], rules: asks('U0CAROL', 'U0EVE') },
  `
  ungrouped  cancel   alice  ops  start  BILL1  prod  why  -  ✗ lookup_failed: @leads
  ungrouped  approve  alice  ops  start  BILL1  prod  why  -  ✗ not_an_approver: carol eve
`,
);

specify(
  'The refusal of an own confirmation names the others, never the requester',
  { announcedTo: [], rules: asks('U0ALICE', 'U0CAROL', 'S0LEADS') },
  `
  alice   approve  alice   ops    start  BILL1         prod   why  -  ✗ own_request: @leads carol
  alice   cancel   alice   ops    start  BILL1         prod   why  -  ✓ requester
  alice   approve  lars    ops    start  BILL1         prod   why  -  ✓ Billing takes two [2 of @leads alice carol, others only, 15 min]
`,
);
