import { momentOf, specify } from './specification-table.fixture.ts';

/*
 * The policy's specification, part two: what applies with any rules, and which of several reasons is given.
 * who | where | command | workflow | environment | reason | when (UTC) | the decision in full
 */

specify(
  'A person who is not a member of the workspace is refused with the reason, whatever the rules and groups say',
  `
  greta     ops     start    nightly-load    prod   -    -  ✗ guest
  greta     dev     status   WKF1            dev    -    -  ✗ guest
  guido     agency  start    MAIL1           stage  -    -  ✗ guest
  sam       agency  start    MAIL1           stage  -    -  ✗ stranger
  sam       ops     status   nightly-load    prod   -    -  ✗ stranger
  robot     ops     start    nightly-load    prod   -    -  ✗ bot
  robot     ops     stop     nightly-load    prod   -    -  ✗ bot
  dee       ops     stop     nightly-load    prod   why  -  ✗ deactivated
  dee       ops     history  -               -      -    -  ✗ deactivated
  wilma     ops     start    nightly-load    prod   -    -  ✗ other_workspace
  wilma     random  access   -               -      -    -  ✗ other_workspace
`,
);

specify(
  'The rules apply to a guest whom the configuration permits as to a member',
  `
  gina      agency  start    MAIL1           stage  -    -  ✓ Agency mails
  gina      agency  status   segments        stage  -    -  ✓ Agency mails
  gina      agency  stop     MAIL1           stage  -    -  ✗ not_permitted: @leads in #ops
  gina      ops     start    MAIL1           stage  -    -  ✗ wrong_channel: #agency
  gina      agency  start    nightly-load    prod   -    -  ✗ not_permitted: @operators alice in #ops #night
  gustav    dev     stop     WKF1            dev    -    -  ✓ Developers play [1 of themselves, 5 min]
  gustav    agency  start    MAIL1           stage  -    -  ✗ not_permitted: alice gina guido sam in #agency
`,
);

specify(
  'A channel shared with another organization is refused unless listed as such',
  `
  alice     agency  start    segments        stage  -    -  ✓ Agency mails
  alice     partner  status   nightly-load    prod   -    -  ✗ shared_channel
  oscar     partner  start   nightly-load    prod   -    -  ✗ shared_channel
  eve       partner  status   nightly-load    prod   -    -  ✗ shared_channel
  adam      partner  access  -               -      -    -  ✗ shared_channel
  alice     ruin    status   nightly-load    prod   -    -  ✗ shared_channel
`,
);

specify(
  'A channel that is archived, or without the bot, is refused to people with a rule there',
  `
  alice     attic   start    odd-1           prod   why  -  ✗ archived_channel
  alice     attic   status   odd-1           prod   -    -  ✗ archived_channel
  alice     quiet   start    odd-1           prod   why  -  ✗ bot_not_in_channel
  alice     quiet   status   odd-1           prod   -    -  ✗ bot_not_in_channel
  alice     cellar  start    odd-1           prod   why  -  ✗ archived_channel
  alice     attic   start    nightly-load    prod   -    -  ✗ wrong_channel: #ops #night
  eve       quiet   start    odd-1           prod   why  -  ✗ not_permitted: alice in #quiet
`,
);

specify(
  'A failed look-up is a refusal that names the look-up',
  `
  unseen     ops    start    nightly-load    prod   -    -  ✗ lookup_failed: person
  unseen     random  status  nightly-load    prod   -    -  ✗ lookup_failed: person
  ungrouped  ops    start    nightly-load    prod   -    -  ✗ lookup_failed: @operators
  alice      lost   start    odd-1           prod   why  -  ✗ lookup_failed: channel
  alice      lost   stop     nightly-load    prod   -    -  ✗ lookup_failed: channel
  eve        lost   access   -               -      -    -  ✗ lookup_failed: channel
`,
);

specify(
  'A user group whose members are unknown refuses only people to whom a rule may apply by it',
  `
  doubted alice  ops     start    nightly-load  prod   -    -  ✓ Operators run
  doubted alice  ops     stop     nightly-load  prod   why  -  ✗ lookup_failed: @leads
  doubted alice  ops     start    export-1      prod   why  -  ✗ lookup_failed: @operators
  doubted alice  night   stop     nightly-load  prod   -    -  ✓ Operators stop [1 of themselves, 5 min]
  doubted alice  ops     start    BILL1         prod   why  -  ✓ Billing takes two [2 of @leads carol, others only, 15 min]
  doubted alice  ops     stop     BILL1         prod   -    -  ✗ reason_required: Billing takes two
  doubted alice  random  start    nightly-load  prod   -    -  ✗ wrong_channel: #ops #night
  ungrouped      ops     start    export-1      prod   why  -  ✗ lookup_failed: @operators
  ungrouped      ops     stop     nightly-load  prod   why  -  ✗ lookup_failed: @leads
  ungrouped      ops     pause    BILL1         prod   -    -  ✗ not_permitted: @admins in #admin
  ungrouped      random  start    nightly-load  prod   -    -  ✗ not_permitted: @operators alice in #ops #night
`,
);

