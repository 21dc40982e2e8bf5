import { describe, expect, it } from '@jest/globals';
import { allWorkflows } from '../../src/access/patterns.ts';
import type { When } from '../../src/commands/command.ts';
import type { Observation } from '../../src/requests/events.ts';
import type { Request } from '../../src/requests/request.ts';
import { newDatabase } from '../postgres/new-database.ts';
import { lists, minutes, noRules, openScene, policyOf, type Scene } from './scene/scene.fixture.ts';
import { newWorld, type World } from './scene/world.fixture.ts';

const halfAnHour: When = { kind: 'in', ms: 30 * minutes, typed: 'in 30m' };
const at = (time: string, day = 'next'): When => ({ kind: 'at', day, time, typed: `at ${time}` });
const shows = (reading: 'in_progress' | 'warning' | 'finished' | 'erroneous'): Observation => ({
  kind: 'seen',
  reading,
  field: 'logicalStatus',
  raw: reading,
});

/** Everybody who was only asked for later, in an hour at most. */
async function submitLater(scene: Scene, order: Partial<Request['order']> = {}, by = 'U0ALICE'): Promise<string> {
  const id = await scene.submit({ verb: 'start', due: halfAnHour, ...order }, by);
  await scene.untilIdle();
  return id;
}

function commandsSent({ sent }: World): readonly string[] {
  return sent.map(({ command, workflowId }) => `${command} ${workflowId}`);
}

const messagesOf = (scene: Scene, id: string) =>
  scene.world.messages.filter(({ request }) => request === id).map(({ kind }) => kind);

