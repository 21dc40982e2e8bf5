import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type PretendSlack, startPretendSlack } from '../../sandbox/slack/pretend-slack.ts';
import { refuse } from '../../src/access/decision.ts';
import type { Policy, Rule } from '../../src/access/policy.ts';
import { type SimpleLists, simplePolicy } from '../../src/access/simple-policy.ts';
import { parseCommand } from '../../src/commands/grammar/parse-command.ts';
import type { Vocabulary } from '../../src/commands/vocabulary/vocabulary.ts';
import { foreign } from '../../src/locales/phrase.ts';
import { plain } from '../../src/locales/translator.ts';
import type { Event, Observation } from '../../src/requests/events.ts';
import type { Ledger } from '../../src/requests/ledger/ledger.ts';
import { openLedger } from '../../src/requests/ledger/open-ledger.ts';
import type { PostProblem } from '../../src/requests/outcome.ts';
import type { Request } from '../../src/requests/request.ts';
import { accessMessage } from '../../src/slack/answers/access.ts';
import { exampleOf } from '../../src/slack/answers/command-example.ts';
import { helpMessage } from '../../src/slack/answers/help.ts';
import { historyMessage } from '../../src/slack/answers/history.ts';
import { rightsOf } from '../../src/slack/answers/invocation.ts';
import { statusMessage } from '../../src/slack/answers/status.ts';
import { createDirectory } from '../../src/slack/directory.ts';
import type { AnswerPorts } from '../../src/slack/listener-ports.ts';
import { referTo } from '../../src/slack/references.ts';
import type { Message } from '../../src/slack/render.ts';
import { slackReasons } from '../locales/closed-sets.ts';
import { noon } from '../requests/events.fixture.ts';
import { ledgerOptions } from '../requests/ledger/ledger.fixture.ts';
import { clientOf } from '../sandbox/slack/quiet-client.ts';
import {
  autoApproved,
  confirmed,
  confirmedByTwo,
  dispatching,
  ended,
  everyEnd,
  everyObserved,
  notReached,
  observations,
  refusals,
  requestWith,
  waiting,
} from './every-request.ts';
import { context, contexts } from './message-contexts.ts';
import { acceptedBlocks, expectCompleteText, linesOf, smallPrintOf } from './shown-text.ts';

const people = (users: string[], groups: string[] = []) => ({ users: new Set(users), groups: new Set(groups) });
const lists: SimpleLists = {
  channels: new Set(['C0OPS', 'C0NOBOT', 'C0SHARED']),
  users: people(['U0ALICE', 'U0GINA', 'U0PAT', 'U0ROBOT', 'U0GONE']),
  approvers: people([], ['S0LEADS']),
  confirmWithinMs: 90_000,
};
const silentLog = { info: () => {}, warn: () => {}, error: () => {} };

let slack: PretendSlack;
let directory: ReturnType<typeof createDirectory>;
let ledger: Ledger;
let requests: readonly Request[];
let probeResult: Observation;
let freeze: Request | null;
let workspace: string | null;

beforeEach(async () => {
  slack = await startPretendSlack();
  directory = createDirectory(clientOf(slack), { team: 'T0ACME', enterprise: null }, silentLog);
  ledger = await openLedger(ledgerOptions({ kind: 'sqlite', path: ':memory:' }, Date.now));
  requests = [];
  probeResult = { kind: 'not_shown' };
  freeze = null;
  workspace = null;
});
afterEach(async () => {
  await ledger.close();
  await slack.close();
});

const prod = { name: 'prod', organization: 'acme', production: true };
const stage = { name: 'stage', organization: 'acme-stage', production: false };
const vocabulary: Vocabulary = {
  environments: ['prod', 'stage'],
  defaultEnvironment: 'prod',
  aliases: [{ name: 'trial', workflowId: 'WKF300', environment: 'stage', label: null }],
};

/** The real ports, except the requests of the ledger and the result of a probe. */
function sources(policy: Policy = simplePolicy(lists, 'prod')): AnswerPorts {
  return {
    ledger: {
      ...ledger,
      recent: async ({ refused }) => requests.filter(({ state }) => (state === 'refused') === refused),
      lastFreeze: async () => freeze,
    },
    directory,
    team: 'T0ACME',
    now: () => noon,
    policy: () => policy,
    vocabulary: () => vocabulary,
    environments: () => [prod, stage],
    environmentOf: (organization) => [prod, stage].find((one) => one.organization === organization)?.name ?? null,
    campaign: () => ({
      prepare: () => Promise.reject(new Error('nothing is sent')),
      probe: async () => probeResult,
      glance: async () => probeResult,
    }),
    plainContext: context,
    contextFor: (named) => ({ ...context, refer: referTo(workspace, named) }),
  };
}

/** The simple policy with other lists. */
const simple = (changes: Partial<SimpleLists>) => simplePolicy({ ...lists, ...changes }, 'prod');

