import type { EventOf, RecordedEvent } from '../../src/requests/events.ts';
import type { RecordedPeople } from '../../src/requests/outcome.ts';
import type { Request } from '../../src/requests/request.ts';
import { callName } from '../../src/slack/messages/escalation.ts';
import { countOf, type Evidence, type SaidMessage } from './evidence.ts';

type Events = readonly RecordedEvent[];

/** Everybody has confirmed after being asked, and each stage has asked once. */
export function judgeEscalation(
  request: Request,
  events: Events,
  said: readonly SaidMessage[],
  { members, idleMs }: Evidence,
): readonly string[] {
  return [
    ...judgeConfirmers(request, events, members),
    ...judgeCalls(request, events, said, idleMs),
    ...judgePages(request, events, said, idleMs),
  ];
}

type Confirmation = Extract<RecordedEvent, { type: 'confirmed' | 'approved' | 'scheduled' }>;

function judgeConfirmers({ grant }: Request, events: Events, members: Evidence['members']): readonly string[] {
  const confirmations = events.filter((event): event is Confirmation =>
    ['confirmed', 'approved', 'scheduled'].includes(event.type),
  );
  return confirmations.flatMap(({ sequence, data }) => {
    if (data.by === null || 'emergency' in data) return [];
    const press = events.find((one) => one.type === 'pressed' && one.data.interaction === data.interaction);
    const before = events.filter((one) => one.sequence < (press?.sequence ?? sequence));
    const stages = before.flatMap((one) =>
      one.type === 'escalated' ? [...one.data.people, ...one.data.to.users] : [],
    );
    const isAsked = stages.includes(data.by) || includes(grant?.approvers ?? null, data.by, members);
    return isAsked ? [] : [`confirmed by ${data.by}, who was not asked`];
  });
}

function includes(people: RecordedPeople | null, person: string, members: Evidence['members']): boolean {
  if (people === null) return false;
  return people.users.includes(person) || people.groups.some((group) => members.get(group)?.includes(person));
}

function judgeCalls(
  { end, escalation }: Request,
  events: Events,
  said: readonly SaidMessage[],
  idleMs: number,
): readonly string[] {
  const calls = said.filter(({ kind }) => kind === 'call');
  const recorded = events.filter((event): event is RecordedEvent<EventOf<'called'>> => event.type === 'called');
  const posted = recorded.filter(({ data }) => data.ts !== null).map(({ data }) => callName(data.call));
  const last = events.findLast(({ type }) => ['escalated', 'reminded', 'calling', 'called'].includes(type));
  return [
    ...countOf(calls).flatMap(([part, count]) => (count > 1 ? [`${part} is in the thread ${count} times`] : [])),
    ...posted
      .filter((name) => !calls.some(({ part }) => part === name))
      .map((name) => `${name} is recorded as posted, and was not`),
    ...(escalation.calls.length > 0 && !isUnderWay(events, 'calling', 'called') && isIdle(last, end, idleMs)
      ? ['nothing in the thread says who is asked']
      : []),
  ];
}

function judgePages(
  { end, escalation }: Request,
  events: Events,
  said: readonly SaidMessage[],
  idleMs: number,
): readonly string[] {
  const pages = said.filter(({ kind }) => kind === 'page');
  const reached = events.flatMap((event) =>
    event.type === 'paged' && event.data.about === undefined ? event.data.reached : [],
  );
  const last = events.findLast(({ type }) => ['escalated', 'paging', 'paged'].includes(type));
  return [
    ...countOf(pages).flatMap(([person, count]) => (count > 1 ? [`${person} has ${count} direct messages`] : [])),
    ...reached
      .filter((person) => !pages.some(({ part }) => part === person))
      .map((person) => `${person} is recorded as asked by direct message, and was not`),
    ...(escalation.unpaged.length > 0 && !isUnderWay(events, 'paging', 'paged') && isIdle(last, end, idleMs)
      ? ['somebody was sent no direct message']
      : []),
  ];
}

/** A try that was begun and has no end: the question can end meanwhile, also where another stage asks after it began. */
function isUnderWay(events: Events, begun: 'calling' | 'paging', done: 'called' | 'paged'): boolean {
  return events.findLast(({ type }) => type === begun || type === done)?.type === begun;
}

function isIdle(last: RecordedEvent | undefined, end: Request['end'], idleMs: number): boolean {
  return last !== undefined && end !== null && end.at - last.at >= idleMs;
}
