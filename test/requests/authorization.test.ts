import { describe, expect, it } from '@jest/globals';
import type { Membership } from '../../src/access/decision.ts';
import { asMemberOf } from '../../src/access/membership.ts';
import { simplePolicy } from '../../src/access/simple-policy.ts';
import { lists, minutes, noRules, openScene, policyOf, type Scene } from './scene/scene.fixture.ts';

async function confirmedStop(scene: Scene, beforeSending: () => void): Promise<string> {
  const id = await scene.submit();
  await scene.untilIdle();
  const [requester, approver, aboutToSend] = [scene.gate('place'), scene.gate('place'), scene.gate('place')];
  await scene.press(id, 'U0CAROL');
  scene.wake();
  requester.open();
  approver.open();
  await aboutToSend.reached;
  expect(await scene.request(id)).toMatchObject({ state: 'approved' });
  beforeSending();
  aboutToSend.open();
  await scene.advanceTime(10 * minutes);
  return id;
}

function membershipIs({ world }: Scene, id: string, now: Membership): void {
  world.people.set(id, { membership: now, groups: new Set(['S0LEADS']) });
}

describe('immediately before the dispatch, nothing is sent and the thread says why', () => {
  it.each([
    {
      when: 'the channel became shared',
      change: ({ world }: Scene) => Object.assign(world.place, { shared: true }),
      reason: 'shared_channel',
    },
    {
      when: 'the channel was archived',
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

/** The look-ups of people happen before the gate of the helper above, so these have their own gates. */
async function sentAfter(change: (scene: Scene) => void, scene: Scene): Promise<string> {
  const id = await scene.submit();
  await scene.untilIdle();
  const busy = { status: 429, text: null, adobeRequestId: null };
  scene.world.answers.send.push({ kind: 'not_reached', reason: 'gateway_busy', retryAfterMs: 5_000, answer: busy });
  await scene.press(id, 'U0CAROL');
  await scene.untilIdle();
  expect(scene.world.sent).toHaveLength(1);
  change(scene);
  await scene.advanceTime(10 * minutes);
  return id;
}

const others = new Set(['U0BOB']);

describe('before a retry of the dispatch, nothing is sent and the thread says why', () => {
  it.each([
    {
      when: 'the requester was deactivated',
      change: (scene: Scene) => membershipIs(scene, 'U0ALICE', 'deactivated'),
      refusal: { reason: 'deactivated' },
    },
    {
      when: 'the requester was removed from the list',
      change: (scene: Scene) =>
        scene.setPolicy(simplePolicy({ ...lists, users: { users: others, groups: new Set() } }, 'prod')),
      refusal: { reason: 'not_permitted', permitted: { users: ['U0BOB'], groups: [] }, channels: ['C0OPS'] },
    },
    {
      when: 'the requester cannot be looked up',
      change: ({ world }: Scene) => world.unavailable.add('U0ALICE'),
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
      change: ({ world }: Scene) => world.unavailable.add('U0CAROL'),
      refusal: { reason: 'lookup_failed', failed: 'person' },
    },
    {
      when: 'the channel cannot be looked up',
      change: ({ world }: Scene) => world.unavailable.add('C0OPS'),
      refusal: { reason: 'lookup_failed', failed: 'channel' },
    },
    {
      when: 'the channel was removed from the list',
      change: (scene: Scene) => scene.setPolicy(simplePolicy({ ...lists, channels: new Set(['C0NEW']) }, 'prod')),
      refusal: { reason: 'wrong_channel', channels: ['C0NEW'] },
    },
    {
      when: 'the workflow became protected',
      change: (scene: Scene) =>
        scene.setPolicy({ ...simplePolicy(lists, 'prod'), protectedWorkflows: new Set(['wkf110']) }),
      refusal: { reason: 'protected_workflow', protection: 'configured' },
    },
    {
      when: 'nothing is permitted',
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
    ['the requester cannot be looked up', ({ world }: Scene) => world.unavailable.add('U0ALICE'), 'lookup_failed'],
    ['the approver cannot be looked up', ({ world }: Scene) => world.unavailable.add('U0CAROL'), 'lookup_failed'],
    [
      'the approver is not a member of the workspace',
      (scene: Scene) => membershipIs(scene, 'U0CAROL', 'stranger'),
      'stranger',
    ],
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
  ] as const)('does not count when %s, and the approver gets a reply', async (_, change, reason) => {
    await using scene = await openScene();
    const id = await scene.submit();
    await scene.untilIdle();
    change(scene);
    await scene.press(id, 'U0CAROL');
    await scene.advanceTime(10 * minutes);
    expect(scene.world.sent).toEqual([]);
    expect(scene.world.privateMessages).toMatchObject([
      { to: 'U0CAROL', refusal: { kind: 'access', refusal: { reason } } },
    ]);
    expect(await scene.request(id)).toMatchObject({ state: 'expired' });
  });

  it.each(['U0ALICE', 'U0CAROL'])('counts where the look-up of %s succeeds a moment later', async (unseen) => {
    await using scene = await openScene();
    const id = await scene.submit();
    await scene.untilIdle();
    scene.world.unavailable.add(unseen);
    await scene.press(id, 'U0CAROL');
    await scene.untilIdle();
    scene.world.unavailable.delete(unseen);
    await scene.advanceTime(2_000);
    expect(scene.world.sent).toHaveLength(1);
    expect(scene.world.privateMessages).toEqual([]);
  });

  it('is the requester’s own where the rule names no approvers', async () => {
    const policy = simplePolicy({ ...lists, approvers: { users: new Set(), groups: new Set() } }, 'prod');
    await using scene = await openScene({ policy });
    const id = await scene.submit();
    await scene.untilIdle();
    await scene.press(id, 'U0CAROL');
    await scene.press(id, 'U0ALICE');
    await scene.untilIdle();
    expect(scene.world.privateMessages).toMatchObject([
      { to: 'U0CAROL', refusal: { refusal: { reason: 'not_an_approver' } } },
    ]);
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ approval: { by: 'U0ALICE' } });
  });
});

describe('a look-up that fails', () => {
  const failingLookUps: readonly [string, string, object][] = [
    ['of the person', 'U0ALICE', { reason: 'lookup_failed', failed: 'person' }],
    ['of the channel', 'C0OPS', { reason: 'lookup_failed', failed: 'channel' }],
    ['of a user group', 'S0OPS', { reason: 'lookup_failed', failed: 'group', groups: ['S0OPS'] }],
  ];
  const inGroup = { users: new Set<string>(), groups: new Set(['S0OPS']) };

  /** A start whose look-up fails. Alice has the right to it as a member of a group. */
  async function submitWithFailingLookUp(scene: Scene, unavailable: string): Promise<string> {
    scene.setPolicy(policyOf({ ...lists, users: inGroup }));
    scene.world.people.set('U0ALICE', { membership: 'member', groups: new Set(['S0OPS']) });
    scene.world.unavailable.add(unavailable);
    const id = await scene.submit({ verb: 'start' });
    await scene.untilIdle();
    return id;
  }

  it.each(failingLookUps)('%s is repeated, and the command is sent', async (_what, unavailable) => {
    await using scene = await openScene();
    const id = await submitWithFailingLookUp(scene, unavailable);
    await scene.advanceTime(90_000);
    expect(await scene.request(id)).toMatchObject({ state: 'submitted' });
    expect(scene.world).toMatchObject({ sent: [], messages: [], privateMessages: [] });
    scene.world.unavailable.delete(unavailable);
    await scene.advanceTime(5_000);
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted' });
  });

  it.each(failingLookUps)('%s refuses the command at its time limit', async (_, unavailable, refusal) => {
    await using scene = await openScene();
    const id = await submitWithFailingLookUp(scene, unavailable);
    await scene.advanceTime(2 * minutes);
    expect(scene.world).toMatchObject({ sent: [], messages: [] });
    const { end, requestedAt } = await scene.request(id);
    expect(end).toMatchObject({ outcome: 'refused', because: { kind: 'access', refusal } });
    expect((end?.at ?? 0) - requestedAt).toBeGreaterThan(90_000);
    expect(scene.world.privateMessages).toMatchObject([{ how: 'private', to: 'U0ALICE', outcome: 'refused' }]);
  });

  it.each(failingLookUps)(
    '%s refuses the command at once where the failure is final',
    async (_, unavailable, refusal) => {
      await using scene = await openScene();
      scene.world.retryAfterMs = null;
      const id = await submitWithFailingLookUp(scene, unavailable);
      expect(await scene.request(id)).toMatchObject({
        end: { outcome: 'refused', because: { kind: 'access', refusal } },
      });
    },
  );

  it('is not repeated before Retry-After, and refuses at once where that is after the time limit', async () => {
    await using scene = await openScene();
    scene.world.retryAfterMs = 30_000;
    const id = await submitWithFailingLookUp(scene, 'U0ALICE');
    scene.world.unavailable.delete('U0ALICE');
    await scene.advanceTime(29_999);
    expect(await scene.request(id)).toMatchObject({ state: 'submitted' });
    await scene.advanceTime(1);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted' });
    scene.world.retryAfterMs = 300_000;
    const late = await submitWithFailingLookUp(scene, 'U0ALICE');
    expect(await scene.request(late)).toMatchObject({ state: 'refused' });
  });

  it('immediately before the dispatch delays the command until it succeeds', async () => {
    await using scene = await openScene();
    const id = await scene.submit();
    await scene.untilIdle();
    const [requester, approver, aboutToSend] = [scene.gate('person'), scene.gate('person'), scene.gate('person')];
    await scene.press(id, 'U0CAROL');
    requester.open();
    approver.open();
    scene.wake();
    await aboutToSend.reached;
    scene.world.unavailable.add('U0CAROL');
    aboutToSend.open();
    await scene.advanceTime(60_000);
    expect(await scene.request(id)).toMatchObject({ state: 'approved' });
    scene.world.unavailable.delete('U0CAROL');
    await scene.advanceTime(5_000);
    expect(scene.world.sent).toHaveLength(1);
  });
});

describe('a press of somebody whose look-up fails for a while', () => {
  it('counts when the look-up succeeds, long after, and delays nobody else meanwhile', async () => {
    await using scene = await openScene();
    const id = await scene.submit();
    await scene.untilIdle();
    scene.world.retryAfterMs = 60_000;
    scene.world.unavailable.add('U0DAVE');
    await scene.press(id, 'U0DAVE');
    await scene.advanceTime(30_000);
    expect(await scene.request(id)).toMatchObject({ state: 'awaiting_approval', presses: [{ by: 'U0DAVE' }] });
    await scene.press(id, 'U0CAROL');
    await scene.untilIdle();
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ approval: { by: 'U0CAROL' } });
  });

  it('counts with the look-up that succeeds', async () => {
    await using scene = await openScene();
    const id = await scene.submit();
    await scene.untilIdle();
    scene.world.unavailable.add('U0DAVE');
    await scene.press(id, 'U0DAVE');
    await scene.advanceTime(60_000);
    scene.world.unavailable.delete('U0DAVE');
    await scene.advanceTime(5_000);
    expect(scene.world.sent).toHaveLength(1);
    expect(scene.world.privateMessages).toEqual([]);
  });

  it('is refused at once where the failure is final', async () => {
    await using scene = await openScene();
    const id = await scene.submit();
    await scene.untilIdle();
    scene.world.retryAfterMs = null;
    scene.world.unavailable.add('U0DAVE');
    await scene.press(id, 'U0DAVE');
    await scene.untilIdle();
    expect(scene.world.privateMessages).toMatchObject([{ to: 'U0DAVE', refusal: { refusal: { failed: 'person' } } }]);
  });
});

describe('a user group whose members cannot be looked up', () => {
  it('refuses nobody who is named as a person, not even the stop, and its members get the reason', async () => {
    const approvers = { users: new Set(['U0EVE']), groups: new Set(['S0LEADS']) };
    await using scene = await openScene({ policy: policyOf({ ...lists, approvers }) });
    scene.world.unavailable.add('S0LEADS');
    const id = await scene.submit({ verb: 'stop' });
    await scene.untilIdle();
    await scene.press(id, 'U0CAROL');
    await scene.advanceTime(2 * minutes);
    const unknown = { reason: 'lookup_failed', failed: 'group', groups: ['S0LEADS'] };
    expect(scene.world.privateMessages).toMatchObject([
      { to: 'U0CAROL', refusal: { kind: 'access', refusal: unknown } },
    ]);
    await scene.press(id, 'U0EVE');
    await scene.untilIdle();
    expect(scene.world.sent).toHaveLength(1);
  });
});

describe('a person of another workspace', () => {
  it.each(['member', 'guest'] as const)(
    'is not a member of this one, although Slack calls the person a %s here',
    (membership) => {
      const value = { id: 'U0GINA', membership, groups: new Set<string>(), unknownGroups: new Map<string, number>() };
      const from = (team: string) => asMemberOf(team, 'T0ACME', value.id, { ok: true, value });
      expect(from('T0ACME')).toEqual({ ok: true, value });
      expect(from('T0OTHER')).toEqual({ ok: true, value: { ...value, membership: 'other_workspace' } });
    },
  );
});