specify(
  'Of several reasons, the first of this order is given: person, place, workflow, rule, channel, freeze, reason',
  `
  unseen     lost     start  payroll-export  prod   -    2026-12-25 12:00  ✗ lookup_failed: person
  robot      lost     start  payroll-export  prod   -    2026-12-25 12:00  ✗ bot
  greta      partner  start  payroll-export  prod   -    2026-12-25 12:00  ✗ guest
  eve        lost     start  payroll-export  prod   -    2026-12-25 12:00  ✗ lookup_failed: channel
  eve        partner  start  payroll-export  prod   -    2026-12-25 12:00  ✗ shared_channel
  eve        attic    start  payroll-export  prod   -    2026-12-25 12:00  ✗ protected_workflow: configured
  eve        attic    start  odd-1           prod   -    2026-12-25 12:00  ✗ not_permitted: alice in #attic
  alice      attic    start  odd-1           prod   -    2026-12-25 12:00  ✗ archived_channel
  alice      quiet    start  odd-1           prod   -    2026-12-25 12:00  ✗ bot_not_in_channel
  oscar      random   start  export-1        prod   -    2026-12-25 12:00  ✗ wrong_channel: #ops #night
  oscar      ops      start  export-1        prod   -    2026-12-25 12:00  ✗ frozen until 2027-01-02 00:00: Holidays
  oscar      ops      start  export-1        prod   -    2027-01-02 12:00  ✗ reason_required: Exports say why
  alice      ops      start  BILL1           prod   why  2026-12-25 12:00  ✗ frozen until 2027-01-02 00:00: Holidays
  alice      ops      stop   BILL1           prod   -    2026-12-25 12:00  ✗ reason_required: Billing takes two
`,
);

const sinceNoon = {
  because: 'the sender domain is blocked',
  until: momentOf('2026-03-10 15:00'),
  request: 'ABCD2345',
};

specify(
  'A declared freeze blocks start and resume until it ends, and nothing else',
  `
  oscar   ops     start     nightly-load    prod   why  2026-03-10 12:00     ✗ frozen until 2026-03-10 15:00 by ABCD2345: the sender domain is blocked
  oscar   ops     resume    nightly-load    prod   why  2026-03-10 14:59:59  ✗ frozen until 2026-03-10 15:00 by ABCD2345: the sender domain is blocked
  oscar   ops     start     nightly-load    prod   why  2026-03-10 15:00     ✓ Operators run
  oscar   ops     pause     nightly-load    prod   why  2026-03-10 12:00     ✓ Operators run
  oscar   ops     stop      nightly-load    prod   why  2026-03-10 12:00     ✓ Operators stop [1 of themselves, 5 min]
  oscar   ops     status    nightly-load    prod   -    2026-03-10 12:00     ✓ Operators run
  nina    ops     freeze    *               prod   -    2026-03-10 12:00     ✓ On call
  nina    ops     unfreeze  *               prod   -    2026-03-10 12:00     ✓ On call
  eve     random  start     nightly-load    prod   -    2026-03-10 12:00     ✗ not_permitted: @operators alice in #ops #night
  oscar   ops     start     nightly-load    prod   why  2026-03-10 05:00     ✗ frozen until 2026-03-10 15:00 by ABCD2345: the sender domain is blocked
`,
  sinceNoon,
);

specify(
  'A declared freeze that ends before a planned one is not the one that is named',
  `
  oscar   ops     start     nightly-load    prod   -    2026-12-25 12:00     ✗ frozen until 2027-01-02 00:00: Holidays
  oscar   ops     stop      nightly-load    prod   -    2026-11-27 12:00     ✗ frozen until 2026-11-28 00:00: Black Friday
  oscar   ops     start     nightly-load    prod   -    2026-11-27 12:00     ✗ frozen until 2026-12-25 13:00: short
  oscar   ops     pause     nightly-load    prod   -    2026-11-27 12:00     ✗ frozen until 2026-11-28 00:00: Black Friday
`,
  { because: 'short', until: momentOf('2026-12-25 13:00'), request: null },
);
