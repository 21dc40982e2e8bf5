import { describe, expect, it } from '@jest/globals';
import type { Event } from '../../src/requests/events.ts';
import { decidedAt, isTooLate, limits } from '../../src/requests/retry-policy.ts';
import { noon, samples } from './events.fixture.ts';
import { requestAfter, underWay } from './request.fixture.ts';

const { granted, announced, asked, pressed, approved } = samples;
const confirmed: readonly Event[] = [granted, announced, asked, pressed];
/** IMS may take ten seconds, and the request to Campaign ten more. */
const lastMomentMs = 100_000;

describe('the deadline', () => {
  it('is two minutes', () => expect(limits.dispatch.withinMs).toBe(120_000));

  it('counts from the command where no confirmation was needed, not from the announcement', () => {
    expect(decidedAt(requestAfter({ verb: 'start' }, ...underWay))).toBe(noon);
  });

  it('counts from the press that confirmed it, not from when the press was judged', () => {
    const pressedAt = noon + confirmed.length * 1_000;
    const { data } = approved;
    const waited: Event = { type: 'shown', data: { state: 'awaiting_approval', problem: null } };
    expect(decidedAt(requestAfter({}, ...confirmed, waited, waited, { type: 'approved', data }))).toBe(pressedAt);
  });

  it('leaves enough time for the dispatch', () => {
    const request = requestAfter({ verb: 'start' }, ...underWay);
    expect(isTooLate(request, noon + lastMomentMs)).toBe(false);
    expect(isTooLate(request, noon + lastMomentMs + 1)).toBe(true);
  });
});
