import { describe, expect, it } from '@jest/globals';
import type { types } from '@slack/bolt';
import { checkModal } from '../../../sandbox/slack/views/modal.ts';
import type { PlannedFreeze } from '../../../src/access/freeze-windows.ts';
import type { Approval, Policy } from '../../../src/access/policy.ts';
import { stateWith } from '../../../src/slack/form/read-form.ts';
import { actOnMessage } from '../../../src/slack/listeners/open-form.ts';
import { showTermsOfChoice } from '../../../src/slack/listeners/show-terms.ts';
import { messageName, termsBlock } from '../../../src/slack/names.ts';
import { people, policyOf, ruleOf } from '../../access/policy.fixture.ts';
import { neverAborted, submission } from '../../requests/ledger/ledger.fixture.ts';
import { context } from '../message-contexts.ts';
import { linesOf } from '../shown-text.ts';
import { openBolt } from './bolt.fixture.ts';
import { type Harness, openHarness } from './harness.fixture.ts';

const approval = (change: Partial<Approval> = {}): Approval => ({
  from: people('S0LEADS'),
  count: 1,
  requesterMayApprove: false,
  withinMs: 900_000,
  ...change,
});

const format = { pattern: '^OPS-[0-9]+', hint: 'a ticket, such as OPS-12' };
const workflows = (id: string) => [{ id, environment: null }];
const both = { environments: new Set(['prod', 'stage']), people: people('U0ALICE', 'U0BOB') };

const policy = policyOf(
  [
    ruleOf('Leads', { ...both, workflows: workflows('LEADS1'), approval: approval(), reasonRequired: true }),
    ruleOf('Two', {
      ...both,
      workflows: workflows('TWO1'),
      approval: approval({ count: 2, from: people('U0DAVE', 'S0LEADS') }),
      reasonFormat: format,
    }),
    ruleOf('Ticket', { ...both, workflows: workflows('TICKET1'), reasonRequired: true, reasonFormat: format }),
    ruleOf('Nobody', { ...both, workflows: workflows('EMPTY1'), approval: approval({ from: people('S0OPS') }) }),
    ruleOf('Bob alone', { ...both, workflows: workflows('BOB1'), people: people('U0BOB') }),
    ruleOf('Anything', { ...both, workflows: workflows('WKF*') }),
  ],
  { protectedWorkflows: new Set(['wkf666']) },
);

type Values = Parameters<typeof stateWith>[0];

function chosen(person: string, values: Values, blocks: readonly string[] = []) {
  const view = {
    id: 'V0FORM',
    hash: '1.a',
    private_metadata: { channel: 'C0OPS', interaction: '1.2' },
    state: stateWith(values),
    blocks: blocks.map((block_id) => ({ block_id })),
  };
  return { user: { id: person }, team: null, view, actions: [{ action_ts: '2.0' }] } satisfies Parameters<
    typeof showTermsOfChoice
  >[0];
}

const choice = (command: string, workflow: string, environment = 'stage'): Values => ({
  command,
  workflow: `id ${workflow}`,
  environment,
});

/** The last version of the form: the lines that say what it needs, and the field of the reason. Null: it was not changed. */
function shown({ forms }: Harness) {
  const view = forms.at(-1) as types.ModalView | undefined;
  if (view === undefined) return null;
  const checked = checkModal(view);
  if (!checked.ok) throw new Error(checked.problems.join());
  const terms = view.blocks.filter(({ block_id }) => block_id === termsBlock) as types.KnownBlock[];
  const reason = view.blocks.find(({ block_id }) => block_id === 'reason') as types.InputBlock;
  const { label, hint, optional = false } = reason;
  return {
    lines: terms.length === 0 ? [] : linesOf({ text: 'x', blocks: terms }),
    reason: `${label.text}${optional ? ' (optional)' : ''}`,
    hint: hint?.text,
  };
}

async function choosing(
  values: Values,
  { person = 'U0ALICE', rules = policy }: { person?: string; rules?: Policy } = {},
) {
  await using harness = await openHarness(rules);
  await showTermsOfChoice(chosen(person, values), harness.ports);
  return shown(harness);
}

