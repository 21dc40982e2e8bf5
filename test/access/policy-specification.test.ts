import { specify } from './specification-table.fixture.ts';

/*
 * The policy's specification, part one: what the rules of `rich-policy.fixture.ts` and its freezes decide.
 * who | where | command | workflow | environment | reason | when (UTC) | the decision in full
 */

specify(
  'A rule permits its people its commands on its workflows, in its channels and environments',
  `
  oscar   ops     start     nightly-load    prod   -    -  ✓ Operators run
  oscar   ops     pause     nightly-load    prod   -    -  ✓ Operators run
  oscar   ops     resume    nightly-load    prod   -    -  ✓ Operators run
  oscar   ops     status    nightly-load    prod   -    -  ✓ Operators run
  alice   ops     start     nightly-load    prod   -    -  ✓ Operators run
  lena    ops     resume    nightly-load    prod   -    -  ✓ Operators run
  oscar   night   start     WKF201          stage  -    -  ✓ Operators run
  oscar   ops     start     nightly-load    prod   why  -  ✓ Operators run
  lars    ops     start     WKF777          prod   -    -  ✓ Leads start
  dora    dev     start     any_thing-9     dev    -    -  ✓ Developers play
  dora    dev     history   -               dev    -    -  ✓ Developers play
  audrey  audit   status    WKF1            stage  -    -  ✓ Auditors read
  audrey  ops     history   nightly-load    prod   -    -  ✓ Auditors read
`,
);

specify(
  'A refusal names the channels in which the person may do it',
  `
  oscar   random  start     nightly-load    prod   -    -  ✗ wrong_channel: #ops #night
  alice   dev     pause     WKF2            stage  -    -  ✗ wrong_channel: #ops #night
  oscar   audit   resume    export-1        prod   why  -  ✗ wrong_channel: #ops #night
  lars    night   stop      WKF777          prod   why  -  ✗ wrong_channel: #ops
  alice   night   start     BILL1           prod   why  -  ✗ wrong_channel: #ops
  dora    ops     status    WKF1            dev    -    -  ✗ wrong_channel: #dev
  alice   ops     start     segments        stage  -    -  ✗ wrong_channel: #agency
  alice   night   start     odd-1           prod   why  -  ✗ wrong_channel: #attic #quiet #cellar #lost
  nina    admin   freeze    *               prod   -    -  ✗ wrong_channel: #ops #night
  audrey  night   access    -               -      -    -  ✗ wrong_channel: #audit #ops
  adam    ops     unfreeze  *               dev    -    -  ✗ wrong_channel: #admin
  lena    audit   stop      nightly-load    prod   why  -  ✗ wrong_channel: #ops #night
`,
);

specify(
  'A refusal names who may do it here, otherwise who may do it where, and never somebody who could not do it either',
  `
  eve     ops     start     nightly-load    prod   -    -  ✗ not_permitted: @leads @operators alice in #ops
  eve     night   start     nightly-load    prod   -    -  ✗ not_permitted: @operators alice in #night
  eve     night   stop      nightly-load    prod   -    -  ✗ not_permitted: @oncall @operators alice in #night
  eve     ops     stop      WKF777          prod   -    -  ✗ not_permitted: @leads @oncall in #ops
  eve     random  start     nightly-load    prod   -    -  ✗ not_permitted: @operators alice in #ops #night
  eve     random  stop      WKF777          stage  -    -  ✗ not_permitted: @leads in #ops
  eve     dev     stop      WKF777          dev    -    -  ✗ not_permitted: @devs gustav in #dev
  carol   ops     start     BILL1           prod   why  -  ✗ not_permitted: @leads alice in #ops
  oscar   ops     start     WKF777          prod   -    -  ✗ not_permitted: @leads in #ops
  oscar   ops     start     MAIL1           stage  -    -  ✗ not_permitted: alice gina guido sam in #agency
  lars    ops     pause     nightly-load    prod   -    -  ✗ not_permitted: @operators alice in #ops
  nina    ops     start     WKF9            dev    -    -  ✗ not_permitted: @devs gustav in #dev
  dora    dev     freeze    *               prod   -    -  ✗ not_permitted: @oncall in #ops #night
  audrey  audit   freeze    *               stage  -    -  ✗ not_permitted: @admins in #admin
  adam    admin   start     WKF1            qa     -    -  ✗ not_permitted: nobody in no channel
  gustav  ops     access    -               -      -    -  ✗ not_permitted: @audit in #ops
  dora    dev     access    -               dev    -    -  ✗ not_permitted: @audit in #audit #ops
`,
);

