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

describe('the form shows the moment of a command for later, by the person’s clock,', () => {
  const at = (when: string, values = choice('pause', 'WKF1')) => choosing({ ...values, when });

  it('with its zone and date, before what it needs', async () => {
    expect((await at('tomorrow 06:15'))?.lines).toEqual([
      'Pause WKF1 (stage)',
      '🕒 To be sent: Wed 11 Nov, 06:15, Europe/Paris ({time} in your time).',
      'No confirmation needed.',
    ]);
    expect((await at('until 12:30'))?.lines).toContain(
      '🕒 To be resumed: Wed 11 Nov, 12:30, Europe/Paris ({time} in your time).',
    );
    expect((await at('for 2h'))?.lines).toContain(
      '🕒 To be resumed: Tue 10 Nov, 15:00, Europe/Paris ({time} in your time).',
    );
  });

  it('also before anything is chosen', async () => {
    expect((await choosing({ when: 'at 18:00' }))?.lines).toEqual([expect.stringContaining('Tue 10 Nov, 18:00')]);
  });

  it('not while the time is being typed', async () => {
    expect((await at('tomo'))?.lines).toEqual(['Pause WKF1 (stage)', 'No confirmation needed.']);
    expect(await choosing({ when: '18' })).toBeNull();
  });

  it.each([
    ['today 12:30', 'Would be refused. The time is past.'],
    ['today 13:00', 'Would be refused. The time is past.'],
    ['31 days', 'No confirmation needed.'],
    ['2026-12-24 06:15', 'Would be refused. The time is more than 30 days ahead.'],
  ])('or why it cannot be %s', async (when, line) => {
    expect((await at(when))?.lines).toEqual(['Pause WKF1 (stage)', line]);
  });

  it('or that Slack does not say the zone', async () => {
    await using harness = await openHarness(policy);
    const directory = { ...harness.ports.directory, lastKnownTimezone: () => null };
    const body = chosen('U0ALICE', { ...choice('pause', 'WKF1'), when: 'until 18:00' });
    await showTermsOfChoice(body, { ...harness.ports, directory });
    expect(shown(harness)?.lines).toEqual([
      'Pause WKF1 (stage)',
      expect.stringMatching(/^Would be refused\. Slack does not say your time zone, .* such as for 30m/),
    ]);
    await showTermsOfChoice(
      { ...body, view: chosen('U0ALICE', { when: 'in 30m' }).view },
      { ...harness.ports, directory },
    );
    expect(shown(harness)?.lines).toEqual([expect.stringContaining('Tue 10 Nov, 12:30, UTC')]);
  });

  it('and judges freezes and the right to resume for it', async () => {
    const freeze = (verb: 'start' | 'resume', from: number): Policy => ({
      ...policy,
      freezes: [
        {
          environments: new Set(['stage']),
          verbs: new Set([verb]),
          because: 'the move',
          time: { kind: 'period', from, until: Date.UTC(2026, 10, 10, 14) },
        },
      ],
    });
    const start = choice('start', 'WKF1');
    const soon = { ...start, when: 'in 1h' };
    expect((await choosing(soon, { rules: freeze('start', 0) }))?.lines[1]).toMatch(/^Would be refused/);
    const after = { ...start, when: 'in 3h' };
    expect((await choosing(after, { rules: freeze('start', 0) }))?.lines[1]).toMatch(/To be sent/);
    const pause = { ...choice('pause', 'WKF1'), when: 'for 1h' };
    expect((await choosing(pause, { rules: freeze('resume', Date.UTC(2026, 10, 10, 13)) }))?.lines).toEqual([
      'Resume WKF1 (stage)',
      expect.stringMatching(/^Would be refused\. Resuming is held/),
    ]);
  });

  it('and is not looked up for each character', async () => {
    await using harness = await openHarness(policy);
    const settled: unknown[] = [];
    const updateForm = async (_open: unknown, _viewFor: unknown, settleMs?: number) => void settled.push(settleMs);
    for (const action_id of ['when', 'command']) {
      const body = { ...chosen('U0ALICE', choice('start', 'WKF1')), actions: [{ action_ts: '2.0', action_id }] };
      await showTermsOfChoice(body as Parameters<typeof showTermsOfChoice>[0], { ...harness.ports, updateForm });
    }
    expect(settled).toEqual([expect.any(Number), 0]);
    expect(settled[0]).toBeGreaterThan(0);
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
  ['workflow', false, 1],
  ['when', false, 1],
  ['workflow', true, 0],
])(
  'a choice of the %s is acknowledged at once, and shown unless the bot stops: %j',
  async (field, isStopping, count) => {
    const updates: unknown[] = [];
    const bolt = openBolt(context, { updateForm: async (open) => void updates.push(open) });
    if (isStopping) await bolt.inFlight.drain();
    const { view, ...body } = chosen('U0ALICE', choice('start', 'LEADS1'));
    const sent = { ...view, private_metadata: JSON.stringify(view.private_metadata) };
    await bolt.deliver(field, { ...body, view: sent });
    expect(bolt.acknowledged).toEqual([undefined]);
    expect(updates).toEqual(Array(count).fill({ id: 'V0FORM', hash: '1.a', at: 2 }));
  },
);

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
