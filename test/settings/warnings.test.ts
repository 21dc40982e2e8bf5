import { describe, expect, it } from '@jest/globals';
import { translatorFor } from '../../src/locales/translator.ts';
import { warningLine } from '../../src/settings/problem.ts';
import { readSettings } from '../../src/settings/read-settings.ts';
import { validVariables } from './valid-variables.ts';
import { twoEnvironments, warningsWith } from './with-file.ts';

describe('a rule of the file that never decides', () => {
  it('is a warning, with the line on which it begins', () => {
    const text = `${twoEnvironments}
access:
  - { name: all, channels: [C0OPS], people: { users: [U0ALICE] }, commands: [start, stop] }
  - name: some
    channels: [C0OPS]
    people: { users: [U0ALICE] }
    workflows: [nightly-load]
    commands: [stop]
  - { name: others, channels: [C0OPS], people: { users: [U0BOB] }, commands: [start, stop] }
  - name: nobody
    channels: [C0OPS]
    people: {}
    commands: [stop]
`;
    expect(warningsWith(text)).toEqual([
      'campaign-wf.yml:9: access[1] never decides anything: rules before it decide all that it is about.',
      'campaign-wf.yml:15: access[3] never decides anything: one of its lists is empty.',
    ]);
  });

  it.each([
    [
      '[stop]',
      'environments: [stage], workflows: [nightly-load]',
      'never decides anything: its workflows are aliases of environments that it does not name.',
    ],
    [
      '[freeze]',
      'workflows: ["WKF2*"]',
      'never permits anything: a freeze is about all workflows, and this rule is about some. Leave workflows out.',
    ],
    [
      '[stop]',
      'workflows: [tracking]',
      'never permits anything: its workflows are protected, and no rule opens those.',
    ],
  ])('is a warning with the reason: %s, %s', (commands, rest, why) => {
    const text = `${twoEnvironments}
access:
  - { name: idle, channels: [C0OPS], people: { users: [U0ALICE] }, commands: ${commands}, ${rest} }
`;
    expect(warningsWith(text)).toEqual([`campaign-wf.yml:8: access[0] ${why}`]);
  });

  it('is no warning while it decides something', () => {
    const text = `${twoEnvironments}
access:
  - { name: some, channels: [C0OPS], people: { users: [U0ALICE] }, workflows: [nightly-load], commands: [stop] }
  - { name: all, channels: [C0OPS], people: { users: [U0ALICE] }, commands: [stop] }
`;
    expect(warningsWith(text)).toEqual([]);
  });
});

describe('an entry in a list of workflows', () => {
  const aliases = `${twoEnvironments}  nightly-report: { id: WKF111 }
  natt-körning: { id: WKF112, environment: stage }
`;
  const inRule = (workflows: string, keys = '') =>
    warningsWith(`${aliases}access:
  - name: nights
    channels: [C0OPS]
    people: { users: [U0ALICE] }
    commands: [pause]
    workflows: ${workflows}
${keys}`);
  const at = (key: string, line: number, what: string) => `campaign-wf.yml:${line}: ${key} ${what}`;
  const nothing =
    'matches no alias, and looks like no ID that Campaign gives, such as WKF110. If a workflow was renamed to this, give it an alias.';

  it.each([
    ['["night*"]', 'the aliases nightly-load and nightly-report', 'them'],
    ['["NIGHTLY-L*"]', 'the alias nightly-load', 'it'],
    ['["*körning"]', 'the alias natt-körning', 'it'],
    ['["nightly-*", nightly-report]', 'the alias nightly-load', 'it'],
    ['["nightly-*", WKF110]', 'the alias nightly-report', 'it'],
  ])('that matches unlisted aliases is a warning: %s', (list, which, it) => {
    const what = `also matches ${which}: * stands for any characters in aliases as well as in IDs. If that is meant, list ${it} beside the pattern.`;
    expect(inRule(list)).toEqual([at('access[0].workflows[0]', 13, what)]);
  });

  it.each([
    ['["nightly-*", nightly-load, nightly-report]', ''],
    ['["nightly-*", "WKF11*"]', ''],
    ['["natt-*", WKF1]', '    environments: [stage]\n    reason: required\n'],
    ['["*"]', ''],
    ['["W*"]', ''],
    ['[wkf7, "WKF*7", "*9", nightly-load]', ''],
  ])('that matches nothing new, or can be an ID, is no warning: %s', (list, keys) => {
    const expected = list.includes('natt-*') ? [expect.stringContaining('also matches the alias natt-körning')] : [];
    expect(inRule(list, keys)).toEqual(expected);
  });

  it('is no warning where the alias is of an environment that the rule does not name', () => {
    expect(inRule('["natt-*", WKF1]', '    environments: [prod]\n')).toEqual([]);
  });

  it.each(['payroll', 'WKFl11', 'WKF11O', 'WKF', 'WFK110', '"payroll-*"', '"*-load-eu"', '"1*WKF"'])(
    'that matches no alias and is no usual ID is a warning: %s',
    (entry) => {
      expect(inRule(`[WKF1, ${entry}]`)).toEqual([at('access[0].workflows[1]', 13, nothing)]);
    },
  );

  it.each(['WKFl11', 'WKF11O', 'VKF110', 'WKF_110', 'payroll'])(
    'is checked in protected_workflows and watch, too: %s',
    (entry) => {
      const rule = '  - { name: a, channels: [C0OPS], people: { users: [U0ALICE] }, commands: [pause] }\n';
      const file = `${aliases}access:\n${rule}`;
      const list = `protected_workflows:\n  - nightly-load\n  - WKF7\n  - ${entry}\n`;
      expect(warningsWith(`${file}${list}`)).toEqual([at('protected_workflows[2]', 13, nothing)]);
      const watch = `watch:\n  - { workflows: [nightly-load, WKF7, ${entry}], channel: C0OPS }\n`;
      expect(warningsWith(`${file}${watch}`)).toEqual([at('watch[0].workflows[2]', 11, nothing)]);
    },
  );
});

