import { expect, it } from '@jest/globals';
import type { Order } from '../../../src/requests/events.ts';
import { actOnMessage } from '../../../src/slack/listeners/open-form.ts';
import { messageName } from '../../../src/slack/names.ts';
import { people, policyOf, ruleOf } from '../../access/policy.fixture.ts';
import { neverAborted, submission } from '../../requests/ledger/ledger.fixture.ts';
import { linesOf } from '../shown-text.ts';
import { type Harness, openHarness, vocabulary } from './harness.fixture.ts';

const policy = policyOf([
  ruleOf('Operators', {
    channels: new Set(['C0OPS', 'C0MKT']),
    people: people('U0ALICE'),
    environments: new Set(['prod', 'stage']),
    actions: new Set(['start']),
  }),
]);
const moved = { name: 'nightly-load', workflowId: 'WKF999', environment: 'stage', label: null };

/** The shortcut, on the announcement of a start of WKF110 in stage in #ops. */
async function shortcutIn(channel: string, harness: Harness, order: Partial<Order> = {}) {
  const full = {
    verb: 'start',
    workflowId: 'WKF110',
    environment: 'stage',
    organization: 'acme-stage',
    ...order,
  } as const;
  await harness.ledger.submit(submission('REQUEST1', full), neverAborted);
  const message = { blocks: [{ block_id: messageName('REQUEST1') }] };
  const shortcut = {
    user: { id: 'U0ALICE' },
    team: { id: 'T0ACME' },
    channel: { id: channel },
    trigger_id: 'shortcut',
  };
  return actOnMessage({ ...shortcut, message }, harness.ports);
}

it('shows nothing of a request of another channel, even if a message contains its name', async () => {
  await using harness = await openHarness(policy);
  const message = await shortcutIn('C0MKT', harness);
  expect(message && linesOf(message)).toEqual([expect.stringContaining('in the same channel')]);
  expect(harness.forms).toEqual([]);
});

it('is about the announced workflow, not about the current meaning of its alias', async () => {
  await using harness = await openHarness(policy, { ...vocabulary, aliases: [moved] });
  expect(await shortcutIn('C0OPS', harness, { alias: 'nightly-load' })).toBeNull();
  const [form] = harness.forms.map((view) => JSON.stringify(view));
  expect(form).toContain('id WKF110 stage');
  expect(form).not.toContain('nightly-load');
});
