import { describe, expect, it } from '@jest/globals';
import type { Policy } from '../../src/access/policy.ts';
import { firstBroken } from '../../src/requests/digest.ts';
import { isOutcome } from '../../src/requests/outcome.ts';
import { watchEveryMs } from '../../src/requests/watches/watch-terms.ts';
import { copyLedger } from './scene/ledger-path.fixture.ts';
import { lists, minutes, openScene, policyOf, type Scene } from './scene/scene.fixture.ts';
import { takeSnapshots } from './scene/snapshots.fixture.ts';
import { newWorld } from './scene/world.fixture.ts';

const noFile = { environmentOf: () => 'prod', pausesEndAfter: () => null, aliasOf: () => null, isNamed: () => true };

async function typed(scene: Scene, verb: 'watch' | 'unwatch', by = 'U0ALICE', rest = {}): Promise<string> {
  await scene.advanceTime(1_000);
  const id = await scene.submit({ verb, reason: '', ...rest }, by);
  await scene.untilIdle();
  return id;
}

async function watchedIn(scene: Scene, channel = 'C0OPS') {
  return (await scene.ledger.watches.inChannel(channel)).map(({ terms, asked }) => [terms.workflowId, asked]);
}

/** Alice needs the confirmation of a lead to watch, or to end that. */
const carefulWatches = carefulOf('watch');
const carefulUnwatches = carefulOf('unwatch');

function carefulOf(verb: 'watch' | 'unwatch'): Policy {
  return {
    ...policyOf(lists),
    rules: policyOf(lists).rules.map((rule) => ({
      ...rule,
      approval: rule.actions.has(verb)
        ? {
            from: { users: new Set<string>(), groups: new Set(['S0LEADS']) },
            count: 1,
            requesterMayApprove: false,
            withinMs: 10 * minutes,
          }
        : rule.approval,
    })),
  };
}

