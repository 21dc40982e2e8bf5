import { describe, expect, it } from '@jest/globals';
import type { PostResult } from '../../../src/requests/attempt-results.ts';
import { deliver } from '../../../src/slack/listeners/answering.ts';
import { policyOf } from '../../access/policy.fixture.ts';
import { openHarness } from './harness.fixture.ts';

/** Answers Alice while Slack returns these results, one after the other, and then accepts the message. */
async function delivered(...results: readonly PostResult[]) {
  await using harness = await openHarness(policyOf([]));
  const startedAt = performance.now();
  const triedAt: number[] = [];
  const failed: string[] = [];
  await deliver(
    { person: 'U0ALICE', interaction: 'typed-1' },
    { text: 'only for you', blocks: [] },
    {
      ...harness.ports,
      async answer() {
        triedAt.push(performance.now() - startedAt);
        return results[triedAt.length - 1] ?? { kind: 'posted', ts: '1.1' };
      },
      log: { ...harness.ports.log, error: (_fields, message) => failed.push(message) },
      count: { ...harness.ports.count, fault: (kind) => failed.push(kind) },
    },
  );
  return { triedAt, failed };
}

describe('an answer for one person', () => {
  it.each<[string, PostResult, number]>([
    ['a second later where it is not known whether Slack accepted it', { kind: 'doubt' }, 1_000],
    ['a second later where Slack cannot be reached', { kind: 'refused', reason: 'unreachable' }, 1_000],
    ['after Retry-After', { kind: 'rate_limited', retryAfterMs: 1_500 }, 1_500],
  ])('is sent again %s', async (_, first, afterMs) => {
    const { triedAt, failed } = await delivered(first);
    expect(triedAt).toHaveLength(2);
    // A timer may be a millisecond early.
    expect((triedAt[1] ?? 0) - (triedAt[0] ?? 0)).toBeGreaterThanOrEqual(afterMs - 2);
    expect(failed).toEqual([]);
  });

  it.each<[string, PostResult]>([
    ['Slack refuses it', { kind: 'refused', reason: 'message_refused' }],
    ['Retry-After is longer than a person waits', { kind: 'rate_limited', retryAfterMs: 10_001 }],
  ])('is given up, counted and logged at once where %s', async (_, first) => {
    const { triedAt, failed } = await delivered(first);
    expect(triedAt).toHaveLength(1);
    expect(failed).toEqual(['interaction', 'a private reply could not be delivered']);
  });
});
