import type { DispatchResult, MessageSearch, PostResult } from '../../../src/requests/attempt-results.ts';
import type { Observation, ProbeResult } from '../../../src/requests/events.ts';
import { announcementStates, type Outcome, outcomes } from '../../../src/requests/outcome.ts';
import type { CampaignPort, Directory, Messenger, PreparedCommand, ThreadView } from '../../../src/requests/ports.ts';
import type { Request } from '../../../src/requests/request.ts';
import { nextMessage } from '../../../src/requests/rules/emergency-message.ts';
import { emergencyIn, emergencyMetadata } from '../../../src/slack/messages/emergency.ts';
import { viewOfItem } from '../../../src/slack/thread-view.ts';
import {
  accepted,
  type Gate,
  type Message,
  type PortCall,
  type PrivateMessage,
  type SlackAnswer,
  type World,
} from './world.fixture.ts';

export type FakePorts = {
  readonly messenger: Messenger;
  readonly directory: Directory;
  readonly campaign: CampaignPort;
  /** The next call of this kind waits at a closed gate. */
  gate(call: PortCall): Gate;
  openGates(): void;
};

type ItemsOf = (batch: Request) => Promise<readonly Request[]>;

type Intercept = <T>(call: PortCall, work: () => T | Promise<T>) => Promise<T>;

/** The ports of a request, over a world that the test arranges. `onPortCall` is called before and after each call. */
export function createFakePorts(world: World, onPortCall: (moment: string) => void, itemsOf: ItemsOf): FakePorts {
  const gates = new Map<PortCall, { reached: () => void; opened: Promise<void> }[]>();
  const keys: (() => void)[] = [];

  async function intercept<T>(call: PortCall, work: () => T | Promise<T>): Promise<T> {
    const gate = gates.get(call)?.shift();
    gate?.reached();
    await gate?.opened;
    onPortCall(`before ${call}`);
    const result = work();
    onPortCall(`after ${call}`);
    return result;
  }

  return {
    messenger: messengerOver(world, intercept, itemsOf),
    directory: directoryOver(world, intercept),
    campaign: campaignOver(world, intercept),
    gate(call) {
      const [reached, opened] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      gates.set(call, [...(gates.get(call) ?? []), { reached: reached.resolve, opened: opened.promise }]);
      keys.push(opened.resolve);
      return { reached: reached.promise, open: opened.resolve };
    },
    openGates() {
      for (const open of keys) open();
    },
  };
}

function directoryOver(world: World, intercept: Intercept): Directory {
  const { people, place, unavailable } = world;
  return {
    lastKnownMembers: (group) => {
      const isMember = ([, { groups }]: [string, { groups: Set<string> }]) => groups.has(group);
      return world.unknownGroups.has(group) ? null : new Set([...people].filter(isMember).map(([id]) => id));
    },
    lastKnownTimezone: (id) => people.get(id)?.timezone ?? null,
    lastKnownMembership: (id) => people.get(id)?.membership ?? null,
    person: (id, named) =>
      intercept('person', () => {
        const found = people.get(id);
        if (found === undefined || unavailable.has(id))
          return { ok: false, failed: 'person', retryAfterMs: world.retryAfterMs };
        const unknown = unavailable.intersection(named);
        const groups = found.groups.intersection(named).difference(unknown);
        const unknownGroups = new Map([...unknown].map((group) => [group, world.retryAfterMs]));
        return { ok: true, value: { id, membership: found.membership, groups, unknownGroups } };
      }),
    members: async (group) => {
      if (unavailable.has(group)) return { kind: 'unknown', retryAfterMs: world.retryAfterMs };
      const isMember = ([, { groups }]: [string, { groups: Set<string> }]) => groups.has(group);
      return { kind: 'known', users: new Set([...people].filter(isMember).map(([id]) => id)) };
    },
    audience: async () => world.audience,
    membership: async (id) => (unavailable.has(id) ? 'unknown' : (people.get(id)?.membership ?? 'absent')),
    channelStatus: async () => ({ kind: 'same' }),
    place: (channel) =>
      intercept('place', () =>
        unavailable.has(channel)
          ? { ok: false, failed: 'channel', retryAfterMs: world.retryAfterMs }
          : { ok: true, value: { ...place } },
      ),
  };
}