describe('a command for later', () => {
  it('is announced at once, and sent once when it is due', async () => {
    await using scene = await openScene();
    const id = await submitLater(scene);
    expect((await scene.request(id)).state).toBe('scheduled');
    expect(messagesOf(scene, id)).toEqual(['announcement']);
    await scene.advanceTime(29 * minutes);
    expect(scene.world.sent).toEqual([]);
    await scene.advanceTime(2 * minutes);
    expect(commandsSent(scene.world)).toEqual(['start WKF110']);
    expect((await scene.request(id)).state).toBe('accepted');
  });

  it('means the local time of its requester', async () => {
    await using scene = await openScene();
    scene.world.people.set('U0ALICE', { membership: 'member', groups: new Set(), timezone: 'Asia/Kolkata' });
    // It is noon in UTC, and half past five in Kolkata.
    const id = await submitLater(scene, { due: at('18:00') });
    const { grant } = await scene.request(id);
    expect(grant).toMatchObject({ dueAt: scene.world.now + 30 * minutes, zone: 'Asia/Kolkata' });
  });

  it('waits for the zone of its requester where Slack does not say it at once', async () => {
    await using scene = await openScene();
    let failures = 1;
    scene.world.unavailable.has = (id) => id === 'U0ALICE' && failures-- > 0;
    const id = await submitLater(scene, { due: at('18:00') });
    expect((await scene.request(id)).grant).toBeNull();
    scene.world.people.set('U0ALICE', { membership: 'member', groups: new Set(), timezone: 'Asia/Kolkata' });
    await scene.advanceTime(minutes / 6);
    expect((await scene.request(id)).grant?.zone).toBe('Asia/Kolkata');
  });

  it('is refused where Slack knows no zone of its requester, unless its time is counted from now', async () => {
    await using scene = await openScene();
    const id = await submitLater(scene, { due: at('18:00') });
    expect((await scene.request(id)).end).toMatchObject({
      outcome: 'refused',
      because: { kind: 'no_zone', isEnd: false },
    });
    scene.world.people.set('U0ALICE', { membership: 'member', groups: new Set(), timezone: 'Nowhere/Else' });
    const pause = await scene.submit({ verb: 'pause', resumes: at('18:00') });
    await scene.untilIdle();
    expect((await scene.request(pause)).end?.because).toEqual({ kind: 'no_zone', isEnd: true });
    const counted = await submitLater(scene);
    expect((await scene.request(counted)).grant).toMatchObject({ zone: 'UTC', dueAt: scene.world.now + 30 * minutes });
  });

  it('is refused where its time is past', async () => {
    await using scene = await openScene();
    scene.world.people.set('U0ALICE', { membership: 'member', groups: new Set(), timezone: 'UTC' });
    const id = await submitLater(scene, { due: at('11:59', 'today') });
    expect((await scene.request(id)).end?.because).toEqual({ kind: 'bad_time', problem: 'past' });
  });

  it('holds nothing until it is due', async () => {
    await using scene = await openScene();
    const id = await submitLater(scene, { verb: 'resume' });
    const now = await scene.submit({ verb: 'start', workflowId: 'WKF111' });
    await scene.advanceTime(minutes);
    expect((await scene.request(now)).state).toBe('accepted');
    expect((await scene.request(id)).state).toBe('scheduled');
  });

  it.each(['pause', 'start'] as const)('is superseded by a later %s that is sent', async (verb) => {
    await using scene = await openScene();
    const id = await submitLater(scene);
    const later = await scene.submit({ verb }, 'U0BOB');
    await scene.advanceTime(minutes);
    const { state, end } = await scene.request(id);
    expect(state).toBe('superseded');
    expect(end?.because).toEqual({ kind: 'superseded', by: later });
    expect(messagesOf(scene, id)).toEqual(['announcement', 'outcome']);
    await scene.advanceTime(60 * minutes);
    expect(commandsSent(scene.world)).toEqual([`${verb} WKF110`]);
  });

  it('is superseded by another one for later', async () => {
    await using scene = await openScene();
    const first = await submitLater(scene);
    scene.skipTime(1_000);
    const second = await submitLater(scene, { verb: 'resume' });
    expect((await scene.request(first)).end?.because).toEqual({ kind: 'superseded', by: second });
    await scene.advanceTime(60 * minutes);
    expect(commandsSent(scene.world)).toEqual(['resume WKF110']);
  });

  it('is not superseded by a command that is refused, or for another workflow', async () => {
    await using scene = await openScene();
    const id = await submitLater(scene);
    await scene.submit({ verb: 'pause' }, 'U0EVE');
    await scene.submit({ verb: 'pause', workflowId: 'WKF111' });
    await scene.advanceTime(minutes);
    expect((await scene.request(id)).state).toBe('scheduled');
  });

  it('is not sent where the workflow has changed since', async () => {
    await using scene = await openScene();
    scene.world.answers.probe.push(shows('finished'), shows('in_progress'));
    const id = await submitLater(scene);
    await scene.advanceTime(31 * minutes);
    const { state, end } = await scene.request(id);
    expect(state).toBe('superseded');
    expect(end?.because).toEqual({ kind: 'changed_since', before: 'finished', now: 'in_progress' });
    expect(scene.world.sent).toEqual([]);
  });

  it('does not resume or repeat what nobody saw when it was asked for', async () => {
    await using scene = await openScene();
    scene.world.answers.probe.push({ kind: 'not_shown' }, shows('erroneous'));
    const id = await submitLater(scene);
    await scene.advanceTime(31 * minutes);
    expect((await scene.request(id)).end?.because.kind).toBe('changed_since');
    expect(scene.world.sent).toEqual([]);
  });

  it('is not sent under rights that are gone when it is due', async () => {
    await using scene = await openScene();
    const id = await submitLater(scene);
    scene.setPolicy(noRules);
    await scene.advanceTime(31 * minutes);
    expect((await scene.request(id)).state).toBe('refused');
    expect(scene.world.sent).toEqual([]);
  });

  it('is not sent into a freeze', async () => {
    await using scene = await openScene({ policy: freezing });
    const id = await submitLater(scene);
    await scene.submit({ verb: 'freeze', workflowId: allWorkflows, until: scene.world.now + 60 * minutes }, 'U0BOB');
    await scene.advanceTime(31 * minutes);
    expect((await scene.request(id)).end?.because).toMatchObject({ kind: 'access', refusal: { reason: 'frozen' } });
    expect(scene.world.sent).toEqual([]);
  });

  it('can be asked for during a freeze that is over by then', async () => {
    await using scene = await openScene({ policy: freezing });
    await scene.submit({ verb: 'freeze', workflowId: allWorkflows, until: scene.world.now + 10 * minutes }, 'U0BOB');
    await scene.advanceTime(minutes);
    const id = await submitLater(scene);
    await scene.advanceTime(31 * minutes);
    expect((await scene.request(id)).state).toBe('accepted');
  });

  it('is told and not sent where the bot was away for longer than two minutes', async () => {
    await using scene = await openScene();
    const id = await submitLater(scene);
    await scene.suspend();
    scene.skipTime(33 * minutes);
    scene.resume();
    await scene.untilIdle();
    const { state, end } = await scene.request(id);
    expect([state, end?.because.kind]).toEqual(['not_sent', 'too_late']);
    expect(messagesOf(scene, id)).toEqual(['announcement', 'outcome']);
    expect(scene.world.sent).toEqual([]);
  });

  it('is taken back by its requester, and by nobody without rights', async () => {
    await using scene = await openScene();
    const id = await submitLater(scene);
    await scene.press(id, 'U0EVE', 'cancel');
    await scene.untilIdle();
    expect((await scene.request(id)).state).toBe('scheduled');
    await scene.press(id, 'U0ALICE', 'cancel');
    await scene.untilIdle();
    expect((await scene.request(id)).state).toBe('cancelled');
    await scene.advanceTime(60 * minutes);
    expect(scene.world.sent).toEqual([]);
  });
});

