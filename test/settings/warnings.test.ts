import { describe, expect, it } from '@jest/globals';
import { wordsOf } from '../../src/locales/words.ts';
import { warningLine } from '../../src/settings/problem.ts';
import { readSettings } from '../../src/settings/read-settings.ts';
import { rightEnvironment } from './right-environment.ts';
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
      'workflows: ["BIG*"]',
      'never permits anything: a freeze is about all workflows, and this rule is about some. Leave workflows out.',
    ],
    [
      '[stop]',
      'workflows: [tracking]',
      'never permits anything: its workflows are protected, and no rule opens those.',
    ],
  ])('is a warning that says why: %s, %s', (commands, rest, why) => {
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

describe('a rule of the file under which somebody asks in vain', () => {
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
  ])('is a warning that names them: %s, %s', (people, approval, users) => {
    expect(warningsWith(rule(people, approval))).toEqual([warning(users)]);
  });

  it.each([
    ['{ users: [U0ALICE, U0BOB] }', '{ from: { users: [U0BOB] }, requester_may_approve: true }'],
    ['{ users: [U0ALICE, U0BOB] }', '{ from: { users: [U0BOB], groups: [S0LEADS] } }'],
    ['{ users: [U0ALICE, U0BOB] }', '{ from: { users: [U0BOB, U0CAROL] } }'],
    ['{ groups: [S0OPS] }', '{ from: { users: [U0BOB] } }'],
    ['{ users: [U0BOB] }', '{ from: requester }'],
  ])('is none where others can confirm, or may be able to: %s, %s', (people, approval) => {
    expect(warningsWith(rule(people, approval))).toEqual([]);
  });
});

it.each([
  [`${twoEnvironments}access: []\n`, 6],
  [twoEnvironments, 1],
])('a file without rules permits nobody, which is a warning', (text, line) => {
  expect(warningsWith(text)).toEqual([`campaign-wf.yml:${line}: access has no rules, so nobody may do anything.`]);
});

describe('the simple policy', () => {
  const warnings = (changes: Record<string, string>) => {
    const read = readSettings({ ...rightEnvironment, ...changes }, wordsOf('en'), null);
    return read.ok ? read.warnings.map(warningLine) : [];
  };

  it('with an empty list is a warning: it permits nobody', () => {
    expect(warnings({})).toEqual([
      'CAMPAIGN_WF_CHANNELS is empty: commands are taken nowhere.',
      'CAMPAIGN_WF_USERS is empty: nobody may do anything.',
    ]);
    expect(warnings({ CAMPAIGN_WF_CHANNELS: 'C0OPS' })).toHaveLength(1);
  });

  it('without approvers is none: whoever asks confirms', () => {
    expect(warnings({ CAMPAIGN_WF_CHANNELS: 'C0OPS', CAMPAIGN_WF_USERS: 'U0ALICE' })).toEqual([]);
  });

  it('has its warnings for variables of an environment, too', () => {
    const lists = { CAMPAIGN_WF_CHANNELS: 'C0OPS', CAMPAIGN_WF_USERS: 'U0ALICE' };
    expect(warnings({ ...lists, CAMPAIGN_ACMEE_SCOPES: 'x' })).toEqual([
      'CAMPAIGN_ACMEE_SCOPES is for no environment: did you mean CAMPAIGN_ACME_SCOPES?',
    ]);
  });
});