function campaignOver(world: World, intercept: Intercept): CampaignPort {
  const { sent, observedAt, answers } = world;

  function probe(workflowId: string): Promise<Observation>;
  function probe(workflowId: string, limitMs: number): Promise<ProbeResult>;
  function probe(_workflowId: string, limitMs?: number): Promise<ProbeResult> {
    if (limitMs !== undefined) return intercept('probe', () => orThrow(answers.probe.shift() ?? { kind: 'not_shown' }));
    return intercept('observe', () => {
      observedAt.push(world.now);
      return orThrow(answers.observe.shift() ?? { kind: 'not_shown' });
    });
  }
  return {
    prepare: (workflowId, command) =>
      intercept<PreparedCommand>('prepare', () => {
        const send = (mayLeave: () => boolean) =>
          intercept<DispatchResult>('send', () => {
            if (!mayLeave()) return { kind: 'held_up' };
            sent.push({ workflowId, command, at: world.now });
            return orThrow(answers.send.shift() ?? accepted);
          });
        return orThrow(answers.prepare.shift() ?? { kind: 'ready', send });
      }),
    probe,
  };
}

function messengerOver(world: World, intercept: Intercept, itemsOf: ItemsOf): Messenger {
  const { answers, messages, privateMessages } = world;
  const addMessage = (kind: Message['kind'], { id, state }: Request, items: Partial<Message> = {}) => {
    const ts = `${messages.length + 1}.0`;
    messages.push({ kind, request: id, ts, shows: state, ...items });
    return ts;
  };
  const itemsIn = async (request: Request): Promise<Pick<Message, 'items'>> => {
    const items = (await itemsOf(request)).map(({ id, state }) => ({ request: id, state }));
    return items.length === 0 ? {} : { items };
  };
  const sendPrivately = (message: PrivateMessage) => `private ${privateMessages.push(message)}`;
  const sendOutcome = (how: 'private' | 'direct', { id, requester, end }: Request) =>
    sendPrivately({ how, request: id, to: requester, outcome: end?.outcome ?? null });
  const post = (next: SlackAnswer[], deliver: () => string): PostResult => world.outage ?? postNext(next, deliver);
  const find = (kind: Message['kind'], id: string): MessageSearch =>
    world.outage === null ? findIn(messages, kind, id) : { kind: 'unreachable' };
  const findEmergencyMessage = ({ id, emergency }: Request): MessageSearch => {
    if (world.outage !== null) return { kind: 'unreachable' };
    const own = messages.filter(({ kind, request }) => kind.startsWith('emergency') && request === id);
    const found = own[emergency?.told.count ?? 0];
    return found === undefined ? { kind: 'absent' } : { kind: 'found', ts: found.ts };
  };
  return {
    isReachable: () => intercept('isReachable', () => world.outage === null),
    async announce(request) {
      const items = await itemsIn(request);
      return intercept('announce', () => post(answers.announce, () => addMessage('announcement', request, items)));
    },
    findAnnouncement: ({ id }) =>
      intercept('findAnnouncement', () => answers.findAnnouncement.shift() ?? find('announcement', id)),
    async updateAnnouncement(request, shown) {
      const items = await itemsIn(request);
      const { ts } = request.announcement;
      return intercept('updateAnnouncement', () =>
        post(answers.updateAnnouncement, () => edit(messages, ts, { shows: shown, ...items })),
      );
    },
    async postOutcome(request) {
      const items = await itemsIn(request);
      return intercept('postOutcome', () => post(answers.postOutcome, () => addMessage('outcome', request, items)));
    },
    findOutcome: ({ id }) => intercept('findOutcome', () => answers.findOutcome.shift() ?? find('outcome', id)),
    readThread: ({ id, batch }) =>
      intercept('readThread', () => {
        const shown = answers.readThread.shift() ?? view(world, batch ?? id);
        return batch === null ? shown : viewOfItem(shown, id);
      }),
    recentPosts: async () => ({ kind: 'read', requests: [], checkpoints: [] }),
    postFollowUp: (request) =>
      intercept('postFollowUp', () => post(answers.postFollowUp, () => addMessage('follow_up', request))),
    findFollowUp: ({ id }) => intercept('findFollowUp', () => answers.findFollowUp.shift() ?? find('follow_up', id)),
    postPauseReminder: (request) =>
      intercept('postPauseReminder', () =>
        post(answers.postPauseReminder, () => addMessage('pause_reminder', request)),
      ),
    sendPauseReminderDirectly: ({ id, requester }) =>
      intercept('sendPauseReminderDirectly', () =>
        post(answers.sendPauseReminderDirectly, () => sendPrivately({ how: 'reminder', request: id, to: requester })),
      ),
    findPauseReminder: ({ id }) =>
      intercept('findPauseReminder', () => answers.findPauseReminder.shift() ?? find('pause_reminder', id)),
    updatePauseReminder: ({ pauseReminder: { done, answer } }) =>
      intercept('updatePauseReminder', () =>
        post(answers.updatePauseReminder, () => edit(messages, done?.ts ?? null, answer && { answer: answer.choice })),
      ),
    tellEmergency: (request) =>
      intercept('tellEmergency', () =>
        post(answers.tellEmergency, () => {
          const { event_payload } = emergencyMetadata(request);
          const emergency = emergencyIn(event_payload, `${world.now / 1_000}`);
          return addMessage(emergencyKind(request), request, { emergency });
        }),
      ),
    findEmergencyMessage: (request) => intercept('findEmergencyMessage', () => findEmergencyMessage(request)),
    postOutcomePrivately: (request) =>
      intercept('postOutcomePrivately', () =>
        post(answers.postOutcomePrivately, () => sendOutcome('private', request)),
      ),
    sendOutcomeDirectly: (request) =>
      intercept('sendOutcomeDirectly', () => post(answers.sendOutcomeDirectly, () => sendOutcome('direct', request))),
    postCall: (request, { kind, number }) =>
      intercept('postCall', () =>
        post(answers.postCall, () => addMessage('call', { ...request, id: `${request.id} ${kind} ${number}` })),
      ),
    findCall: ({ id }, { kind, number }) =>
      intercept('findCall', () => answers.findCall.shift() ?? find('call', `${id} ${kind} ${number}`)),
    page: ({ id }, person) =>
      intercept('page', () => post(answers.page, () => sendPrivately({ how: 'page', request: id, to: person }))),
    pageEmergency: ({ id, emergency }, person) =>
      intercept('pageEmergency', () =>
        post(answers.pageEmergency, () => {
          const asks = emergency?.review === null && emergency.direct.reviewers.includes(person);
          return sendPrivately({ how: 'emergency', request: id, to: person, asks });
        }),
      ),
    replyToPress: ({ id }, { by, refusal }) =>
      intercept('replyToPress', () =>
        post(answers.replyToPress, () => sendPrivately({ how: 'press', request: id, to: by, refusal })),
      ),
  };
}

