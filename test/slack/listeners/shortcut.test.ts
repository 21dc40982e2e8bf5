import { expect, it } from '@jest/globals';
import type { Order } from '../../../src/requests/events.ts';
import { actOnMessage } from '../../../src/slack/listeners/open-form.ts';
import { messageName } from '../../../src/slack/names.ts';
import { people, policyOf, ruleOf } from '../../access/policy.fixture.ts';
import { neverAborted, submission } from '../../requests/ledger/ledger.fixture.ts';
import { linesOf } from '../shown-text.ts';
import { type Desk, openDesk, vocabulary } from './desk.fixture.ts';

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
async function actedIn(channel: string, desk: Desk, order: Partial<Order> = {}) {
  const asked = {
    verb: 'start',
    workflowId: 'WKF110',
    environment: 'stage',
    organization: 'acme-stage',
    ...order,
  } as const;
  await desk.ledger.submit(submission('REQUEST1', asked), neverAborted);
  const message = { blocks: [{ block_id: messageName('REQUEST1') }] };
  const shortcut = {
    user: { id: 'U0ALICE' },
    team: { id: 'T0ACME' },
    channel: { id: channel },
    trigger_id: 'shortcut',
  };
  return actOnMessage({ ...shortcut, message }, desk.ports);
}

it('shows nothing of a request of another channel, even if a message contains its name', async () => {
  await using desk = await openDesk(policy);
  const message = await actedIn('C0MKT', desk);
  expect(message && linesOf(message)).toEqual([expect.stringContaining('in the same channel')]);
  expect(desk.forms).toEqual([]);
});

it('is about the workflow that was announced, not about what its alias means by now', async () => {
  await using desk = await openDesk(policy, { ...vocabulary, aliases: [moved] });
  expect(await actedIn('C0OPS', desk, { alias: 'nightly-load' })).toBeNull();
  const [form] = desk.forms.map((view) => JSON.stringify(view));
  expect(form).toContain('id WKF110 stage');
  expect(form).not.toContain('nightly-load');
});