describe('a watch that is typed', () => {
  it('is announced, takes effect at once, and is not sent to Campaign', async () => {
    await using scene = await openScene();
    const id = await typed(scene, 'watch');
    expect(await scene.request(id)).toMatchObject({ state: 'accepted', grant: { approvers: null, seen: null } });
    expect(scene.world.messages).toMatchObject([{ kind: 'announcement', shows: 'accepted' }, { kind: 'outcome' }]);
    expect(scene.world.sent).toEqual([]);
    expect(await watchedIn(scene)).toEqual([['WKF110', id]]);
    expect(await scene.ledger.watches.organizationsDue(scene.world.now)).toEqual(['acme']);
    const [look] = await scene.ledger.watches.claimLooks({ organization: 'acme', most: 1, leaseMs: minutes });
    expect(look).toMatchObject({ workflowId: 'WKF110', organization: 'acme' });
    // Nobody has settled it: it is due when its lease ends.
    expect(await scene.ledger.watches.organizationsDue(scene.world.now + minutes - 1)).toEqual([]);
    expect(await scene.ledger.watches.organizationsDue(scene.world.now + minutes)).toEqual(['acme']);
  });

  it('is ended by unwatch, of anybody whom a rule lets', async () => {
    await using scene = await openScene();
    await typed(scene, 'watch');
    const id = await typed(scene, 'unwatch', 'U0BOB');
    expect(await scene.request(id)).toMatchObject({ state: 'accepted' });
    expect(await watchedIn(scene)).toEqual([]);
    expect(await scene.ledger.watches.organizationsDue(scene.world.now + watchEveryMs.usual)).toEqual([]);
  });

  it('is refused before anybody reads of it where it is watched already, or is not', async () => {
    await using scene = await openScene();
    const early = await typed(scene, 'unwatch');
    expect(await scene.request(early)).toMatchObject({ state: 'refused', end: { because: { kind: 'not_watched' } } });
    const first = await typed(scene, 'watch');
    const second = await typed(scene, 'watch', 'U0BOB');
    const because = { kind: 'watched_already', request: first };
    expect(await scene.request(second)).toMatchObject({ state: 'refused', end: { because } });
    expect(scene.world.messages.filter(({ kind }) => kind === 'announcement')).toHaveLength(1);
  });

  it('cannot end what the file watches, and the refusal says so', async () => {
    await using scene = await openScene();
    const terms = {
      ...{ organization: 'acme', environment: 'prod', workflowId: 'WKF110', alias: null, channel: 'C0OPS' },
      ...{ everyMs: minutes, timezone: null, quiet: [], longerThanMs: null, expectedBy: null },
      pausesEndAfterMs: null,
    };
    await scene.ledger.watches.sync([terms], noFile);
    const [watch, unwatch] = [await typed(scene, 'watch'), await typed(scene, 'unwatch')];
    expect((await scene.request(watch)).end?.because).toEqual({ kind: 'watched_already', request: null });
    expect((await scene.request(unwatch)).end?.because).toEqual({ kind: 'watched_by_file' });
  });

  it('is of a workflow that Campaign knows; what Campaign does not know any more can still be ended', async () => {
    await using scene = await openScene();
    await typed(scene, 'watch');
    scene.world.answers.probe.push({ kind: 'not_found' });
    const unknown = await typed(scene, 'watch', 'U0ALICE', { workflowId: 'WKF404' });
    expect((await scene.request(unknown)).end?.because).toMatchObject({ kind: 'no_such_workflow' });
    expect(await scene.request(await typed(scene, 'unwatch'))).toMatchObject({ state: 'accepted' });
  });

  it('is judged by the rules', async () => {
    await using scene = await openScene();
    const id = await typed(scene, 'watch', 'U0EVE');
    expect((await scene.request(id)).end?.because).toMatchObject({ kind: 'access' });
    const { rules, ...rest } = policyOf(lists);
    const before = rules.map((rule) => ({ ...rule, actions: rule.actions.difference(new Set(['watch', 'unwatch'])) }));
    scene.setPolicy({ ...rest, rules: before });
    // A rule that was written before these commands permits none of them.
    const other = await typed(scene, 'watch');
    expect((await scene.request(other)).end?.because).toMatchObject({ kind: 'access' });
  });

  it('may be of a protected workflow, which it leaves as it is', async () => {
    await using scene = await openScene({ policy: { ...policyOf(lists), protectedWorkflows: new Set(['wkf110']) } });
    expect(await scene.request(await typed(scene, 'watch'))).toMatchObject({ state: 'accepted' });
  });

  it('is confirmed where the rule asks for that, also after the workflow has changed', async () => {
    await using scene = await openScene({ policy: carefulWatches });
    const id = await typed(scene, 'watch');
    expect(await scene.request(id)).toMatchObject({ state: 'awaiting_approval' });
    await scene.press(id, 'U0CAROL');
    await scene.untilIdle();
    expect(await scene.request(id)).toMatchObject({ state: 'accepted' });
    expect(await watchedIn(scene)).toEqual([['WKF110', id]]);
  });

  it('neither holds up the commands to the workflow, nor is superseded by one', async () => {
    await using scene = await openScene({ policy: carefulWatches });
    const watch = await typed(scene, 'watch');
    for (const verb of ['start', 'stop'] as const) {
      const id = await scene.submit({ verb });
      await scene.untilIdle();
      await scene.press(id, 'U0CAROL');
      await scene.untilIdle();
    }
    expect(scene.world.sent.map(({ command }) => command)).toEqual(['start', 'stop']);
    expect(await scene.request(watch)).toMatchObject({ state: 'awaiting_approval' });
    await scene.press(watch, 'U0DAVE');
    await scene.untilIdle();
    expect(await scene.request(watch)).toMatchObject({ state: 'accepted' });
  });

  it('takes effect while a command waits for its confirmation', async () => {
    await using scene = await openScene();
    const stop = await scene.submit({ verb: 'stop' });
    await scene.untilIdle();
    expect(await scene.request(await typed(scene, 'watch'))).toMatchObject({ state: 'accepted' });
    expect(await scene.request(stop)).toMatchObject({ state: 'awaiting_approval' });
  });

  it('outlives the rights of whoever asked', async () => {
    await using scene = await openScene();
    const id = await typed(scene, 'watch');
    scene.setPolicy({ ...policyOf(lists), rules: [] });
    await scene.ledger.watches.sync([], noFile);
    expect(await watchedIn(scene)).toEqual([['WKF110', id]]);
  });

  it.each(['watch', 'unwatch'] as const)(
    'takes effect where its outcome (%s) is taken over from the channel, because the ledger was restored',
    async (verb) => {
      const outside = newWorld();
      let copy = '';
      {
        await using scene = await openScene({ world: outside, policy: carefulWatches });
        if (verb === 'unwatch') {
          scene.setPolicy(policyOf(lists));
          await typed(scene, 'watch');
          scene.setPolicy(carefulUnwatches);
        }
        const id = await typed(scene, verb);
        expect((await scene.request(id)).state).toBe('awaiting_approval');
        copy = copyLedger(scene.path);
        await scene.press(id, 'U0CAROL');
        await scene.untilIdle();
        expect((await scene.request(id)).state).toBe('accepted');
      }
      await using restored = await openScene({ path: copy, world: outside });
      await restored.advanceTime(11 * minutes);
      const [newest] = await restored.ledger.recent({ channel: 'C0OPS', workflowKey: null, refused: false, limit: 1 });
      expect(newest).toMatchObject({ state: 'accepted', order: { verb }, end: { because: { kind: 'reconciled' } } });
      expect(await watchedIn(restored)).toEqual(verb === 'watch' ? [['WKF110', newest?.id]] : []);
    },
  );

  it('begins once and is told once, and so is its end, wherever the process dies', async () => {
    const snapshots = await takeSnapshots(async (scene) => {
      await scene.submit({ verb: 'watch' });
      await scene.untilIdle();
      await scene.submit({ verb: 'unwatch' }, 'U0BOB');
      await scene.untilIdle();
      await scene.submit({ verb: 'watch', workflowId: 'WKF111' }, 'U0BOB');
    });
    expect(snapshots.length).toBeGreaterThan(8);
    for (const { path, world } of snapshots) {
      await using scene = await openScene({ path, world });
      await scene.advanceTime(5 * minutes);
      const found = await scene.ledger.recent({ channel: 'C0OPS', workflowKey: null, refused: false, limit: 9 });
      for (const { id, state, outcomePost } of found) {
        expect(isOutcome(state)).toBe(true);
        expect(outcomePost.done).not.toBeNull();
        expect(firstBroken(await scene.ledger.events(id))).toBeNull();
      }
      const shown = world.messages.map(({ kind, request }) => `${kind} of ${request}`);
      expect(new Set(shown).size).toBe(shown.length);
      const isDone = (verb: string, workflow: string) =>
        found.some(({ order, state }) => order.verb === verb && order.workflowId === workflow && state === 'accepted');
      const expected = [
        ...(isDone('watch', 'WKF110') && !isDone('unwatch', 'WKF110') ? ['WKF110'] : []),
        ...(isDone('watch', 'WKF111') ? ['WKF111'] : []),
      ];
      expect((await watchedIn(scene)).map(([workflow]) => workflow)).toEqual(expected);
    }
  }, 60_000);
});
