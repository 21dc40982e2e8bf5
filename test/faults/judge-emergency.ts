import type { RecordedEvent } from '../../src/requests/events.ts';
import type { Emergency, Request } from '../../src/requests/request.ts';
import { limits } from '../../src/requests/retry-policy.ts';
import { countOf, type Evidence, type SaidMessage } from './evidence.ts';

/** How late a reminder of a review may be. */
const toleranceMs = 120_000;

/** An emergency was declared in time, told once and reviewed once. */
export function judgeEmergency(
  request: Request,
  events: readonly RecordedEvent[],
  said: readonly SaidMessage[],
  { until }: Evidence,
): readonly string[] {
  const { emergency } = request;
  const messages = said.filter(({ kind }) => kind === 'emergency');
  const reviews = events.filter(({ type }) => type === 'reviewed').length;
  const posted = events.flatMap((event) =>
    event.type === 'emergency_told' && event.data.ts !== null ? [String(event.data.number)] : [],
  );
  return [
    ...countOf(messages).flatMap(([number, count]) =>
      count > 1 ? [`message ${number} about its emergency is in the thread ${count} times`] : [],
    ),
    ...posted
      .filter((number) => !messages.some(({ part }) => part === number))
      .map((number) => `message ${number} about its emergency is recorded as posted, and was not`),
    ...(reviews > 1 ? [`its emergency was reviewed ${reviews} times`] : []),
    ...(emergency === null && messages.length > 0 ? ['told of an emergency that nobody declared'] : []),
    ...(emergency === null ? [] : judgeDeclared(emergency, request, until)),
    ...judgePages(events, said),
  ];
}

/** One for each person that is listed with a message; where Slack answered, exactly. */
function judgePages(events: readonly RecordedEvent[], said: readonly SaidMessage[]): readonly string[] {
  const listed = events.flatMap((event) => (event.type === 'emergency_listed' ? event.data.people : []));
  const reached = events.flatMap((event) =>
    event.type === 'paged' && event.data.about === 'emergency' ? event.data.reached : [],
  );
  const pages = said.filter(({ kind }) => kind === 'emergency page').map(({ part }) => part);
  const people = new Set([...listed, ...reached, ...pages].flatMap((person) => person ?? []));
  return [...people].flatMap((person) => {
    const count = (of: readonly (string | null)[]) => of.filter((one) => one === person).length;
    return [
      ...(count(pages) > count(listed) ? [`${person} has ${count(pages)} direct messages about its emergency`] : []),
      ...(count(pages) < count(reached) ? [`${person} is recorded as told of its emergency, and was not`] : []),
    ];
  });
}

/** Once its review is told, nobody else is sent a direct message. */
function judgeDeclared(
  { at, by, people, review, told, direct }: Emergency,
  { askedAt, grant }: Request,
  until: number,
): readonly string[] {
  const isDue = told.at !== null && until > told.at + limits.emergency.remindMs + toleranceMs;
  return [
    ...(at < (askedAt ?? 0) + (grant?.emergency?.afterMs ?? 0) ? ['its emergency was declared too early'] : []),
    ...(people.users.includes(by) ? [] : [`its emergency was declared by ${by}, whom no rule names`]),
    ...(!told.isDone && (direct.count === 0 || direct.unpaged.length > 0)
      ? ['somebody was sent no direct message of its emergency']
      : []),
    ...(told.count === 0 ? ['nobody was told of its emergency'] : []),
    ...(review !== null && !told.isDone ? ['nobody was told of its review'] : []),
    ...(review === null && isDue ? ['its review was not asked for again'] : []),
    ...(review?.by === by ? ['reviewed by whoever declared it'] : []),
  ];
}