const anyReason = 'It is read by everybody in the channel, and kept.';

describe('the form says before it is sent', () => {
  it('that a reason is required, and whose confirmation it needs', async () => {
    expect(await choosing(choice('start', 'LEADS1'))).toEqual({
      lines: ['Start LEADS1 (stage)', 'Needs a confirmation by @S0LEADS, within 15 minutes.'],
      reason: 'Reason (required)',
      hint: anyReason,
    });
  });

  it('that two have to confirm it, and which reason the rule takes where one is given', async () => {
    expect(await choosing(choice('pause', 'TWO1'))).toEqual({
      lines: ['Pause TWO1 (stage)', 'Needs confirmations by 2 people (@U0DAVE or @S0LEADS), within 15 minutes.'],
      reason: 'Reason (optional)',
      hint: `If you give one, the rule asks for: “a ticket, such as OPS-12”. Everybody in the channel reads it, and it is kept.`,
    });
  });

  it('that nobody has to confirm it, and which reason the rule requires', async () => {
    expect(await choosing(choice('pause', 'TICKET1'))).toEqual({
      lines: ['Pause TICKET1 (stage)', 'No confirmation needed.'],
      reason: 'Reason (required)',
      hint: 'The rule asks for: “a ticket, such as OPS-12”. Everybody in the channel reads it, and it is kept.',
    });
  });

  it('that the person confirms a stop, and that a start may need more than it seems', async () => {
    const own = 'You confirm it yourself, by a second press in the channel.';
    expect(await choosing(choice('stop', 'WKF1'))).toMatchObject({ lines: ['Stop WKF1 (stage)', own] });
    const start = 'No confirmation needed, unless it would resume or repeat something.';
    expect(await choosing(choice('start', 'WKF1'))).toMatchObject({ lines: ['Start WKF1 (stage)', start] });
  });

  it('that a lead who asks is not among those who confirm it', async () => {
    expect(await choosing(choice('start', 'LEADS1'), { person: 'U0BOB' })).toMatchObject({
      lines: [expect.anything(), 'Needs a confirmation by @S0LEADS (except @U0BOB), within 15 minutes.'],
    });
  });

  it.each([
    ['by the rules', 'BOB1', '@U0BOB may start BOB1 in stage, and you are not among them'],
    ['of a protected workflow', 'WKF666', 'This workflow is protected'],
    ['that nobody could confirm', 'EMPTY1', 'Nobody could confirm it: the only one in @S0OPS is you'],
  ])('that it would be refused: %s', async (_, workflow, why) => {
    expect(await choosing(choice('start', workflow))).toEqual({
      lines: [`Start ${workflow} (stage)`, expect.stringContaining(`Would be refused. ${why}`)],
      reason: 'Reason (optional)',
      hint: anyReason,
    });
  });

  it('that a freeze is in force', async () => {
    const until = Date.UTC(2030, 1, 1);
    const freeze: PlannedFreeze = {
      environments: new Set(['stage']),
      verbs: new Set(['start']),
      because: 'the move',
      time: { kind: 'period', from: 0, until },
    };
    const rules = { ...policy, freezes: [freeze] };
    expect(await choosing(choice('start', 'WKF1'), { rules })).toMatchObject({
      lines: [
        'Start WKF1 (stage)',
        'Would be refused. Starting is held until {time} by a freeze of the configuration: “the move”.',
      ],
    });
  });
});

