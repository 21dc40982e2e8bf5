import { describe, expect, it } from '@jest/globals';
import type { Membership } from '../../src/access/decision.ts';
import { asMemberOf } from '../../src/access/membership.ts';
import { simplePolicy } from '../../src/access/simple-policy.ts';
import { lists, minutes, noRules, openScene, policyOf, type Scene } from './scene/scene.fixture.ts';

async function confirmedStop(scene: Scene, beforeSending: () => void): Promise<string> {
  const id = await scene.ask();
  await scene.quiet();
  const [asker, approver, aboutToSend] = [scene.gate('place'), scene.gate('place'), scene.gate('place')];
  await scene.press(id, 'U0CAROL');
  scene.wake();
  asker.open();
  approver.open();
  await aboutToSend.reached;
  expect(await scene.request(id)).toMatchObject({ state: 'approved' });
  beforeSending();
  aboutToSend.open();
  await scene.pass(10 * minutes);
  return id;
}

function membershipIs({ world }: Scene, id: string, now: Membership): void {
  world.people.set(id, { membership: now, groups: new Set(['S0LEADS']) });
}

describe('just before sending, nothing leaves and people are told', () => {
  it.each([
    {
      when: 'the place became shared',
      change: ({ world }: Scene) => Object.assign(world.place, { shared: true }),
      reason: 'shared_channel',
    },
    {
      when: 'the place was archived',
      change: ({ world }: Scene) => Object.assign(world.place, { archived: true }),
      reason: 'archived_channel',
    },
    {
      when: 'the bot was removed',
      change: ({ world }: Scene) => Object.assign(world.place, { botIsMember: false }),
      reason: 'bot_not_in_channel',
    },
  ])('when $when after it was confirmed', async ({ change, reason }) => {
    await using scene = await openScene();
    const id = await confirmedStop(scene, () => change(scene));
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({
      end: { outcome: 'refused', because: { kind: 'access', refusal: { reason } } },
    });
    expect(scene.world.messages).toMatchObject([{ shows: 'refused' }, { kind: 'outcome', shows: 'refused' }]);
  });
});

/** The look-ups of people come before the gate that the helper above holds: here they are held themselves. */
async function sentAfter(change: (scene: Scene) => void, scene: Scene): Promise<string> {
  const id = await scene.ask();
  await scene.quiet();
  const busy = { status: 429, text: null, adobeRequestId: null };
  scene.world.answers.send.push({ kind: 'not_reached', reason: 'gateway_busy', retryAfterMs: 5_000, answer: busy });
  await scene.press(id, 'U0CAROL');
  await scene.quiet();
  expect(scene.world.sent).toHaveLength(1);
  change(scene);
  await scene.pass(10 * minutes);
  return id;
}

const others = new Set(['U0BOB']);

describe('before a command is sent again, nothing leaves and people are told', () => {
  it.each([
    {
      when: 'the requester was deactivated',
      change: (scene: Scene) => membershipIs(scene, 'U0ALICE', 'deactivated'),
      refusal: { reason: 'deactivated' },
    },
    {
      when: 'the requester was taken off the list',
      change: (scene: Scene) =>
        scene.setPolicy(simplePolicy({ ...lists, users: { users: others, groups: new Set() } }, 'prod')),
      refusal: { reason: 'not_permitted', permitted: { users: ['U0BOB'], groups: [] }, channels: ['C0OPS'] },
    },
    {
      when: 'the requester cannot be looked up',
      change: ({ world }: Scene) => world.hidden.add('U0ALICE'),
      refusal: { reason: 'lookup_failed', failed: 'person' },
    },
    {
      when: 'the approver became a guest',
      change: (scene: Scene) => membershipIs(scene, 'U0CAROL', 'guest'),
      refusal: { reason: 'guest' },
    },
    {
      when: 'the approver left the group',
      change: ({ world }: Scene) => world.people.set('U0CAROL', { membership: 'member', groups: new Set() }),
      refusal: { reason: 'not_an_approver', permitted: { users: [], groups: ['S0LEADS'] } },
    },
    {
      when: 'the approver cannot be looked up',
      change: ({ world }: Scene) => world.hidden.add('U0CAROL'),
      refusal: { reason: 'lookup_failed', failed: 'person' },
    },
    {
      when: 'the channel cannot be looked up',
      change: ({ world }: Scene) => world.hidden.add('C0OPS'),
      refusal: { reason: 'lookup_failed', failed: 'channel' },
    },
    {
      when: 'the channel was taken off the list',
      change: (scene: Scene) => scene.setPolicy(simplePolicy({ ...lists, channels: new Set(['C0NEW']) }, 'prod')),
      refusal: { reason: 'wrong_channel', channels: ['C0NEW'] },
    },
    {
      when: 'the workflow became protected',
      change: (scene: Scene) =>
        scene.setPolicy({ ...simplePolicy(lists, 'prod'), protectedWorkflows: new Set(['wkf110']) }),
      refusal: { reason: 'protected_workflow' },
    },
    {
      when: 'nobody is permitted anything',
      change: (scene: Scene) => scene.setPolicy(noRules),
      refusal: { reason: 'not_permitted', permitted: { users: [], groups: [] }, channels: [] },
    },
  ])('when $when', async ({ change, refusal }) => {
    await using scene = await openScene();
    const id = await sentAfter(change, scene);
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({
      end: { outcome: 'refused', because: { kind: 'access', refusal } },
    });
    expect(scene.world.messages).toMatchObject([{ shows: 'refused' }, { kind: 'outcome', shows: 'refused' }]);
  });

  it('unless nothing has changed', async () => {
    await using scene = await openScene();
    await sentAfter(() => {}, scene);
    expect(scene.world.sent).toHaveLength(2);
  });
});

