import { describe, expect, it } from '@jest/globals';
import type { Policy } from '../../src/access/policy.ts';
import { firstBroken } from '../../src/requests/digest.ts';
import type { RecordedWorkflowState } from '../../src/requests/events.ts';
import type { Database } from '../../src/requests/ledger/open-ledger.ts';
import { limits } from '../../src/requests/retry-policy.ts';
import { newDatabase } from '../postgres/new-database.ts';
import { append, type EngineName, engines } from './ledger/ledger.fixture.ts';
import { newLedgerPath } from './scene/ledger-path.fixture.ts';
import { lists, minutes, noRules, openScene, policyOf, type Scene } from './scene/scene.fixture.ts';
import { takeSnapshots } from './scene/snapshots.fixture.ts';
import { newWorld } from './scene/world.fixture.ts';
import { endsNothing, lookThatShows, watchOf } from './watches/watching.fixture.ts';

const places = { environmentOf: () => 'prod', pausesEndAfter: () => null, aliasOf: () => null, isNamed: () => true };
const hours = 60 * minutes;

/** WKF110 is watched, and a look has shown this. */
async function seen(scene: Scene, reading: RecordedWorkflowState): Promise<void> {
  await scene.ledger.watches.sync([watchOf('WKF110', { pausesEndAfterMs: 168 * hours })], places);
  scene.skipTime(2 * minutes);
  const [claim] = await scene.ledger.watches.claimLooks({ organization: 'acme', most: 1, leaseMs: minutes });
  if (claim === undefined) throw new Error('no look is due');
  await scene.ledger.watches.settleLook(claim, lookThatShows(reading), endsNothing);
}

const muteIn = (scene: Scene) => ({ verb: 'mute', reason: '', until: scene.world.now + 4 * hours }) as const;

async function muted(scene: Scene, by = 'U0ALICE'): Promise<string> {
  const id = await scene.submit(muteIn(scene), by);
  await scene.untilIdle();
  return id;
}

async function leftPaused(scene: Scene, by = 'U0ALICE'): Promise<string> {
  const id = await scene.submit({ verb: 'leave_paused', reason: '' }, by);
  await scene.untilIdle();
  return id;
}

async function muteOfAlert({ ledger }: Scene) {
  return (await ledger.watches.inChannel('C0OPS'))[0]?.muted;
}

const databaseOf = async (engine: EngineName): Promise<Database> =>
  engine === 'sqlite' ? { kind: 'sqlite', path: newLedgerPath() } : { kind: 'postgres', url: await newDatabase() };

describe.each(engines)('an answer to an alert (%s)', (engine) => {
  it('is a request that takes effect with its record, is not announced, and is told to who gave it', async () => {
    await using scene = await openScene({ database: await databaseOf(engine) });
    await seen(scene, 'warning');
    const id = await muted(scene);
    const { until } = muteIn(scene);
    expect(await muteOfAlert(scene)).toEqual({ until, by: 'U0ALICE', request: id });
    const left = await leftPaused(scene, 'U0BOB');
    for (const answer of [id, left]) {
      const request = await scene.request(answer);
      expect(request).toMatchObject({ state: 'accepted', grant: { rule: expect.any(String) } });
      expect(request.announcement.ts).toBeNull();
      expect((await scene.ledger.events(answer)).map(({ type }) => type)).toEqual([
        ...['requested', 'granted', 'approved', 'dispatching', 'ended', 'reporting', 'reported'],
      ]);
    }
    const told = { how: 'private', outcome: 'accepted' };
    expect(scene.world.privateMessages).toEqual([
      { ...told, request: id, to: 'U0ALICE' },
      { ...told, request: left, to: 'U0BOB' },
    ]);
    expect(scene.world).toMatchObject({ messages: [], sent: [] });
    expect(await scene.ledger.nextDueAt()).toBeNull();
  });

  it('has no effect where somebody was first, and says by which request', async () => {
    await using scene = await openScene({ database: await databaseOf(engine) });
    await seen(scene, 'warning');
    const { until } = muteIn(scene);
    const [first, left] = [await muted(scene), await leftPaused(scene)];
    const because = async (id: string) => {
      const { state, end } = await scene.request(id);
      return [state, end?.because];
    };
    scene.skipTime(minutes);
    expect(await because(await muted(scene, 'U0BOB'))).toEqual([
      'refused',
      { kind: 'muted_already', request: first, until },
    ]);
    expect(await because(await leftPaused(scene, 'U0BOB'))).toEqual([
      'refused',
      { kind: 'left_already', request: left, by: 'U0ALICE' },
    ]);
    scene.skipTime(4 * hours);
    const again = await muted(scene, 'U0BOB');
    expect(await muteOfAlert(scene)).toMatchObject({ by: 'U0BOB', request: again });
    await scene.ledger.watches.sync([], places);
    expect(await because(await muted(scene))).toEqual(['refused', { kind: 'not_watched' }]);
  });

  it('is refused in the record where no rule lets the person ask for a command', async () => {
    await using scene = await openScene({ database: await databaseOf(engine) });
    scene.world.people.set('U0GINA', { membership: 'guest', groups: new Set() });
    scene.world.people.set('U0PAT', { membership: 'member', groups: new Set() });
    await seen(scene, 'warning');
    for (const by of ['U0PAT', 'U0GINA'])
      for (const answer of [muted, leftPaused]) {
        const request = await scene.request(await answer(scene, by));
        expect(request).toMatchObject({ state: 'refused', grant: null, end: { because: { kind: 'access' } } });
      }
    expect(await muteOfAlert(scene)).toBeNull();
    expect(scene.world.privateMessages).toHaveLength(4);
  });
});

