import { describe, expect, it } from '@jest/globals';
import type { Event, EventOf } from '../../src/requests/events.ts';
import { endedAs, noon, recorded, requestedBy, samples } from '../requests/events.fixture.ts';
import { announcement, evidence, id, note, outcome, story } from './evidence.fixture.ts';
import type { Evidence, SaidMessage, Watched, WatchOnRecord } from './evidence.ts';
import { judge } from './judge.ts';

const leads = { users: [], groups: ['S0LEADS'] };
const dave = { users: ['U0DAVE'], groups: [] };
const day = 86_400_000;

const requested: Event = { type: 'requested', data: requestedBy({ verb: 'stop' }) };
const asked: Event = { type: 'asked', data: { expiresAt: noon + 60_000 } };
const told: readonly Event[] = [samples.dispatching, endedAs('accepted'), samples.reporting, samples.reported];
const stage: EventOf<'escalated'> = {
  type: 'escalated',
  data: { stage: 1, to: dave, asked: { ...dave, except: [] }, people: ['U0DAVE'] },
};
const paging: Event = { type: 'paging', data: { people: ['U0DAVE'] } };
const paged: Event = { type: 'paged', data: { reached: ['U0DAVE'], missed: [] } };

function pressed(by: string, choice: EventOf<'pressed'>['data']['choice'], interaction: string): Event {
  return { type: 'pressed', data: { by, choice, interaction } };
}

function question(emergency?: EventOf<'granted'>['data']['emergency']): readonly Event[] {
  const terms = { rule: 'leads', approvers: leads, expiresAt: noon + 60_000, ...(emergency && { emergency }) };
  return [requested, { type: 'granted', data: terms }, samples.announcing, samples.announced, asked];
}

const approvedByDave: Event = { type: 'approved', data: { by: 'U0DAVE', interaction: 'press-1', stage: 1 } };
const escalated: readonly Event[] = [
  ...question(),
  stage,
  samples.calling,
  samples.called,
  paging,
  paged,
  pressed('U0DAVE', 'approve', 'press-1'),
  approvedByDave,
  ...told,
];
const call: SaidMessage = { ...note, kind: 'call', part: 'stage 1' };
const page: SaidMessage = { ...note, kind: 'page', where: 'direct', part: 'U0DAVE' };
const sent = { workflowId: 'WKF110', at: noon + 12_500, provablyRefused: false };
const ofEscalation = { commands: [sent], messages: [announcement, outcome, call, page] };

function withoutAnything(...events: readonly Event[]): Evidence {
  const all = recorded([...question(), ...events, endedAs('expired'), samples.reporting, samples.reported], id);
  const late = all.map((event) => (event.type === 'ended' ? { ...event, at: event.at + 60_000 } : event));
  const messages = [{ ...announcement, shows: 'expired' }, outcome];
  return evidence({ commands: [], messages, requests: [{ id, events: late, flaw: null }] });
}

const declaring: readonly Event[] = [
  ...question({ people: dave, afterMs: 1_000 }),
  samples.emergency_offered,
  pressed('U0DAVE', 'emergency', 'press-1'),
  {
    type: 'approved',
    data: { by: 'U0DAVE', interaction: 'press-1', emergency: { rule: 'leads', people: dave, reviewBy: leads } },
  },
  ...told,
];
const ofBob = { people: ['U0BOB'], about: 'emergency' } as const;
const toldDirectly: readonly Event[] = [
  { type: 'emergency_listed', data: { number: 0, people: ['U0BOB'], reviewers: ['U0BOB'] } },
  { type: 'paging', data: ofBob },
  { type: 'paged', data: { reached: ['U0BOB'], missed: [], about: 'emergency' } },
];
const declared: readonly Event[] = [...declaring, ...toldDirectly, samples.emergency_telling, samples.emergency_told];
const reviewed: readonly Event[] = [
  ...declared,
  pressed('U0BOB', 'review', 'press-2'),
  { type: 'reviewed', data: { by: 'U0BOB', interaction: 'press-2' } },
  { type: 'emergency_telling', data: { message: 'reviewed', number: 1, attempt: 1 } },
  { type: 'emergency_told', data: { message: 'reviewed', number: 1, ts: '1.6' } },
];
const first: SaidMessage = { ...note, kind: 'emergency', part: '0' };
const last: SaidMessage = { ...first, part: '1' };
const directly: SaidMessage = { ...page, kind: 'emergency page', part: 'U0BOB' };
const ofEmergency = { commands: [sent], messages: [announcement, outcome, first, last, directly] };

