import type { DispatchResult, MessageSearch, PostResult } from '../../../src/requests/attempt-results.ts';
import type { Observation, ProbeResult } from '../../../src/requests/events.ts';
import { announcementStates, type Outcome, outcomes } from '../../../src/requests/outcome.ts';
import type { CampaignPort, Directory, Messenger, PreparedCommand, ThreadView } from '../../../src/requests/ports.ts';
import type { Request } from '../../../src/requests/request.ts';
import {
  accepted,
  type Deed,
  type Gate,
  type Message,
  type SlackAnswer,
  type Told,
  type World,
} from './world.fixture.ts';

export type Outside = {
  readonly messenger: Messenger;
  readonly directory: Directory;
  readonly campaign: CampaignPort;
  /** The next one who does this stands before a closed gate. */
  gate(deed: Deed): Gate;
  openGates(): void;
};

type Through = <T>(deed: Deed, work: () => T | Promise<T>) => Promise<T>;

/** The ports of a request, over a world that the test arranges. `witness` hears of each deed, before and after it. */
export function outsideOf(world: World, witness: (moment: string) => void): Outside {
  const gates = new Map<Deed, { reached: () => void; opened: Promise<void> }[]>();
  const keys: (() => void)[] = [];

  async function through<T>(deed: Deed, work: () => T | Promise<T>): Promise<T> {
    const gate = gates.get(deed)?.shift();
    gate?.reached();
    await gate?.opened;
    witness(`before ${deed}`);
    const result = work();
    witness(`after ${deed}`);
    return result;
  }

  return {
    messenger: messengerOver(world, through),
    directory: directoryOver(world, through),
    campaign: campaignOver(world, through),
    gate(deed) {
      const [reached, opened] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      gates.set(deed, [...(gates.get(deed) ?? []), { reached: reached.resolve, opened: opened.promise }]);
      keys.push(opened.resolve);
      return { reached: reached.promise, open: opened.resolve };
    },
    openGates() {
      for (const open of keys) open();
    },
  };
}

function directoryOver(world: World, through: Through): Directory {
  const { people, place, hidden } = world;
  return {
    lastKnownMembers: (group) => {
      const isMember = ([, { groups }]: [string, { groups: Set<string> }]) => groups.has(group);
      return world.unheard.has(group) ? null : new Set([...people].filter(isMember).map(([id]) => id));
    },
    lastKnownMembership: (id) => people.get(id)?.membership ?? null,
    person: (id, named) =>
      through('person', () => {
        const found = people.get(id);
        if (found === undefined || hidden.has(id))
          return { ok: false, failed: 'person', retryAfterMs: world.retryAfterMs };
        const unknown = hidden.intersection(named);
        const groups = found.groups.intersection(named).difference(unknown);
        const unknownGroups = new Map([...unknown].map((group) => [group, world.retryAfterMs]));
        return { ok: true, value: { id, membership: found.membership, groups, unknownGroups } };
      }),
    members: async (group) => {
      if (hidden.has(group)) return { kind: 'unknown' };
      const isMember = ([, { groups }]: [string, { groups: Set<string> }]) => groups.has(group);
      return { kind: 'known', users: new Set([...people].filter(isMember).map(([id]) => id)) };
    },
    membership: async (id) => (hidden.has(id) ? 'unknown' : (people.get(id)?.membership ?? 'absent')),
    channelStatus: async () => ({ kind: 'same' }),
    place: (channel) =>
      through('place', () =>
        hidden.has(channel)
          ? { ok: false, failed: 'channel', retryAfterMs: world.retryAfterMs }
          : { ok: true, value: { ...place } },
      ),
  };
}

function campaignOver(world: World, through: Through): CampaignPort {
  const { sent, looks, answers } = world;

  function probe(workflowId: string): Promise<Observation>;
  function probe(workflowId: string, limitMs: number): Promise<ProbeResult>;
  function probe(_workflowId: string, limitMs?: number): Promise<ProbeResult> {
    if (limitMs !== undefined) return through('probe', () => orThrow(answers.probe.shift() ?? { kind: 'not_shown' }));
    return through('observe', () => {
      looks.push(world.now);
      return orThrow(answers.observe.shift() ?? { kind: 'not_shown' });
    });
  }

  return {
    prepare: (workflowId, command) =>
      through<PreparedCommand>('prepare', () => {
        const send = (mayLeave: () => boolean) =>
          through<DispatchResult>('send', () => {
            if (!mayLeave()) return { kind: 'held_up' };
            sent.push({ workflowId, command, at: world.now });
            return orThrow(answers.send.shift() ?? accepted);
          });
        return orThrow(answers.prepare.shift() ?? { kind: 'ready', send });
      }),
    probe,
  };
}

