import { describe, expect, it } from '@jest/globals';
import type { Approval, Emergency, Policy } from '../../src/access/policy.ts';
import { newDatabase } from '../postgres/new-database.ts';
import { lists, minutes, openScene, policyOf, type Scene, type SceneOptions } from './scene/scene.fixture.ts';
import { takeSnapshots } from './scene/snapshots.fixture.ts';
import { newWorld, type World } from './scene/world.fixture.ts';

/** The crashes are many, and a disk may be slow. */
const timeoutMs = 60_000;

const day = 24 * 60 * minutes;
const people = (users: string[], groups: string[] = []) => ({ users: new Set(users), groups: new Set(groups) });

const approval: Approval = {
  from: people([], ['S0LEADS']),
  count: 1,
  requesterMayApprove: false,
  withinMs: 15 * minutes,
};

/** Eve declares what leads do not confirm, and the heads, Gus and Hal, review it. */
function rules(change: Partial<Emergency> = {}): Policy {
  const emergency: Emergency = {
    people: people(['U0EVE']),
    actions: new Set(['stop']),
    afterMs: 2 * minutes,
    reviewBy: people([], ['S0HEADS']),
    ...change,
  };
  const policy = policyOf(lists);
  return { ...policy, rules: policy.rules.map((rule) => ({ ...rule, approval, emergency })) };
}

function worldWithHeads(): World {
  const world = newWorld();
  for (const id of ['U0GUS', 'U0HAL']) world.people.set(id, { membership: 'member', groups: new Set(['S0HEADS']) });
  return world;
}

const open = (options: SceneOptions = {}) => openScene({ world: worldWithHeads(), policy: rules(), ...options });

/** Asked by Bob, and declared by Eve. */
async function declare(scene: Scene, id: string): Promise<void> {
  await scene.untilIdle();
  await scene.advanceTime(2 * minutes);
  await scene.press(id, 'U0EVE', 'emergency', { reason: 'it deletes customers' });
  await scene.untilIdle();
}

async function declared(scene: Scene): Promise<string> {
  const id = await scene.submit({}, 'U0BOB');
  await declare(scene, id);
  return id;
}

/** Who got a direct message about an emergency: with the button of its review (`asks`), or without. */
function sentDirectly({ world }: Pick<Scene, 'world'>, id: string) {
  const all = world.privateMessages.flatMap((one) => (one.how === 'emergency' && one.request === id ? [one] : []));
  const to = (asks: boolean) => all.filter((one) => one.asks === asks).map((one) => one.to);
  return { asked: to(true), told: to(false) };
}

async function review(scene: Scene, id: string, by = 'U0GUS') {
  await scene.press(id, by, 'review', { reason: 'right so' });
  await scene.untilIdle();
}

