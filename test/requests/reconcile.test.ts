import { describe, expect, it } from '@jest/globals';
import { type AnnouncementState, outcomes } from '../../src/requests/outcome.ts';
import type { ThreadView } from '../../src/requests/ports.ts';
import { reconcile } from '../../src/requests/recovery/reconcile.ts';
import {
  autoApproved,
  confirmed,
  dispatching,
  ended,
  notReached,
  requestWith,
  scheduledWith,
  waiting,
} from '../slack/every-request.ts';
import { noon } from './events.fixture.ts';

type Read = Extract<ThreadView, { kind: 'read' }>;

const later = noon + 3_600_000;

function shows(state: AnnouncementState | null, rest: Partial<Read> = {}): Read {
  const announcement = { ts: `${noon / 1_000}.1`, shows: state, changedAt: `${noon / 1_000 + 5}.0` };
  return { kind: 'read', announcement, outcome: null, followUp: null, ...rest };
}

const nothing: Read = { kind: 'read', announcement: null, outcome: null, followUp: null };

/** The state of a request when the ledger was copied. */
const open = {
  submitted: requestWith([]),
  announcing: requestWith(waiting.slice(0, 2)),
  waiting: requestWith(waiting),
  confirmed: requestWith(confirmed),
  autoApproved: requestWith(autoApproved),
  retrying: requestWith([...autoApproved, dispatching, notReached]),
  dispatching: requestWith([...confirmed, dispatching]),
  scheduled: requestWith(scheduledWith({ kind: 'not_shown' })),
};

type Row = readonly [keyof typeof open, ThreadView, ReturnType<typeof reconcile>['kind']];

const rows: readonly Row[] = [
  ['submitted', nothing, 'go_on'],
  ['submitted', shows('awaiting_approval'), 'go_on'],
  ['submitted', shows('approved'), 'unknown'],
  ['announcing', nothing, 'go_on'],
  ['announcing', shows('awaiting_approval'), 'go_on'],
  ['announcing', shows('approved'), 'unknown'],
  ['waiting', nothing, 'go_on'],
  ['waiting', shows(null), 'go_on'],
  ['waiting', shows('awaiting_approval'), 'go_on'],
  ['waiting', shows('approved'), 'unknown'],
  ['waiting', shows('retrying'), 'unknown'],
  ['confirmed', shows('awaiting_approval'), 'go_on'],
  ['confirmed', shows('approved'), 'go_on'],
  ['confirmed', shows('retrying'), 'unknown'],
  ['autoApproved', shows('approved'), 'go_on'],
  ['autoApproved', shows('retrying'), 'unknown'],
  ['retrying', shows('approved'), 'go_on'],
  ['retrying', shows('retrying'), 'go_on'],
  ['dispatching', shows('approved'), 'go_on'],
  ['dispatching', shows('retrying'), 'go_on'],
  ['dispatching', { kind: 'unknowable' }, 'go_on'],
  ['dispatching', { kind: 'unreachable', retryAfterMs: 0 }, 'wait'],
  ['dispatching', shows('accepted'), 'take_over'],
  ['waiting', { kind: 'unknowable' }, 'unknown'],
  ['submitted', { kind: 'unknowable' }, 'unknown'],
  ['confirmed', { kind: 'unreachable', retryAfterMs: 9 }, 'wait'],
  ['scheduled', shows('scheduled'), 'go_on'],
  ['scheduled', shows('approved'), 'unknown'],
  ['scheduled', { kind: 'unknowable' }, 'unknown'],
];

describe('a request that was open when the process started', () => {
  it.each(rows)('%s, and the channel shows %j: %s', (name, view, kind) => {
    expect(reconcile(open[name], view, later).kind).toBe(kind);
  });

  it('goes on where the channel cannot be read, and the time of its command has not come', () => {
    const { scheduled } = open;
    const dueAt = scheduled.grant?.dueAt ?? 0;
    expect(reconcile(scheduled, { kind: 'unknowable' }, dueAt - 1)).toEqual({ kind: 'go_on' });
    expect(reconcile(scheduled, { kind: 'unknowable' }, dueAt).kind).toBe('unknown');
  });

  it.each(outcomes)('takes %s over from the reply, with its digest and its time', (outcome) => {
    const reply = { outcome, digest: 'd'.repeat(64), ts: `${noon / 1_000 + 9}.25` };
    for (const request of Object.values(open)) {
      expect(reconcile(request, shows('awaiting_approval', { outcome: reply, followUp: '7.7' }), later)).toEqual({
        kind: 'take_over',
        reconciled: {
          ...reply,
          postedAt: noon + 9_250,
          announcement: { ts: `${noon / 1_000}.1`, shows: 'awaiting_approval' },
          note: '7.7',
        },
      });
    }
  });

  it.each(outcomes)('takes %s over from the announcement where there is no reply yet', (outcome) => {
    const reconciled = { outcome, digest: null, ts: null, postedAt: noon + 5_000, note: null };
    expect(reconcile(open.waiting, shows(outcome), later)).toMatchObject({ kind: 'take_over', reconciled });
  });

  it('does not change a request that has ended', () => {
    const over = requestWith([...waiting, ended('expired', { kind: 'expired' })]);
    expect(reconcile(over, shows('accepted'), later)).toEqual({ kind: 'go_on' });
  });
});
