import { describe, expect, it } from '@jest/globals';
import { verbs } from '../../src/commands/command.ts';
import type { Event } from '../../src/requests/events.ts';
import { workflowKey } from '../../src/requests/request.ts';
import { findConflict, isFreezeAwaitingConfirmation, precedes } from '../../src/requests/rules/exclusivity.ts';
import { endedAs, noon, orderOf, samples } from './events.fixture.ts';
import { requestAfter, underWay } from './request.fixture.ts';

const free = { open: [], lastStop: null, lastFreeze: null };
const asked = (verb: (typeof verbs)[number]) => ({ ...requestAfter({ verb }), id: 'ASKED' });
const open = (verb: (typeof verbs)[number]) => ({ ...requestAfter({ verb }, ...underWay), id: 'HOLDER' });

describe('a workflow', () => {
  it.each([
    ['acme', 'WKF110', 'acme', 'wkf110', true],
    ['acme', 'Payroll_Export', 'acme', 'PAYROLL_export', true],
    ['acme', 'WKF110', 'acme', 'WKF111', false],
    ['acme', 'WKF110', 'acme-stage', 'WKF110', false],
    ['acme', 'stage-WKF110', 'acme-stage', 'WKF110', false],
  ])('%s/%s and %s/%s: the same is %s', (organization, workflowId, otherOrganization, otherId, same) => {
    const one = workflowKey(orderOf({ organization, workflowId }));
    const other = workflowKey(orderOf({ organization: otherOrganization, workflowId: otherId }));
    expect(one === other).toBe(same);
  });
});

describe('the conflict', () => {
  it.each(verbs)('of a %s is none while no other request is open', (verb) => {
    expect(findConflict(asked(verb), free, noon)).toBeNull();
  });

  it.each(
    verbs.flatMap((verb) => verbs.map((holder) => [verb, holder, verb !== 'stop' || holder === 'stop'] as const)),
  )('of a %s while a %s is open: %s', (verb, holder, inTheWay) => {
    const conflict = findConflict(asked(verb), { ...free, open: [open(holder)] }, noon);
    expect(conflict).toEqual(inTheWay ? { kind: 'busy', request: 'HOLDER' } : null);
  });

  const question: Event = {
    type: 'granted',
    data: { rule: 'careful', approvers: { users: ['U0CAROL'], groups: [] }, expiresAt: noon },
  };
  const inQuestion = (verb: (typeof verbs)[number], rest = {}) => ({
    ...requestAfter({ verb }, question, samples.announced, samples.asked),
    ...{ id: 'HOLDER', requester: 'U0BOB', ...rest },
  });
  const conflictWith = (verb: (typeof verbs)[number], holder: ReturnType<typeof inQuestion>) =>
    findConflict(asked(verb), { ...free, open: [holder] }, noon);

  it.each(
    verbs.flatMap((verb) => verbs.map((holder) => [verb, holder, verb === 'start' || verb === 'resume'] as const)),
  )('of a %s beside another person’s question about a %s: %s', (verb, holder, inTheWay) => {
    expect(conflictWith(verb, inQuestion(holder))).toEqual(inTheWay ? { kind: 'busy', request: 'HOLDER' } : null);
  });

  it.each(['stop', 'pause'] as const)('of a %s is the same question of the same person in the same channel', (verb) => {
    const { requester, channel } = asked(verb);
    expect(conflictWith(verb, inQuestion(verb, { requester }))).toEqual({ kind: 'busy', request: 'HOLDER' });
    expect(conflictWith(verb, inQuestion(verb, { requester, channel: `${channel}2` }))).toBeNull();
    expect(conflictWith(verb, inQuestion(verb === 'stop' ? 'pause' : 'stop', { requester }))).toBeNull();
  });

  it('of a stop is another stop, even where a start is open as well', () => {
    const both = [{ ...open('start'), id: 'START' }, open('stop')];
    expect(findConflict(asked('stop'), { ...free, open: both }, noon)).toEqual({ kind: 'busy', request: 'HOLDER' });
  });

  it('of a request is never that request itself', () => {
    const itself = open('stop');
    expect(findConflict(itself, { ...free, open: [itself] }, noon)).toBeNull();
  });
});

describe('a command waits for another one of its workflow', () => {
  const approvers = { users: ['U0CAROL'], groups: [] };
  const question: Event = { type: 'granted', data: { rule: 'careful', approvers, expiresAt: noon } };
  const every = [...verbs, 'freeze', 'unfreeze'] as const;
  const isOverriding = (verb: string) => verb === 'stop' || verb === 'freeze';
  const itself = (verb: (typeof every)[number], ...events: readonly Event[]) => requestAfter({ verb }, ...events);

  it.each(
    every.flatMap((verb) => every.map((other) => [verb, other, isOverriding(verb) === isOverriding(other)] as const)),
  )('a %s, for a %s that needs no confirmation any more: %s', (verb, other, waits) => {
    const approved = [question, samples.announced, samples.asked, samples.approved];
    for (const events of [underWay, approved, [...approved, samples.dispatching]])
      expect(precedes({ ...itself(other, ...events), id: 'OTHER' }, itself(verb, ...underWay))).toBe(waits);
  });

  it('and for no question, which may never be answered, and not for itself', () => {
    const asking = [question, samples.announced, samples.asked];
    for (const events of [asking.slice(0, 1), asking.slice(0, 2), asking])
      expect(precedes({ ...itself('stop', ...events), id: 'OTHER' }, itself('stop', ...underWay))).toBe(false);
    expect(precedes(itself('stop', ...underWay), itself('stop', ...underWay))).toBe(false);
  });
});