describe('an emergency', () => {
  it('is told by direct message: to everybody named once, and to reviewers once a day with the button, until one gives it', async () => {
    await using scene = await open();
    const id = await declared(scene);
    const everybody = { asked: ['U0GUS', 'U0HAL'], told: ['U0BOB', 'U0CAROL', 'U0DAVE'] };
    expect(sentDirectly(scene, id)).toEqual(everybody);
    await scene.advanceTime(day - minutes);
    expect(sentDirectly(scene, id)).toEqual(everybody);
    await scene.advanceTime(2 * minutes);
    const reminded = [...everybody.asked, 'U0GUS', 'U0HAL'];
    expect(sentDirectly(scene, id)).toEqual({ ...everybody, asked: reminded });
    await review(scene, id);
    await scene.advanceTime(3 * day);
    expect(sentDirectly(scene, id)).toEqual({ ...everybody, asked: reminded });
    expect(await scene.ledger.nextDueAt()).toBeNull();
  });

  it('does not ask whoever declared it for its review, nor accounts that are deactivated', async () => {
    await using scene = await open();
    scene.world.people.set('U0EVE', { membership: 'member', groups: new Set(['S0HEADS']) });
    scene.world.people.set('U0HAL', { membership: 'deactivated', groups: new Set(['S0HEADS']) });
    expect(sentDirectly(scene, await declared(scene)).asked).toEqual(['U0GUS']);
  });

  it('that nobody can review is a warning in the log, and whoever can the next day is asked then', async () => {
    await using scene = await open();
    const heads = (membership: 'member' | 'deactivated') => {
      for (const id of ['U0GUS', 'U0HAL']) scene.world.people.set(id, { membership, groups: new Set(['S0HEADS']) });
    };
    heads('deactivated');
    const id = await declared(scene);
    const message = 'nobody can review an emergency';
    expect(scene.logged).toContainEqual(expect.objectContaining({ level: 'warn', message }));
    heads('member');
    await scene.advanceTime(day + minutes);
    expect(sentDirectly(scene, id).asked).toEqual(['U0GUS', 'U0HAL']);
    expect(scene.logged.filter((one) => one.message === message)).toHaveLength(1);
  });

  it('of several workflows is one', async () => {
    await using scene = await open();
    const { batch, items } = await scene.submitSeveral(['WKF110', 'WKF111'], {}, 'U0BOB');
    await declare(scene, batch);
    expect(sentDirectly(scene, batch).asked).toEqual(['U0GUS', 'U0HAL']);
    expect(items.flatMap((id) => sentDirectly(scene, id).asked)).toEqual([]);
  });

  it('in a private channel is told to those who are in it; the log and the record name the others', async () => {
    await using scene = await open();
    scene.world.audience = new Set(['U0BOB', 'U0CAROL', 'U0DAVE', 'U0EVE', 'U0GUS']);
    const id = await declared(scene);
    expect(sentDirectly(scene, id)).toEqual({ asked: ['U0GUS'], told: ['U0BOB', 'U0CAROL', 'U0DAVE'] });
    expect(await scene.events(id, 'emergency_listed')).toMatchObject([{ data: { outside: ['U0HAL'] } }]);
    expect(scene.logged).toContainEqual(
      expect.objectContaining({ fields: expect.objectContaining({ outside: ['U0HAL'] }) }),
    );
  });

  it('is told to at most forty people, reviewers first', async () => {
    const world = worldWithHeads();
    for (let number = 0; number < 60; number++)
      world.people.set(`U0A${100 + number}`, { membership: 'member', groups: new Set(['S0LEADS']) });
    await using scene = await open({ world });
    const { asked, told } = sentDirectly(scene, await declared(scene));
    expect([asked, told.length]).toEqual([['U0GUS', 'U0HAL'], 38]);
  });
});

describe('reviewers whose group Slack does not name', () => {
  it('get theirs as soon as it does, and the others at once', async () => {
    await using scene = await open();
    scene.world.unavailable.add('S0HEADS');
    const id = await declared(scene);
    await scene.advanceTime(10_000);
    expect(sentDirectly(scene, id)).toEqual({ asked: [], told: ['U0BOB', 'U0CAROL', 'U0DAVE'] });
    scene.world.unavailable.delete('S0HEADS');
    await scene.advanceTime(2 * minutes);
    expect(sentDirectly(scene, id)).toEqual({ asked: ['U0GUS', 'U0HAL'], told: ['U0BOB', 'U0CAROL', 'U0DAVE'] });
  });

  it('are left out of this day after half an hour, which the log says, and looked up again the next', async () => {
    await using scene = await open();
    scene.world.unavailable.add('S0HEADS');
    const id = await declared(scene);
    await scene.advanceTime(60 * minutes);
    const before = (await scene.events(id, 'emergency_listed')).length;
    expect((await scene.request(id)).emergency?.direct.unlisted).toEqual([]);
    expect(scene.logged).toContainEqual(
      expect.objectContaining({ fields: expect.objectContaining({ groups: ['S0HEADS'] }) }),
    );
    scene.world.unavailable.delete('S0HEADS');
    await scene.advanceTime(60 * minutes);
    expect(await scene.events(id, 'emergency_listed')).toHaveLength(before);
    await scene.advanceTime(day);
    expect(sentDirectly(scene, id).asked).toEqual(['U0GUS', 'U0HAL']);
  });
});

