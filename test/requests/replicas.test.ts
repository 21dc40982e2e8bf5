import { describe, expect, it } from '@jest/globals';
import type { DispatchResult } from '../../src/requests/attempt-results.ts';
import { limits } from '../../src/requests/retry-policy.ts';
import { newDatabase, onServer } from '../postgres/new-database.ts';
import { lists, noRules, openScene, policyOf, type Scene, type SceneOptions } from './scene/scene.fixture.ts';
import { accepted, newWorld, unknown, type World } from './scene/world.fixture.ts';

/** Two replicas in one world, with one PostgreSQL. The other one is suspended until it has to take over. */
async function twoReplicas(
  rest: SceneOptions = {},
): Promise<{ one: Scene; other: Scene; world: World; url: string } & AsyncDisposable> {
  const world = newWorld();
  const url = await newDatabase();
  const options: SceneOptions = { ...rest, world, database: { kind: 'postgres', url } };
  const [one, other] = [await openScene(options), await openScene(options)];
  await other.suspend();
  return {
    ...{ one, other, world, url },
    async [Symbol.asyncDispose]() {
      await one[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
    },
  };
}

/** Longer than a lease. */
const longerThanLease = limits.lease.ms + 1;

function messages(world: World, kind: 'announcement' | 'outcome'): number {
  return world.messages.filter((message) => message.kind === kind).length;
}

/** One is suspended until its lease has expired, and the other does what is left. */
async function takeOver(one: Scene, other: Scene): Promise<void> {
  await one.suspend();
  one.skipTime(longerThanLease);
  other.resume();
  await other.untilIdle();
}

/** Waits until the command is being sent to Campaign. */
async function sendingOf(scene: Scene): Promise<void> {
  const sending = scene.gate('send');
  scene.wake();
  await sending.reached;
  sending.open();
  await scene.untilIdle(1);
}

describe('a replica that is suspended, and continues after another one has taken over', () => {
  it('immediately before the dispatch: it does not send any more, and the outcome is unknown, once', async () => {
    await using replicas = await twoReplicas();
    const { one, other, world } = replicas;
    const sending = one.gate('send');
    const id = await one.submit({ verb: 'start' });
    one.wake();
    await sending.reached;
    await takeOver(one, other);
    sending.open();
    one.resume();
    await one.untilIdle();
    expect(world.sent).toEqual([]);
    expect(await one.request(id)).toMatchObject({ state: 'unknown', end: { because: { kind: 'crashed' } } });
    expect(await one.events(id, 'ended')).toHaveLength(1);
    expect(messages(world, 'outcome')).toBe(1);
  });

  it('after the dispatch: the late response changes nothing, and nothing is sent again', async () => {
    await using replicas = await twoReplicas();
    const { one, other, world } = replicas;
    const answer = Promise.withResolvers<DispatchResult>();
    world.answers.send.push(answer.promise);
    const id = await one.submit({ verb: 'start' });
    await sendingOf(one);
    await takeOver(one, other);
    answer.resolve(accepted);
    one.resume();
    await one.untilIdle();
    expect(world.sent).toHaveLength(1);
    expect(await one.request(id)).toMatchObject({ state: 'unknown' });
    expect(await one.events(id, 'ended')).toHaveLength(1);
    expect(messages(world, 'outcome')).toBe(1);
  });

  it('immediately before its dispatch is recorded: the other one sends, and it does not', async () => {
    await using replicas = await twoReplicas();
    const { one, other, world } = replicas;
    const id = await one.submit();
    await one.untilIdle();
    const judging = one.gate('person');
    await one.press(id, 'U0CAROL');
    one.wake();
    await judging.reached;
    await takeOver(one, other);
    judging.open();
    one.resume();
    await one.untilIdle();
    expect(world.sent).toHaveLength(1);
    expect(await one.request(id)).toMatchObject({ state: 'accepted', approval: { by: 'U0CAROL' } });
    expect(messages(world, 'outcome')).toBe(1);
  });

  it('while it searches for its announcement: the other one posts it, and it does not', async () => {
    await using replicas = await twoReplicas();
    const { one, other, world } = replicas;
    world.answers.announce.push({ kind: 'doubt' });
    const id = await one.submit();
    await one.untilIdle();
    const looking = one.gate('findAnnouncement');
    one.skipTime(3_000);
    one.wake();
    await looking.reached;
    await takeOver(one, other);
    looking.open();
    one.resume();
    await one.untilIdle();
    expect(messages(world, 'announcement')).toBe(1);
    expect(await one.request(id)).toMatchObject({ state: 'awaiting_approval' });
  });

  it('while it searches for the outcome that it posted: one is visible', async () => {
    await using replicas = await twoReplicas();
    const { one, other, world } = replicas;
    world.answers.postOutcome.push({ kind: 'doubt' });
    const id = await one.submit({ verb: 'start' });
    await one.untilIdle();
    const looking = one.gate('findOutcome');
    one.skipTime(3_000);
    one.wake();
    await looking.reached;
    await takeOver(one, other);
    looking.open();
    one.resume();
    await one.untilIdle();
    expect(messages(world, 'outcome')).toBe(1);
    expect(await one.events(id, 'reported')).toHaveLength(1);
  });
});

describe('a database that delays a prepared command', () => {
  it('for longer than its authorization is valid: the rights are checked again, and nothing is sent', async () => {
    await using replicas = await twoReplicas();
    const { one, other, world, url } = replicas;
    const fetching = one.gate('prepare');
    const id = await one.submit({ verb: 'pause' });
    one.wake();
    await fetching.reached;
    const [locked, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holding = other.ledger.transaction(async (tx) => {
      await tx.load(id);
      locked.resolve();
      await release.promise;
    });
    await locked.promise;
    fetching.open();
    const waiting = 'select from pg_locks where not granted';
    while ((await onServer(url, waiting)).rowCount === 0);
    one.skipTime(6_000);
    one.setPolicy(noRules);
    release.resolve();
    await holding;
    await one.advanceTime(1_000);
    expect(world.sent).toEqual([]);
    expect(await one.request(id)).toMatchObject({ end: { outcome: 'refused', because: { kind: 'access' } } });
  });
});

describe('two replicas at the same time', () => {
  it('with two decisions: the request has one outcome, and both decisions were judged', async () => {
    await using replicas = await twoReplicas();
    const { one, other, world } = replicas;
    const id = await one.submit();
    await one.untilIdle();
    const [here, there] = [one.gate('place'), other.gate('place')];
    await one.press(id, 'U0CAROL', 'approve');
    one.wake();
    await here.reached;
    // The first press is being judged here. The lease of that task has expired, so both are judged there.
    await one.suspend();
    one.skipTime(longerThanLease);
    await one.press(id, 'U0DAVE', 'cancel');
    other.resume();
    other.wake();
    await there.reached;
    one.resume();
    here.open();
    there.open();
    await Promise.all([one.untilIdle(), other.untilIdle()]);
    await one.advanceTime(60_000);
    const { state, presses, judgedInteractions } = await one.request(id);
    expect(['accepted', 'cancelled']).toContain(state);
    expect(world.sent).toHaveLength(state === 'accepted' ? 1 : 0);
    expect(await one.events(id, 'ended')).toHaveLength(1);
    expect({ presses, judged: new Set(judgedInteractions).size }).toEqual({ presses: [], judged: 2 });
    expect(messages(world, 'outcome')).toBe(1);
  });

  it('with two required confirmations: they count as two, each once', async () => {
    const policy = policyOf(lists);
    const both = policy.rules.map((rule) => ({ ...rule, approval: rule.approval && { ...rule.approval, count: 2 } }));
    await using replicas = await twoReplicas({ policy: { ...policy, rules: both } });
    const { one, other, world } = replicas;
    const id = await one.submit();
    await one.untilIdle();
    const [here, there] = [one.gate('probe'), other.gate('probe')];
    await one.press(id, 'U0CAROL');
    one.wake();
    await here.reached;
    await one.suspend();
    one.skipTime(longerThanLease);
    await other.press(id, 'U0DAVE');
    other.resume();
    other.wake();
    await there.reached;
    one.resume();
    here.open();
    there.open();
    await Promise.all([one.untilIdle(), other.untilIdle()]);
    await one.advanceTime(10_000);
    expect(await one.request(id)).toMatchObject({ state: 'accepted', presses: [] });
    expect(world.privateMessages).toEqual([]);
    const counted = [...(await one.events(id, 'confirmed')), ...(await one.events(id, 'approved'))];
    expect(counted.map(({ data }) => data.by).toSorted()).toEqual(['U0CAROL', 'U0DAVE']);
    expect(world.sent).toHaveLength(1);
  });

  it('with a decision and the expiry: one of the two counts', async () => {
    await using replicas = await twoReplicas();
    const { one, other, world } = replicas;
    const id = await one.submit();
    await one.untilIdle();
    const judging = one.gate('place');
    one.skipTime(5 * 60_000 - 1_000);
    await one.press(id, 'U0CAROL');
    one.wake();
    await judging.reached;
    one.skipTime(2_000);
    other.resume();
    // The other one finds the question expired while the press, made in time, is being judged.
    const expiring = other.untilIdle();
    judging.open();
    await Promise.all([expiring, one.untilIdle()]);
    await one.advanceTime(60_000);
    expect(await one.request(id)).toMatchObject({ state: 'accepted', approval: { by: 'U0CAROL' } });
    expect(world.sent).toHaveLength(1);
    expect(messages(world, 'outcome')).toBe(1);
  });

  it('with two stops of one workflow confirmed at once: one is sent, and the other is superseded', async () => {
    await using replicas = await twoReplicas();
    const { one, other, world } = replicas;
    const [first, second] = [await one.submit(), await one.submit({}, 'U0BOB')];
    await one.untilIdle();
    const [here, there] = [one.gate('probe'), other.gate('probe')];
    await one.press(first, 'U0CAROL');
    one.wake();
    await here.reached;
    await one.suspend();
    await other.press(second, 'U0DAVE');
    other.resume();
    other.wake();
    await there.reached;
    one.resume();
    here.open();
    there.open();
    await Promise.all([one.untilIdle(), other.untilIdle()]);
    await one.advanceTime(10_000);
    const states = [(await one.request(first)).state, (await one.request(second)).state];
    expect(states.toSorted()).toEqual(['accepted', 'superseded']);
    expect(world.sent).toHaveLength(1);
    expect(messages(world, 'outcome')).toBe(2);
  });

  it('with two starts of one workflow: one is announced, and the other is refused with a link to it', async () => {
    await using replicas = await twoReplicas();
    const { one, other, world } = replicas;
    const [here, there] = [one.gate('place'), other.gate('place')];
    const answer = Promise.withResolvers<DispatchResult>();
    world.answers.send.push(answer.promise);
    const first = await one.submit({ verb: 'start' });
    one.wake();
    await here.reached;
    await one.suspend();
    const second = await other.submit({ verb: 'start' });
    other.resume();
    other.wake();
    await there.reached;
    one.resume();
    here.open();
    there.open();
    await Promise.all([one.untilIdle(1), other.untilIdle(1)]);
    answer.resolve(accepted);
    await Promise.all([one.untilIdle(), other.untilIdle()]);
    const states = [(await one.request(first)).state, (await one.request(second)).state];
    expect(states.toSorted()).toEqual(['accepted', 'refused']);
    expect(world.sent).toHaveLength(1);
  });

  it('with a dispatch in doubt: one probe, and one outcome', async () => {
    await using replicas = await twoReplicas();
    const { one, other, world } = replicas;
    world.answers.send.push(unknown);
    other.resume();
    const id = await one.submit({ verb: 'start' });
    await Promise.all([one.untilIdle(), other.untilIdle()]);
    await Promise.all([one.untilIdle(), other.untilIdle()]);
    expect(await one.events(id, 'observed')).toHaveLength(1);
    expect(messages(world, 'outcome')).toBe(1);
  });
});