specify(
  'An empty list permits nobody, and no refusal refers to it',
  `
  eve     dev     start     WKF1            dev    why  -  ✗ not_permitted: @devs gustav in #dev
  eve     dev     start     WKF1            stage  why  -  ✗ not_permitted: @admins in #admin
  eve     dev     history   -               stage  -    -  ✗ not_permitted: @audit in #audit #ops
  eve     dev     history   -               -      -    -  ✗ not_permitted: @devs gustav in #dev
  eve     dev     freeze    *               dev    why  -  ✗ not_permitted: @admins in #admin
  eve     random  access    -               -      -    -  ✗ not_permitted: @audit in #audit #ops
`,
);

specify(
  'People are named by user or by group, and by the whole ID in its own letter case',
  `
  small alice      ops  start  nightly-load  prod  -  -  ✗ not_permitted: @leads @operators alice in #ops
  long alice       ops  start  nightly-load  prod  -  -  ✗ not_permitted: @leads @operators alice in #ops
  user @operators  ops  start  nightly-load  prod  -  -  ✗ not_permitted: @leads @operators alice in #ops
  carol            ops  stop   WKF777        prod  -  -  ✗ not_permitted: @leads @oncall in #ops
`,
);

specify(
  'A rule applies to the listed environments, and an alias to its workflow in its own environment alone',
  `
  oscar   ops     start     WKF110          prod   -    -  ✓ Operators run
  oscar   ops     start     WKF110          stage  -    -  ✗ not_permitted: @admins in #admin
  oscar   ops     start     stage-load      stage  -    -  ✓ Operators run
  oscar   ops     start     WKF120          prod   -    -  ✗ not_permitted: @leads in #ops
  oscar   ops     pause     WKF120          prod   -    -  ✗ not_permitted: @admins in #admin
  oscar   ops     start     WKF201          dev    -    -  ✗ not_permitted: @devs gustav in #dev
  oscar   ops     start     WKF201          PROD   -    -  ✗ not_permitted: nobody in no channel
  oscar   ops     stop      WKF110          stage  -    -  ✗ not_permitted: @leads in #ops
  gina    agency  start     WKF300          stage  -    -  ✓ Agency mails
  gina    agency  start     WKF300          prod   -    -  ✗ not_permitted: @leads in #ops
  dora    dev     start     WKF110          dev    -    -  ✓ Developers play
  oscar   ops     start     nightly-load    -      -    -  ✓ Operators run
`,
);

specify(
  'A workflow is matched by all of its ID, with * for any characters, in any case',
  `
  oscar   ops     pause     WKF2            prod   -    -  ✓ Operators run
  oscar   ops     pause     WKF29_b-c       prod   -    -  ✓ Operators run
  oscar   ops     pause     wkf2            prod   -    -  ✓ Operators run
  oscar   ops     pause     WKF3            prod   -    -  ✗ not_permitted: @admins in #admin
  oscar   ops     pause     xWKF2           prod   -    -  ✗ not_permitted: @admins in #admin
  oscar   ops     pause     wkf110          prod   -    -  ✓ Operators run
  oscar   ops     pause     WKF1101         prod   -    -  ✗ not_permitted: @admins in #admin
  oscar   ops     pause     WKF11           prod   -    -  ✗ not_permitted: @admins in #admin
  oscar   ops     pause     loadEU          prod   -    -  ✓ Operators run
  oscar   ops     pause     LOAD-north-eu   prod   -    -  ✓ Operators run
  oscar   ops     pause     load-us         prod   -    -  ✗ not_permitted: @admins in #admin
  oscar   ops     pause     load-eu2        prod   -    -  ✗ not_permitted: @admins in #admin
  oscar   ops     pause     -               prod   -    -  ✓ Operators run
`,
);