describe('a direct message that Slack does not take', () => {
  it('is sent again after a rate limit, to that person alone; one that it refuses is recorded and logged', async () => {
    await using scene = await open();
    scene.world.answers.pageEmergency.push(
      { kind: 'rate_limited', retryAfterMs: 20_000 },
      { kind: 'refused', reason: 'message_refused' },
    );
    const id = await declared(scene);
    await scene.advanceTime(minutes);
    expect(sentDirectly(scene, id)).toEqual({ asked: ['U0GUS'], told: ['U0BOB', 'U0CAROL', 'U0DAVE'] });
    const missed = (await scene.events(id, 'paged')).flatMap(({ data }) => data.missed);
    expect(missed).toEqual([{ person: 'U0HAL', reason: 'message_refused' }]);
    await review(scene, id, 'U0HAL');
    expect((await scene.request(id)).emergency?.review?.by).toBe('U0HAL');
  });
});

it(
  'nobody gets two direct messages of one day, and nobody is forgotten, wherever the process dies',
  async () => {
    const scenario = async (scene: Scene) => {
      scene.setPolicy(rules());
      await declared(scene);
      await scene.advanceTime(day);
    };
    const snapshots = await takeSnapshots(scenario, worldWithHeads(), { policy: rules() });
    const dying = snapshots.filter(({ moment }) => /Emergency/.test(moment));
    expect(dying.length).toBeGreaterThanOrEqual(16);
    for (const { path, world } of dying) {
      await using scene = await openScene({ path, world, policy: rules() });
      await scene.advanceTime(10 * minutes);
      const [request] = await scene.ledger.recent({ channel: 'C0OPS', workflowKey: null, refused: false, limit: 1 });
      const id = request?.id ?? '';
      const { asked, told } = sentDirectly(scene, id);
      const missed = (await scene.events(id, 'paged')).flatMap(({ data }) => data.missed.map(({ person }) => person));
      const rounds = (await scene.events(id, 'emergency_listed')).length;
      const reached = (person: string) => [...asked, ...told].filter((one) => one === person).length;
      for (const person of ['U0BOB', 'U0CAROL', 'U0DAVE']) expect(reached(person)).toBeLessThanOrEqual(1);
      for (const person of ['U0GUS', 'U0HAL']) {
        expect(rounds).toBeGreaterThan(0);
        expect(reached(person)).toBeLessThanOrEqual(rounds);
        expect(reached(person) + missed.filter((one) => one === person).length).toBeGreaterThanOrEqual(rounds);
      }
    }
  },
  timeoutMs,
);

it('three replicas send one to each', async () => {
  const world = worldWithHeads();
  const database = { kind: 'postgres', url: await newDatabase() } as const;
  await using one = await open({ world, database });
  await using two = await open({ world, database });
  await using three = await open({ world, database });
  const all = [one, two, three];
  const id = await one.submit({}, 'U0BOB');
  const pass = async (ms: number) => {
    world.now += ms;
    for (let step = 0; step < 40; step++) {
      await Promise.all(all.map((scene) => scene.untilIdle()));
      world.now += 250;
    }
  };
  await pass(0);
  await pass(2 * minutes);
  await two.press(id, 'U0EVE', 'emergency', { reason: 'fire' });
  await pass(minutes);
  expect(sentDirectly(one, id)).toEqual({
    asked: expect.arrayContaining(['U0GUS', 'U0HAL']),
    told: expect.arrayContaining(['U0BOB', 'U0CAROL', 'U0DAVE']),
  });
  await pass(day);
  const { asked, told } = sentDirectly(one, id);
  expect([asked.toSorted(), told.toSorted()]).toEqual([
    ['U0GUS', 'U0GUS', 'U0HAL', 'U0HAL'],
    ['U0BOB', 'U0CAROL', 'U0DAVE'],
  ]);
});