describe('an answer to an alert', () => {
  it('needs a right to one of its commands then, and nothing else that the command would need', async () => {
    const strict: Policy = {
      ...policyOf(lists),
      rules: policyOf(lists).rules.map((rule) => ({
        ...rule,
        name: 'Only stops',
        actions: new Set(['stop'] as const),
        reasonRequired: true,
        approval: {
          from: { users: new Set(['U0ALICE']), groups: new Set<string>() },
          ...{ count: 2, requesterMayApprove: false, withinMs: minutes },
        },
      })),
    };
    const world = newWorld();
    const period = { kind: 'period', from: 0, until: world.now + 99 * hours } as const;
    const freeze = { environments: new Set(['prod']), verbs: new Set(['stop'] as const), because: 'x', time: period };
    await using scene = await openScene({ world, policy: { ...strict, freezes: [freeze] } });
    await seen(scene, 'warning');
    expect(await scene.request(await muted(scene))).toMatchObject({ state: 'accepted', grant: { rule: 'Only stops' } });
    expect(await scene.request(await leftPaused(scene))).toMatchObject({ state: 'refused', grant: null });
    scene.setPolicy(noRules);
    scene.skipTime(5 * hours);
    expect(await scene.request(await muted(scene))).toMatchObject({ state: 'refused', grant: null });
  });

  it('waits for Slack to say who it is, and not for more than two minutes', async () => {
    await using scene = await openScene();
    await seen(scene, 'warning');
    scene.world.unavailable.add('U0ALICE');
    scene.world.retryAfterMs = 1_000;
    const [id, late] = [await muted(scene), await scene.submit(muteIn(scene), 'U0BOB')];
    expect(await scene.request(id)).toMatchObject({ state: 'submitted' });
    await scene.suspend();
    scene.world.unavailable.clear();
    scene.skipTime(3 * minutes);
    scene.resume();
    await scene.untilIdle();
    expect(await muteOfAlert(scene)).toBeNull();
    for (const one of [id, late])
      expect(await scene.request(one)).toMatchObject({ state: 'not_sent', end: { because: { kind: 'too_late' } } });
  });

  it('that a workflow is left paused has no effect once it is not', async () => {
    await using scene = await openScene();
    await seen(scene, 'erroneous');
    expect(await scene.request(await leftPaused(scene))).toMatchObject({
      ...{ state: 'refused', end: { because: { kind: 'not_paused' } } },
    });
  });

  it('holds up no command to the workflow, and is superseded by none', async () => {
    await using scene = await openScene();
    await seen(scene, 'erroneous');
    scene.world.unavailable.add('U0BOB');
    scene.world.retryAfterMs = 1_000;
    const id = await muted(scene, 'U0BOB');
    const start = await scene.submit({ verb: 'start' });
    await scene.untilIdle();
    expect(await scene.request(start)).toMatchObject({ state: 'accepted' });
    scene.world.unavailable.clear();
    await scene.advanceTime(2_000);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted' });
  });

  it('takes effect once, wherever the process dies', async () => {
    const snapshots = await takeSnapshots(async (scene) => {
      await seen(scene, 'warning');
      await muted(scene);
      await leftPaused(scene, 'U0BOB');
    });
    expect(snapshots.map(({ moment }) => moment)).toEqual(
      [1, 2].flatMap((time) =>
        ['before place', 'before postOutcomePrivately', 'after postOutcomePrivately'].map((at) => `${at} ${time}`),
      ),
    );
    for (const { path, world } of snapshots) {
      await using scene = await openScene({ path, world });
      await scene.advanceTime(minutes);
      const requests = await scene.ledger.recent({ channel: 'C0OPS', workflowKey: null, refused: false, limit: 9 });
      const mute = requests.find(({ order }) => order.verb === 'mute');
      for (const { id, state } of requests) {
        expect(state).toBe('accepted');
        expect((await scene.ledger.events(id)).filter(({ type }) => type === 'ended')).toHaveLength(1);
        expect(firstBroken(await scene.ledger.events(id))).toBeNull();
        expect(world.privateMessages.some(({ request }) => request === id)).toBe(true);
      }
      expect(await muteOfAlert(scene)).toMatchObject({ request: mute?.id });
      expect(world.messages).toEqual([]);
    }
  });

  it('takes effect once where another replica has taken it over', async () => {
    const database: Database = { kind: 'postgres', url: await newDatabase() };
    const world = newWorld();
    await using one = await openScene({ world, database });
    await using other = await openScene({ world, database });
    await other.suspend();
    await seen(one, 'warning');
    const judging = one.gate('person');
    const id = await one.submit(muteIn(one));
    one.wake();
    await judging.reached;
    await one.suspend();
    one.skipTime(limits.lease.ms + 1);
    other.resume();
    await other.untilIdle();
    judging.open();
    one.resume();
    await one.untilIdle();
    expect(await one.events(id, 'ended')).toHaveLength(1);
    expect(await muteOfAlert(one)).toMatchObject({ request: id });
    expect(world.privateMessages).toHaveLength(1);
  });

  it('alone may be approved without an announcement', async () => {
    await using scene = await openScene();
    await scene.suspend();
    const request = await scene.request(await scene.submit({ verb: 'start' }));
    const approved = { by: null, interaction: null };
    await expect(append(scene.ledger, request, { type: 'approved', data: approved })).rejects.toThrow('not allowed');
  });
});