specify(
  'The first matching rule decides: a missing reason never falls through to a laxer rule',
  `
  oscar   ops     start     export-daily    prod   -    -  ✗ reason_required: Exports say why
  oscar   ops     resume    export-daily    prod   -    -  ✗ reason_required: Exports say why
  oscar   ops     start     export-daily    prod   why  -  ✓ Exports say why
  oscar   ops     start     EXPORT-daily    prod   -    -  ✗ reason_required: Exports say why
  oscar   ops     start     Export-         prod   -    -  ✗ reason_required: Exports say why
  lena    ops     start     export-daily    prod   -    -  ✗ reason_required: Exports say why
  oscar   ops     pause     export-daily    prod   -    -  ✓ Operators run
  oscar   ops     status    export-daily    prod   -    -  ✓ Exports say why
  oscar   ops     start     export-daily    stage  -    -  ✓ Operators run
  oscar   night   start     export-daily    prod   -    -  ✓ Operators run
  alice   ops     start     export-daily    prod   -    -  ✓ Operators run
  lars    ops     start     export-daily    prod   -    -  ✓ Leads start
  oscar   ops     start     exports         prod   why  -  ✗ not_permitted: @leads in #ops
  lars    ops     stop      WKF777          prod   -    -  ✗ reason_required: Leads stop
  lena    ops     stop      nightly-load    prod   -    -  ✗ reason_required: Leads stop
  lena    night   stop      nightly-load    prod   -    -  ✓ Operators stop [1 of themselves, 5 min]
`,
);

specify(
  'A required confirmation is not bypassed by a laxer rule either',
  `
  alice   ops     start     BILL7           prod   why  -  ✓ Billing takes two [2 of @leads carol, others only, 15 min]
  alice   ops     stop      BILL7           prod   why  -  ✓ Billing takes two [2 of @leads carol, others only, 15 min]
  alice   ops     stop      bill7           prod   why  -  ✓ Billing takes two [2 of @leads carol, others only, 15 min]
  alice   ops     stop      BILL7           prod   -    -  ✗ reason_required: Billing takes two
  alice   ops     stop      BILL7           stage  -    -  ✓ Operators stop [1 of themselves, 5 min]
  alice   night   stop      BILL7           prod   -    -  ✓ Operators stop [1 of themselves, 5 min]
  oscar   ops     stop      BILL7           prod   -    -  ✓ Operators stop [1 of themselves, 5 min]
  lars    ops     start     BILL7           prod   why  -  ✓ Billing takes two [2 of @leads carol, others only, 15 min]
  lars    ops     start     bill            prod   -    -  ✗ reason_required: Billing takes two
  lars    ops     start     BIL7            prod   -    -  ✓ Leads start
  lena    ops     stop      BILL7           prod   why  -  ✓ Billing takes two [2 of @leads carol, others only, 15 min]
  lars    ops     status    BILL7           prod   -    -  ✓ Billing takes two
  lars    ops     stop      WKF777          stage  why  -  ✓ Leads stop [1 of @leads, others only, 10 min]
  lars    ops     stop      nightly-load    prod   why  -  ✓ Leads stop [1 of @leads, others only, 10 min]
`,
);

specify(
  'A stop always needs a confirmation: the requester’s, where its rule names no approvers',
  `
  oscar   ops     stop      nightly-load    prod   -    -  ✓ Operators stop [1 of themselves, 5 min]
  oscar   night   stop      stage-load      stage  why  -  ✓ Operators stop [1 of themselves, 5 min]
  oscar   ops     stop      stage-load      prod   -    -  ✗ not_permitted: @leads @oncall in #ops
  dora    dev     stop      WKF1            dev    -    -  ✓ Developers play [1 of themselves, 5 min]
  nina    night   stop      WKF777          prod   -    -  ✓ On call [1 of themselves, 5 min]
  adam    admin   stop      WKF1            stage  -    -  ✓ Admins [1 of @admins, 5 min]
  dora    dev     pause     WKF1            dev    -    -  ✓ Developers play
`,
);