function messengerOver(world: World, through: Through): Messenger {
  const { answers, messages, told } = world;
  const say = (kind: Message['kind'], { id, state }: Request) => {
    const ts = `${messages.length + 1}.0`;
    messages.push({ kind, request: id, ts, shows: state });
    return ts;
  };
  const tell = (what: Told) => `private ${told.push(what)}`;
  const tellOutcome = (how: 'private' | 'direct', { id, requester, end }: Request) =>
    tell({ how, request: id, to: requester, outcome: end?.outcome ?? null });
  const post = (next: SlackAnswer[], land: () => string): PostResult => world.trouble ?? postNext(next, land);
  const find = (kind: Message['kind'], id: string): MessageSearch =>
    world.trouble === null ? findIn(messages, kind, id) : { kind: 'unreachable' };
  return {
    isReachable: () => through('isThere', () => world.trouble === null),
    announce: (request) => through('announce', () => post(answers.announce, () => say('announcement', request))),
    findAnnouncement: ({ id }) =>
      through('findAnnouncement', () => answers.findAnnouncement.shift() ?? find('announcement', id)),
    updateAnnouncement: ({ announcement: { ts } }, shown) =>
      through('show', () => post(answers.show, () => edit(messages, ts, shown))),
    postOutcome: (request) => through('report', () => post(answers.report, () => say('outcome', request))),
    findOutcome: ({ id }) => through('findReport', () => answers.findReport.shift() ?? find('outcome', id)),
    readThread: ({ id }) => through('readThread', () => answers.readThread.shift() ?? view(world, id)),
    recentPosts: async () => ({ kind: 'read', requests: [] }),
    postFollowUp: (request) => through('note', () => post(answers.note, () => say('note', request))),
    findFollowUp: ({ id }) => through('findNote', () => answers.findNote.shift() ?? find('note', id)),
    postOutcomePrivately: (request) =>
      through('reportPrivately', () => post(answers.reportPrivately, () => tellOutcome('private', request))),
    sendOutcomeDirectly: (request) =>
      through('reportDirectly', () => post(answers.reportDirectly, () => tellOutcome('direct', request))),
    replyToPress: ({ id }, { by, refusal }) =>
      through('answerPress', () =>
        post(answers.answerPress, () => tell({ how: 'press', request: id, to: by, refusal })),
      ),
  };
}

/** `land` puts the message where people see it, and gives its name. */
function postNext(answers: SlackAnswer[], land: () => string): PostResult {
  const answer = answers.shift();
  if (answer === undefined) return { kind: 'posted', ts: land() };
  if (answer !== 'landed in doubt') return orThrow(answer);
  land();
  return { kind: 'doubt' };
}

function edit(messages: readonly Message[], ts: string | null, shown: Message['shows']): string {
  const message = messages.find((known) => known.ts === ts);
  if (message === undefined) throw new Error(`there is no message ${ts}`);
  message.shows = shown;
  return message.ts;
}

function findIn(messages: readonly Message[], kind: Message['kind'], id: string): MessageSearch {
  const own = messages.find((message) => message.kind === kind && message.request === id);
  return own === undefined ? { kind: 'absent' } : { kind: 'found', ts: own.ts };
}

/** What the channel shows of a request. */
function view({ messages, trouble }: World, id: string): ThreadView {
  if (trouble !== null) return { kind: 'unreachable', retryAfterMs: 0 };
  const own = (kind: Message['kind']) => messages.find((message) => message.kind === kind && message.request === id);
  const [announcement, outcome] = [own('announcement'), own('outcome')];
  const shows = announcementStates.find((state) => state === announcement?.shows) ?? null;
  return {
    kind: 'read',
    announcement: announcement === undefined ? null : { ts: announcement.ts, shows, changedAt: announcement.ts },
    outcome: outcome === undefined ? null : { outcome: outcomeIn(outcome), digest: 'd'.repeat(64), ts: outcome.ts },
    followUp: own('note')?.ts ?? null,
  };
}

function outcomeIn({ shows }: Message): Outcome {
  const outcome = outcomes.find((one) => one === shows);
  if (outcome === undefined) throw new Error(`${shows} is no outcome`);
  return outcome;
}

function orThrow<T>(answer: T | Error): T {
  if (answer instanceof Error) throw answer;
  return answer;
}