describe('the form is left as it is', () => {
  it.each([
    ['until everything is chosen', { command: 'start' }, 'U0ALICE'],
    ['where the choices contradict each other', { ...choice('start', 'WKF1 prod'), environment: 'stage' }, 'U0ALICE'],
    ['for somebody whom no rule names', choice('start', 'LEADS1'), 'U0DAVE'],
    ['for a guest', choice('start', 'LEADS1'), 'U0GINA'],
  ])('%s', async (_, values, person) => {
    expect(await choosing(values, { person })).toBeNull();
  });

  it('where Slack does not say who the person is, and where an answer is missing', async () => {
    await using harness = await openHarness(policy);
    harness.slack.fail('users.info', { kind: 'error', error: 'internal_error' });
    await showTermsOfChoice(chosen('U0ALICE', choice('start', 'LEADS1')), harness.ports);
    expect(shown(harness)).toBeNull();
  });

  it('opened in the App Home, for somebody who is not in its channel any more', async () => {
    await using harness = await openHarness(policy);
    const body = chosen('U0ALICE', choice('start', 'LEADS1'));
    const atHome = {
      ...body,
      view: { ...body.view, private_metadata: { ...body.view.private_metadata, surface: 'home' as const } },
    };
    await showTermsOfChoice(atHome, harness.ports);
    expect(shown(harness)).toMatchObject({ reason: 'Reason (required)' });
    harness.forms.length = 0;
    const elsewhere = {
      ...harness.ports,
      directory: {
        ...harness.ports.directory,
        channelsOf: async () => ({ ok: true, channels: new Map<string, string>(), isComplete: true }) as const,
      },
    };
    await showTermsOfChoice(atHome, elsewhere);
    expect(shown(harness)).toBeNull();
  });
});

it('what an earlier choice needed is not shown any more once something else is chosen', async () => {
  await using harness = await openHarness(policy);
  await showTermsOfChoice(chosen('U0ALICE', { command: 'start' }, [termsBlock]), harness.ports);
  expect(shown(harness)).toEqual({ lines: [], reason: 'Reason (optional)', hint: anyReason });
});

it('the form for an announcement says at once what the same again needs', async () => {
  await using harness = await openHarness(policy);
  const order = { workflowId: 'LEADS1', environment: 'stage', organization: 'acme-stage', verb: 'start' } as const;
  await harness.ledger.submit(submission('REQUEST1', order), neverAborted);
  const body = {
    user: { id: 'U0ALICE' },
    team: null,
    channel: { id: 'C0OPS' },
    trigger_id: '1.2',
    message: { blocks: [{ block_id: messageName('REQUEST1') }] },
  };
  expect(await actOnMessage(body, harness.ports)).toBeNull();
  expect(harness.forms).toHaveLength(2);
  expect(shown(harness)).toMatchObject({
    lines: ['Start LEADS1 (stage)', expect.any(String)],
    reason: 'Reason (required)',
  });
});

it('is not updated for somebody who chooses far more often than people do', async () => {
  await using harness = await openHarness(policy);
  const rates = async () => ({ retryInSeconds: 9, isFirst: true });
  await showTermsOfChoice(chosen('U0ALICE', choice('start', 'LEADS1')), { ...harness.ports, rates });
  expect(shown(harness)).toBeNull();
});

it.each([
  [false, 1],
  [true, 0],
])('each choice is acknowledged at once, and shown unless the bot is stopping: %j', async (isStopping, count) => {
  const updates: unknown[] = [];
  const bolt = openBolt(context, { updateForm: async (open) => void updates.push(open) });
  if (isStopping) await bolt.inFlight.drain();
  const { view, ...body } = chosen('U0ALICE', choice('start', 'LEADS1'));
  const sent = { ...view, private_metadata: JSON.stringify(view.private_metadata) };
  await bolt.deliver('workflow', { ...body, view: sent });
  expect(bolt.acknowledged).toEqual([undefined]);
  expect(updates).toEqual(Array(count).fill({ id: 'V0FORM', hash: '1.a', at: 2 }));
});

it('a failure is logged, and hinders nothing', async () => {
  await using harness = await openHarness(policy);
  const faults: unknown[] = [];
  const ports = {
    ...harness.ports,
    updateForm: async () => {
      throw new Error('lost');
    },
    count: { arrived: () => {}, fault: (where: string) => faults.push(where) },
  };
  await showTermsOfChoice(chosen('U0ALICE', choice('start', 'LEADS1')), ports as never);
  expect(faults).toEqual(['interaction']);
});