specify(
  'Any command can need a confirmation; queries need neither that nor a reason',
  `
  adam    admin   start     WKF1            dev    -    -  ✓ Admins [1 of @admins, 5 min]
  adam    admin   pause     WKF1            prod   -    -  ✓ Admins [1 of @admins, 5 min]
  adam    admin   freeze    *               prod   -    -  ✓ Admins [1 of @admins, 5 min]
  adam    admin   unfreeze  *               stage  -    -  ✓ Admins [1 of @admins, 5 min]
  adam    admin   status    WKF1            prod   -    -  ✓ Admins
  adam    admin   history   -               -      -    -  ✓ Admins
  adam    admin   access    -               -      -    -  ✓ Admins
  audrey  audit   status    WKF1            prod   -    -  ✓ Auditors read
  audrey  ops     history   -               -      -    -  ✓ Auditors read
  audrey  ops     access    -               -      -    -  ✓ Auditors read
`,
);

specify(
  'A command on a whole environment is matched by * alone; one without a workflow by any pattern in that environment',
  `
  nina    ops     freeze    *               prod   -    -  ✓ On call
  nina    ops     unfreeze  *               prod   -    -  ✓ On call
  nina    ops     freeze    *               stage  -    -  ✗ not_permitted: @admins in #admin
  oscar   ops     start     *               prod   -    -  ✗ not_permitted: @leads in #ops
  oscar   night   history   -               prod   -    -  ✓ Night looks back
  oscar   night   history   nightly-load    prod   -    -  ✓ Night looks back
  oscar   night   history   -               -      -    -  ✓ Night looks back
  oscar   night   history   -               stage  -    -  ✗ not_permitted: @audit in #audit #ops
  oscar   night   history   WKF110          stage  -    -  ✗ not_permitted: @audit in #audit #ops
  oscar   night   history   WKF201          prod   -    -  ✗ not_permitted: @audit in #audit #ops
`,
);

specify(
  'A watch is permitted only by a rule that names it, in its channel; protected workflows can be watched, and a freeze holds none',
  `
  oscar   ops     watch     nightly-load    prod   -    -  ✗ not_permitted: @admins in #admin
  alice   ops     unwatch   nightly-load    prod   -    -  ✗ not_permitted: @admins in #admin
  lena    ops     watch     WKF777          prod   why  -  ✗ not_permitted: @admins in #admin
  dora    dev     watch     WKF1            dev    -    -  ✗ not_permitted: @admins in #admin
  adam    admin   watch     WKF1            dev    -    -  ✓ Admins [1 of @admins, 5 min]
  adam    admin   unwatch   WKF1            stage  -    -  ✓ Admins [1 of @admins, 5 min]
  adam    admin   watch     payroll-export  prod   why  -  ✓ Admins [1 of @admins, 5 min]
  adam    admin   watch     payroll-export  dev    -    -  ✓ Admins [1 of @admins, 5 min]
  adam    admin   watch     billing         dev    -    -  ✓ Admins [1 of @admins, 5 min]
  adam    admin   unwatch   TRACKING        stage  -    -  ✓ Admins [1 of @admins, 5 min]
  adam    ops     watch     WKF1            dev    -    -  ✗ wrong_channel: #admin
  adam    admin   watch     WKF1            qa     -    -  ✗ not_permitted: nobody in no channel
  eve     admin   watch     WKF1            dev    -    -  ✗ not_permitted: @admins in #admin
  eve     random  unwatch   nightly-load    prod   -    -  ✗ not_permitted: @admins in #admin
  adam    admin   watch     WKF1            prod   -    2026-03-10 05:00  ✓ Admins [1 of @admins, 5 min]
  audrey  audit   watch     WKF1            stage  -    -  ✗ not_permitted: @admins in #admin
`,
);