const freezing = policyOf(lists);

describe('a command for later that needs a confirmation', () => {
  it('is confirmed when it is asked for, and sent when it is due', async () => {
    await using scene = await openScene();
    const id = await submitLater(scene, { verb: 'stop' });
    expect((await scene.request(id)).state).toBe('awaiting_approval');
    await scene.press(id, 'U0CAROL');
    await scene.untilIdle();
    expect((await scene.request(id)).state).toBe('scheduled');
    expect(scene.world.sent).toEqual([]);
    await scene.advanceTime(31 * minutes);
    expect(commandsSent(scene.world)).toEqual(['stop WKF110']);
  });

  it('is confirmed by no press where it is known by then that a freeze will hold it', async () => {
    await using scene = await openScene({ policy: freezing });
    const id = await submitLater(scene, { verb: 'stop' });
    const [from, until] = [20, 60].map((after) => scene.world.now + after * minutes) as [number, number];
    const time = { kind: 'period', from, until } as const;
    const freeze = { environments: new Set(['prod']), verbs: new Set(['stop'] as const), because: 'a launch', time };
    scene.setPolicy({ ...freezing, freezes: [freeze] });
    await scene.press(id, 'U0CAROL');
    await scene.untilIdle();
    expect((await scene.request(id)).state).toBe('awaiting_approval');
    const [refused] = await scene.events(id, 'press_refused');
    expect(refused?.data.refusal).toMatchObject({ kind: 'access', refusal: { reason: 'frozen' } });
  });

  it('is not sent where its confirmer may not confirm any more', async () => {
    await using scene = await openScene();
    const id = await submitLater(scene, { verb: 'stop' });
    await scene.press(id, 'U0CAROL');
    await scene.untilIdle();
    scene.world.people.set('U0CAROL', { membership: 'member', groups: new Set() });
    await scene.advanceTime(31 * minutes);
    const { end } = await scene.request(id);
    expect(end?.because).toMatchObject({ kind: 'access', refusal: { confirmer: 'U0CAROL' } });
    expect(scene.world.sent).toEqual([]);
  });

  it('expires when it is due at the latest', async () => {
    await using scene = await openScene();
    const id = await submitLater(scene, { verb: 'stop', due: { kind: 'in', ms: 2 * minutes, typed: 'in 2m' } });
    expect((await scene.request(id)).grant?.expiresAt).toBe((await scene.request(id)).grant?.dueAt);
    await scene.advanceTime(3 * minutes);
    expect((await scene.request(id)).state).toBe('expired');
  });
});