describe('a rule of the file with too few approvers', () => {
  const rule = (people: string, approval: string) => `${twoEnvironments}
access:
  - name: stops
    channels: [C0OPS]
    people: ${people}
    commands: [stop]
    approval: ${approval}
`;
  const warning = (users: string) =>
    `campaign-wf.yml:12: access[0].approval.from names too few to confirm what is asked for by ${users}: whoever asks may not approve. Name more people.`;

  it.each([
    ['{ users: [U0ALICE, U0BOB] }', '{ from: { users: [U0BOB] } }', 'U0BOB'],
    ['{ users: [U0BOB], groups: [S0OPS] }', '{ from: { users: [U0BOB] } }', 'U0BOB'],
    ['{ users: [U0ALICE, U0BOB, U0CAROL] }', '{ from: { users: [U0BOB, U0CAROL] }, count: 2 }', 'U0BOB and U0CAROL'],
  ])('is a warning that names the requesters: %s, %s', (people, approval, users) => {
    expect(warningsWith(rule(people, approval))).toEqual([warning(users)]);
  });

  it.each([
    ['{ users: [U0ALICE, U0BOB] }', '{ from: { users: [U0BOB] }, requester_may_approve: true }'],
    ['{ users: [U0ALICE, U0BOB] }', '{ from: { users: [U0BOB], groups: [S0LEADS] } }'],
    ['{ users: [U0ALICE, U0BOB] }', '{ from: { users: [U0BOB, U0CAROL] } }'],
    ['{ groups: [S0OPS] }', '{ from: { users: [U0BOB] } }'],
    ['{ users: [U0BOB] }', '{ from: requester }'],
  ])('is no warning where others can confirm, or may be able to: %s, %s', (people, approval) => {
    expect(warningsWith(rule(people, approval))).toEqual([]);
  });
});

describe('a stage of an escalation', () => {
  const stages = (from: string, ...to: readonly string[]) =>
    warningsWith(`${twoEnvironments}
access:
  - name: stops
    channels: [C0OPS]
    people: { users: [U0ALICE] }
    commands: [stop]
    approval:
      from: ${from}
      escalate:
${to.map((people, index) => `        - { after: ${index + 1}m, to: ${people} }`).join('\n')}
`);
  const leads = '{ users: [U0BOB], groups: [S0LEADS] }';
  const onCall = (users: string) =>
    `{ on_call: { users: ${users}, rotation: daily, from: 2026-01-05, timezone: Europe/Paris } }`;
  const warning = (stage: number) =>
    `campaign-wf.yml:${15 + stage}: access[0].approval.escalate[${stage}].to asks only people who may confirm already, from the beginning or since an earlier stage: it lets nobody else confirm. Name others, or use a reminder.`;

  it.each([
    [leads, ['{ users: [U0BOB] }'], [0]],
    [leads, ['{ groups: [S0LEADS] }', '{ groups: [S0DUTY] }'], [0]],
    [leads, ['{ groups: [S0DUTY] }', '{ groups: [S0DUTY], users: [U0BOB] }'], [1]],
    [leads, [onCall('[U0BOB]')], [0]],
  ])('that asks nobody new is a warning: %s, %j', (from, to, found) => {
    expect(stages(from, ...to)).toEqual(found.map(warning));
  });

  it.each([
    [leads, ['{ users: [U0BOB, U0CAROL] }', '{ groups: [S0DUTY] }']],
    [leads, [onCall('[U0BOB, U0CAROL]')]],
    ['{}', ['{ users: [U0BOB] }']],
  ])('that asks somebody else as well is none: %s, %j', (from, to) => {
    expect(stages(from, ...to)).toEqual([]);
  });
});