specify(
  'A protected workflow cannot be changed, and can be read',
  `
  oscar   ops     start     payroll-export  prod   why  -  ✗ protected_workflow: configured
  oscar   ops     pause     Payroll-EXPORT  stage  -    -  ✗ protected_workflow: configured
  oscar   ops     status    payroll-export  prod   -    -  ✓ Operators run
  lars    ops     stop      billing         prod   why  -  ✗ protected_workflow: technical
  adam    admin   resume    cleanup         prod   why  -  ✗ protected_workflow: technical
  adam    admin   start     trackingLogRecovery  dev  -  -  ✗ protected_workflow: technical
  dora    dev     stop      TRACKING        dev    -    -  ✗ protected_workflow: technical
  eve     random  start     deliverabilityUpdate  prod  -  -  ✗ protected_workflow: technical
  adam    admin   status    updateEventsStatus  prod  -  -  ✓ Admins
  adam    admin   history   mobileAppMessages  prod  -  -  ✓ Admins
  adam    admin   start     cleanup2        prod   -    -  ✓ Admins [1 of @admins, 5 min]
  adam    admin   start     my-cleanup      prod   -    -  ✓ Admins [1 of @admins, 5 min]
`,
);

specify(
  'A daily freeze blocks start and resume by the local time of its zone, and ends on the minute',
  `
  oscar   ops     start     nightly-load    prod   -    2026-03-10 04:44:59  ✓ Operators run
  oscar   ops     start     nightly-load    prod   -    2026-03-10 04:45     ✗ frozen until 2026-03-10 05:15: Campaign restarts
  oscar   ops     resume    nightly-load    prod   why  2026-03-10 05:14:59  ✗ frozen until 2026-03-10 05:15: Campaign restarts
  oscar   ops     start     nightly-load    prod   -    2026-03-10 05:15     ✓ Operators run
  oscar   ops     start     WKF201          stage  -    2026-03-10 05:00     ✗ frozen until 2026-03-10 05:30: Stage is copied
  oscar   ops     start     WKF201          stage  -    2026-03-10 05:30     ✓ Operators run
  oscar   ops     start     nightly-load    prod   -    2026-03-28 04:50     ✗ frozen until 2026-03-28 05:15: Campaign restarts
  oscar   ops     start     nightly-load    prod   -    2026-03-29 04:50     ✓ Operators run
  oscar   ops     start     nightly-load    prod   -    2026-03-29 03:45     ✗ frozen until 2026-03-29 04:15: Campaign restarts
  oscar   ops     start     nightly-load    prod   -    2026-10-25 03:50     ✓ Operators run
  oscar   ops     start     nightly-load    prod   -    2026-10-25 04:50     ✗ frozen until 2026-10-25 05:15: Campaign restarts
  adam    admin   start     WKF1            dev    -    2026-03-10 05:00     ✓ Admins [1 of @admins, 5 min]
`,
);

specify(
  'A freeze over midnight, also with a clock change in it',
  `
  oscar   ops     start     stage-load      stage  -    2026-01-15 03:29:59  ✓ Operators run
  oscar   ops     start     stage-load      stage  -    2026-01-15 03:30     ✗ frozen until 2026-01-15 06:30: Stage is copied
  oscar   ops     start     stage-load      stage  -    2026-01-15 05:00     ✗ frozen until 2026-01-15 06:30: Stage is copied
  oscar   ops     start     stage-load      stage  -    2026-07-15 02:30     ✗ frozen until 2026-07-15 05:30: Stage is copied
  oscar   ops     start     stage-load      stage  -    2026-07-15 06:00     ✓ Operators run
  oscar   ops     start     stage-load      stage  -    2026-11-01 02:30     ✗ frozen until 2026-11-01 05:30: Stage is copied
  oscar   ops     start     stage-load      stage  -    2026-11-01 05:45     ✓ Operators run
  oscar   ops     start     stage-load      stage  -    2026-11-01 06:00     ✗ frozen until 2026-11-01 06:30: Stage is copied
  oscar   ops     start     stage-load      stage  -    2026-11-01 06:30     ✓ Operators run
`,
);

