import { describe, expect, it } from '@jest/globals';
import type { Event } from '../../src/requests/events.ts';
import { endedAs, noon, recorded, samples } from '../requests/events.fixture.ts';
import { announcement, evidence, id, note, onItsWay, outcome, requested, sent, story } from './evidence.fixture.ts';
import type { Evidence, SaidMessage } from './evidence.ts';
import { judge } from './judge.ts';

const reminder: SaidMessage = { ...note, kind: 'reminder' };
const reminded: readonly Event[] = [...story, samples.pause_reminding, samples.pause_reminded];

/** Sent although it needed two confirmations. */
function confirmedBy(last: string, first?: string): readonly Event[] {
  const asked: Event = {
    type: 'granted',
    data: { rule: 'two', approvers: { users: ['U0BOB', 'U0CAROL'], groups: [] }, expiresAt: noon + 60_000, count: 2 },
  };
  const confirmed: readonly Event[] =
    first === undefined
      ? []
      : [{ type: 'confirmed', data: { by: first, interaction: 'press-1', needed: 2, seen: null } }];
  return [
    requested,
    asked,
    samples.announcing,
    samples.announced,
    { type: 'asked', data: { expiresAt: noon + 60_000 } },
    ...confirmed,
    { type: 'approved', data: { by: last, interaction: 'press-2' } },
    ...story.slice(onItsWay.length),
  ];
}

const refusedInPrivate: readonly Event[] = [
  requested,
  endedAs('refused'),
  samples.reporting,
  { type: 'reported', data: { via: 'private', ts: '' } },
];
const neverAnnounced = { commands: [], messages: [] };

describe('no losses are reported', () => {
  it.each<[string, Evidence]>([
    ['where all went as promised', evidence()],
    ['where two people confirmed it', evidence({}, confirmedBy('U0CAROL', 'U0BOB'))],
    ['where the gateway refused the first attempt', evidence({ commands: [{ ...sent, provablyRefused: true }, sent] })],
    ['where nobody acknowledged it and it went on all the same', evidence({ acknowledged: new Set() })],
    [
      'where it was refused in private',
      evidence({ ...neverAnnounced, toldPrivately: [`about ${id}`] }, refusedInPrivate),
    ],
    [
      'where a command that nobody knows the end of was not sent',
      evidence({ commands: [] }, [
        ...onItsWay,
        samples.dispatching,
        endedAs('unknown'),
        samples.reporting,
        samples.reported,
      ]),
    ],
  ])('%s', (_what, given) => {
    expect(judge(given)).toEqual([]);
  });
});

describe('losses, duplicates and late effects are found:', () => {
  it.each<[string, Evidence, string]>([
    ['a request', evidence({ requests: [], commands: [], messages: [] }), 'acknowledged, and not on record'],
    [
      'a broken record',
      evidence({ requests: [{ id, events: recorded(story, id), flaw: { kind: 'other_end' } }] }),
      'its record is broken: other_end',
    ],
    ['a place in the log', evidence({ logFlaws: ['gap'] }), 'the log is broken: gap'],
    ['the sealing', evidence({ unsealed: 1 }), '1 requests have events without a place in the log'],
    ['an outcome', evidence({ messages: [announcement] }, onItsWay), '0 outcomes on record'],
    ['a command', evidence({ commands: [] }), 'accepted, and never sent'],
    ['a second command', evidence({ commands: [sent, sent] }), 'sent 2 times'],
    ['a second confirmation', evidence({}, confirmedBy('U0BOB')), 'sent with 1 confirmations of 2'],
    ['a second person', evidence({}, confirmedBy('U0BOB', 'U0BOB')), 'sent with 1 confirmations of 2'],
    [
      'a command that nobody ordered',
      evidence({ commands: [sent, { ...sent, workflowId: 'WKF666' }] }),
      'sent, and nowhere on record',
    ],
    [
      'a command of a request that was cancelled',
      evidence({}, [...onItsWay, endedAs('cancelled'), samples.reporting, samples.reported]),
      'sent, and said to be cancelled',
    ],
    [
      'a command before its announcement',
      evidence({ commands: [{ ...sent, at: noon + 1_000 }] }),
      'sent before it was announced',
    ],
    ['a command without an announcement', evidence({ messages: [outcome] }), 'sent before it was announced'],
    ['a command after two minutes', evidence({ commands: [{ ...sent, at: noon + 121_000 }] }), 'sent too late'],
    ['a second announcement', evidence({ messages: [announcement, announcement, outcome] }), 'announced 2 times'],
    ['an announcement', evidence({ messages: [outcome] }), 'announced on record, and not in the channel'],
    [
      'an announcement that an edit from before has got to again',
      evidence({ messages: [{ ...announcement, shows: 'approved' }, outcome] }, [
        ...story,
        { type: 'shown', data: { state: 'accepted', problem: null } },
      ]),
      'its announcement shows approved',
    ],
    [
      'a second outcome in the thread',
      evidence({ messages: [announcement, outcome, outcome] }),
      'its outcome is in the thread 2 times',
    ],
    ['an outcome in the thread', evidence({ messages: [announcement] }), 'no outcome in its thread'],
    ['a second note', evidence({ messages: [announcement, outcome, note, note] }), 'its note is in the thread 2 times'],
    [
      'an outcome that was not posted',
      evidence({ messages: [announcement] }, story.slice(0, 7)),
      'its outcome was not posted',
    ],
    [
      'a second reminder',
      evidence({ messages: [announcement, outcome, note, reminder, reminder] }, reminded),
      'its reminder is in the thread 2 times',
    ],
    ['a reminder', evidence({}, reminded), 'its reminder is recorded as posted, and was not'],
    [
      'the record of a reminder',
      evidence({ messages: [announcement, outcome, note, reminder] }),
      'its reminder was posted, and is not on record',
    ],
    ['a private reply', evidence(neverAnnounced, refusedInPrivate), 'its outcome is recorded as posted, and was not'],
  ])('%s', (_what, given, loss) => {
    expect(judge(given).map(({ what }) => what)).toContain(loss);
  });
});
