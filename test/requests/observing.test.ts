import { describe, expect, it } from '@jest/globals';
import type { Verb } from '../../src/commands/command.ts';
import type { PostResult } from '../../src/requests/attempt-results.ts';
import type { Observation, RecordedWorkflowState } from '../../src/requests/events.ts';
import { type Conclusion, conclusionOf, isConclusive, nextProbeAt } from '../../src/requests/rules/effect.ts';
import { noon } from './events.fixture.ts';
import { minutes, openScene, type Scene } from './scene/scene.fixture.ts';

const seconds = 1_000;

function seen(reading: RecordedWorkflowState | null): Observation {
  return { kind: 'seen', reading, field: 'logicalStatus', raw: String(reading) };
}

const failed: Observation = { kind: 'failed', reason: 'timeout' };
const notShown: Observation = { kind: 'not_shown' };
const notFound: Observation = { kind: 'not_found' };

describe('the times of the probes', () => {
  it('are 2, 5, 15 and 60 seconds after the acceptance, then each minute up to ten', () => {
    const moments: number[] = [];
    for (let at = nextProbeAt(0, 0); at !== null; at = nextProbeAt(0, at)) moments.push(at / seconds);
    expect(moments).toEqual([2, 5, 15, 60, 120, 180, 240, 300, 360, 420, 480, 540, 600]);
  });
});

describe('the result of a probe', () => {
  it.each<[Verb, RecordedWorkflowState, Conclusion]>([
    ['start', 'in_progress', 'as_asked'],
    ['resume', 'in_progress', 'as_asked'],
    ['pause', 'warning', 'as_asked'],
    ['stop', 'finished', 'as_asked'],
    ['start', 'finished', 'otherwise'],
    ['stop', 'in_progress', 'otherwise'],
    ['pause', 'in_progress', 'otherwise'],
    ['resume', 'warning', 'otherwise'],
    ['stop', 'editing', 'otherwise'],
    ['start', 'erroneous', 'erroneous'],
    ['stop', 'erroneous', 'erroneous'],
  ])('after a %s, %s is: %s', (verb, reading, conclusion) => {
    expect(conclusionOf(verb, seen(reading))).toBe(conclusion);
  });

  it.each([
    ['the requested state', seen('finished'), 0],
    ['an error, which may be from an earlier run', seen('erroneous'), 15 * seconds],
    ['a workflow that shows no state', notShown, 60 * seconds],
    ['another state', seen('in_progress'), null],
    ['an unknown state', seen(null), null],
    ['a workflow that does not exist', notFound, null],
    ['nothing, because Campaign is unreachable', failed, null],
  ])('ends the observation early: %s', (_what, observation, fromMs) => {
    const moments = [0, 2, 14.999, 15, 59.999, 60, 599].map((after) => after * seconds);
    const ending = moments.filter((after) => isConclusive('stop', observation, after));
    expect(ending).toEqual(fromMs === null ? [] : moments.filter((after) => after >= fromMs));
  });
});

/** A start that is accepted at noon. */
async function accepted(scene: Scene): Promise<string> {
  const id = await scene.submit({ verb: 'start' });
  await scene.untilIdle();
  return id;
}

/** When the workflow was probed, in seconds after the acceptance. */
function probeTimes({ world }: Scene): readonly number[] {
  return world.observedAt.map((at) => (at - noon) / seconds);
}

function followUps(scene: Scene): number {
  return scene.world.messages.filter(({ kind }) => kind === 'follow_up').length;
}

