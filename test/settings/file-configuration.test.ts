import { describe, expect, it } from '@jest/globals';
import { weekdays, windowsOf } from '../../src/access/freeze-windows.ts';
import { actions, nobody } from '../../src/access/policy.ts';
import { technicalWorkflows } from '../../src/access/simple-policy.ts';
import { translatorFor } from '../../src/locales/translator.ts';
import { readConfiguration, readSettings } from '../../src/settings/read-settings.ts';
import { validVariables } from './valid-variables.ts';
import { configurationOf, readWith, twoEnvironments } from './with-file.ts';

const organization = { CAMPAIGN_ORGANIZATION: 'acme' };

describe('environments of the file', () => {
  it('keep their order and their organizations', () => {
    const { environments, vocabulary } = configurationOf(twoEnvironments);
    expect(environments).toMatchObject([
      { name: 'prod', organization: 'acme', production: true },
      { name: 'stage', organization: 'acme-mkt-stage1', production: false },
    ]);
    expect(vocabulary.environments).toEqual(['prod', 'stage']);
  });

  it('are production where the file says so, whatever their names', () => {
    const text =
      'environments:\n  stage: { organization: a, production: true }\n  live: { organization: b, production: false }\n';
    expect(configurationOf(text).environments.map(({ production }) => production)).toEqual([true, false]);
  });

  it('are that of the variables where the file has none', () => {
    const { environments, vocabulary } = configurationOf('access: []\n', organization);
    expect(environments).toMatchObject([{ name: 'acme', organization: 'acme' }]);
    expect(vocabulary).toMatchObject({ environments: ['acme'], defaultEnvironment: 'acme' });
  });

  it('have a default where there is only one, or where the file names it', () => {
    expect(configurationOf(twoEnvironments).vocabulary.defaultEnvironment).toBeNull();
    expect(configurationOf(`${twoEnvironments}default_environment: stage\n`).vocabulary.defaultEnvironment).toBe(
      'stage',
    );
    const one = 'environments: { live: { organization: acme } }\n';
    expect(configurationOf(one).vocabulary.defaultEnvironment).toBe('live');
  });
});

it('aliases have their workflow, in their environment or in any', () => {
  const { vocabulary } = configurationOf(`${twoEnvironments}  Weekly: { id: wkf_7, label: " Weekly report " }\n`);
  expect(vocabulary.aliases).toEqual([
    { name: 'nightly-load', workflowId: 'WKF110', environment: 'prod', label: null },
    { name: 'Weekly', workflowId: 'wkf_7', environment: null, label: 'Weekly report' },
  ]);
});

describe('a rule of the file', () => {
  const rulesOf = (text: string) => configurationOf(`${twoEnvironments}  weekly: { id: WKF7 }\n${text}`).policy.rules;

  it('permits what it names', () => {
    const text = `access:
  - name: Operators
    channels: [C0OPS, G0OPS, D0X]
    people: { users: [U0ALICE, W0GRID], groups: [S0OPS] }
    environments: [stage]
    workflows: [Nightly-Load, weekly, "WKF2*", payroll]
    commands: [start, freeze, status]
    reason: required
    approval: { from: { users: [U0BOB, U0CAROL], groups: [S0LEADS] }, count: 2, requester_may_approve: true, expires_after: 1.5h }
`;
    expect(rulesOf(text)).toEqual([
      {
        name: 'Operators',
        channels: new Set(['C0OPS', 'G0OPS', 'D0X']),
        people: { users: new Set(['U0ALICE', 'W0GRID']), groups: new Set(['S0OPS']) },
        environments: new Set(['stage']),
        workflows: [
          { id: 'WKF110', environment: 'prod' },
          { id: 'WKF7', environment: null },
          { id: 'WKF2*', environment: null },
          { id: 'payroll', environment: null },
        ],
        actions: new Set(['start', 'freeze', 'status']),
        reasonRequired: true,
        approval: {
          from: { users: new Set(['U0BOB', 'U0CAROL']), groups: new Set(['S0LEADS']) },
          count: 2,
          requesterMayApprove: true,
          withinMs: 5_400_000,
        },
      },
    ]);
  });

  it('with a pattern matches IDs and aliases, each in the environment of its alias', () => {
    const workflows = (list: string) =>
      rulesOf(`access:\n  - { name: a, channels: [], people: {}, commands: [], workflows: ${list} }\n`)[0]?.workflows;
    const load = { id: 'WKF110', environment: 'prod' };
    const weekly = { id: 'WKF7', environment: null };
    expect(workflows('["Nightly-*"]')).toEqual([load, { id: 'Nightly-*', environment: null }]);
    expect(workflows('["*l*"]')).toEqual([load, weekly, { id: '*l*', environment: null }]);
    expect(workflows('["*"]')).toEqual([{ id: '*', environment: null }]);
    expect(workflows('[WEEKLY]')).toEqual([weekly]);
  });

  it('without optional keys is for all workflows in all environments, without reason or approval', () => {
    const [rule] = rulesOf(`access:\n  - { name: a, channels: [], people: {}, commands: [${actions.join(', ')}] }\n`);
    expect(rule).toEqual({
      name: 'a',
      channels: new Set(),
      people: nobody,
      environments: new Set(['prod', 'stage']),
      workflows: [{ id: '*', environment: null }],
      actions: new Set(actions),
      reasonRequired: false,
      approval: null,
    });
  });

  it('with empty lists permits nothing', () => {
    const text = 'access:\n  - { name: a, channels: [], people: {}, commands: [], environments: [], workflows: [] }\n';
    expect(rulesOf(text)).toMatchObject([{ environments: new Set(), workflows: [], actions: new Set() }]);
  });

  it.each([
    ['{ from: { groups: [S0LEADS] } }', { count: 1, requesterMayApprove: false, withinMs: 300_000 }],
    ['{ from: requester }', { from: 'requester', count: 1, requesterMayApprove: true, withinMs: 300_000 }],
    [
      '{ from: requester, requester_may_approve: true, expires_after: 1s }',
      { requesterMayApprove: true, withinMs: 1_000 },
    ],
  ])('has an approval: %s', (approval, expected) => {
    const text = `access:\n  - { name: a, channels: [], people: {}, commands: [stop], approval: ${approval} }\n`;
    expect(rulesOf(text)).toMatchObject([{ approval: expected }]);
  });

  it('keeps its position: the first one that matches decides', () => {
    const one = (name: string) => `  - { name: ${name}, channels: [], people: {}, commands: [] }\n`;
    expect(rulesOf(`access:\n${['c', 'a', 'b'].map(one).join('')}`).map(({ name }) => name)).toEqual(['c', 'a', 'b']);
  });
});