describe('a confirmation', () => {
  it.each([
    ['the requester cannot be looked up', ({ world }: Scene) => world.hidden.add('U0ALICE'), 'lookup_failed'],
    ['the approver cannot be looked up', ({ world }: Scene) => world.hidden.add('U0CAROL'), 'lookup_failed'],
    ['the approver is a stranger', (scene: Scene) => membershipIs(scene, 'U0CAROL', 'stranger'), 'stranger'],
    [
      'the channel is archived',
      ({ world }: Scene) => Object.assign(world.place, { archived: true }),
      'archived_channel',
    ],
    [
      'the bot was removed',
      ({ world }: Scene) => Object.assign(world.place, { botIsMember: false }),
      'bot_not_in_channel',
    ],
  ] as const)('does not count when %s, and the approver is told', async (_, change, reason) => {
    await using scene = await openScene();
    const id = await scene.ask();
    await scene.quiet();
    change(scene);
    await scene.press(id, 'U0CAROL');
    await scene.pass(10 * minutes);
    expect(scene.world.sent).toEqual([]);
    expect(scene.world.told).toMatchObject([{ to: 'U0CAROL', refusal: { kind: 'access', refusal: { reason } } }]);
    expect(await scene.request(id)).toMatchObject({ state: 'expired' });
  });

  it.each(['U0ALICE', 'U0CAROL'])('counts where Slack says a moment later who %s is', async (unseen) => {
    await using scene = await openScene();
    const id = await scene.ask();
    await scene.quiet();
    scene.world.hidden.add(unseen);
    await scene.press(id, 'U0CAROL');
    await scene.quiet();
    scene.world.hidden.delete(unseen);
    await scene.pass(2_000);
    expect(scene.world.sent).toHaveLength(1);
    expect(scene.world.told).toEqual([]);
  });

  it('is the requester’s own where nobody is named to confirm', async () => {
    const policy = simplePolicy({ ...lists, approvers: { users: new Set(), groups: new Set() } }, 'prod');
    await using scene = await openScene({ policy });
    const id = await scene.ask();
    await scene.quiet();
    await scene.press(id, 'U0CAROL');
    await scene.press(id, 'U0ALICE');
    await scene.quiet();
    expect(scene.world.told).toMatchObject([{ to: 'U0CAROL', refusal: { refusal: { reason: 'not_an_approver' } } }]);
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ approval: { by: 'U0ALICE' } });
  });
});