describe('a command that was accepted', () => {
  it('is observed until the workflow shows the requested state, and one follow-up is posted in the thread', async () => {
    await using scene = await openScene();
    scene.world.answers.observe.push(seen('finished'), failed, seen('in_progress'));
    const id = await accepted(scene);
    expect(scene.world.messages.map(({ kind }) => kind)).toEqual(['announcement', 'outcome']);
    await scene.advanceTime(20 * minutes);
    expect(probeTimes(scene)).toEqual([2, 5, 15]);
    expect(scene.world.messages.map(({ kind }) => kind)).toEqual(['announcement', 'outcome', 'follow_up']);
    expect(await scene.events(id, 'observed')).toEqual([
      expect.objectContaining({ data: { observation: seen('in_progress'), isShown: true } }),
    ]);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted', followUpPost: { done: true } });
    expect(await scene.ledger.nextDueAt()).toBeNull();
  });

  it('is observed for ten minutes with thirteen probes, and the follow-up shows the last state', async () => {
    await using scene = await openScene();
    scene.world.answers.observe.push(...Array.from({ length: 99 }, () => seen('warning')));
    const id = await accepted(scene);
    await scene.advanceTime(20 * minutes);
    expect(probeTimes(scene)).toHaveLength(13);
    expect(probeTimes(scene).at(-1)).toBe(600);
    expect(await scene.events(id, 'observed')).toMatchObject([{ data: { observation: { reading: 'warning' } } }]);
    expect(followUps(scene)).toBe(1);
  });

  it('records no probe without a result', async () => {
    await using scene = await openScene();
    scene.world.answers.observe.push(...Array.from({ length: 99 }, () => failed));
    const id = await accepted(scene);
    const { sequence } = await scene.request(id);
    await scene.advanceTime(9 * minutes);
    expect(await scene.request(id)).toMatchObject({ sequence, observation: null });
  });

  it('is probed once after an hour of downtime', async () => {
    await using scene = await openScene();
    scene.world.answers.observe.push(...Array.from({ length: 99 }, () => seen('warning')));
    await accepted(scene);
    scene.skipTime(60 * minutes);
    await scene.advanceTime(minutes);
    expect(probeTimes(scene)).toEqual([3_600]);
    expect(followUps(scene)).toBe(1);
  });

  it('is observed further by the next process', async () => {
    const { path, world } = await (async () => {
      await using scene = await openScene();
      scene.world.answers.observe.push(seen('finished'), seen('finished'), seen('in_progress'));
      await accepted(scene);
      await scene.advanceTime(6 * seconds);
      return scene;
    })();
    await using scene = await openScene({ path, world });
    await scene.advanceTime(8 * seconds);
    expect(followUps(scene)).toBe(0);
    await scene.advanceTime(2 * seconds);
    expect(followUps(scene)).toBe(1);
  });

  it('is not observed where it was not accepted', async () => {
    await using scene = await openScene();
    scene.world.answers.send.push({
      kind: 'rejected',
      reason: 'other',
      answer: { status: 400, text: '', adobeRequestId: null },
    });
    await accepted(scene);
    await scene.advanceTime(20 * minutes);
    expect(probeTimes(scene)).toEqual([]);
    expect(followUps(scene)).toBe(0);
  });
});

describe('the follow-up', () => {
  async function afterTrouble(...troubles: (PostResult | 'posted, but no answer')[]) {
    const scene = await openScene();
    scene.world.answers.observe.push(seen('in_progress'));
    scene.world.answers.postFollowUp.push(...troubles);
    return { scene, id: await accepted(scene) };
  }

  it.each<[string, PostResult | 'posted, but no answer']>([
    ['its response is lost', 'posted, but no answer'],
    ['its delivery is in doubt', { kind: 'doubt' }],
    ['Slack answers 429', { kind: 'rate_limited', retryAfterMs: 30_000 }],
    ['Slack is unreachable', { kind: 'refused', reason: 'unreachable' }],
  ])('is in the thread once, although %s', async (_trouble, trouble) => {
    const { scene, id } = await afterTrouble(trouble);
    await using _ = scene;
    await scene.advanceTime(2 * minutes);
    expect(followUps(scene)).toBe(1);
    expect(await scene.events(id, 'noted')).toHaveLength(1);
  });

  it('that cannot be posted is logged once, and delays nothing', async () => {
    const { scene, id } = await afterTrouble({ kind: 'refused', reason: 'channel_archived' });
    await using _ = scene;
    await scene.advanceTime(2 * minutes);
    expect(followUps(scene)).toBe(0);
    expect(await scene.events(id, 'noted')).toMatchObject([{ data: { ts: null } }]);
    const warned = scene.logged.filter(({ level }) => level === 'warn');
    expect(warned).toMatchObject([{ fields: { request: id, reason: 'channel_archived' } }]);
    expect(await scene.ledger.nextDueAt()).toBeNull();
  });

  it('that may have been posted and cannot be searched for is not posted a second time', async () => {
    const { scene, id } = await afterTrouble('posted, but no answer');
    await using _ = scene;
    scene.world.answers.findFollowUp.push({ kind: 'unknowable' });
    await scene.advanceTime(2 * minutes);
    expect(followUps(scene)).toBe(1);
    expect(await scene.events(id, 'noted')).toMatchObject([{ data: { ts: null } }]);
  });

  it('is given up after a long outage of Slack, and leaves few events', async () => {
    const away = Array.from({ length: 500 }, () => ({ kind: 'refused', reason: 'unreachable' }) as const);
    const { scene, id } = await afterTrouble(...away);
    await using _ = scene;
    await scene.advanceTime(120 * minutes);
    expect(await scene.events(id, 'noted')).toMatchObject([{ data: { ts: null } }]);
    expect((await scene.events(id, 'noting')).length).toBeLessThan(40);
  });

  it('waits for the outcome, which is posted first', async () => {
    await using scene = await openScene();
    scene.world.answers.observe.push(seen('in_progress'));
    scene.world.answers.postOutcome.push({ kind: 'rate_limited', retryAfterMs: 60_000 });
    await accepted(scene);
    await scene.advanceTime(30 * seconds);
    expect(scene.world.messages.map(({ kind }) => kind)).toEqual(['announcement']);
    await scene.advanceTime(2 * minutes);
    expect(scene.world.messages.map(({ kind }) => kind)).toEqual(['announcement', 'outcome', 'follow_up']);
  });
});
