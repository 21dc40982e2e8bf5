import { describe, expect, it } from '@jest/globals';
import type { Event } from '../../../src/requests/events.ts';
import { workflowKey } from '../../../src/requests/request.ts';
import { endedAs, noon, orderOf, samples } from '../events.fixture.ts';
import { underWay } from '../request.fixture.ts';
import { append, engines, newLedger, storeRequest, submission } from './ledger.fixture.ts';

const { granted, dispatching } = samples;
const key = workflowKey({ organization: 'acme', workflowId: 'WKF110' });
const cancelled = endedAs('cancelled');

describe.each(engines)('the database itself (%s)', (engine) => {
  it.each([
    ['start', 'start'],
    ['start', 'pause'],
    ['resume', 'start'],
    ['stop', 'stop'],
  ] as const)('refuses a %s and a %s open for one workflow', async (first, second) => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A', { verb: first }), granted);
    const other = await storeRequest(opened.ledger, submission('B', { verb: second, workflowId: 'wkf110' }));
    await expect(append(opened.ledger, other, granted)).rejects.toThrow(/requests.holds/);
    expect(await opened.ledger.load('B')).toEqual(other);
    const taking = "update requests set holds = (select holds from requests where id = 'A') where id = 'B'";
    await expect(opened.query(taking)).rejects.toThrow(/requests.holds/);
  });

  it.each(['stop', 'start'] as const)(
    'permits several questions about a %s, and one of them to be confirmed',
    async (verb) => {
      await using opened = await newLedger(engine);
      const approvers = { users: [], groups: ['S0LEADS'] };
      const question: Event = { type: 'granted', data: { rule: 'careful', approvers, expiresAt: noon } };
      const { announced, asked, approved } = samples;
      const first = await storeRequest(opened.ledger, submission('A', { verb }), question, announced, asked);
      const second = await storeRequest(opened.ledger, submission('B', { verb }), question, announced, asked);
      expect(await opened.ledger.transaction((tx) => tx.openRequests(key))).toHaveLength(2);
      await append(opened.ledger, second, approved);
      await expect(append(opened.ledger, first, approved)).rejects.toThrow(/requests.holds/);
      expect(await opened.ledger.load('A')).toEqual(first);
    },
  );

  it('permits a watch beside commands, and one order about it in each channel', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A', { verb: 'start' }), granted);
    await storeRequest(opened.ledger, submission('B', { verb: 'watch' }), granted);
    const other = await storeRequest(opened.ledger, submission('C', { verb: 'unwatch' }));
    await expect(append(opened.ledger, other, granted)).rejects.toThrow(/requests.holds/);
    const elsewhere: Event = { type: 'moved', data: { channel: 'C0DEV' } };
    const moved = await append(opened.ledger, other, elsewhere);
    expect(moved && (await append(opened.ledger, moved, granted))).not.toBeNull();
  });

  it('permits a stop beside another command', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A', { verb: 'start' }), granted);
    await storeRequest(opened.ledger, submission('B', { verb: 'stop' }), granted);
    expect(await openIds()).toEqual(['A', 'B']);

    async function openIds() {
      return (await opened.ledger.transaction((tx) => tx.openRequests(key))).map(({ id }) => id).sort();
    }
  });

  it.each([
    ['another workflow', { workflowId: 'WKF111' }],
    ['the same in another organization', { organization: 'acme-stage' }],
  ])('permits %s', async (_, order) => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A'), granted);
    await storeRequest(opened.ledger, submission('B', order), granted);
    expect(await opened.ledger.transaction((tx) => tx.openRequests(key))).toMatchObject([{ id: 'A' }]);
  });
});

describe.each(engines)('a workflow (%s)', (engine) => {
  it.each([
    { when: 'nothing was granted', events: [], held: false },
    { when: 'it was granted', events: [granted], held: true },
    { when: 'it is approved', events: underWay, held: true },
    { when: 'it is being sent', events: [...underWay, dispatching], held: true },
    { when: 'it waits for a retry', events: [...underWay, dispatching, samples.not_reached], held: true },
    { when: 'it was cancelled', events: [granted, cancelled], held: false },
    { when: 'it was sent', events: [...underWay, dispatching, endedAs('accepted')], held: false },
  ])('is locked by a request when $when: $held', async ({ events, held }) => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A'), ...events);
    expect(await opened.ledger.transaction((tx) => tx.openRequests(key))).toHaveLength(held ? 1 : 0);
  });

  it('is free for the next request as soon as the last one has ended', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A'), granted, cancelled);
    expect(await storeRequest(opened.ledger, submission('B'), granted)).toMatchObject({
      state: 'submitted',
      sequence: 2,
    });
  });
});

describe.each(engines)('the last stop (%s)', (engine) => {
  const stopped = (outcome: 'accepted' | 'unknown' | 'rejected'): readonly Event[] => [
    ...underWay,
    dispatching,
    endedAs(outcome),
  ];

  it('is the newest of this workflow that Campaign accepted or may have accepted', async () => {
    await using opened = await newLedger(engine);
    const write = async (id: string, order: Parameters<typeof submission>[1], ...events: readonly Event[]) => {
      opened.clock.now += 1_000;
      await storeRequest(opened.ledger, submission(id, order), ...events);
      return (await opened.ledger.competingRequests(orderOf())).lastStop?.id ?? null;
    };
    expect(await write('A', {}, ...stopped('rejected'))).toBeNull();
    expect(await write('B', { verb: 'start' }, ...stopped('accepted'))).toBeNull();
    expect(await write('C', { workflowId: 'WKF2' }, ...stopped('accepted'))).toBeNull();
    expect(await write('D', { workflowId: 'wkf110' }, ...stopped('accepted'))).toBe('D');
    expect(await write('E', {}, ...stopped('unknown'))).toBe('E');
    expect(await write('F', {}, granted, cancelled)).toBe('E');
    expect(await write('G', {}, ...stopped('accepted'))).toBe('G');
  });
});
