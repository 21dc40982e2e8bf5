import { describe, expect, it } from '@jest/globals';
import type { Action } from '../../../src/access/policy.ts';
import { people, policyOf, ruleOf } from '../../access/policy.fixture.ts';
import { orderOf, requestedBy } from '../../requests/events.fixture.ts';
import { watchOf } from '../../requests/watches/watching.fixture.ts';
import { contexts } from '../message-contexts.ts';
import { expectCompleteText } from '../shown-text.ts';
import { type Harness, openHarness, vocabulary } from './harness.fixture.ts';

const never = new AbortController().signal;

const policy = (...actions: readonly Action[]) =>
  policyOf([
    ruleOf('Operators', {
      channels: new Set(['C0OPS']),
      people: people('U0ALICE'),
      environments: new Set(['prod', 'stage']),
      actions: new Set(actions),
    }),
  ]);

const places = { environmentOf: () => 'prod', pausesEndAfter: () => null, aliasOf: () => null, isNamed: () => true };

/** WKF110 was asked for by Bob, and the file has WKF200. */
async function watchBoth({ ledger }: Harness): Promise<void> {
  await ledger.watches.sync([watchOf('WKF200')], places);
  const order = orderOf({ verb: 'watch' });
  const requested = requestedBy(order, { requester: 'U0BOB', interaction: 'typed-watch' });
  await ledger.submit({ id: 'WATCH001', requested }, never);
  const watch = { id: 'WATCH001', order, channel: 'C0OPS' };
  await ledger.transaction((tx) => tx.orderWatch(watch, { choice: 'watch', pausesEndAfterMs: null }));
}

describe('watch without a workflow', () => {
  it('lists what the channel is told of, by whom, and what to type', async () => {
    await using harness = await openHarness(policy('watch', 'unwatch'), vocabulary);
    await watchBoth(harness);
    const [title, asked, ofFile, ...commands] = await harness.type('U0ALICE', 'watch');
    expect(title).toBe('Watched in this channel:');
    expect(asked).toBe('WKF110 (prod) · not looked at yet · every 5 minutes · asked for by @U0BOB, WATCH001');
    expect(ofFile).toBe('WKF200 (prod) · not looked at yet · every 1 minute · in campaign-wf.yml');
    expect(commands.join('\n')).toContain('To end a watch: /campaign-wf unwatch WKF110 --env prod.');
    expect(commands.join('\n')).toContain('To watch one: /campaign-wf watch ');
    expect(await harness.type('U0ALICE', 'watch --env stage')).toContain('Nothing is watched in this channel.');
  });

  it('shows the state only to people who may ask for it, and commands only to those who may use them', async () => {
    await using harness = await openHarness(policy('start'), vocabulary);
    await watchBoth(harness);
    const lines = await harness.type('U0ALICE', 'watch');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toBe('WKF110 (prod) · every 5 minutes · asked for by @U0BOB, WATCH001');
  });

  it('shows nothing to people whom no rule names', async () => {
    await using harness = await openHarness(policy('watch'), vocabulary);
    await watchBoth(harness);
    expect((await harness.type('U0DAVE', 'watch')).join('\n')).not.toContain('WKF');
  });

  it.each(contexts)('is valid for Slack with 100 of them, in $translator.locale', async (context) => {
    await using harness = await openHarness(policy('watch', 'unwatch'), vocabulary, context);
    const terms = Array.from({ length: 100 }, (_, index) => watchOf(`WORKFLOW_WITH_A_LONG_NAME_FOR_THE_LIST_${index}`));
    await harness.ledger.watches.sync(terms, places);
    await watchBoth({
      ...harness,
      ledger: { ...harness.ledger, watches: { ...harness.ledger.watches, sync: async () => {} } },
    });
    const lines = expectCompleteText(await harness.answer('U0ALICE', 'watch'));
    expect(lines.length).toBeGreaterThan(50);
  });
});