const everything: Rule = {
  name: 'Operators',
  channels: new Set(['C0OPS']),
  people: people(['U0ALICE']),
  environments: new Set(['prod']),
  workflows: [{ id: '*', environment: null }],
  actions: new Set(['start']),
  reasonRequired: false,
  approval: null,
};
const ruled = (...rules: readonly Partial<Rule>[]): Policy => ({
  ...simplePolicy(lists, 'prod'),
  rules: rules.map((rule) => ({ ...everything, ...rule })),
});

const alice = { person: 'U0ALICE', team: 'T0ACME', channel: 'C0OPS', interaction: 'typed-1' };
const status = {
  kind: 'status',
  workflow: { id: 'WKF110', alias: null },
  environment: 'prod',
} as const;
const history = { kind: 'history', workflow: null, environment: null, person: null, lastMs: null } as const;

function frozenUntil(until: number): Request {
  return requestWith([...autoApproved, dispatching, ended('accepted', { kind: 'taken' })], {
    verb: 'freeze',
    workflowId: '*',
    reason: 'wrong audience',
    until,
  });
}

/** The commands that help shows: the example, those that are used likewise, and the others. */
const examplesIn = (lines: readonly string[]) =>
  lines.flatMap((line) => {
    const { example, others } =
      /^\/campaign-wf (?<example>.+)|^(?:Likewise|Also): (?<others>.+)/.exec(line)?.groups ?? {};
    return example === undefined ? (others?.split(', ') ?? []) : [example];
  });