const load: Watched = { workflowId: 'LOAD1', channel: 'C0LOAD1', isTyped: false, failures: 1, isWell: true };
const row: WatchOnRecord = {
  ...{ workflowId: 'LOAD1', channel: 'C0LOAD1' },
  ...{ isSeen: true, isOverdue: false, isWaiting: false },
};
const alert = { workflowId: 'LOAD1', channel: 'C0LOAD1', alert: 1, reply: 0, shows: 'normal' };
const reply = { ...alert, reply: 1 };
const typedWatch: Watched = { ...load, isTyped: true };
const ordered = [requestedBy({ verb: 'watch', workflowId: 'LOAD1' })].map(
  (data): Event => ({ type: 'requested', data }),
);

function watching(changes: Partial<Evidence> = {}): Evidence {
  return evidence({ watched: [load], watches: [row], alerts: [alert, reply], ...changes });
}

/** A watch that somebody typed. */
function typing(changes: Partial<Evidence> = {}): Evidence {
  const all = watching({ commands: [], watched: [typedWatch], ...changes });
  const events = recorded([...ordered, ...story.slice(1)], id);
  return { ...all, requests: [{ id, events, flaw: null }] };
}

describe('no losses are reported', () => {
  it.each<[string, Evidence]>([
    ['where whom escalation asked has confirmed', evidence(ofEscalation, escalated)],
    ['where the message to whom it asked is in doubt', withoutAnything(stage, samples.calling, paging)],
    [
      'where both are in doubt, and another stage asks meanwhile',
      withoutAnything(stage, samples.calling, paging, { ...stage, data: { ...stage.data, stage: 2 } }),
    ],
    ['where an emergency was declared and reviewed', evidence(ofEmergency, reviewed)],
    ['where a failure and its end were told', watching()],
    ['where a watch was typed', typing()],
    ['where the first look of a typed watch was lost', typing({ alerts: [], watches: [{ ...row, isSeen: false }] })],
  ])('%s', (_what, given) => {
    expect(judge(given)).toEqual([]);
  });
});