function emergencyKind({ emergency }: Request): Message['kind'] {
  if (emergency === null) throw new Error('no emergency was declared');
  return `emergency_${nextMessage(emergency)}`;
}

/** `deliver` adds the message to the channel and returns its ts. */
function postNext(answers: SlackAnswer[], deliver: () => string): PostResult {
  const answer = answers.shift();
  if (answer === undefined) return { kind: 'posted', ts: deliver() };
  if (answer !== 'posted, but no answer') return orThrow(answer);
  deliver();
  return { kind: 'doubt' };
}

function edit(messages: readonly Message[], ts: string | null, shown: Partial<Message> | null): string {
  const message = messages.find((known) => known.ts === ts);
  if (message === undefined) throw new Error(`no message ${ts}`);
  Object.assign(message, shown);
  return message.ts;
}

function findIn(messages: readonly Message[], kind: Message['kind'], id: string): MessageSearch {
  const own = messages.find((message) => message.kind === kind && message.request === id);
  return own === undefined ? { kind: 'absent' } : { kind: 'found', ts: own.ts };
}

/** The thread of a request, as Slack returns it. */
function view({ messages, outage }: World, id: string): ThreadView {
  if (outage !== null) return { kind: 'unreachable', retryAfterMs: 0 };
  const own = (kind: Message['kind']) => messages.find((message) => message.kind === kind && message.request === id);
  const [announcement, outcome] = [own('announcement'), own('outcome')];
  const shows = announcementStates.find((state) => state === announcement?.shows) ?? null;
  return {
    kind: 'read',
    announcement: announcement === undefined ? null : { ts: announcement.ts, shows, changedAt: announcement.ts },
    outcome: outcome === undefined ? null : { outcome: outcomeIn(outcome), digest: 'd'.repeat(64), ts: outcome.ts },
    followUp: own('follow_up')?.ts ?? null,
    ...newestEmergency(messages, id),
    ...((outcome ?? announcement)?.items && { items: (outcome ?? announcement)?.items ?? [] }),
  };
}

function newestEmergency(messages: readonly Message[], id: string) {
  const emergency = messages.findLast((one) => one.request === id && one.emergency != null)?.emergency ?? undefined;
  return emergency && { emergency };
}

function outcomeIn({ shows }: Message): Outcome {
  const outcome = outcomes.find((one) => one === shows);
  if (outcome === undefined) throw new Error(`${shows} is not an outcome`);
  return outcome;
}

function orThrow<T>(answer: T | Error): T {
  if (answer instanceof Error) throw answer;
  return answer;
}
