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

describe('the moments of looking', () => {
  it('are 2, 5, 15 and 60 seconds after the acceptance, then each minute up to ten', () => {
    const moments: number[] = [];
    for (let at = nextProbeAt(0, 0); at !== null; at = nextProbeAt(0, at)) moments.push(at / seconds);
    expect(moments).toEqual([2, 5, 15, 60, 120, 180, 240, 300, 360, 420, 480, 540, 600]);
  });
});

describe('what a look tells', () => {
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
    ['what was asked for', seen('finished'), 0],
    ['an error, which a moment ago may have been the one from before', seen('erroneous'), 15 * seconds],
    ['a workflow that shows no state', notShown, 60 * seconds],
    ['another state', seen('in_progress'), null],
    ['a state that nobody knows', seen(null), null],
    ['a workflow that is not there', notFound, null],
    ['nothing, since Campaign cannot be reached', failed, null],
  ])('ends the following early: %s', (_what, observation, fromMs) => {
    const moments = [0, 2, 14.999, 15, 59.999, 60, 599].map((after) => after * seconds);
    const ending = moments.filter((after) => isConclusive('stop', observation, after));
    expect(ending).toEqual(fromMs === null ? [] : moments.filter((after) => after >= fromMs));
  });
});

/** A start that is accepted at noon. */
async function accepted(scene: Scene): Promise<string> {
  const id = await scene.ask({ verb: 'start' });
  await scene.quiet();
  return id;
}

/** When the workflow was looked at, in seconds after the acceptance. */
function looks({ world }: Scene): readonly number[] {
  return world.looks.map((at) => (at - noon) / seconds);
}

function notes(scene: Scene): number {
  return scene.world.messages.filter(({ kind }) => kind === 'note').length;
}

describe('a command that was accepted', () => {
  it('is followed until the workflow shows what was asked for, and that is noted once in the thread', async () => {
    await using scene = await openScene();
    scene.world.answers.observe.push(seen('finished'), failed, seen('in_progress'));
    const id = await accepted(scene);
    expect(scene.world.messages.map(({ kind }) => kind)).toEqual(['announcement', 'outcome']);
    await scene.pass(20 * minutes);
    expect(looks(scene)).toEqual([2, 5, 15]);
    expect(scene.world.messages.map(({ kind }) => kind)).toEqual(['announcement', 'outcome', 'note']);
    expect(await scene.events(id, 'observed')).toEqual([
      expect.objectContaining({ data: { observation: seen('in_progress') } }),
    ]);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted', followUpPost: { done: true } });
    expect(await scene.ledger.nextDueAt()).toBeNull();
  });

  it('is followed for ten minutes, thirteen looks, and what is shown then is noted', async () => {
    await using scene = await openScene();
    scene.world.answers.observe.push(...Array.from({ length: 99 }, () => seen('warning')));
    const id = await accepted(scene);
    await scene.pass(20 * minutes);
    expect(looks(scene)).toHaveLength(13);
    expect(looks(scene).at(-1)).toBe(600);
    expect(await scene.events(id, 'observed')).toMatchObject([{ data: { observation: { reading: 'warning' } } }]);
    expect(notes(scene)).toBe(1);
  });

  it('leaves no trace of looks that told nothing', async () => {
    await using scene = await openScene();
    scene.world.answers.observe.push(...Array.from({ length: 99 }, () => failed));
    const id = await accepted(scene);
    const { sequence } = await scene.request(id);
    await scene.pass(9 * minutes);
    expect(await scene.request(id)).toMatchObject({ sequence, observation: null });
  });

  it('is looked at once when nobody was there for an hour', async () => {
    await using scene = await openScene();
    scene.world.answers.observe.push(...Array.from({ length: 99 }, () => seen('warning')));
    await accepted(scene);
    scene.leap(60 * minutes);
    await scene.pass(minutes);
    expect(looks(scene)).toEqual([3_600]);
    expect(notes(scene)).toBe(1);
  });

  it('is followed on by the next process where this one ends', async () => {
    const { path, world } = await (async () => {
      await using scene = await openScene();
      scene.world.answers.observe.push(seen('finished'), seen('finished'), seen('in_progress'));
      await accepted(scene);
      await scene.pass(6 * seconds);
      return scene;
    })();
    await using scene = await openScene({ path, world });
    await scene.pass(8 * seconds);
    expect(notes(scene)).toBe(0);
    await scene.pass(2 * seconds);
    expect(notes(scene)).toBe(1);
  });

  it('is not followed where it was not accepted', async () => {
    await using scene = await openScene();
    scene.world.answers.send.push({
      kind: 'rejected',
      reason: 'other',
      answer: { status: 400, text: '', adobeRequestId: null },
    });
    await accepted(scene);
    await scene.pass(20 * minutes);
    expect(looks(scene)).toEqual([]);
    expect(notes(scene)).toBe(0);
  });
});

