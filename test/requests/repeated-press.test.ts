import { beforeEach, describe, expect, it } from '@jest/globals';
import { simplePolicy } from '../../src/access/simple-policy.ts';
import { createRepeatedPresses } from '../../src/requests/rules/press.ts';
import { lists, openScene, type Scene } from './scene/scene.fixture.ts';

let time: number;
let counted: number;
let interactions = 0;
beforeEach(() => {
  time = 1;
  counted = 0;
});

function repetitionsIn({ ports }: Scene) {
  const find = createRepeatedPresses(
    ports,
    () => {
      counted += 1;
    },
    () => time,
  );
  return (request: string, by: string, rest: object = {}) => {
    const interaction = `again-${++interactions}`;
    return find({ request, by, choice: 'approve', team: 'T0ACME', channel: 'C0OPS', interaction, ...rest });
  };
}

/** A stop that waits for a lead. Eve, who is not one, has been refused. */
async function refusedEve(scene: Scene): Promise<string> {
  const id = await scene.submit();
  await scene.untilIdle();
  await scene.press(id, 'U0EVE');
  await scene.untilIdle();
  return id;
}

const notAsked = { kind: 'refused_again', refusal: { reason: 'not_an_approver' } };

describe('a press that repeats a refused press', () => {
  it('is recognized each time, and nothing is recorded', async () => {
    await using scene = await openScene();
    const id = await refusedEve(scene);
    const before = await scene.ledger.events(id);
    const repeated = repetitionsIn(scene);
    for (let press = 0; press < 50; press++) expect(await repeated(id, 'U0EVE')).toMatchObject(notAsked);
    expect(await scene.ledger.events(id)).toEqual(before);
    expect(counted).toBe(50);
  });

  it('is judged by current rights: at once after a change of the rules, otherwise within seconds', async () => {
    await using scene = await openScene();
    const id = await refusedEve(scene);
    const repeated = repetitionsIn(scene);
    expect(await repeated(id, 'U0EVE')).toMatchObject(notAsked);
    scene.world.people.set('U0EVE', { membership: 'member', groups: new Set(['S0LEADS']) });
    time += 5_001;
    expect(await repeated(id, 'U0EVE')).toBeNull();
    scene.world.people.set('U0EVE', { membership: 'member', groups: new Set() });
    time += 5_001;
    expect(await repeated(id, 'U0EVE')).toMatchObject(notAsked);
    const approvers = { users: new Set(['U0EVE']), groups: new Set<string>() };
    scene.setPolicy(simplePolicy({ ...lists, approvers }, 'prod'));
    expect(await repeated(id, 'U0EVE')).toBeNull();
  });

  it.each([
    ['was never refused', 'U0BOB', {}],
    ['may', 'U0CAROL', {}],
    ['was refused something else', 'U0EVE', { choice: 'cancel' }],
    ['presses in another channel', 'U0EVE', { channel: 'C0OTHER' }],
    ['is now refused for another reason', 'U0EVE', { fromTeam: 'T0OTHER' }],
  ])('is not one when somebody %s', async (_who, by, rest) => {
    await using scene = await openScene();
    expect(await repetitionsIn(scene)(await refusedEve(scene), by, rest)).toBeNull();
    expect(counted).toBe(0);
  });

  it('is recorded where the look-up of the person takes too long', async () => {
    await using scene = await openScene();
    const id = await refusedEve(scene);
    scene.gate('person');
    expect(await repetitionsIn(scene)(id, 'U0EVE')).toBeNull();
  });

  it('is recorded where the look-up of the person failed before, because it may succeed now', async () => {
    await using scene = await openScene();
    scene.world.retryAfterMs = null;
    scene.world.unavailable.add('U0EVE');
    expect(await repetitionsIn(scene)(await refusedEve(scene), 'U0EVE')).toBeNull();
  });
});

describe('a press that is not judged yet', () => {
  it('stands for the same press of the same person, and for no other', async () => {
    await using scene = await openScene();
    const id = await scene.submit();
    await scene.untilIdle();
    expect(await scene.press(id, 'U0EVE')).toMatchObject({ kind: 'recorded' });
    for (let press = 0; press < 50; press++) expect(await scene.press(id, 'U0EVE')).toMatchObject({ kind: 'repeated' });
    expect(await scene.press(id, 'U0EVE', 'cancel')).toMatchObject({ kind: 'recorded' });
    expect(await scene.press(id, 'U0CAROL')).toMatchObject({ kind: 'recorded' });
    await scene.untilIdle();
    expect(await scene.events(id, 'pressed')).toHaveLength(3);
    expect(scene.world.sent).toHaveLength(1);
  });

  it('stands for it for a few seconds', async () => {
    await using scene = await openScene();
    const id = await scene.submit();
    await scene.untilIdle();
    await scene.press(id, 'U0EVE');
    scene.skipTime(5_000);
    expect(await scene.press(id, 'U0EVE')).toMatchObject({ kind: 'recorded' });
  });
});