describe('an order about a watch', () => {
  const approvers = { users: ['U0CAROL'], groups: [] };
  const question: Event = { type: 'granted', data: { rule: 'careful', approvers, expiresAt: noon } };
  const orders = ['watch', 'unwatch'] as const;
  const holding = (verb: (typeof verbs)[number] | (typeof orders)[number], ...events: readonly Event[]) => ({
    ...requestAfter({ verb }, ...events),
    id: 'HOLDER',
  });
  const conflict = (verb: Parameters<typeof holding>[0], holder: ReturnType<typeof holding>) =>
    findConflict(requestAfter({ verb }), { ...free, open: [holder] }, noon);

  it.each(orders.flatMap((order) => verbs.map((verb) => [order, verb] as const)))(
    'a %s and a %s to the workflow: neither holds up the other, open or asked about',
    (order, verb) => {
      for (const events of [underWay, [question, samples.announced, samples.asked]]) {
        expect(conflict(order, holding(verb, ...events))).toBeNull();
        expect(conflict(verb, holding(order, ...events))).toBeNull();
        expect(precedes(holding(verb, ...events), requestAfter({ verb: order }, ...underWay))).toBe(false);
        expect(precedes(holding(order, ...events), requestAfter({ verb }, ...underWay))).toBe(false);
      }
    },
  );

  it.each(orders.flatMap((one) => orders.map((other) => [one, other] as const)))(
    'a %s waits for a %s in its channel, and for none in another one',
    (one, other) => {
      expect(conflict(one, holding(other, ...underWay))).toEqual({ kind: 'busy', request: 'HOLDER' });
      expect(conflict(one, { ...holding(other, ...underWay), channel: 'C0DEV' })).toBeNull();
      const asking = { ...holding(other, question, samples.announced, samples.asked), requester: 'U0BOB' };
      expect(conflict(one, asking)).toBeNull();
    },
  );
});

it('only a freeze that still waits for confirmation is superseded by another', () => {
  const approvers = { users: ['U0CAROL'], groups: [] };
  const granted: Event = { type: 'granted', data: { rule: 'careful', approvers, expiresAt: noon } };
  const isSuperseded = (...events: readonly Event[]) =>
    isFreezeAwaitingConfirmation(
      requestAfter({ verb: 'freeze' }, granted, samples.announced, samples.asked, ...events),
    );
  expect(isSuperseded()).toBe(true);
  expect(isSuperseded(samples.approved)).toBe(false);
});

describe.each(['accepted', 'unknown'] as const)('after a stop that ended as %s', (outcome) => {
  const stopped = (...later: Event[]) => {
    return { ...requestAfter({}, ...underWay, samples.dispatching, endedAs(outcome), ...later), id: 'STOPPED' };
  };
  const endedAt = stopped().end?.at ?? 0;
  const seen = (reading: 'finished' | 'in_progress'): Event => {
    return { type: 'observed', data: { observation: { kind: 'seen', reading, field: 'status', raw: reading } } };
  };
  const tenMinutes = 600_000;

  it('another is refused for ten minutes from its end, and the refusal says until when', () => {
    const refusal = { kind: 'stopped_lately', request: 'STOPPED', until: endedAt + tenMinutes };
    const lately = { ...free, lastStop: stopped() };
    expect(findConflict(asked('stop'), lately, endedAt)).toEqual(refusal);
    expect(findConflict(asked('stop'), lately, endedAt + tenMinutes - 1)).toEqual(refusal);
    expect(findConflict(asked('stop'), lately, endedAt + tenMinutes)).toBeNull();
  });

  it('another is permitted as soon as the workflow was observed finished, and not for any other state', () => {
    const otherwise: Event = { type: 'observed', data: { observation: { kind: 'not_shown' } } };
    const conflictAfter = (...later: Event[]) =>
      findConflict(asked('stop'), { ...free, lastStop: stopped(...later) }, endedAt);
    expect(conflictAfter(seen('finished'))).toBeNull();
    expect(conflictAfter(seen('in_progress'))).toMatchObject({ kind: 'stopped_lately' });
    expect(conflictAfter(otherwise)).toMatchObject({ kind: 'stopped_lately' });
    expect(conflictAfter(otherwise, seen('finished'))).toBeNull();
  });

  it.each(['start', 'pause', 'resume'] as const)('a %s is permitted', (verb) => {
    expect(findConflict(asked(verb), { ...free, lastStop: stopped() }, endedAt)).toBeNull();
  });
});
