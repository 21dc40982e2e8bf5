import { describe, expect, it } from '@jest/globals';
import type { When } from '../../src/commands/command.ts';
import type { Order } from '../../src/requests/events.ts';
import { newDatabase } from '../postgres/new-database.ts';
import { minutes, openScene, type Scene } from './scene/scene.fixture.ts';
import { newWorld, type World } from './scene/world.fixture.ts';

const at = (time: string, day = 'next'): When => ({ kind: 'at', day, time, typed: time });
const within = (ms: number): When => ({ kind: 'in', ms, typed: 'in a while' });

function worldAt(time: string, timezone = 'Europe/Paris'): World {
  const world = newWorld();
  world.now = Date.parse(time);
  world.people.set('U0ALICE', { membership: 'member', groups: new Set(), timezone });
  return world;
}

async function submitted(scene: Scene, order: Partial<Order>): Promise<string> {
  const id = await scene.submit({ verb: 'start', ...order });
  await scene.untilIdle();
  return id;
}

const sentAt = ({ sent }: World) => sent.map((command) => new Date(command.at).toISOString());

describe('a local time', () => {
  it.each([
    ['that clocks skip is sent as they go on', '2027-03-27T20:00:00Z', '02:30', '2027-03-28T01:00:00.000Z'],
    ['that comes twice is sent the first time', '2026-10-24T20:00:00Z', '02:30', '2026-10-25T00:30:00.000Z'],
    ['of the next day is sent then', '2026-11-30T22:57:00Z', '00:00', '2026-11-30T23:00:00.000Z'],
    ['that is past today is sent tomorrow', '2026-11-30T20:00:00Z', '20:59', '2026-12-01T19:59:00.000Z'],
  ])('%s', async (_, now, time, expected) => {
    await using scene = await openScene({ world: worldAt(now) });
    await submitted(scene, { due: at(time) });
    await scene.advanceTime(25 * 60 * minutes);
    expect(sentAt(scene.world)).toEqual([expected]);
  });

  it('stays what it was when its requester changes the zone', async () => {
    const world = worldAt('2026-11-30T12:00:00Z');
    await using scene = await openScene({ world });
    const id = await submitted(scene, { due: at('18:00') });
    world.people.set('U0ALICE', { membership: 'member', groups: new Set(), timezone: 'America/New_York' });
    await scene.advanceTime(12 * 60 * minutes);
    expect(sentAt(world)).toEqual(['2026-11-30T17:00:00.000Z']);
    expect((await scene.request(id)).grant?.zone).toBe('Europe/Paris');
  });

  it.each([
    ['less than a minute ahead', 'too_soon', { due: at('00:00') }],
    ['less than a minute ahead, for the end of a pause', 'too_soon', { verb: 'pause', resumes: at('00:00') }],
    ['more than 30 days ahead', 'too_far', { due: at('00:01', '2026-12-31') }],
  ] as const)('%s is refused', async (_, problem, order) => {
    await using scene = await openScene({ world: worldAt('2026-11-30T22:59:30Z') });
    const id = await submitted(scene, order);
    expect((await scene.request(id)).end).toMatchObject({ outcome: 'refused', because: { kind: 'bad_time', problem } });
  });

  it('30 days ahead is sent then', async () => {
    await using scene = await openScene({ world: worldAt('2026-11-30T22:59:30Z') });
    await submitted(scene, { due: at('23:59', '2026-12-30') });
    await scene.advanceTime(31 * 24 * 60 * minutes);
    expect(sentAt(scene.world)).toEqual(['2026-12-30T22:59:00.000Z']);
  });
});

describe('a command for later that is taken back', () => {
  it('twice, is taken back once, and the second press is told', async () => {
    await using scene = await openScene();
    const id = await submitted(scene, { due: within(5 * minutes) });
    await Promise.all([scene.press(id, 'U0ALICE', 'cancel'), scene.press(id, 'U0ALICE', 'cancel')]);
    await scene.untilIdle();
    expect((await scene.request(id)).state).toBe('cancelled');
    expect(await scene.events(id, 'ended')).toHaveLength(1);
    expect(scene.world.messages.filter(({ kind }) => kind === 'outcome')).toHaveLength(1);
    await scene.advanceTime(10 * minutes);
    expect(scene.world.sent).toEqual([]);
  });

  it.each(['probe', 'prepare'] as const)('at the moment of its %s is not sent', async (call) => {
    await using scene = await openScene();
    const id = await submitted(scene, { due: within(5 * minutes) });
    const gate = scene.gate(call);
    scene.skipTime(5 * minutes);
    scene.wake();
    await gate.reached;
    await scene.press(id, 'U0ALICE', 'cancel');
    gate.open();
    await scene.untilIdle();
    await scene.advanceTime(10 * minutes);
    expect((await scene.request(id)).state).toBe('cancelled');
    expect(scene.world.sent).toEqual([]);
  });
});

describe('two replicas on PostgreSQL', () => {
  it('neither send nor forget a command for later while the other one sends another command', async () => {
    const world = newWorld();
    const database = { kind: 'postgres', url: await newDatabase() } as const;
    await using one = await openScene({ world, database });
    await using two = await openScene({ world, database });
    const idle = () => Promise.all([one.untilIdle(), two.untilIdle()]);
    const rejected = await one.submit({ verb: 'start', due: within(5 * minutes) });
    const accepted = await one.submit({ verb: 'start', workflowId: 'WKF111', due: within(5 * minutes) });
    await idle();
    one.skipTime(5 * minutes - 1_000);
    const answer = { status: 400, text: null, adobeRequestId: null };
    world.answers.send.push({ kind: 'rejected', reason: 'bad_request', answer });
    await two.submit({ verb: 'pause' }, 'U0BOB');
    await idle();
    const pause = await two.submit({ verb: 'pause', workflowId: 'WKF111' }, 'U0BOB');
    await idle();
    for (let second = 0; second < 5; second += 1) {
      one.skipTime(1_000);
      await idle();
    }
    expect((await one.request(rejected)).state).toBe('accepted');
    expect((await one.request(accepted)).end?.because).toEqual({ kind: 'superseded', by: pause });
    const sent = world.sent.map(({ command, workflowId }) => `${command} ${workflowId}`);
    expect(sent).toEqual(['pause WKF110', 'pause WKF111', 'start WKF110']);
  });
});
