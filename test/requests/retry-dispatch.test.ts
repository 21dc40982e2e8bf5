import { describe, expect, it } from '@jest/globals';
import type { DispatchResult } from '../../src/requests/attempt-results.ts';
import type { Event } from '../../src/requests/events.ts';
import type { CampaignReason } from '../../src/requests/outcome.ts';
import type { Request } from '../../src/requests/request.ts';
import { resendAt } from '../../src/requests/retry-policy.ts';
import { noAnswer, noon, samples } from './events.fixture.ts';
import { requestAfter, underWay } from './request.fixture.ts';

const now = noon + 10_000;

/** A start that has not reached Campaign, each time for another reason, and has just been sent again. */
function sentAfter(...reasons: readonly CampaignReason[]): Request {
  const vain = (reason: CampaignReason): Event[] => [
    samples.dispatching,
    { type: 'not_reached', data: { reason, retryAt: now, answer: noAnswer } },
  ];
  return requestAfter({ verb: 'start' }, ...underWay, ...reasons.flatMap(vain), samples.dispatching);
}

function again(request: Request, reason: CampaignReason, retryAfterMs: number | null = null, at = now): number | null {
  const sent: DispatchResult & { kind: 'not_reached' } = {
    kind: 'not_reached',
    reason,
    retryAfterMs,
    answer: noAnswer,
  };
  return resendAt(request, sent, { now: () => at, random: () => 0 });
}

describe('a command that the gateway refused because of its token', () => {
  it('is sent again at once', () => expect(again(sentAfter(), 'token_expired')).toBe(now));

  it('is sent again once only, whatever happened in between', () => {
    expect(again(sentAfter('token_expired'), 'token_expired')).toBeNull();
    expect(again(sentAfter('token_expired', 'gateway_busy'), 'token_expired')).toBeNull();
  });

  it('does not use up the other attempts, nor they this one', () => {
    expect(again(sentAfter('token_expired', 'gateway_busy', 'gateway_busy'), 'gateway_busy')).not.toBeNull();
    expect(again(sentAfter('gateway_busy', 'gateway_busy', 'gateway_busy'), 'token_expired')).toBe(now);
  });
});

describe.each(['gateway_busy', 'gateway_unavailable', 'no_connection'] as const)(
  'a command that failed with %s',
  (reason) => {
    it('is sent again at most three times, counting all of these failures', () => {
      expect(again(sentAfter(), reason)).not.toBeNull();
      expect(again(sentAfter('no_connection', 'gateway_busy'), reason)).not.toBeNull();
      expect(again(sentAfter('no_connection', 'gateway_busy', 'gateway_unavailable'), reason)).toBeNull();
    });

    it('waits for Retry-After', () => {
      expect(again(sentAfter(), reason, 17_000)).toBe(now + 17_000);
      expect(again(sentAfter(), reason, 0)).toBe(now);
    });

    it('waits longer each time without Retry-After', () => {
      const waits = [sentAfter(), sentAfter(reason), sentAfter(reason, reason)].map((request) =>
        again(request, reason),
      );
      expect(waits).toEqual([now + 500, now + 1_000, now + 2_000]);
    });

    it('is not sent again after its time limit', () => {
      expect(again(sentAfter(), reason, 90_000)).toBe(noon + 100_000);
      expect(again(sentAfter(), reason, 90_001)).toBeNull();
      expect(again(sentAfter(), reason, null, noon + 100_000)).toBeNull();
    });
  },
);
