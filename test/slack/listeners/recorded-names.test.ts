import { expect, it } from '@jest/globals';
import { actionIds } from '../../../src/slack/names.ts';
import { people, policyOf, ruleOf } from '../../access/policy.fixture.ts';
import { newLedger } from '../../requests/ledger/ledger.fixture.ts';
import { context } from '../message-contexts.ts';
import { openBolt } from './bolt.fixture.ts';
import { openHarness } from './harness.fixture.ts';

const policy = policyOf([
  ruleOf('Operators', {
    channels: new Set(['C0OPS']),
    environments: new Set(['prod']),
    people: people('U0ALICE'),
    actions: new Set(['pause']),
  }),
]);

it('keeps what Slack calls those who ask and press, as its deliveries say', async () => {
  await using harness = await openHarness(policy);
  await using opened = await newLedger();
  const bolt = openBolt(context, { ...harness.ports, ledger: opened.ledger });
  const asked = { user_id: 'U0ALICE', user_name: 'alice', channel_id: 'C0OPS', team_id: 'T0ACME', trigger_id: 't.1' };
  await bolt.deliver('command', { ...asked, text: 'pause WKF110 too early', response_url: '' });
  const [request] = await opened.query('select id from requests');
  const user = { id: 'U0BOB', username: 'bob', name: 'Bob the second', team_id: 'T0ACME' };
  const where = { team: { id: 'T0ACME' }, channel: { id: 'C0OPS' }, container: { message_ts: '1.1' } };
  const pressed = { ...where, user, trigger_id: 't.2', actions: [{ value: String(request?.id) }] };
  await bolt.deliver(actionIds.cancel, pressed);
  expect(await opened.query('select sequence, kind, text from texts order by sequence, kind')).toEqual([
    { sequence: 1, kind: 'name', text: 'alice' },
    { sequence: 1, kind: 'reason', text: 'too early' },
    { sequence: 2, kind: 'name', text: 'bob' },
  ]);
});