describe('the note', () => {
  async function afterTrouble(...troubles: (PostResult | 'landed in doubt')[]) {
    const scene = await openScene();
    scene.world.answers.observe.push(seen('in_progress'));
    scene.world.answers.note.push(...troubles);
    return { scene, id: await accepted(scene) };
  }

  it.each<[string, PostResult | 'landed in doubt']>([
    ['its answer got lost', 'landed in doubt'],
    ['nobody knows whether it arrived', { kind: 'doubt' }],
    ['Slack asks to wait', { kind: 'rate_limited', retryAfterMs: 30_000 }],
    ['Slack cannot be reached', { kind: 'refused', reason: 'unreachable' }],
  ])('is in the thread once, although %s', async (_trouble, trouble) => {
    const { scene, id } = await afterTrouble(trouble);
    await using _ = scene;
    await scene.pass(2 * minutes);
    expect(notes(scene)).toBe(1);
    expect(await scene.events(id, 'noted')).toHaveLength(1);
  });

  it('that cannot be posted is logged once, and holds nothing up', async () => {
    const { scene, id } = await afterTrouble({ kind: 'refused', reason: 'channel_archived' });
    await using _ = scene;
    await scene.pass(2 * minutes);
    expect(notes(scene)).toBe(0);
    expect(await scene.events(id, 'noted')).toMatchObject([{ data: { ts: null } }]);
    const warned = scene.logged.filter(({ level }) => level === 'warn');
    expect(warned).toMatchObject([{ fields: { request: id, reason: 'channel_archived' } }]);
    expect(await scene.ledger.nextDueAt()).toBeNull();
  });

  it('that may be there and cannot be searched for is not posted a second time', async () => {
    const { scene, id } = await afterTrouble('landed in doubt');
    await using _ = scene;
    scene.world.answers.findNote.push({ kind: 'unknowable' });
    await scene.pass(2 * minutes);
    expect(notes(scene)).toBe(1);
    expect(await scene.events(id, 'noted')).toMatchObject([{ data: { ts: null } }]);
  });

  it('is given up when Slack has been away for long, and leaves few events', async () => {
    const away = Array.from({ length: 500 }, () => ({ kind: 'refused', reason: 'unreachable' }) as const);
    const { scene, id } = await afterTrouble(...away);
    await using _ = scene;
    await scene.pass(120 * minutes);
    expect(await scene.events(id, 'noted')).toMatchObject([{ data: { ts: null } }]);
    expect((await scene.events(id, 'noting')).length).toBeLessThan(40);
  });

  it('waits for the outcome, which comes first in the thread', async () => {
    await using scene = await openScene();
    scene.world.answers.observe.push(seen('in_progress'));
    scene.world.answers.report.push({ kind: 'rate_limited', retryAfterMs: 60_000 });
    await accepted(scene);
    await scene.pass(30 * seconds);
    expect(scene.world.messages.map(({ kind }) => kind)).toEqual(['announcement']);
    await scene.pass(2 * minutes);
    expect(scene.world.messages.map(({ kind }) => kind)).toEqual(['announcement', 'outcome', 'note']);
  });
});
