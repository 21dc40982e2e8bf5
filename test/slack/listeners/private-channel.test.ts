import { expect, it } from '@jest/globals';
import { stateWith } from '../../../src/slack/form/read-form.ts';
import { showTermsOfChoice } from '../../../src/slack/listeners/show-terms.ts';
import { people, policyOf, ruleOf } from '../../access/policy.fixture.ts';
import { openHarness } from './harness.fixture.ts';

// Bob and Carol are in #leads, a private channel. Dave is not.
const rule = (name: string, id: string, ...approvers: readonly string[]) =>
  ruleOf(name, {
    channels: new Set(['G0LEADS']),
    people: people('U0BOB'),
    workflows: [{ id, environment: null }],
    actions: new Set(['stop']),
    approval: { from: people(...approvers), count: 1, requesterMayApprove: false, withinMs: 300_000 },
  });

const policy = policyOf([rule('Dave confirms', 'WKF1', 'U0DAVE'), rule('Carol confirms', 'WKF2', 'U0CAROL', 'U0DAVE')]);

it('access says in a private channel under which rules nobody in it can confirm', async () => {
  await using harness = await openHarness(policy);
  const [, dave, carol] = await harness.type('U0BOB', 'access', 'G0LEADS');
  expect(dave).toContain('a confirmation is needed that too few others may give');
  expect(carol).toMatch(/ a confirmation by @U0CAROL needed, within 5 minutes$/);
});

it('the form says whom to invite to a private channel', async () => {
  await using harness = await openHarness(policy);
  const state = stateWith({ workflow: 'id WKF1', command: 'stop' });
  const private_metadata = { channel: 'G0LEADS', interaction: '1.2' };
  const view = { id: 'V0FORM', hash: '1', private_metadata, state, blocks: [] };
  await showTermsOfChoice({ user: { id: 'U0BOB' }, view, actions: [{ action_ts: '1.0' }] }, harness.ports);
  expect(JSON.stringify(harness.forms)).toContain('the channel is private, and of ');
});