describe('the rest of the file', () => {
  it('protects workflows beside the technical ones, by ID in any case and by alias', () => {
    const { policy } = configurationOf(`${twoEnvironments}protected_workflows: [Payroll-Export, NIGHTLY-load]\n`);
    const added = policy.protectedWorkflows.difference(new Set(technicalWorkflows));
    expect(policy.protectedWorkflows.size).toBe(technicalWorkflows.length + added.size);
    // A workflow might have the alias's name as its ID.
    expect(added).toEqual(new Set(['payroll-export', 'nightly-load', 'wkf110']));
  });

  it('freezes environments at times', () => {
    const day = 24 * 60;
    const text = `${twoEnvironments}freezes:
  - { environments: [prod], daily: 22:45-06:15, timezone: Europe/Paris, because: Restart, commands: [stop, start] }
  - { from: 2026-12-20T00:00Z, until: 2026-12-20T01:30:00.5+01:00, because: Holiday }
  - { environments: [stage], days: [fri, sun], daily: 22:00-02:00, timezone: UTC, because: Nights }
  - { environments: [stage], days: [sat], timezone: UTC, because: Day }
  - { environments: [stage], weekly: fri 16:00 - mon 08:00, timezone: UTC, because: Weekend }
  - { environments: [stage], calendar: "https://calendar.example.com/a.ics?key=1", timezone: UTC, because: Calendar }
`;
    expect(configurationOf(text).policy.freezes).toEqual([
      {
        environments: new Set(['prod']),
        verbs: new Set(['start', 'stop']),
        because: 'Restart',
        time: { kind: 'weekly', windows: windowsOf(weekdays, '22:45', '06:15'), timezone: 'Europe/Paris' },
      },
      {
        environments: new Set(['prod', 'stage']),
        verbs: new Set(['start', 'resume']),
        because: 'Holiday',
        time: { kind: 'period', from: Date.UTC(2026, 11, 20), until: Date.UTC(2026, 11, 20, 0, 30, 0, 500) },
      },
      ...[
        {
          because: 'Nights',
          windows: [
            { from: 4 * day + 22 * 60, until: 5 * day + 2 * 60 },
            { from: 6 * day + 22 * 60, until: 2 * 60 },
          ],
        },
        { because: 'Day', windows: [{ from: 5 * day, until: 6 * day }] },
        { because: 'Weekend', windows: [{ from: 4 * day + 16 * 60, until: 8 * 60 }] },
      ].map(({ because, windows }) => ({
        environments: new Set(['stage']),
        verbs: new Set(['start', 'resume']),
        because,
        time: { kind: 'weekly', windows, timezone: 'UTC' },
      })),
      {
        environments: new Set(['stage']),
        verbs: new Set(['start', 'resume']),
        because: 'Calendar',
        time: { kind: 'calendar', source: 'https://calendar.example.com/a.ics?key=1', timezone: 'UTC' },
      },
    ]);
  });

  it('permits guests and shared channels', () => {
    const { policy } = configurationOf(`${twoEnvironments}guests: [U0GINA]\nshared_channels: [C0SHARED]\n`);
    expect(policy).toMatchObject({ guests: new Set(['U0GINA']), sharedChannels: new Set(['C0SHARED']) });
  });

  it('permits and freezes nothing by default', () => {
    expect(configurationOf('locale: en\n', organization).policy).toEqual({
      rules: [],
      protectedWorkflows: new Set(technicalWorkflows),
      freezes: [],
      guests: new Set(),
      sharedChannels: new Set(),
    });
  });

  it('may refer to parts of itself', () => {
    const text =
      'guests: &people [U0GINA]\naccess:\n  - { name: a, channels: [], people: { users: *people }, commands: [] }\n';
    expect(configurationOf(text, organization).policy.rules[0]?.people.users).toEqual(new Set(['U0GINA']));
  });
});

describe('a reload', () => {
  const translator = translatorFor('en');
  const file = (text: string) => ({ path: 'campaign-wf.yml', text });

  it('returns the same configuration as a start, with its warnings', () => {
    const text = 'guests: [U0GINA]\n';
    const read = readConfiguration(validVariables, translator, file(text));
    const started = readSettings(validVariables, translator, file(text));
    if (!started.ok) throw new Error('invalid');
    expect(started.warnings).toHaveLength(1);
    expect(read).toEqual({ ok: true, configuration: started.settings.configuration, warnings: started.warnings });
  });

  it('returns the same problems as a start', () => {
    const read = readConfiguration(validVariables, translator, file('guest: []\n'));
    expect(read).toEqual(readWith('guest: []\n', validVariables));
    expect(read).toMatchObject({ ok: false, problems: [{ file: 'campaign-wf.yml', line: 1, key: 'guest' }] });
  });
});
