import { describe, expect, it } from '@jest/globals';
import type { Task } from '../../src/requests/due.ts';
import type { Event, Order } from '../../src/requests/events.ts';
import { keepsLane, type Lane, laneOf, postingOf, priority } from '../../src/requests/priority.ts';
import { endedAs, noon, samples } from './events.fixture.ts';
import { requestAfter, underWay } from './request.fixture.ts';

const stop = (...events: readonly Event[]) => requestAfter({ verb: 'stop' }, ...events);
const start = (...events: readonly Event[]) => requestAfter({ verb: 'start' }, ...events);
const accepted = [...underWay, samples.dispatching, endedAs('accepted')];
const asked: Event = { type: 'granted', data: { ...samples.granted.data, expiresAt: noon } };
const refusedLate = [...underWay, endedAs('refused')];

describe('the lane of a task', () => {
  it.each<[string, Task, ReturnType<typeof stop>, Lane]>([
    ['the reply to a press on a granted stop', 'answer', stop(...underWay), 'replies'],
    ['the reply to a press on a new stop', 'answer', stop(), 'replies'],
    ['the outcome of a stop that was refused before a grant', 'report', stop(endedAs('refused')), 'replies'],
    ['the outcome of a start that was refused before a grant', 'report', start(endedAs('refused')), 'replies'],
    ['the outcome of a stop that was refused after its grant', 'report', stop(...refusedLate), 'rest'],
    ['the outcome of a stop that was sent', 'report', stop(...accepted), 'stops'],
    ['an update, of a stop as well', 'show', stop(...accepted), 'updates'],
    ['a granted stop', 'advance', stop(samples.granted), 'stops'],
    ['a start, granted or not', 'advance', start(samples.granted), 'rest'],
    ['a new start', 'advance', start(), 'rest'],
  ])('of %s', (_what, task, request, lane) => {
    expect(laneOf(task, request, 0)).toBe(lane);
  });

  it.each<[number | undefined, Lane]>([
    [0, 'new_stops'],
    [2, 'new_stops'],
    [3, 'rest'],
    [undefined, 'rest'],
  ])('of a new stop depends on how many others of the person are new: %s', (newStops, lane) => {
    expect(laneOf('advance', stop(), newStops)).toBe(lane);
  });

  it.each<[Order['verb'], Lane]>([
    ['stop', 'stops'],
    ['freeze', 'stops'],
    ['pause', 'rest'],
    ['resume', 'rest'],
    ['unfreeze', 'rest'],
  ])('of a granted %s', (verb, lane) => {
    expect(laneOf('advance', requestAfter({ verb }, samples.granted))).toBe(lane);
  });

  it('changes only when a request is granted or ends', () => {
    expect([stop(), stop(samples.granted), stop(endedAs('refused'))].map(keepsLane)).toEqual([true, false, false]);
  });
});

it('granted stops go first; their updates wait until decisions, dispatches and outcomes of the others are done', () => {
  const announced = [samples.granted, samples.announced];
  const tasks: readonly [string, number][] = [
    ['decide of a stop', priority('decide', stop(...announced))],
    ['dispatch of a stop', priority('advance', stop(...underWay))],
    ['look of a stop', priority('look', stop(...accepted))],
    ['outcome of a stop', priority('report', stop(...accepted))],
    ['announcement of a stop', priority('advance', stop(samples.granted))],
    ['reply to a press on a stop', priority('answer', stop(...announced))],
    ['decide of a start', priority('decide', start(...announced))],
    ['dispatch of a start', priority('advance', start(...underWay))],
    ['look of a start', priority('look', start(...accepted))],
    ['outcome of a start', priority('report', start(...accepted))],
    ['update of a stop', priority('show', stop(...accepted))],
    ['announcement of a start', priority('advance', start(samples.granted))],
    ['reply to a press on a start', priority('answer', start(...announced))],
    ['follow-up of a start', priority('note', start(...accepted))],
    ['update of a start with buttons', priority('show', start(asked, ...accepted.slice(1)))],
    ['update of a start', priority('show', start(...accepted))],
  ];
  expect(tasks.toSorted(([, one], [, other]) => one - other)).toEqual(tasks);
  expect(new Set(tasks.map(([, rank]) => rank)).size).toBe(tasks.length);
  // A stop without a grant is as urgent as a start.
  expect(priority('advance', stop())).toBe(priority('advance', start()));
  expect(priority('note', stop(...accepted))).toBe(priority('show', stop(...accepted)));
});

describe('the channel of a task, for Slack’s limit on posts, and when it is too late for its post', () => {
  const place = { channel: 'C0OPS', post_by: null };
  const nowhere = { channel: null, post_by: null };

  it.each<[string, Task, ReturnType<typeof stop>, ReturnType<typeof postingOf>]>([
    [
      'an announcement, while there is time for the dispatch',
      'advance',
      stop(samples.granted),
      { channel: 'C0OPS', post_by: noon + 100_000 },
    ],
    ['a request that is not granted', 'advance', stop(), nowhere],
    ['a dispatch', 'advance', stop(...underWay), nowhere],
    ['an outcome, in the thread', 'report', stop(...accepted), place],
    ['an outcome without a thread', 'report', stop(endedAs('refused')), { channel: 'U0ALICE', post_by: null }],
    ['a follow-up', 'note', stop(...accepted), place],
    [
      'an update with the outcome',
      'show',
      stop(...accepted),
      { channel: 'chat.update', post_by: noon + 5_000 + 600_000 },
    ],
    [
      'an update that removes buttons',
      'show',
      start(asked, endedAs('not_sent')),
      { channel: 'chat.update', post_by: null },
    ],
    ['an update before the outcome', 'show', stop(...underWay), { channel: 'chat.update', post_by: null }],
    [
      'a reply to a press',
      'answer',
      stop(samples.granted, samples.announced, samples.asked, samples.pressed, samples.press_refused),
      { channel: 'U0EVE', post_by: null },
    ],
    ['a decision', 'decide', stop(...underWay), nowhere],
    ['a probe', 'look', stop(...accepted), nowhere],
    ['a second probe', 'follow', stop(...accepted), nowhere],
  ])('of %s', (_what, task, request, posting) => {
    expect(postingOf(task, request)).toEqual(posting);
  });
});
