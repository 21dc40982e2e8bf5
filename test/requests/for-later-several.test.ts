import { describe, expect, it } from '@jest/globals';
import type { When } from '../../src/commands/command.ts';
import type { DispatchResult } from '../../src/requests/attempt-results.ts';
import type { State } from '../../src/requests/outcome.ts';
import { newDatabase } from '../postgres/new-database.ts';
import { engines } from './ledger/ledger.fixture.ts';
import { newLedgerPath } from './scene/ledger-path.fixture.ts';
import { minutes, openScene, type Scene, type Several } from './scene/scene.fixture.ts';

const due: When = { kind: 'in', ms: 30 * minutes, typed: 'in 30m' };
const rejected: DispatchResult = {
  kind: 'rejected',
  reason: 'bad_request',
  answer: { status: 400, text: 'no', adobeRequestId: null },
};

async function statesOf(scene: Scene, { batch, items }: Several): Promise<readonly State[]> {
  return Promise.all([batch, ...items].map(async (id) => (await scene.request(id)).state));
}

/** Two stops for later, confirmed. */
async function scheduled(scene: Scene, workflows: readonly string[] = ['WKF110', 'WKF111']): Promise<Several> {
  const several = await scene.submitSeveral(workflows, { verb: 'stop', due });
  await scene.untilIdle();
  await scene.press(several.batch, 'U0CAROL');
  await scene.untilIdle();
  return several;
}

const sent = ({ world }: Scene) => world.sent.map(({ workflowId, command }) => `${command} ${workflowId}`).sort();
const outcomesOf = ({ world }: Scene, id: string) =>
  world.messages.filter(({ kind, request }) => kind === 'outcome' && request === id);

describe.each(engines)('several commands for later, with %s,', (engine) => {
  const open = async () =>
    openScene({
      database:
        engine === 'sqlite'
          ? { kind: 'sqlite', path: newLedgerPath() }
          : { kind: 'postgres', url: await newDatabase() },
    });

  it('are confirmed once, and sent when they are due, each once', async () => {
    await using scene = await open();
    const several = await scheduled(scene);
    expect(await statesOf(scene, several)).toEqual(['scheduled', 'scheduled', 'scheduled']);
    expect(await scene.ledger.competingRequests((await scene.request(several.items[0] ?? '')).order)).toMatchObject({
      open: [{ grant: { dueAt: scene.world.now + 30 * minutes } }],
    });
    await scene.advanceTime(29 * minutes);
    expect(sent(scene)).toEqual([]);
    await scene.advanceTime(3 * minutes);
    expect(await statesOf(scene, several)).toEqual(['completed', 'accepted', 'accepted']);
    expect(sent(scene)).toEqual(['stop WKF110', 'stop WKF111']);
    expect(outcomesOf(scene, several.batch)).toHaveLength(1);
  });

  it('are taken back together', async () => {
    await using scene = await open();
    const several = await scheduled(scene);
    await scene.press(several.batch, 'U0ALICE', 'cancel');
    await scene.untilIdle();
    expect(await statesOf(scene, several)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    await scene.advanceTime(60 * minutes);
    expect(sent(scene)).toEqual([]);
  });

  it('are taken back as far as they are not sent, also a moment before their batch is released', async () => {
    await using scene = await open();
    const several = await scheduled(scene);
    const [first = ''] = several.items;
    await scene.suspend();
    await scene.ledger.transaction(async (tx) => {
      const item = await tx.load(first);
      if (item === null) throw new Error('no item');
      const released = await tx.append(item, { type: 'approved', data: { by: null, interaction: null } });
      if (released !== null) await tx.append(released, { type: 'dispatching', data: { attempt: 1 } });
    });
    await scene.press(several.batch, 'U0ALICE', 'cancel');
    scene.resume();
    await scene.untilIdle();
    expect(await statesOf(scene, several)).toEqual(['scheduled', 'unknown', 'cancelled']);
    expect(await scene.events(several.batch, 'press_refused')).toEqual([]);
    await scene.advanceTime(31 * minutes);
    expect(await statesOf(scene, several)).toEqual(['completed', 'unknown', 'cancelled']);
    expect(sent(scene)).toEqual([]);
  });

  it('are superseded each by itself, and all together where none is left', async () => {
    await using scene = await open();
    const several = await scheduled(scene);
    scene.skipTime(1_000);
    const first = await scene.submit({ verb: 'pause' }, 'U0BOB');
    await scene.untilIdle();
    expect(await statesOf(scene, several)).toEqual(['scheduled', 'superseded', 'scheduled']);
    expect((await scene.request(several.batch)).grant?.items).toHaveLength(1);
    const second = await scene.submit({ verb: 'pause', workflowId: 'WKF111' }, 'U0BOB');
    await scene.untilIdle();
    expect(await statesOf(scene, several)).toEqual(['superseded', 'superseded', 'superseded']);
    expect((await scene.request(several.batch)).end?.because).toEqual({ kind: 'superseded', by: second });
    expect(outcomesOf(scene, several.batch)).toHaveLength(1);
    await scene.advanceTime(60 * minutes);
    expect(sent(scene)).toEqual(['pause WKF110', 'pause WKF111']);
    expect((await scene.request(first)).state).toBe('accepted');
  });

  it('have outcomes of their own, also one that was superseded, or that Campaign rejects', async () => {
    await using scene = await open();
    const several = await scheduled(scene, ['WKF110', 'WKF111', 'WKF112']);
    scene.skipTime(1_000);
    await scene.submit({ verb: 'pause' }, 'U0BOB');
    await scene.untilIdle();
    scene.world.answers.send.push(rejected);
    await scene.advanceTime(32 * minutes);
    const [batch, first, ...others] = await statesOf(scene, several);
    expect([batch, first, others.toSorted()]).toEqual(['completed', 'superseded', ['accepted', 'rejected']]);
  });

  it('are not sent where the bot was away for longer than two minutes', async () => {
    await using scene = await open();
    const several = await scheduled(scene);
    await scene.suspend();
    scene.skipTime(33 * minutes);
    scene.resume();
    await scene.advanceTime(minutes);
    expect(await statesOf(scene, several)).toEqual(['completed', 'not_sent', 'not_sent']);
    expect(sent(scene)).toEqual([]);
  });

  it('give way to what was asked for while they waited for look-ups', async () => {
    await using scene = await open();
    scene.world.unavailable.add('U0ALICE');
    const several = await scene.submitSeveral(['WKF110', 'WKF111'], { verb: 'pause', due });
    await scene.untilIdle();
    scene.skipTime(1_000);
    const stop = await scene.submit({ verb: 'pause' }, 'U0BOB');
    await scene.untilIdle();
    scene.world.unavailable.delete('U0ALICE');
    await scene.advanceTime(minutes);
    expect(await statesOf(scene, several)).toEqual(['awaiting_approval', 'refused', 'announced']);
    expect((await scene.request(several.items[0] ?? '')).end?.because).toEqual({ kind: 'busy', request: stop });
  });
});
