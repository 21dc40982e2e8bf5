import type { Event } from '../../src/requests/events.ts';
import { endedAs, noon, recorded, requestedBy, samples } from '../requests/events.fixture.ts';
import type { ArrivedCommand, Evidence, SaidMessage } from './evidence.ts';

export const id = 'REQUEST1';
export const requested: Event = { type: 'requested', data: requestedBy({ verb: 'pause' }) };
export const approved: Event = { type: 'approved', data: { by: null, interaction: null } };
export const onItsWay: readonly Event[] = [requested, samples.granted, samples.announcing, samples.announced, approved];
export const story: readonly Event[] = [
  ...onItsWay,
  samples.dispatching,
  endedAs('accepted'),
  samples.reporting,
  samples.reported,
];

export const sent: ArrivedCommand = { workflowId: 'WKF110', at: noon + 5_500, provablyRefused: false };
export const announcement: SaidMessage = {
  kind: 'announcement',
  request: id,
  where: 'channel',
  at: noon + 2_500,
  shows: 'accepted',
  part: null,
};
export const outcome: SaidMessage = {
  kind: 'outcome',
  request: id,
  where: 'thread',
  at: noon + 7_500,
  shows: null,
  part: null,
};
export const note: SaidMessage = {
  kind: 'note',
  request: id,
  where: 'thread',
  at: noon + 9_500,
  shows: null,
  part: null,
};

export function evidence(changes: Partial<Evidence> = {}, events: readonly Event[] = story): Evidence {
  return {
    acknowledged: new Set(['typed-1']),
    decisions: [],
    requests: [{ id, events: recorded(events, id), flaw: null }],
    logFlaws: [],
    unsealed: 0,
    commands: [sent],
    messages: [announcement, outcome, note],
    toldPrivately: [],
    members: new Map([['S0LEADS', ['U0BOB', 'U0CAROL']]]),
    ...{ watched: [], watches: [], alerts: [], idleMs: 40_000, until: noon + 60_000 },
    ...changes,
  };
}