describe('help', () => {
  const help = async (policy?: Policy, invocation = alice) => helpMessage(invocation, sources(policy));
  const examples = async (...rules: readonly Partial<Rule>[]) => examplesIn(linesOf(await help(ruled(...rules))));

  it('shows a valid example, the person’s other commands, and buttons for the form and for what waits', async () => {
    const message = await help();
    const [example = '', ...others] = examplesIn(expectCompleteText(message));
    expect(parseCommand(example, vocabulary)).toMatchObject({ ok: true, command: { kind: 'change', verb: 'start' } });
    expect(others).toEqual([
      ...['pause', 'resume', 'stop', 'status'],
      ...[
        'start … at 02:00',
        'list',
        'waiting',
        'watch',
        'history',
        'access @bob',
        'freeze prod 2h …',
        'approve ID',
        'cancel ID',
      ],
    ]);
    expect(message.blocks.at(-2)).toMatchObject({
      type: 'actions',
      elements: [{ action_id: 'new_request' }, { action_id: 'show_waiting' }],
    });
    expect(smallPrintOf(message)).toBe('What Campaign shows is a best effort.');
  });

  it('has an example out of the person’s own aliases', async () => {
    const [example] = await examples({
      environments: new Set(['prod', 'stage']),
      workflows: [{ id: '*', environment: null }],
    });
    expect(example).toBe('start trial');
  });

  it('uses workflows of the rules, by their alias, and names an environment that is not the default', async () => {
    expect(
      await examples({ workflows: [{ id: 'WKF300', environment: 'stage' }], environments: new Set(['stage']) }),
    ).toEqual(['start trial', 'start … at 02:00', 'list', 'waiting', 'access']);
    const stageOnly = { environments: new Set(['stage']), workflows: [{ id: 'WKF1*', environment: null }] };
    expect(await examples(stageOnly)).toEqual([
      'start WKF110 --env stage',
      'start … at 02:00',
      'list',
      'waiting',
      'access',
    ]);
    expect(await examples({ workflows: [{ id: 'mkt-*', environment: null }] })).toEqual([
      'start mkt-10',
      'start … at 02:00',
      'list',
      'waiting',
      'access',
    ]);
  });

  it('shows unfreeze where a freeze can be lifted', async () => {
    const rule = { actions: new Set(['unfreeze'] as const) };
    expect(await examples(rule)).toEqual(['list', 'waiting', 'access']);
    freeze = frozenUntil(noon + 60_000);
    expect(await examples(rule)).toEqual(['list', 'waiting', 'access', 'unfreeze prod']);
    // A freeze of the configuration cannot be lifted by a command.
    freeze = null;
    const time = { kind: 'period', from: noon - 1, until: noon + 1 } as const;
    const planned = { environments: new Set(['prod']), verbs: new Set(['start'] as const), because: 'Holidays', time };
    const lines = linesOf(await help({ ...ruled(rule), freezes: [planned] }));
    expect(lines.at(-1)).toBe('prod is frozen until {time}: Holidays');
    expect(examplesIn(lines)).toEqual(['list', 'waiting', 'access']);
  });

  it('uses another workflow where the usual one is protected', async () => {
    const without = (...ids: string[]) => ({ ...ruled({}), protectedWorkflows: new Set(ids) });
    expect(examplesIn(linesOf(await help(without('wkf110'))))).toEqual([
      'start WKF127',
      'start … at 02:00',
      'list',
      'waiting',
      'access',
    ]);
    expect(examplesIn(linesOf(await help(without('wkf110', 'wkf127'))))).toEqual([
      'start WKF143',
      'start … at 02:00',
      'list',
      'waiting',
      'access',
    ]);
  });

  it('limits the search for an example, also where a freeze affects many rules', () => {
    const many = Array.from({ length: 40 }, (_, nth) => ({ id: `LOAD${nth}*`, environment: null }));
    const asks = Array.from({ length: 50 }, () => ({ ...everything, workflows: many }));
    let checks = 0;
    const may = () => {
      checks += 1;
      return refuse({ reason: 'frozen', because: 'Holidays', until: noon, request: null });
    };
    expect(exampleOf('start', { asks, may, declared: new Map() }, vocabulary, 'why')).toBeNull();
    expect(checks).toBeLessThanOrEqual(2_000);
  });

  it('has a reason in the example where the rule requires one', async () => {
    expect(await examples({ reasonRequired: true })).toEqual([
      'start WKF110 it looks stuck',
      'start … at 02:00',
      'list',
      'waiting',
      'access',
    ]);
  });

  it('has the format of the reason in the example', async () => {
    const reasonFormat = { pattern: 'CHG', hint: 'a change number' };
    expect(await examples({ reasonRequired: true, reasonFormat })).toEqual([
      'start WKF110 [a change number]',
      ...['start … at 02:00', 'list', 'waiting', 'access'],
    ]);
  });

  it('shows nothing that would be taken for a typo', async () => {
    const workflows = [
      { id: 'trials', environment: null },
      { id: 'mkt-*', environment: null },
    ];
    expect(await examples({ workflows })).toEqual(['start mkt-10', 'start … at 02:00', 'list', 'waiting', 'access']);
  });

  it('does not show freezes to people without rights in their environments', async () => {
    freeze = frozenUntil(noon + 60_000);
    const lines = linesOf(await help(undefined, { ...alice, person: 'U0DAVE' }));
    expect(lines.join()).not.toContain('frozen');
    const inStage = linesOf(await help(ruled({ environments: new Set(['stage']) })));
    expect(inStage.filter((line) => line.includes('frozen'))).toEqual(['stage is frozen until {time}: wrong audience']);
  });

  it('shows nothing that a freeze, an earlier rule or an empty list prevents', async () => {
    freeze = frozenUntil(noon + 60_000);
    const lines = linesOf(await help(ruled({})));
    expect(examplesIn(lines)).toEqual(['list', 'waiting', 'access']);
    expect(lines).toContain('prod is frozen until {time}: wrong audience');
    freeze = frozenUntil(noon);
    expect(await examples({})).toEqual(['start WKF110', 'start … at 02:00', 'list', 'waiting', 'access']);
    expect(await examples({ workflows: [] })).toEqual([]);
    expect(await examples({ environments: new Set() })).toEqual([]);
  });

  it('gives the reason to people without rights, and offers no form', async () => {
    const message = await help(undefined, { ...alice, person: 'U0DAVE' });
    const [line] = expectCompleteText(message);
    expect(line).toMatch(/^Nothing can be run from here by you\. @U0ALICE.* may do this in #C0OPS/);
    expect(message.blocks.filter(({ type }) => type === 'actions')).toEqual([]);
  });

  it('offers no form to people who may only read', async () => {
    const message = await help(ruled({ actions: new Set(['status', 'history']) }));
    expect(message.blocks.filter(({ type }) => type === 'actions')).toMatchObject([
      { elements: [{ action_id: 'show_waiting' }] },
    ]);
  });

  it('names several frozen environments, and leaves the rest to access', async () => {
    const time = { kind: 'period', from: noon - 1, until: noon + 1 } as const;
    const environments = new Set(['prod', 'stage']);
    const planned = { environments, verbs: new Set(['start'] as const), because: 'Holidays', time };
    const lines = linesOf(await help({ ...ruled({ environments }), freezes: [planned] }));
    expect(lines).toContain('Frozen: prod and stage.');
    expect(lines.join()).not.toContain('Holidays');
  });

  it('cuts a long reason of a freeze', async () => {
    const time = { kind: 'period', from: noon - 1, until: noon + 1 } as const;
    const planned = {
      environments: new Set(['prod']),
      verbs: new Set(['start'] as const),
      because: 'x'.repeat(90),
      time,
    };
    expect(linesOf(await help({ ...ruled({}), freezes: [planned] }))).toContain(
      `prod is frozen until {time}: ${'x'.repeat(29)}…`,
    );
  });
});

describe('access', () => {
  const access = async (person: string, channel = 'C0OPS', policy?: Policy) =>
    expectCompleteText(await accessMessage(null, { ...alice, person, channel }, sources(policy)));

  it.each([
    ['U0DAVE', 'C0OPS', 'may do this in #C0OPS, and you are not among them. Ask there.'],
    ['U0ALICE', 'C0MKT', 'You may do this in #C0OPS, #C0NOBOT, or #C0SHARED, not here.'],
    ['U0ALICE', 'C0NOBOT', 'Type /invite @campaign-wf here, then try again.'],
    ['U0ALICE', 'C0SHARED', 'This channel is shared with another organization'],
    ['U0GINA', 'C0OPS', 'Guests cannot run workflows'],
    ['U0PAT', 'C0OPS', 'People of another organization cannot run workflows here.'],
    ['U0ROBOT', 'C0OPS', 'Bots cannot run workflows.'],
    ['U0GONE', 'C0OPS', 'This account is deactivated.'],
  ])('tells %s in %s the reason and what to do', async (person, channel, why) => {
    const [line, ...more] = await access(person, channel);
    expect(line).toMatch(/^In this channel you may not run workflows\. /);
    expect(line).toContain(why);
    expect(more).toEqual([]);
  });

  it('says that no rule permits anything to anybody, and whom to ask', async () => {
    const nobody = people([]);
    for (const policy of [simple({ users: nobody, approvers: nobody }), simple({ channels: new Set() }), ruled()]) {
      expect((await access('U0DAVE', 'C0OPS', policy))[0]).toMatch(/No rule lets anybody do this\. Ask the people/);
    }
  });

  it('says that the look-up of the person failed', async () => {
    slack.fail('users.info', { kind: 'http', status: 500 });
    const [line] = await access('U0ALICE');
    expect(line).toContain('Slack did not say who you are, and without that nothing is permitted.');
  });

  it('shortens long lists, and says how many more there are', async () => {
    const few = { ...everything, actions: new Set(['stop'] as const), reasonRequired: true };
    const approvers = Array.from({ length: 30 }, (_, nth) => `U0NR${nth}`);
    const policy = ruled({
      ...few,
      workflows: Array.from({ length: 45 }, (_, nth) => ({ id: `WKF${nth}*`, environment: null })),
      environments: new Set(['prod', ...Array.from({ length: 8 }, (_, nth) => `stage${nth}`)]),
      approval: { from: people(approvers), count: 1, requesterMayApprove: false, withinMs: 60_000 },
    });
    const [, line] = await access('U0ALICE', 'C0OPS', policy);
    expect(line).toContain(' · WKF0*, WKF1*, WKF2*, WKF3*, WKF4*, WKF5*, WKF6*, WKF7*, and 37 more · ');
    expect(line).toContain(', stage6, and 1 more · ');
    expect(line).toContain('@U0NR15, or 22 more needed, ');
  });

  it('fits into a message with the longest configuration', async () => {
    const long = {
      workflows: Array.from({ length: 40 }, (_, nth) => ({ id: `${nth}`.padEnd(64, 'W'), environment: null })),
    };
    const approval = { from: people(['U0ALICE']), count: 1, requesterMayApprove: false, withinMs: 60_000 };
    const rules = Array.from({ length: 30 }, (_, nth) => ({ ...long, approval, name: `${nth} `.padEnd(150, 'n') }));
    const time = { kind: 'period', from: noon - 1, until: noon + 1 } as const;
    const all = Array.from({ length: 40 }, (_, nth) => `env${nth}`);
    const policy = {
      ...ruled(...rules.map((rule) => ({ ...rule, environments: new Set(['prod', ...all]) }))),
      freezes: [{ environments: new Set(all), verbs: new Set(['start'] as const), because: 'H'.repeat(150), time }],
    };
    const environments = () => all.map((name) => ({ name, organization: name, production: false }));
    const everybodys = { ...sources(policy), environments };
    const lines = expectCompleteText(await accessMessage(null, alice, everybodys));
    const shown = lines.filter((line) => line.startsWith('“')).length;
    expect(shown).toBeGreaterThan(3);
    expect(lines).toContain(
      `There are ${30 - shown} more rules, for which there is no room here: the configuration file has them.`,
    );
    expect(lines.at(-1)).toMatch(/^\d+ more environments are frozen\.$/);
    acceptedBlocks(await helpMessage(alice, everybodys));
  });

  it('names the user groups whose look-up failed, beside what does not depend on them', async () => {
    slack.workspace.groups.splice(0);
    const unknown =
      'Slack did not say who is in the user group S0LEADS, and nobody is let past a rule that names it. ' +
      'Try again in a moment; if it goes on, tell the people who run campaign-wf: it may have been deleted.';
    expect(await access('U0DAVE')).toEqual([`In this channel you may not run workflows. ${unknown}`]);
    const lines = await access('U0ALICE');
    expect(lines).toContain(unknown);
    expect(lines.length).toBeGreaterThan(2);
    expect(examplesIn(linesOf(await helpMessage(alice, sources())))).toContain('stop');
  });

  it('refuses people of another workspace', async () => {
    const lines = linesOf(await accessMessage(null, { ...alice, team: 'T0OTHER' }, sources()));
    expect(lines[0]).toContain('People of another workspace cannot run workflows here.');
  });

  it('lists what the person may do, under which rule, and its requirements', async () => {
    const policy = ruled(
      {
        actions: new Set(['start', 'pause']),
        workflows: [
          { id: 'WKF300', environment: 'stage' },
          { id: 'WKF2*', environment: null },
        ],
        environments: new Set(['prod', 'stage']),
      },
      { name: 'Stops', actions: new Set(['stop']), reasonRequired: true },
      {
        name: 'Resumes',
        actions: new Set(['resume']),
        approval: { from: people(['U0CAROL'], ['S0LEADS']), count: 2, requesterMayApprove: false, withinMs: 60_000 },
      },
      { name: 'Not here', channels: new Set(['C0MKT']) },
      {
        name: 'Not Alice',
        people: people(['U0BOB']),
        approval: { from: people(['U0ALICE']), count: 1, requesterMayApprove: false, withinMs: 1 },
      },
    );
    freeze = frozenUntil(noon + 60_000);
    expect(await access('U0ALICE', 'C0OPS', policy)).toEqual([
      'In this channel you may, under the first of these rules that fits:',
      '“Operators”: start and pause · trial and WKF2* · prod and stage',
      '“Stops”: stop · all workflows · prod · a reason is needed · a stop is confirmed by whoever asks for it',
      '“Resumes”: resume · all workflows · prod · confirmations by 2 people (@U0CAROL or @S0LEADS) needed, within 1 minute',
      'What starts, pauses, resumes or stops a workflow can also be asked for later, such as at 02:00: the rules are applied when it is asked for, and again when it is due.',
      'What others ask for, you may confirm under: Not Alice.',
      'prod is frozen until {time}: wrong audience',
      'stage is frozen until {time}: wrong audience',
    ]);
  });

  it('says that a rule is for all workflows where one of its patterns is', async () => {
    const workflows = [
      { id: 'WKF300', environment: 'stage' },
      { id: '*', environment: null },
    ];
    expect((await access('U0ALICE', 'C0OPS', ruled({ workflows })))[1]).toBe(
      '“Operators”: start · all workflows · prod',
    );
  });

  it('shows the time limit of a confirmation, and where there are too few approvers', async () => {
    const approval = { from: people(['U0CAROL']), count: 1, requesterMayApprove: false };
    const policy = ruled(
      { name: 'Short', approval: { ...approval, withinMs: 20_000 } },
      { name: 'Long', approval: { ...approval, withinMs: 86_400_000 } },
      { name: 'Between', approval: { ...approval, withinMs: 5_430_000 } },
      { name: 'In vain', approval: { ...approval, from: people(['U0ALICE']), withinMs: 20_000 } },
    );
    const ends = (await access('U0ALICE', 'C0OPS', policy)).slice(1, 5).map((line) => line.split(' · ').at(-1));
    expect(ends).toEqual([
      'a confirmation by @U0CAROL needed, within 20 seconds',
      'a confirmation by @U0CAROL needed, within 24 hours',
      'a confirmation by @U0CAROL needed, within 1 hour, 30 minutes, 30 seconds',
      'a confirmation is needed that too few others may give',
    ]);
  });

  it.each([
    ['is empty', [], 'a confirmation is needed that too few others may give'],
    ['has only the requester in it', ['U0ALICE'], 'a confirmation is needed that too few others may give'],
    ['has others in it', ['U0ALICE', 'U0BOB'], 'a confirmation by @S0LEADS needed, within 1 minute'],
  ])('shows the approvers where the group %s', async (_, users, shown) => {
    for (const group of slack.workspace.groups) group.users = users;
    const approval = { from: people([], ['S0LEADS']), count: 1, requesterMayApprove: false, withinMs: 60_000 };
    const [, line = ''] = await access('U0ALICE', 'C0OPS', ruled({ approval }));
    expect(line.split(' · ').at(-1)).toBe(shown);
    const infos = slack.calls.filter(({ method }) => method === 'users.info');
    expect(infos).toHaveLength(1);
  });

  it('shows another person’s rights, with texts about that person and not about the reader', async () => {
    const lines = expectCompleteText(await accessMessage('U0BOB', alice, sources()));
    expect(lines[0]).toBe('In this channel @U0BOB may, under the first of these rules that fits:');
    expect(lines).toContain('What others ask for, @U0BOB may confirm under: CAMPAIGN_WF_USERS, stop.');
    const why = async (person: string, channel = 'C0OPS') =>
      expectCompleteText(await accessMessage(person, { ...alice, channel }, sources()))[0];
    expect(await why('U0GINA')).toMatch(/^In this channel @U0GINA may not run workflows\. Guests/);
    expect(await why('U0DAVE')).toMatch(/ may do this in #C0OPS.*, and @U0DAVE is not among them\.$/);
    expect(await why('U0BOB', 'C0MKT')).toContain(' @U0BOB may do this in #C0OPS, #C0NOBOT, or #C0SHARED, not here.');
    slack.fail('users.info', { kind: 'http', status: 500 });
    expect(await why('U0EVE')).toContain(' Slack did not say who @U0EVE is, ');
  });
});

describe('status', () => {
  const statusOf = async (changes: Partial<AnswerPorts> = {}, policy?: Policy) => {
    const all = { ...sources(policy), ...changes };
    return statusMessage(status, alice, await rightsOf(alice, all), all);
  };

  it('shows Campaign’s state, and the last requests', async () => {
    probeResult = { kind: 'seen', reading: 'in_progress', field: 'state', raw: '11' };
    workspace = 'https://acme.slack.com/';
    const ts = '1700000000.000100';
    const request = requestWith(waiting);
    requests = [{ ...request, announcement: { ...request.announcement, ts } }];
    const message = await statusOf();
    expect(expectCompleteText(message)).toEqual([
      'WKF110 in prod',
      'WKF110 shows as in progress.',
      'Last requests for it in this channel:',
      '✋ stop WKF110 (prod) · {time}',
      '@U0ALICE · wrong audience · [REQUEST1]',
    ]);
    expect(message.text).toContain(`<https://acme.slack.com/archives/C0OPS/p${ts.replace('.', '')}|REQUEST1>`);
  });

  it('lists no requests to people who may not see the history, and says so', async () => {
    const reads = ruled({ actions: new Set(['status']) });
    expect(linesOf(await statusOf({}, reads))).toHaveLength(2);
    requests = [
      requestWith(waiting),
      requestWith([ended('refused', { kind: 'access', refusal: { reason: 'guest' } })]),
    ];
    expect(expectCompleteText(await statusOf({}, reads)).slice(2)).toEqual([
      'There are requests for it in this channel, but none that you may see.',
    ]);
    expect(linesOf(await statusOf({}, ruled({ actions: new Set(['status', 'history']) })))).toHaveLength(7);
  });

  it('has a text for everything that Campaign can show', async () => {
    for (const observation of observations) {
      probeResult = observation;
      expect(expectCompleteText(await statusOf())).toHaveLength(2);
    }
  });
});

/** The first line of each request: every second line, after the title. */
const whatsIn = (lines: readonly string[]) => lines.slice(1).filter((_, index) => index % 2 === 0);

describe('history', () => {
  const shown = async (changes: Partial<AnswerPorts> = {}, policy?: Policy, changed: Partial<typeof history> = {}) => {
    const all = { ...sources(policy), ...changes };
    return historyMessage({ ...history, ...changed }, alice, await rightsOf(alice, all), all);
  };

  it('says that there are no requests', async () => {
    expect(linesOf(await shown())).toEqual(['No requests in this channel yet.']);
    const all = sources();
    const one = { ...history, workflow: { id: 'WKF110', alias: 'load' }, environment: 'prod' };
    expect(linesOf(await historyMessage(one, alice, await rightsOf(alice, all), all))).toEqual([
      'No requests for load (WKF110) in this channel yet.',
    ]);
  });

  it('shows every request with its ID where there is no link, and with its state, in every state', async () => {
    const open = [
      [],
      waiting,
      autoApproved,
      confirmed,
      [...confirmed, dispatching],
      [...confirmed, dispatching, notReached],
    ];
    const ends = new Map(everyEnd.map(([, request]) => [request.state, request]));
    const each = [...open.map((events) => requestWith(events)), ...ends.values()];
    expect(new Set(each.map(({ state }) => state)).size).toBe(13);
    for (const request of each) {
      requests = [request];
      const message = await shown();
      const [, what = '', who] = expectCompleteText(message);
      expect(what).toMatch(
        /^\p{Emoji} (start|stop|(un)?freeze|(un)?watch|mute|leave paused:) (WKF110|nightly-load|all workflows) \((WKF110, )?prod\) · \{time\}$/u,
      );
      expect(who).toMatch(/^@U0ALICE · .*REQUEST1/);
      const legend = smallPrintOf(message);
      expect(legend).toMatch(new RegExp(`^${what.split(' ')[0]} [a-z ]+( · ✓ confirmed by)?$`));
      expect(legend).not.toContain('_');
    }
  });

  it('has ✅ only for what was seen and is as it was asked for', async () => {
    const markOf = async (request: Request) => {
      requests = [request];
      const message = await shown();
      const [, what = ''] = expectCompleteText(message);
      const [mark = ''] = what.split(' ');
      expect(smallPrintOf(message).startsWith(`${mark} `)).toBe(true);
      return mark;
    };
    const marks = new Map<string, string>();
    for (const request of everyObserved) {
      const { observation, order } = request;
      const seen = observation?.kind === 'seen' ? `${order.verb} ${observation.reading}` : 'not seen';
      marks.set(seen, await markOf(request));
    }
    const asAsked = [...marks].filter(([, mark]) => mark === '✅').map(([seen]) => seen);
    expect(asAsked.sort()).toEqual(['pause warning', 'resume in_progress', 'start in_progress', 'stop finished']);
    expect([marks.get('not seen'), marks.get('stop erroneous')]).toEqual(['📥', '⚠️']);
    for (const [, request] of everyEnd) expect(await markOf(request)).not.toBe('✅');
  });

  it('shows an alias with its ID and environment, and of a request of today only the clock', async () => {
    requests = [requestWith(waiting, { alias: 'nightly-load' })];
    const message = await shown();
    expect(linesOf(message)[1]).toBe('✋ stop nightly-load (WKF110, prod) · {time}');
    const formats = (found: Message) => JSON.stringify(found.blocks).match(/"format":"[^"]+"/g);
    expect(formats(message)).toEqual(['"format":"{time}"']);
    const tomorrow = () => noon + 24 * 3_600_000;
    expect(formats(await shown({ now: tomorrow }))).toEqual(['"format":"{date_short_pretty} {time}"']);
  });

  it('shows requester, order and reason of every refusal, also of a decision that did not count, and of a query', async () => {
    for (const refusal of refusals) {
      const press: Event = {
        type: 'press_refused',
        data: { by: 'U0EVE', interaction: 'press-9', refusal: { kind: 'access', refusal } },
      };
      requests = [requestWith([ended('refused', { kind: 'access', refusal })]), requestWith([...waiting, press])];
      const [, , pressed = '', what, refused = ''] = expectCompleteText(await shown());
      expect(what).toBe('⛔ stop WKF110 (prod) · {time}');
      expect(refused).toMatch(/^@U0ALICE · wrong audience · REQUEST1 Why: .+/);
      expect(pressed).toMatch(/REQUEST1 A decision of @U0EVE did not count: .+/);
      // The reader is another person.
      for (const line of [refused, pressed]) expect(line).not.toMatch(/\byou(r|rself)?\b/i);
    }
    const refusal = { reason: 'guest' } as const;
    for (const verb of ['status', 'history', 'access'] as const) {
      const order = { verb, workflowId: '*', environment: '', organization: '' };
      requests = [requestWith([ended('refused', { kind: 'access', refusal })], order)];
      const [, what, who] = expectCompleteText(await shown());
      expect(what).toBe(`⛔ ${verb} · {time}`);
      expect(who).toMatch(/^@U0ALICE · wrong audience · REQUEST1 Why: Guests/);
    }
  });

  it('shows the last three decisions that did not count', async () => {
    const refusal = { kind: 'access', refusal: { reason: 'guest' } } as const;
    const presses = ['U0BOB', 'U0CAROL', 'U0DAVE', 'U0EVE'].map(
      (by): Event => ({ type: 'press_refused', data: { by, interaction: `press-${by}`, refusal } }),
    );
    requests = [requestWith([...waiting, ...presses])];
    const [, , line = ''] = expectCompleteText(await shown());
    const people = [...line.matchAll(/A decision of @(\w+) did not count/g)].map(([, by]) => by);
    expect(people).toEqual(['U0CAROL', 'U0DAVE', 'U0EVE']);
  });

  it.each(contexts)(
    'says in $translator.locale that the workflow does not exist, and not what was suggested',
    async (localized) => {
      const nearest = { workflowId: 'WKF300', alias: 'secret-load', environment: 'stage' };
      requests = [requestWith([ended('refused', { kind: 'no_such_workflow', nearest })])];
      const [, , line = ''] = expectCompleteText(await shown({ contextFor: () => localized }));
      const why = localized.translator.translate('because.no_such_workflow', {
        workflow: [foreign('WKF110')],
        environment: 'prod',
      });
      expect(line).toContain(plain(why));
      expect(line).not.toMatch(/secret-load|WKF300|stage/);
    },
  );

  it('shows whose rights were asked for in a refused query', async () => {
    const order = { verb: 'access', workflowId: '*', environment: '', organization: '', person: 'U0BOB' } as const;
    requests = [requestWith([ended('refused', { kind: 'access', refusal: { reason: 'guest' } })], order)];
    const [, what, who] = expectCompleteText(await shown());
    expect(what).toBe('⛔ access of @U0BOB · {time}');
    expect(who).toMatch(/^@U0ALICE · .*REQUEST1 Why:/);
  });

  it('shows the reason, cut to a line, and who confirmed', async () => {
    const long = 'the audience has people who have left us, and nobody noticed';
    const lineOf = async (request: Request) => {
      requests = [request];
      return expectCompleteText(await shown())[2];
    };
    expect(await lineOf(requestWith(confirmed, { reason: long }))).toBe(
      '@U0ALICE · the audience has… · ✓ @U0CAROL · REQUEST1',
    );
    expect(await lineOf(requestWith(confirmedByTwo, { reason: '' }))).toBe(
      '@U0ALICE · ✓ @U0BOB and @U0CAROL · REQUEST1',
    );
    expect(await lineOf(requestWith(waiting, { reason: '😀'.repeat(19) }))).toContain(`${'😀'.repeat(17)}…`);
    expect(await lineOf(requestWith(waiting, { reason: '😀'.repeat(18) }))).toContain(`· ${'😀'.repeat(18)} ·`);
  });

  it('shows only what the rules permit this person to see, and ten requests at most', async () => {
    const stop = requestWith(waiting);
    requests = [
      requestWith(waiting, { organization: 'acme-stage', environment: 'stage' }),
      requestWith(waiting, { workflowId: 'WKF999' }),
      ...Array.from({ length: 12 }, () => stop),
    ];
    const policy = ruled({ actions: new Set(['history']), workflows: [{ id: 'WKF110', environment: null }] });
    const whats = whatsIn(linesOf(await shown({}, policy)));
    expect(whats).toEqual(Array.from({ length: 10 }, () => '✋ stop WKF110 (prod) · {time}'));
  });

  it('shows requests of removed environments to people with all workflows of another one, and refused queries to all', async () => {
    requests = [requestWith(waiting, { organization: 'acme-gone', environment: 'gone' })];
    const history = new Set(['history'] as const);
    expect(whatsIn(linesOf(await shown({}, ruled({ actions: history }))))).toHaveLength(1);
    const few = ruled({ actions: history, workflows: [{ id: 'WKF*', environment: null }] });
    expect(linesOf(await shown({}, few))).toEqual([
      'Among the last requests in this channel there is none of this kind that you may see.',
    ]);
    const refused = ended('refused', { kind: 'access', refusal: { reason: 'guest' } });
    requests = [requestWith([refused], { verb: 'access', workflowId: '*', environment: '', organization: '' })];
    expect(whatsIn(linesOf(await shown({}, few)))).toHaveLength(1);
  });

  it('of a person has the emergencies that this person declared', async () => {
    const by = 'U0EVE';
    const nobody = { users: [], groups: [] };
    const declared: readonly Event[] = [
      { type: 'pressed', data: { by, choice: 'emergency', interaction: 'press-1', reason: 'fire' } },
      {
        type: 'approved',
        data: { by, interaction: 'press-1', emergency: { rule: 'Leads', people: nobody, reviewBy: nobody } },
      },
    ];
    requests = [requestWith([...waiting, ...declared])];
    const all = sources();
    const rights = await rightsOf(alice, all);
    const of = async (person: string) =>
      whatsIn(linesOf(await historyMessage({ ...history, person }, alice, rights, all)));
    expect([await of(by), await of('U0DAVE')].map(({ length }) => length)).toEqual([1, 0]);
  });

  it('is limited to an environment that is named', async () => {
    requests = [requestWith(waiting), requestWith(waiting, { organization: 'acme-stage', environment: 'stage' })];
    const policy = ruled({ actions: new Set(['history']), environments: new Set(['prod', 'stage']) });
    expect(whatsIn(linesOf(await shown({}, policy)))).toHaveLength(2);
    const all = sources(policy);
    const ofStage = await historyMessage({ ...history, environment: 'stage' }, alice, await rightsOf(alice, all), all);
    expect(whatsIn(linesOf(ofStage))).toEqual([expect.stringContaining('(stage)')]);
  });

  const problems: readonly PostProblem[] = [...slackReasons, 'rate_limited', 'doubt', 'fault'];

  it.each(problems)('explains why an outcome is not posted yet: %s', async (reason) => {
    const end = ended('not_sent', { kind: 'too_late' });
    const notPosted: Event = { type: 'not_posted', data: { message: 'outcome', reason } };
    requests = [requestWith([...autoApproved, end, notPosted])];
    const [, , line] = expectCompleteText(await shown());
    expect(line).toMatch(/ · REQUEST1 The outcome could not be posted yet, and is tried again: [A-Za-z’, -]+\.$/);
    requests = [
      requestWith([...autoApproved, end, notPosted, { type: 'reported', data: { via: 'thread', ts: '1.2' } }]),
    ];
    expect(linesOf(await shown())[2]).toMatch(/REQUEST1$/);
  });

  it.each(contexts)(
    'fits into a message with ten of the longest requests, in $translator.locale',
    async (localized) => {
      const longest = {
        workflowId: 'W'.repeat(64),
        alias: '&'.repeat(64),
        environment: 'e'.repeat(63),
        reason: '<'.repeat(500),
      };
      const revoked: Event = { type: 'not_posted', data: { message: 'outcome', reason: 'token_revoked' } };
      requests = Array.from({ length: 10 }, () => requestWith([...waiting, revoked], longest));
      const message = await shown({ contextFor: () => localized });
      acceptedBlocks(message);
      expect(linesOf(message)).toHaveLength(21);
      probeResult = { kind: 'seen', reading: 'warning', field: '&'.repeat(500), raw: '<'.repeat(500) };
      const all = { ...sources(), contextFor: () => localized };
      acceptedBlocks(await statusMessage(status, alice, await rightsOf(alice, all), all));
    },
  );
});
