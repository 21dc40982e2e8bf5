import { describe, expect, it } from '@jest/globals';
import type { DispatchResult } from '../../src/requests/attempt-results.ts';
import { limits } from '../../src/requests/retry-policy.ts';
import { newDatabase, onServer } from '../postgres/new-database.ts';
import { lists, noRules, openScene, policyOf, type Scene, type SceneOptions } from './scene/scene.fixture.ts';
import { accepted, newWorld, unknown, type World } from './scene/world.fixture.ts';

/** Two bots in one world, with one PostgreSQL. The other one sleeps until it is to take over. */
async function twoReplicas(
  rest: SceneOptions = {},
): Promise<{ one: Scene; other: Scene; world: World; url: string } & AsyncDisposable> {
  const world = newWorld();
  const url = await newDatabase();
  const options: SceneOptions = { ...rest, world, database: { kind: 'postgres', url } };
  const [one, other] = [await openScene(options), await openScene(options)];
  await other.fallAsleep();
  return {
    ...{ one, other, world, url },
    async [Symbol.asyncDispose]() {
      await one[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
    },
  };
}

/** Long enough that whoever sleeps through it has lost what it was at. */
const asleep = limits.lease.ms + 1;

function messages(world: World, kind: 'announcement' | 'outcome'): number {
  return world.messages.filter((message) => message.kind === kind).length;
}

/** One falls asleep for so long that it loses what it was at, and the other does what is left. */
async function takeOver(one: Scene, other: Scene): Promise<void> {
  await one.fallAsleep();
  one.leap(asleep);
  other.wakeUp();
  await other.quiet();
}

/** Until the command is on its way to Campaign. */
async function sendingOf(scene: Scene): Promise<void> {
  const sending = scene.gate('send');
  scene.wake();
  await sending.reached;
  sending.open();
  await scene.quiet(1);
}

describe('a replica that falls asleep, and wakes when another one has taken over', () => {
  it('just before it sends: it does not send any more, and the outcome is unknown, once', async () => {
    await using replicas = await twoReplicas();
    const { one, other, world } = replicas;
    const sending = one.gate('send');
    const id = await one.ask({ verb: 'start' });
    one.wake();
    await sending.reached;
    await takeOver(one, other);
    sending.open();
    one.wakeUp();
    await one.quiet();
    expect(world.sent).toEqual([]);
    expect(await one.request(id)).toMatchObject({ state: 'unknown', end: { because: { kind: 'crashed' } } });
    expect(await one.events(id, 'ended')).toHaveLength(1);
    expect(messages(world, 'outcome')).toBe(1);
  });

  it('with its command sent: the answer that comes late changes nothing, and nothing is sent again', async () => {
    await using replicas = await twoReplicas();
    const { one, other, world } = replicas;
    const answer = Promise.withResolvers<DispatchResult>();
    world.answers.send.push(answer.promise);
    const id = await one.ask({ verb: 'start' });
    await sendingOf(one);
    await takeOver(one, other);
    answer.resolve(accepted);
    one.wakeUp();
    await one.quiet();
    expect(world.sent).toHaveLength(1);
    expect(await one.request(id)).toMatchObject({ state: 'unknown' });
    expect(await one.events(id, 'ended')).toHaveLength(1);
    expect(messages(world, 'outcome')).toBe(1);
  });

  it('just before it is on record that it sends: the other one sends, and it does not', async () => {
    await using replicas = await twoReplicas();
    const { one, other, world } = replicas;
    const id = await one.ask();
    await one.quiet();
    const judging = one.gate('person');
    await one.press(id, 'U0CAROL');
    one.wake();
    await judging.reached;
    await takeOver(one, other);
    judging.open();
    one.wakeUp();
    await one.quiet();
    expect(world.sent).toHaveLength(1);
    expect(await one.request(id)).toMatchObject({ state: 'accepted', approval: { by: 'U0CAROL' } });
    expect(messages(world, 'outcome')).toBe(1);
  });

  it('while it looks for its announcement: the other one posts it, and it does not', async () => {
    await using replicas = await twoReplicas();
    const { one, other, world } = replicas;
    world.answers.announce.push({ kind: 'doubt' });
    const id = await one.ask();
    await one.quiet();
    const looking = one.gate('findAnnouncement');
    one.leap(3_000);
    one.wake();
    await looking.reached;
    await takeOver(one, other);
    looking.open();
    one.wakeUp();
    await one.quiet();
    expect(messages(world, 'announcement')).toBe(1);
    expect(await one.request(id)).toMatchObject({ state: 'awaiting_approval' });
  });

  it('while it looks for the outcome that it posted: people see one', async () => {
    await using replicas = await twoReplicas();
    const { one, other, world } = replicas;
    world.answers.report.push({ kind: 'doubt' });
    const id = await one.ask({ verb: 'start' });
    await one.quiet();
    const looking = one.gate('findReport');
    one.leap(3_000);
    one.wake();
    await looking.reached;
    await takeOver(one, other);
    looking.open();
    one.wakeUp();
    await one.quiet();
    expect(messages(world, 'outcome')).toBe(1);
    expect(await one.events(id, 'reported')).toHaveLength(1);
  });
});

describe('a database that holds up a command that is ready', () => {
  it('for longer than the answer about rights holds: they are asked again, and nothing is sent', async () => {
    await using replicas = await twoReplicas();
    const { one, other, world, url } = replicas;
    const fetching = one.gate('prepare');
    const id = await one.ask({ verb: 'pause' });
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
    one.leap(6_000);
    one.setPolicy(noRules);
    release.resolve();
    await holding;
    await one.pass(1_000);
    expect(world.sent).toEqual([]);
    expect(await one.request(id)).toMatchObject({ end: { outcome: 'refused', because: { kind: 'access' } } });
  });
});

describe('two replicas that work at the same moment', () => {
  it('and two deciders: the request ends in one way, and both decisions were judged', async () => {
    await using replicas = await twoReplicas();
    const { one, other, world } = replicas;
    const id = await one.ask();
    await one.quiet();
    const [here, there] = [one.gate('place'), other.gate('place')];
    await one.press(id, 'U0CAROL', 'approve');
    one.wake();
    await here.reached;
    // The first press is being judged here; the lease of that task is over, so that both are judged there.
    await one.fallAsleep();
    one.leap(asleep);
    await one.press(id, 'U0DAVE', 'cancel');
    other.wakeUp();
    other.wake();
    await there.reached;
    one.wakeUp();
    here.open();
    there.open();
    await Promise.all([one.quiet(), other.quiet()]);
    await one.pass(60_000);
    const { state, presses, judgedInteractions } = await one.request(id);
    expect(['accepted', 'cancelled']).toContain(state);
    expect(world.sent).toHaveLength(state === 'accepted' ? 1 : 0);
    expect(await one.events(id, 'ended')).toHaveLength(1);
    expect({ presses, judged: new Set(judgedInteractions).size }).toEqual({ presses: [], judged: 2 });
    expect(messages(world, 'outcome')).toBe(1);
  });

  it('and two confirmations of which both are needed: they count as two, each once', async () => {
    const policy = policyOf(lists);
    const both = policy.rules.map((rule) => ({ ...rule, approval: rule.approval && { ...rule.approval, count: 2 } }));
    await using replicas = await twoReplicas({ policy: { ...policy, rules: both } });
    const { one, other, world } = replicas;
    const id = await one.ask();
    await one.quiet();
    const [here, there] = [one.gate('probe'), other.gate('probe')];
    await one.press(id, 'U0CAROL');
    one.wake();
    await here.reached;
    await one.fallAsleep();
    one.leap(asleep);
    await other.press(id, 'U0DAVE');
    other.wakeUp();
    other.wake();
    await there.reached;
    one.wakeUp();
    here.open();
    there.open();
    await Promise.all([one.quiet(), other.quiet()]);
    await one.pass(10_000);
    expect(await one.request(id)).toMatchObject({ state: 'accepted', presses: [] });
    expect(world.told).toEqual([]);
    const counted = [...(await one.events(id, 'confirmed')), ...(await one.events(id, 'approved'))];
    expect(counted.map(({ data }) => data.by).toSorted()).toEqual(['U0CAROL', 'U0DAVE']);
    expect(world.sent).toHaveLength(1);
  });

  it('and a decision against the expiry: one of the two counts', async () => {
    await using replicas = await twoReplicas();
    const { one, other, world } = replicas;
    const id = await one.ask();
    await one.quiet();
    const judging = one.gate('place');
    one.leap(5 * 60_000 - 1_000);
    await one.press(id, 'U0CAROL');
    one.wake();
    await judging.reached;
    one.leap(2_000);
    other.wakeUp();
    // The other one finds the time over while the press, made in time, is being judged.
    const expiring = other.quiet();
    judging.open();
    await Promise.all([expiring, one.quiet()]);
    await one.pass(60_000);
    expect(await one.request(id)).toMatchObject({ state: 'accepted', approval: { by: 'U0CAROL' } });
    expect(world.sent).toHaveLength(1);
    expect(messages(world, 'outcome')).toBe(1);
  });

  it('and two stops of one workflow that are confirmed at once: one goes, and the other is superseded', async () => {
    await using replicas = await twoReplicas();
    const { one, other, world } = replicas;
    const [first, second] = [await one.ask(), await one.ask({}, 'U0BOB')];
    await one.quiet();
    const [here, there] = [one.gate('probe'), other.gate('probe')];
    await one.press(first, 'U0CAROL');
    one.wake();
    await here.reached;
    await one.fallAsleep();
    await other.press(second, 'U0DAVE');
    other.wakeUp();
    other.wake();
    await there.reached;
    one.wakeUp();
    here.open();
    there.open();
    await Promise.all([one.quiet(), other.quiet()]);
    await one.pass(10_000);
    const states = [(await one.request(first)).state, (await one.request(second)).state];
    expect(states.toSorted()).toEqual(['accepted', 'superseded']);
    expect(world.sent).toHaveLength(1);
    expect(messages(world, 'outcome')).toBe(2);
  });

  it('and two starts of one workflow: one is announced, the other is refused with a link to it', async () => {
    await using replicas = await twoReplicas();
    const { one, other, world } = replicas;
    const [here, there] = [one.gate('place'), other.gate('place')];
    const answer = Promise.withResolvers<DispatchResult>();
    world.answers.send.push(answer.promise);
    const first = await one.ask({ verb: 'start' });
    one.wake();
    await here.reached;
    await one.fallAsleep();
    const second = await other.ask({ verb: 'start' });
    other.wakeUp();
    other.wake();
    await there.reached;
    one.wakeUp();
    here.open();
    there.open();
    await Promise.all([one.quiet(1), other.quiet(1)]);
    answer.resolve(accepted);
    await Promise.all([one.quiet(), other.quiet()]);
    const states = [(await one.request(first)).state, (await one.request(second)).state];
    expect(states.toSorted()).toEqual(['accepted', 'refused']);
    expect(world.sent).toHaveLength(1);
  });

  it('and a send in doubt: it is looked at once, and told once', async () => {
    await using replicas = await twoReplicas();
    const { one, other, world } = replicas;
    world.answers.send.push(unknown);
    other.wakeUp();
    const id = await one.ask({ verb: 'start' });
    await Promise.all([one.quiet(), other.quiet()]);
    await Promise.all([one.quiet(), other.quiet()]);
    expect(await one.events(id, 'observed')).toHaveLength(1);
    expect(messages(world, 'outcome')).toBe(1);
  });
});