it.each([
  [`${twoEnvironments}access: []\n`, 6],
  [twoEnvironments, 1],
])('a file without rules permits nobody, which is a warning', (text, line) => {
  expect(warningsWith(text)).toEqual([`campaign-wf.yml:${line}: access has no rules, so nobody may do anything.`]);
});

describe('a freeze', () => {
  it('that is over is a warning, and holds nothing', () => {
    const text = `${twoEnvironments}
access:
  - { name: all, channels: [C0OPS], people: { users: [U0ALICE] }, commands: [start, stop] }
freezes:
  - { from: 2026-11-10T00:00:00Z, until: 2026-11-10T00:00:01Z, because: It goes on }
  - from: 2025-12-20T00:00:00Z
    until: 2026-01-02T00:00:00Z
    because: The holidays of last year
  - { weekly: fri 16:00 - mon 08:00, timezone: Europe/Paris, because: Weekend }
`;
    expect(warningsWith(text)).toEqual([
      'campaign-wf.yml:12: freezes[1].until is in the past, so this freeze holds nothing any more. Remove it, or correct its time.',
    ]);
  });
});

it('a watch whose channel no rule names is a warning: nobody can use the buttons there', () => {
  const text = `${twoEnvironments}
access:
  - { name: all, channels: [C0OPS], people: { users: [U0ALICE] }, commands: [start, stop] }
watch:
  - { workflows: [WKF110], channel: C0OPS }
  - workflows: [WKF110]
    channel: C0OSP
`;
  expect(warningsWith(text)).toEqual([
    'campaign-wf.yml:12: watch[1].channel is named by no rule of access: alerts are posted there, and nobody can use their buttons. Correct the ID, or name the channel in a rule.',
  ]);
  const withoutRules = warningsWith(text.replace(/access:\n.*/, 'access: []'));
  expect(withoutRules).toHaveLength(1);
  expect(withoutRules[0]).toContain('access has no rules');
});

describe('the simple policy', () => {
  const warnings = (changes: Record<string, string>) => {
    const read = readSettings({ ...validVariables, ...changes }, translatorFor('en'), null);
    return read.ok ? read.warnings.map(warningLine) : [];
  };

  it('with an empty list is a warning: it permits nobody', () => {
    expect(warnings({})).toEqual([
      'CAMPAIGN_WF_CHANNELS is empty: commands are taken nowhere.',
      'CAMPAIGN_WF_USERS is empty: nobody may do anything.',
    ]);
    expect(warnings({ CAMPAIGN_WF_CHANNELS: 'C0OPS' })).toHaveLength(1);
  });

  it('without approvers is no warning: the requester confirms', () => {
    expect(warnings({ CAMPAIGN_WF_CHANNELS: 'C0OPS', CAMPAIGN_WF_USERS: 'U0ALICE' })).toEqual([]);
  });

  it('has its warnings for variables of an environment, too', () => {
    const lists = { CAMPAIGN_WF_CHANNELS: 'C0OPS', CAMPAIGN_WF_USERS: 'U0ALICE' };
    expect(warnings({ ...lists, CAMPAIGN_ACMEE_SCOPES: 'x' })).toEqual([
      'CAMPAIGN_ACMEE_SCOPES is for no environment: did you mean CAMPAIGN_ACME_SCOPES?',
    ]);
  });
});

it('a workflow that an earlier entry watches for the same channel is a warning: that entry counts', () => {
  const watch = (channel: string, workflows: string) => `  - { channel: ${channel}, workflows: [${workflows}] }\n`;
  const rule = '  - { name: a, channels: [C0OPS, C0MKT], people: { users: [U0ALICE] }, commands: [pause] }\n';
  const entries = [
    watch('C0OPS', 'nightly-load'),
    watch('C0MKT', 'WKF110'),
    watch('C0OPS', 'WKF7, WKF110'),
    watch('C0OPS', 'nightly-load, wkf7, WKF8'),
  ];
  expect(warningsWith(`${twoEnvironments}access:\n${rule}watch:\n${entries.join('')}`)).toEqual(
    [
      ['watch[2].workflows[1]', 11],
      ['watch[3].workflows[0]', 12],
      ['watch[3].workflows[1]', 12],
    ].map(
      ([path, line]) =>
        `campaign-wf.yml:${line}: ${path} is watched for this channel by an earlier entry already, and only that one counts there. Remove it here or there.`,
    ),
  );
});