describe('losses and duplicates are found:', () => {
  it.each<[string, Evidence, string]>([
    [
      'a second question of a stage',
      evidence({ ...ofEscalation, messages: [...ofEscalation.messages, call] }, escalated),
      'stage 1 is in the thread 2 times',
    ],
    [
      'the question of a stage',
      evidence({ ...ofEscalation, messages: [announcement, outcome, page] }, escalated),
      'stage 1 is recorded as posted, and was not',
    ],
    ['the try to ask', withoutAnything(stage, paging, paged), 'nothing in the thread says who is asked'],
    [
      'a second direct message',
      evidence({ ...ofEscalation, messages: [...ofEscalation.messages, page] }, escalated),
      'U0DAVE has 2 direct messages',
    ],
    [
      'a direct message',
      evidence({ ...ofEscalation, messages: [announcement, outcome, call] }, escalated),
      'U0DAVE is recorded as asked by direct message, and was not',
    ],
    ['the try to send one', withoutAnything(stage), 'somebody was sent no direct message'],
    [
      'a right before it was asked for',
      evidence(ofEscalation, [
        ...question(),
        pressed('U0DAVE', 'approve', 'press-1'),
        ...escalated.slice(question().length).filter(({ type }) => type !== 'pressed'),
      ]),
      'confirmed by U0DAVE, who was not asked',
    ],
    [
      'an acknowledged decision',
      evidence({ ...ofEmergency, decisions: [{ request: id, by: 'U0CAROL', choice: 'review' }] }, reviewed),
      'review by U0CAROL was acknowledged, and is not on record',
    ],
    [
      'a second command of an emergency',
      evidence({ ...ofEmergency, commands: [sent, sent] }, reviewed),
      'sent 2 times',
    ],
    [
      'a second message about an emergency',
      evidence({ ...ofEmergency, messages: [...ofEmergency.messages, first] }, reviewed),
      'message 0 about its emergency is in the thread 2 times',
    ],
    [
      'a message about an emergency',
      evidence({ ...ofEmergency, messages: [announcement, outcome, last, directly] }, reviewed),
      'message 0 about its emergency is recorded as posted, and was not',
    ],
    [
      'a second direct message about an emergency',
      evidence({ ...ofEmergency, messages: [...ofEmergency.messages, directly] }, reviewed),
      'U0BOB has 2 direct messages about its emergency',
    ],
    [
      'a direct message about an emergency',
      evidence({ ...ofEmergency, messages: [announcement, outcome, first, last] }, reviewed),
      'U0BOB is recorded as told of its emergency, and was not',
    ],
    [
      'all direct messages about an emergency',
      evidence(ofEmergency, declaring),
      'somebody was sent no direct message of its emergency',
    ],
    [
      'all messages about an emergency',
      evidence({ ...ofEmergency, messages: [announcement, outcome] }, declaring),
      'nobody was told of its emergency',
    ],
    [
      'the message about a review',
      evidence({ ...ofEmergency, messages: [announcement, outcome, first] }, reviewed.slice(0, -2)),
      'nobody was told of its review',
    ],
    [
      'the reminder of a review',
      evidence({ ...ofEmergency, until: noon + 2 * day }, declared),
      'its review was not asked for again',
    ],
    [
      'a second review',
      evidence(ofEmergency, [...reviewed.slice(0, -2), ...reviewed.slice(-4)]),
      'its emergency was reviewed 2 times',
    ],
    [
      'an emergency of nobody',
      evidence({ messages: [announcement, outcome, note, first] }),
      'told of an emergency that nobody declared',
    ],
    [
      'an emergency before its time',
      evidence(ofEmergency, [...question({ people: dave, afterMs: 30_000 }), ...reviewed.slice(question().length)]),
      'its emergency was declared too early',
    ],
    ['an alert', watching({ alerts: [reply] }), 'alert 1 is missing'],
    ['a second alert', watching({ alerts: [alert, alert, reply] }), 'alert 1 is there 2 times'],
    ['the end of a failure', watching({ alerts: [alert] }), 'reply 1 to alert 1 is missing'],
    ['a second end of it', watching({ alerts: [alert, reply, reply] }), 'reply 1 to alert 1 is there 2 times'],
    [
      'an alert of nothing',
      watching({ alerts: [alert, reply, { ...alert, alert: 2 }] }),
      'alert 2 tells what did not happen',
    ],
    ['an edit', watching({ alerts: [{ ...alert, shows: 'erroneous' }, reply] }), 'its alert shows erroneous'],
    ['a post', watching({ watches: [{ ...row, isWaiting: true }] }), 'what was seen of it was not posted'],
    ['the looks', watching({ watches: [{ ...row, isOverdue: true }] }), 'nobody looks at it'],
    ['a watch', watching({ watches: [] }), 'its watch is not on record'],
    ['a typed watch', typing({ watches: [] }), 'its watch is not on record'],
    ['a watch that nobody ordered', watching({ watched: [] }), 'watched, and nobody wants that'],
    ['a watch that was not accepted', watching({ watched: [typedWatch] }), 'watched, and nobody wants that'],
  ])('%s', (_what, given, loss) => {
    expect(judge(given).map(({ what }) => what)).toContain(loss);
  });
});
