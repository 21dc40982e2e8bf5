import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { firstBroken } from '../../../src/requests/digest.ts';
import type { Event, RecordedEvent } from '../../../src/requests/events.ts';
import { replay } from '../../../src/requests/replay.ts';
import type { Request } from '../../../src/requests/request.ts';
import { withReason } from '../../../src/requests/texts.ts';
import { nextState } from '../../../src/requests/transition.ts';
import { everyEvent, samples } from '../events.fixture.ts';
import { underWay } from '../request.fixture.ts';
import { append, engines, newLedger, storeRequest, submission } from './ledger.fixture.ts';

/** The events have only its hash. */
function withItsReason(event: RecordedEvent): RecordedEvent {
  return withReason(event, 'wrong audience');
}

describe.each(engines)('recorded events (%s)', (engine) => {
  it.each([
    ["update events set data = '{}'", 'changed'],
    ['update events set at = at + 1 where sequence = 2', 'changed'],
    ['delete from events', 'removed'],
    ['delete from events where sequence = 3', 'removed'],
    [
      "insert into events select * from events where true on conflict (request, sequence) do update set data = '{}'",
      'changed on conflict',
    ],
  ])('cannot be changed in the database: "%s" leaves nothing %s', async (sql) => {
    await using opened = await newLedger(engine);
    const request = await storeRequest(opened.ledger, submission('A'), ...underWay);
    await expect(opened.query(sql)).rejects.toThrow(/append-only/);
    expect(await opened.ledger.load('A')).toEqual(request);
    expect(firstBroken(await opened.ledger.events('A'))).toBeNull();
  });

  it.each([
    [
      'sqlite',
      "replace into events select request, sequence, at, type, '{}', previous_digest, digest, mac from events",
    ],
    ['postgres', 'truncate events'],
  ] as const)('cannot be changed in the database in the syntax of %s either: "%s"', async (only, sql) => {
    if (engine !== only) return;
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A'), ...underWay);
    await expect(opened.query(sql)).rejects.toThrow(/append-only/);
  });

  it('are what is loaded, also after the rollback of a transaction that had loaded its own events', async () => {
    await using opened = await newLedger(engine);
    const { ledger } = opened;
    const before = await storeRequest(ledger, submission('A'), ...underWay);
    const pressed = (interaction: string) =>
      ({ type: 'pressed', data: { by: 'U0EVE', choice: 'cancel', interaction } }) as const;
    const takenBack = ledger.transaction(async (tx) => {
      await tx.append(before, pressed('never'));
      expect(await tx.load('A')).toMatchObject({ presses: [{ interaction: 'never' }] });
      throw new Error('taken back');
    });
    await expect(takenBack).rejects.toThrow('taken back');
    expect(await ledger.load('A')).toEqual(before);
    const after = await ledger.transaction((tx) => tx.append(before, pressed('recorded')));
    expect(await ledger.load('A')).toEqual(after);
    expect(after).toEqual(replay((await ledger.events('A')).map(withItsReason)));
  });

  it('are complete after the file was closed and opened again', async () => {
    await using opened = await newLedger(engine);
    const requests = [
      await storeRequest(opened.ledger, submission('A', { reason: 'ça & <b>"là"</b> \u{1F6D1}\n' }), ...underWay),
      await storeRequest(opened.ledger, submission('B', { workflowId: 'WKF2' })),
    ];
    const events = await opened.ledger.events('A');
    const ledger = await opened.reopen();
    expect(await Promise.all(['A', 'B'].map((id) => ledger.load(id)))).toEqual(requests);
    expect(await ledger.events('A')).toEqual(events);
    expect(events).toHaveLength(4);
  });

  it('are written all at once or not at all', async () => {
    await using opened = await newLedger(engine);
    const request = await storeRequest(opened.ledger, submission('A'));
    const half = append(opened.ledger, request, samples.granted, samples.dispatching);
    await expect(half).rejects.toThrow('event "dispatching" is not allowed in state "submitted"');
    expect(await opened.ledger.load('A')).toEqual(request);
  });

  it('contain no event that is not allowed', async () => {
    await using opened = await newLedger(engine);
    const request = await storeRequest(opened.ledger, submission('A'));
    expect(await opened.ledger.transaction((tx) => tx.append(request, samples.dispatching))).toBeNull();
    expect(await opened.ledger.load('A')).toEqual(request);
  });

  it('are refused where they are appended to an outdated request', async () => {
    await using opened = await newLedger(engine);
    const stale = await storeRequest(opened.ledger, submission('A'));
    const current = await append(opened.ledger, stale, samples.granted);
    await expect(opened.ledger.transaction((tx) => tx.append(stale, samples.announcing))).rejects.toThrow();
    expect(await opened.ledger.load('A')).toEqual(current);
  });

  it('do not exist for an unknown ID', async () => {
    await using opened = await newLedger(engine);
    expect(await opened.ledger.load('NOBODY')).toBeNull();
    expect(await opened.ledger.events('NOBODY')).toEqual([]);
  });
});

describe.each(engines)('any sequence of events of a request (%s)', (engine) => {
  it('is loaded as the appends returned it, in an unbroken chain', async () => {
    await using opened = await newLedger(engine);
    const { ledger } = opened;
    let count = 0;
    const ends = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 1_000 }), { minLength: 3, maxLength: 25 }), async (choices) => {
        const id = `R${++count}`;
        const request = await live(await storeRequest(ledger, submission(id, { workflowId: id })), choices);
        const events = await ledger.events(id);
        expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
        expect(replay(events.map(withItsReason))).toEqual(request);
        expect(await ledger.load(id)).toEqual(request);
        expect(firstBroken(events)).toBeNull();
        ends.add(request.state);
      }),
      { numRuns: engine === 'sqlite' ? 80 : 20, seed: 3 },
    );
    expect(ends.size).toBeGreaterThan(engine === 'sqlite' ? 5 : 2);

    /** Each number selects one of the events that are allowed next. */
    async function live(request: Request, choices: readonly number[]): Promise<Request> {
      let current = request;
      for (const choice of choices) {
        opened.clock.now += 1_000;
        const { state } = current;
        const legal: readonly Event[] = everyEvent.filter((event) => nextState(state, event) !== null);
        current = await append(ledger, current, ...legal.slice(choice % legal.length).slice(0, 1));
      }
      return current;
    }
  });
});