describe('a look-up that fails', () => {
  const hiddenOnes: readonly [string, string, object][] = [
    ['of the person', 'U0ALICE', { reason: 'lookup_failed', failed: 'person' }],
    ['of the channel', 'C0OPS', { reason: 'lookup_failed', failed: 'channel' }],
    ['of a user group', 'S0OPS', { reason: 'lookup_failed', failed: 'group', groups: ['S0OPS'] }],
  ];
  const inGroup = { users: new Set<string>(), groups: new Set(['S0OPS']) };

  /** A start that Slack lets nobody judge; Alice may ask for it as a member of a group. */
  async function unjudged(scene: Scene, hidden: string): Promise<string> {
    scene.setPolicy(policyOf({ ...lists, users: inGroup }));
    scene.world.people.set('U0ALICE', { membership: 'member', groups: new Set(['S0OPS']) });
    scene.world.hidden.add(hidden);
    const id = await scene.ask({ verb: 'start' });
    await scene.quiet();
    return id;
  }

  it.each(hiddenOnes)('%s is made again, and the command goes', async (_what, hidden) => {
    await using scene = await openScene();
    const id = await unjudged(scene, hidden);
    await scene.pass(90_000);
    expect(await scene.request(id)).toMatchObject({ state: 'submitted' });
    expect(scene.world).toMatchObject({ sent: [], messages: [], told: [] });
    scene.world.hidden.delete(hidden);
    await scene.pass(5_000);
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted' });
  });

  it.each(hiddenOnes)('%s refuses the command when the time is over', async (_, hidden, refusal) => {
    await using scene = await openScene();
    const id = await unjudged(scene, hidden);
    await scene.pass(2 * minutes);
    expect(scene.world).toMatchObject({ sent: [], messages: [] });
    const { end, requestedAt } = await scene.request(id);
    expect(end).toMatchObject({ outcome: 'refused', because: { kind: 'access', refusal } });
    expect((end?.at ?? 0) - requestedAt).toBeGreaterThan(90_000);
    expect(scene.world.told).toMatchObject([{ how: 'private', to: 'U0ALICE', outcome: 'refused' }]);
  });

  it.each(hiddenOnes)('%s refuses the command at once where no waiting helps', async (_, hidden, refusal) => {
    await using scene = await openScene();
    scene.world.retryAfterMs = null;
    const id = await unjudged(scene, hidden);
    expect(await scene.request(id)).toMatchObject({
      end: { outcome: 'refused', because: { kind: 'access', refusal } },
    });
  });

  it('is not made again before Slack takes it, and refuses at once where that is after the time is over', async () => {
    await using scene = await openScene();
    scene.world.retryAfterMs = 30_000;
    const id = await unjudged(scene, 'U0ALICE');
    scene.world.hidden.delete('U0ALICE');
    await scene.pass(29_999);
    expect(await scene.request(id)).toMatchObject({ state: 'submitted' });
    await scene.pass(1);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted' });
    scene.world.retryAfterMs = 300_000;
    const late = await unjudged(scene, 'U0ALICE');
    expect(await scene.request(late)).toMatchObject({ state: 'refused' });
  });

  it('just before sending holds the command until Slack says who it is', async () => {
    await using scene = await openScene();
    const id = await scene.ask();
    await scene.quiet();
    const [asker, approver, aboutToSend] = [scene.gate('person'), scene.gate('person'), scene.gate('person')];
    await scene.press(id, 'U0CAROL');
    asker.open();
    approver.open();
    scene.wake();
    await aboutToSend.reached;
    scene.world.hidden.add('U0CAROL');
    aboutToSend.open();
    await scene.pass(60_000);
    expect(await scene.request(id)).toMatchObject({ state: 'approved' });
    scene.world.hidden.delete('U0CAROL');
    await scene.pass(5_000);
    expect(scene.world.sent).toHaveLength(1);
  });
});

describe('a press of somebody whom Slack does not know for a while', () => {
  it('counts when Slack does, long after, and nobody else waits for it meanwhile', async () => {
    await using scene = await openScene();
    const id = await scene.ask();
    await scene.quiet();
    scene.world.retryAfterMs = 60_000;
    scene.world.hidden.add('U0DAVE');
    await scene.press(id, 'U0DAVE');
    await scene.pass(30_000);
    expect(await scene.request(id)).toMatchObject({ state: 'awaiting_approval', presses: [{ by: 'U0DAVE' }] });
    await scene.press(id, 'U0CAROL');
    await scene.quiet();
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ approval: { by: 'U0CAROL' } });
  });

  it('counts with the look-up that succeeds', async () => {
    await using scene = await openScene();
    const id = await scene.ask();
    await scene.quiet();
    scene.world.hidden.add('U0DAVE');
    await scene.press(id, 'U0DAVE');
    await scene.pass(60_000);
    scene.world.hidden.delete('U0DAVE');
    await scene.pass(5_000);
    expect(scene.world.sent).toHaveLength(1);
    expect(scene.world.told).toEqual([]);
  });

  it('is refused at once where no waiting helps', async () => {
    await using scene = await openScene();
    const id = await scene.ask();
    await scene.quiet();
    scene.world.retryAfterMs = null;
    scene.world.hidden.add('U0DAVE');
    await scene.press(id, 'U0DAVE');
    await scene.quiet();
    expect(scene.world.told).toMatchObject([{ to: 'U0DAVE', refusal: { refusal: { failed: 'person' } } }]);
  });
});

describe('a user group of which Slack does not say who is in it', () => {
  it('refuses nobody who may by name, not even the stop, and its members are told of it', async () => {
    const approvers = { users: new Set(['U0EVE']), groups: new Set(['S0LEADS']) };
    await using scene = await openScene({ policy: policyOf({ ...lists, approvers }) });
    scene.world.hidden.add('S0LEADS');
    const id = await scene.ask({ verb: 'stop' });
    await scene.quiet();
    await scene.press(id, 'U0CAROL');
    await scene.pass(2 * minutes);
    const unknown = { reason: 'lookup_failed', failed: 'group', groups: ['S0LEADS'] };
    expect(scene.world.told).toMatchObject([{ to: 'U0CAROL', refusal: { kind: 'access', refusal: unknown } }]);
    await scene.press(id, 'U0EVE');
    await scene.quiet();
    expect(scene.world.sent).toHaveLength(1);
  });
});

describe('who comes from another workspace', () => {
  it.each(['member', 'guest'] as const)('is of that one, though Slack calls the person a %s here', (membership) => {
    const value = { id: 'U0GINA', membership, groups: new Set<string>(), unknownGroups: new Map<string, number>() };
    const from = (team: string) => asMemberOf(team, 'T0ACME', value.id, { ok: true, value });
    expect(from('T0ACME')).toEqual({ ok: true, value });
    expect(from('T0OTHER')).toEqual({ ok: true, value: { ...value, membership: 'other_workspace' } });
  });
});