specify(
  'A freeze inside the hour that is skipped in spring and repeated in autumn',
  `
  dora    dev     pause     WKF1            dev    -    2026-03-28 01:30     ✗ frozen until 2026-03-28 01:45: Backups
  dora    dev     pause     WKF1            dev    -    2026-03-29 00:59:59  ✓ Developers play
  dora    dev     pause     WKF1            dev    -    2026-03-29 01:00     ✓ Developers play
  dora    dev     pause     WKF1            dev    -    2026-03-29 01:30     ✓ Developers play
  dora    dev     pause     WKF1            dev    -    2026-03-30 00:30     ✗ frozen until 2026-03-30 00:45: Backups
  dora    dev     pause     WKF1            dev    -    2026-10-25 00:30     ✗ frozen until 2026-10-25 00:45: Backups
  dora    dev     pause     WKF1            dev    -    2026-10-25 01:00     ✓ Developers play
  dora    dev     pause     WKF1            dev    -    2026-10-25 01:30     ✗ frozen until 2026-10-25 01:45: Backups
`,
);

specify(
  'A single freeze; of several, the one that lasts longest is named',
  `
  oscar   ops     start     nightly-load    prod   -    2026-12-19 23:59:59  ✓ Operators run
  oscar   ops     start     nightly-load    prod   -    2026-12-20 00:00     ✗ frozen until 2027-01-02 00:00: Holidays
  oscar   ops     resume    nightly-load    prod   -    2026-12-25 05:00     ✗ frozen until 2027-01-02 00:00: Holidays
  oscar   ops     start     nightly-load    prod   -    2027-01-01 23:59:59  ✗ frozen until 2027-01-02 00:00: Holidays
  oscar   ops     start     nightly-load    prod   -    2027-01-02 00:00     ✓ Operators run
  oscar   ops     start     nightly-load    prod   -    2027-01-02 05:00     ✗ frozen until 2027-01-02 05:15: Campaign restarts
  oscar   ops     start     stage-load      stage  -    2026-12-25 12:00     ✓ Operators run
`,
);

specify(
  'A freeze does not block an overriding command unless it names it, nor a query, nor an unfreeze',
  `
  oscar   ops     stop      nightly-load    prod   -    2026-12-25 12:00     ✓ Operators stop [1 of themselves, 5 min]
  oscar   ops     pause     nightly-load    prod   -    2026-12-25 12:00     ✓ Operators run
  oscar   ops     status    nightly-load    prod   -    2026-12-25 12:00     ✓ Operators run
  nina    ops     freeze    *               prod   -    2026-12-25 12:00     ✓ On call
  oscar   ops     stop      nightly-load    prod   -    2026-11-27 00:00     ✗ frozen until 2026-11-28 00:00: Black Friday
  oscar   ops     pause     nightly-load    prod   -    2026-11-27 12:00     ✗ frozen until 2026-11-28 00:00: Black Friday
  oscar   ops     start     nightly-load    prod   -    2026-11-27 12:00     ✗ frozen until 2026-11-28 00:00: Black Friday
  oscar   ops     status    nightly-load    prod   -    2026-11-27 12:00     ✓ Operators run
  audrey  ops     history   nightly-load    prod   -    2026-11-27 12:00     ✓ Auditors read
  nina    ops     unfreeze  *               prod   -    2026-11-27 12:00     ✓ On call
  oscar   ops     stop      nightly-load    prod   -    2026-11-28 00:00     ✓ Operators stop [1 of themselves, 5 min]
  dora    dev     start     WKF1            dev    -    2026-03-28 01:30     ✓ Developers play
  dora    dev     stop      WKF1            dev    -    2026-03-28 01:30     ✓ Developers play [1 of themselves, 5 min]
  adam    admin   stop      WKF1            prod   -    2026-11-27 12:00     ✗ frozen until 2026-11-28 00:00: Black Friday
`,
);