describe('a pause that ends by itself', () => {
  const pause: Partial<Request['order']> = { verb: 'pause', due: undefined as never, resumes: halfAnHour };
  const paused = ({ due: _, ...order }: Partial<Request['order']>) => order;

  async function resumeOf(scene: Scene, id: string): Promise<Request> {
    const resume = await scene.ledger.requestOf(`${id} resume`);
    if (resume === null) throw new Error('the pause has no end');
    return resume;
  }

  it('is sent at once, and resumed by a request of its own', async () => {
    await using scene = await openScene();
    const id = await scene.submit(paused(pause));
    await scene.advanceTime(minutes);
    expect(commandsSent(scene.world)).toEqual(['pause WKF110']);
    const resume = await resumeOf(scene, id);
    expect(resume).toMatchObject({ state: 'scheduled', requester: 'U0ALICE', order: { verb: 'resume', after: id } });
    scene.world.answers.probe.push(shows('warning'));
    await scene.advanceTime(31 * minutes);
    expect(commandsSent(scene.world)).toEqual(['pause WKF110', 'resume WKF110']);
  });

  it('is resumed also where Slack says nothing for some minutes after the pause', async () => {
    await using scene = await openScene();
    const { world } = scene;
    const begin = world.now;
    world.unavailable.has = (id) => id === 'U0ALICE' && world.sent.length === 1 && world.now < begin + 5 * minutes;
    const id = await scene.submit(paused(pause));
    await scene.advanceTime(4 * minutes);
    expect((await resumeOf(scene, id)).grant).toBeNull();
    await scene.advanceTime(3 * minutes);
    expect((await resumeOf(scene, id)).state).toBe('scheduled');
  });

  it('is not resumed where somebody has resumed it before', async () => {
    await using scene = await openScene();
    const id = await scene.submit(paused(pause));
    await scene.advanceTime(minutes);
    await scene.submit({ verb: 'resume' }, 'U0BOB');
    await scene.advanceTime(60 * minutes);
    expect(commandsSent(scene.world)).toEqual(['pause WKF110', 'resume WKF110']);
    expect((await resumeOf(scene, id)).state).toBe('superseded');
  });

  it('is not resumed where the workflow is not paused any more', async () => {
    await using scene = await openScene();
    const id = await scene.submit(paused(pause));
    await scene.advanceTime(minutes);
    scene.world.answers.probe.push(shows('finished'));
    await scene.advanceTime(60 * minutes);
    expect((await resumeOf(scene, id)).end?.because).toMatchObject({ kind: 'changed_since', before: 'warning' });
    expect(commandsSent(scene.world)).toEqual(['pause WKF110']);
  });
});

describe('three replicas', () => {
  it('send a command for later once, and tell it once', async () => {
    const world = newWorld();
    const database = { kind: 'postgres', url: await newDatabase() } as const;
    await using one = await openScene({ world, database });
    await using two = await openScene({ world, database });
    await using three = await openScene({ world, database });
    const id = await submitLater(one);
    const until = await one.submit({ verb: 'pause', workflowId: 'WKF111', resumes: halfAnHour });
    await Promise.all([one, two, three].map((scene) => scene.untilIdle()));
    // Past the first probe of what the pause has done.
    one.skipTime(minutes);
    await Promise.all([one, two, three].map((scene) => scene.untilIdle()));
    one.skipTime(29 * minutes + 1_000);
    await Promise.all([one, two, three].map((scene) => scene.untilIdle()));
    expect(commandsSent(world).toSorted()).toEqual(['pause WKF111', 'resume WKF111', 'start WKF110']);
    for (const request of [id, until]) {
      expect((await two.request(request)).state).toBe('accepted');
      expect(messagesOf(one, request).filter((kind) => kind === 'outcome')).toHaveLength(1);
      expect(await three.events(request, 'dispatching')).toHaveLength(1);
    }
  });
});
