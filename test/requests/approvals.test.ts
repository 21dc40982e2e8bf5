import { describe, expect, it } from '@jest/globals';
import type { Approval, Policy } from '../../src/access/policy.ts';
import type { ProbeResult, RecordedWorkflowState } from '../../src/requests/events.ts';
import { lists, minutes, noRules, openScene, policyOf, type Scene } from './scene/scene.fixture.ts';

const people = (users: string[], groups: string[] = []) => ({ users: new Set(users), groups: new Set(groups) });

const twoLeads: Approval = {
  from: people(['U0BOB'], ['S0LEADS']),
  count: 2,
  requesterMayApprove: false,
  withinMs: 15 * minutes,
};

/** Every command needs this approval. */
function needing(approval: Approval | null): Policy {
  const policy = policyOf(lists);
  return { ...policy, rules: policy.rules.map((rule) => ({ ...rule, approval })) };
}

const openWith = (approval: Partial<Approval> = {}) => openScene({ policy: needing({ ...twoLeads, ...approval }) });

async function asked(scene: Scene, order: Parameters<Scene['submit']>[0] = {}, by = 'U0ALICE'): Promise<string> {
  const id = await scene.submit(order, by);
  await scene.untilIdle();
  return id;
}

const showing = (reading: RecordedWorkflowState | null): ProbeResult => ({
  kind: 'seen',
  reading,
  field: 'logicalStatus',
  raw: 'raw',
});

async function askedWhile(scene: Scene, ...probes: readonly ProbeResult[]): Promise<string> {
  scene.world.answers.probe.push(...probes);
  return asked(scene);
}

async function pressedBy(scene: Scene, id: string, ...people: readonly string[]): Promise<void> {
  for (const by of people) {
    await scene.press(id, by);
    await scene.untilIdle();
  }
}

describe('two required confirmations', () => {
  it.each(['start', 'pause', 'resume', 'stop'] as const)(
    'are both needed for a %s, and the announcement shows the first',
    async (verb) => {
      await using scene = await openWith();
      const id = await asked(scene, { verb });
      await pressedBy(scene, id, 'U0BOB');
      expect(scene.world.sent).toEqual([]);
      expect(await scene.request(id)).toMatchObject({
        state: 'awaiting_approval',
        grant: { needed: 2 },
        confirmations: [{ by: 'U0BOB' }],
        shown: { state: 'awaiting_approval', questionRevision: 1 },
      });
      await pressedBy(scene, id, 'U0CAROL');
      expect(scene.world.sent).toMatchObject([{ command: verb }]);
      expect(await scene.request(id)).toMatchObject({ state: 'accepted', approval: { by: 'U0CAROL' } });
    },
  );

  it('count as two when both people press at the same time', async () => {
    await using scene = await openWith();
    const id = await asked(scene);
    await Promise.all([scene.press(id, 'U0CAROL'), scene.press(id, 'U0DAVE')]);
    await scene.advanceTime(1_000);
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.events(id, 'confirmed')).toHaveLength(1);
    expect(await scene.events(id, 'approved')).toHaveLength(1);
    expect(scene.world.privateMessages).toEqual([]);
  });

  it('cannot come from one person, who gets a reply to the second press', async () => {
    await using scene = await openWith();
    const id = await asked(scene);
    await scene.press(id, 'U0CAROL');
    await scene.advanceTime(1_000);
    await scene.press(id, 'U0CAROL');
    await scene.advanceTime(1_000);
    expect(scene.world.sent).toEqual([]);
    expect(scene.world.privateMessages).toMatchObject([
      { to: 'U0CAROL', refusal: { kind: 'counted_already', missing: 1 } },
    ]);
    await scene.advanceTime(20 * minutes);
    expect(await scene.request(id)).toMatchObject({ state: 'expired' });
  });

  it('are possible until the question expires, which the first one does not extend', async () => {
    await using scene = await openWith();
    const id = await asked(scene);
    await scene.advanceTime(14 * minutes);
    await pressedBy(scene, id, 'U0CAROL');
    await scene.advanceTime(1 * minutes);
    expect(await scene.request(id)).toMatchObject({ state: 'expired' });
    expect(scene.world.sent).toEqual([]);
  });

  it.each([
    ['the other approver', 'U0DAVE'],
    ['the approver', 'U0CAROL'],
    ['the requester', 'U0ALICE'],
  ])('can be followed by a cancellation after the first one, by %s', async (_, by) => {
    await using scene = await openWith();
    const id = await asked(scene);
    await pressedBy(scene, id, 'U0CAROL');
    await scene.press(id, by, 'cancel');
    await scene.untilIdle();
    expect(await scene.request(id)).toMatchObject({ state: 'cancelled', end: { because: { by } } });
    await pressedBy(scene, id, 'U0DAVE');
    expect(scene.world.sent).toEqual([]);
  });

  it('are both checked again immediately before the dispatch', async () => {
    await using scene = await openWith();
    const id = await asked(scene);
    await pressedBy(scene, id, 'U0CAROL');
    scene.world.people.set('U0CAROL', { membership: 'member', groups: new Set() });
    await pressedBy(scene, id, 'U0DAVE');
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({
      end: { outcome: 'refused', because: { refusal: { reason: 'not_an_approver', confirmer: 'U0CAROL' } } },
    });
    expect(scene.world.messages.at(-1)).toMatchObject({ kind: 'outcome', shows: 'refused' });
  });

  it('become one when the rule changes to one; the same approver may press again, and still counts once when it changes back to two', async () => {
    await using scene = await openWith();
    const id = await asked(scene);
    await pressedBy(scene, id, 'U0CAROL');
    scene.setPolicy(needing({ ...twoLeads, count: 1 }));
    await pressedBy(scene, id, 'U0CAROL');
    expect(scene.world.sent).toHaveLength(1);
    scene.setPolicy(needing(twoLeads));
    const other = await asked(scene, { workflowId: 'WKF777' });
    await pressedBy(scene, other, 'U0CAROL');
    scene.setPolicy(needing({ ...twoLeads, count: 1 }));
    const sending = scene.gate('probe');
    await scene.press(other, 'U0CAROL');
    scene.wake();
    await sending.reached;
    scene.setPolicy(needing(twoLeads));
    sending.open();
    await scene.advanceTime(minutes);
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(other)).toMatchObject({
      end: { because: { refusal: { reason: 'approval_needed', count: 2 } } },
    });
  });

  it('become three when the rule changes to three', async () => {
    await using scene = await openWith();
    const id = await asked(scene);
    await pressedBy(scene, id, 'U0BOB');
    scene.setPolicy(needing({ ...twoLeads, count: 3 }));
    await pressedBy(scene, id, 'U0CAROL');
    expect(await scene.request(id)).toMatchObject({ state: 'awaiting_approval', grant: { needed: 3 } });
    await pressedBy(scene, id, 'U0DAVE');
    expect(scene.world.sent).toHaveLength(1);
  });
});

describe('a confirmed request whose rule becomes stricter', () => {
  it('is not sent, and the thread says what is required', async () => {
    await using scene = await openWith({ count: 1 });
    const id = await asked(scene);
    const sending = scene.gate('probe');
    await scene.press(id, 'U0CAROL');
    scene.wake();
    await sending.reached;
    scene.setPolicy(needing(twoLeads));
    sending.open();
    await scene.advanceTime(minutes);
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({
      end: { because: { refusal: { reason: 'approval_needed', count: 2 } } },
    });
  });

  it('is sent when the rule no longer requires a confirmation', async () => {
    await using scene = await openWith();
    const id = await asked(scene, { verb: 'start' });
    scene.setPolicy(needing(null));
    await pressedBy(scene, id, 'U0CAROL');
    expect(scene.world.sent).toHaveLength(1);
  });
});

describe('the requester', () => {
  it('may not confirm unless the rule permits it, and gets a reply', async () => {
    await using scene = await openWith({ count: 1 });
    const id = await asked(scene, {}, 'U0BOB');
    await pressedBy(scene, id, 'U0BOB');
    expect(scene.world.sent).toEqual([]);
    expect(scene.world.privateMessages).toMatchObject([
      { to: 'U0BOB', refusal: { refusal: { reason: 'own_request' } } },
    ]);
    await pressedBy(scene, id, 'U0CAROL');
    expect(scene.world.sent).toHaveLength(1);
  });

  it('counts as one of two approvers where the rule permits it', async () => {
    await using scene = await openWith({ requesterMayApprove: true });
    const id = await asked(scene, {}, 'U0BOB');
    await pressedBy(scene, id, 'U0BOB', 'U0CAROL');
    expect(scene.world.sent).toHaveLength(1);
  });

  it('does not count where the rule does not name them as an approver', async () => {
    await using scene = await openWith({ requesterMayApprove: true, count: 1 });
    const id = await asked(scene);
    await pressedBy(scene, id, 'U0ALICE');
    expect(scene.world.privateMessages).toMatchObject([
      { to: 'U0ALICE', refusal: { refusal: { reason: 'own_request' } } },
    ]);
  });

  it('is not among the people asked, unless the rule permits it', async () => {
    await using scene = await openWith();
    const approversOf = async (id: string) => (await scene.request(id)).grant?.approvers;
    const without = await asked(scene, {}, 'U0BOB');
    expect(await approversOf(without)).toEqual({ users: [], groups: ['S0LEADS'] });
    scene.setPolicy(needing({ ...twoLeads, requesterMayApprove: true }));
    const among = await asked(scene, { workflowId: 'WKF777' }, 'U0BOB');
    expect(await approversOf(among)).toEqual({ users: ['U0BOB'], groups: ['S0LEADS'] });
  });

  it.each([
    ['nobody is left to confirm it', ['U0BOB'], 1],
    ['fewer approvers are left than needed', ['U0BOB', 'U0CAROL'], 2],
  ])('is refused at once where %s, while somebody else may make the request', async (_, users, count) => {
    await using scene = await openWith({ from: people(users), count });
    const id = await asked(scene, { verb: 'pause' }, 'U0BOB');
    expect(await scene.request(id)).toMatchObject({
      end: { outcome: 'refused', because: { refusal: { reason: 'too_few_approvers', count } } },
    });
    expect(scene.world.messages).toEqual([]);
    const other = await asked(scene, { verb: 'pause' });
    expect(await scene.request(other)).toMatchObject({ state: 'awaiting_approval' });
  });
});

describe('a question that nobody can confirm', () => {
  const inGroup = (scene: Scene, group: string, ...ids: readonly string[]) => {
    for (const id of ids) scene.world.people.set(id, { membership: 'member', groups: new Set([group]) });
  };

  it.each(['start', 'pause', 'resume', 'stop', 'freeze', 'unfreeze'] as const)(
    'is not asked: a %s is refused at once, without an announcement and without a lock',
    async (verb) => {
      await using scene = await openWith({ count: 1, from: people([], ['S0EMPTY']) });
      const workflowId = verb === 'freeze' || verb === 'unfreeze' ? '*' : 'WKF110';
      const order = { verb, workflowId, ...(verb === 'freeze' && { until: scene.world.now + minutes }) };
      const id = await asked(scene, order);
      const refusal = { reason: 'too_few_can_approve', shortage: 'empty', permitted: { groups: ['S0EMPTY'] } };
      expect(await scene.request(id)).toMatchObject({
        grant: null,
        end: { outcome: 'refused', because: { kind: 'access', refusal } },
      });
      expect(scene.world.messages).toEqual([]);
      expect(scene.world.privateMessages).toMatchObject([{ how: 'private', to: 'U0ALICE', outcome: 'refused' }]);
      inGroup(scene, 'S0EMPTY', 'U0BOB');
      expect(await scene.request(await asked(scene, order))).toMatchObject({ state: 'awaiting_approval' });
    },
  );

  it.each([
    ['one of two can', 2, 'too_few_can_approve'],
    ['the requester is the only member', 1, 'too_few_can_approve'],
  ] as const)('is not asked where %s', async (_, count, reason) => {
    await using scene = await openWith({ count, from: people([], ['S0NIGHT']) });
    inGroup(scene, 'S0NIGHT', 'U0ALICE', ...(count === 2 ? ['U0BOB'] : []));
    const id = await asked(scene);
    expect(await scene.request(id)).toMatchObject({ end: { because: { refusal: { reason, count } } } });
    expect(scene.world.messages).toEqual([]);
  });

  it.each([
    ['soon', 0],
    ['later', 30_000],
  ])('is asked where Slack does not return who can confirm, and may be asked again %s', async (when, retryAfterMs) => {
    await using scene = await openWith({ count: 1, from: people([], ['S0EMPTY']) });
    scene.world.unavailable.add('S0EMPTY');
    scene.world.retryAfterMs = retryAfterMs;
    const id = await asked(scene);
    expect(scene.world.messages).toHaveLength(when === 'soon' ? 0 : 1);
    await scene.advanceTime(3_000);
    expect(await scene.request(id)).toMatchObject({
      state: 'awaiting_approval',
      grant: { asked: { groups: ['S0EMPTY'] } },
    });
  });

  it('is not asked where nobody who could is in the private channel, and is asked of those who are', async () => {
    await using scene = await openWith({ count: 1, from: people([], ['S0LEADS']) });
    scene.world.audience = new Set(['U0ALICE']);
    const refused = await asked(scene);
    const refusal = { reason: 'too_few_can_approve', shortage: 'not_in_channel', able: [] };
    expect(await scene.request(refused)).toMatchObject({ end: { outcome: 'refused', because: { refusal } } });
    expect(scene.world.messages).toEqual([]);
    scene.world.audience = new Set(['U0ALICE', 'U0DAVE']);
    const id = await asked(scene);
    expect(await scene.request(id)).toMatchObject({
      state: 'awaiting_approval',
      grant: { approvers: { groups: ['S0LEADS'] }, asked: { users: ['U0DAVE'], groups: [], except: [] } },
    });
    await pressedBy(scene, id, 'U0DAVE');
    expect(await scene.request(id)).toMatchObject({ end: { outcome: 'accepted' } });
  });

  it('is not asked where Slack returns a moment later that nobody can', async () => {
    await using scene = await openWith({ count: 1, from: people([], ['S0EMPTY']) });
    scene.world.unavailable.add('S0EMPTY');
    scene.world.retryAfterMs = 2_000;
    const id = await asked(scene);
    expect(await scene.request(id)).toMatchObject({ state: 'submitted' });
    scene.world.unavailable.delete('S0EMPTY');
    await scene.advanceTime(2_000);
    const refusal = { reason: 'too_few_can_approve', shortage: 'empty' };
    expect(await scene.request(id)).toMatchObject({ end: { outcome: 'refused', because: { refusal } } });
    expect(scene.world.messages).toEqual([]);
  });

  it('is not asked where Slack will not return the members of the group, since no press could be judged', async () => {
    await using scene = await openWith({ count: 1, from: people([], ['S0LEADS']) });
    scene.world.unavailable.add('S0LEADS');
    scene.world.retryAfterMs = null;
    const id = await asked(scene);
    const refusal = { reason: 'lookup_failed', failed: 'group', groups: ['S0LEADS'] };
    expect(await scene.request(id)).toMatchObject({ end: { outcome: 'refused', because: { refusal } } });
    expect(scene.world.messages).toEqual([]);
  });

  it('is asked of those who can confirm: the others are recorded as excluded, and may still cancel', async () => {
    await using scene = await openWith({ count: 1, from: people(['U0EVE'], ['S0LEADS', 'S0EMPTY']) });
    inGroup(scene, 'S0LEADS', 'U0ALICE');
    scene.world.people.set('U0EVE', { membership: 'guest', groups: new Set() });
    const id = await asked(scene);
    expect((await scene.request(id)).grant).toMatchObject({
      approvers: { users: ['U0EVE'], groups: ['S0EMPTY', 'S0LEADS'] },
      asked: { users: [], groups: ['S0LEADS'], except: ['U0ALICE'] },
    });
    scene.setPolicy(noRules);
    scene.world.people.set('U0EVE', { membership: 'member', groups: new Set() });
    await scene.press(id, 'U0EVE', 'cancel');
    await scene.untilIdle();
    expect(await scene.request(id)).toMatchObject({ state: 'cancelled' });
  });

  it('is not asked again when the workflow has changed: the request ends, and its thread says why', async () => {
    await using scene = await openWith({ count: 2, from: people([], ['S0LEADS']) });
    const id = await askedWhile(scene, showing('in_progress'), showing('erroneous'));
    inGroup(scene, 'S0OTHER', 'U0DAVE');
    await pressedBy(scene, id, 'U0CAROL');
    expect(await scene.request(id)).toMatchObject({
      end: { outcome: 'refused', because: { refusal: { reason: 'too_few_can_approve', able: ['U0CAROL'] } } },
    });
    expect(scene.world.sent).toEqual([]);
    expect(scene.world.messages).toMatchObject([{ shows: 'refused' }, { kind: 'outcome', shows: 'refused' }]);
  });

  it('is asked again of those who can confirm by then', async () => {
    await using scene = await openWith({ count: 1, from: people(['U0EVE'], ['S0LEADS']) });
    const id = await askedWhile(scene, showing('in_progress'), showing('erroneous'));
    scene.world.people.set('U0EVE', { membership: 'deactivated', groups: new Set() });
    await pressedBy(scene, id, 'U0CAROL');
    expect(await scene.request(id)).toMatchObject({
      state: 'awaiting_approval',
      grant: { asked: { users: [], groups: ['S0LEADS'], except: [] } },
    });
  });
});

describe('between the question and the confirmation', () => {
  it('the approvers’ group became empty: nothing is sent, the presser gets a reply, and the thread says why at the end', async () => {
    await using scene = await openWith({ count: 1, from: people([], ['S0LEADS']) });
    const id = await asked(scene);
    scene.world.people.set('U0CAROL', { membership: 'member', groups: new Set() });
    await pressedBy(scene, id, 'U0CAROL');
    await scene.advanceTime(20 * minutes);
    expect(scene.world.sent).toEqual([]);
    expect(scene.world.privateMessages).toMatchObject([
      { to: 'U0CAROL', refusal: { refusal: { reason: 'not_an_approver' } } },
    ]);
    expect(await scene.request(id)).toMatchObject({
      state: 'expired',
      refusedPresses: [{ by: 'U0CAROL', refusal: { refusal: { reason: 'not_an_approver' } } }],
    });
  });

  it.each([
    [
      'the requester’s group was emptied',
      (scene: Scene) =>
        scene.setPolicy({
          ...needing(twoLeads),
          rules: needing(twoLeads).rules.map((rule) => ({ ...rule, people: people([], ['S0OPS']) })),
        }),
      'not_permitted',
    ],
    ['the rule was removed by a reload', (scene: Scene) => scene.setPolicy(noRules), 'not_permitted'],
    [
      'the requester was deactivated',
      (scene: Scene) => scene.world.people.set('U0ALICE', { membership: 'deactivated', groups: new Set() }),
      'deactivated',
    ],
    [
      'the channel became shared',
      (scene: Scene) => Object.assign(scene.world.place, { shared: true }),
      'shared_channel',
    ],
  ] as const)('%s: nothing is sent, and the thread says why', async (_, change, reason) => {
    await using scene = await openWith({ count: 1 });
    const id = await asked(scene);
    change(scene);
    await pressedBy(scene, id, 'U0BOB');
    await scene.advanceTime(20 * minutes);
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({
      end: { outcome: 'refused', because: { kind: 'access', refusal: { reason } } },
    });
    expect(scene.world.messages).toMatchObject([{ shows: 'refused' }, { kind: 'outcome', shows: 'refused' }]);
    expect(scene.world.privateMessages).toMatchObject([
      { to: 'U0BOB', refusal: { kind: 'too_late', state: 'refused' } },
    ]);
  });

  it('a press by somebody who was not asked does not count, and does not end the request', async () => {
    await using scene = await openWith({ count: 1 });
    const id = await asked(scene);
    scene.setPolicy(noRules);
    await pressedBy(scene, id, 'U0EVE');
    expect(await scene.request(id)).toMatchObject({ state: 'awaiting_approval' });
    expect(scene.world.privateMessages).toMatchObject([{ to: 'U0EVE', refusal: { kind: 'access' } }]);
  });

  it.each(['T0OTHER', 'T0PARTNER'])('a press from workspace %s does not count, whoever made it', async (team) => {
    await using scene = await openWith({ count: 1 });
    const id = await asked(scene);
    await scene.press(id, 'U0CAROL', 'approve', { fromTeam: team });
    await scene.untilIdle();
    expect(scene.world.sent).toEqual([]);
    expect(scene.world.privateMessages).toMatchObject([
      { to: 'U0CAROL', refusal: { refusal: { reason: 'other_workspace' } } },
    ]);
    await scene.press(id, 'U0NOBODY', 'cancel', { fromTeam: team });
    await scene.untilIdle();
    expect(scene.world.privateMessages).toMatchObject([
      {},
      { to: 'U0NOBODY', refusal: { refusal: { reason: 'stranger' } } },
    ]);
    expect(await scene.request(id)).toMatchObject({ state: 'awaiting_approval' });
  });
});

describe('a workflow whose state has changed since the question', () => {
  it('causes one new question, and the person who had confirmed gets a reply', async () => {
    await using scene = await openWith();
    const id = await askedWhile(scene, showing('in_progress'), showing('in_progress'), showing('erroneous'));
    await scene.advanceTime(5 * minutes);
    await pressedBy(scene, id, 'U0BOB', 'U0CAROL');
    expect(scene.world.sent).toEqual([]);
    const change = { kind: 'changed', before: 'in_progress', now: 'erroneous' };
    expect(scene.world.privateMessages).toMatchObject([
      { to: 'U0BOB', refusal: change },
      { to: 'U0CAROL', refusal: change },
    ]);
    expect(await scene.request(id)).toMatchObject({
      state: 'awaiting_approval',
      confirmations: [],
      changed: { before: 'in_progress', now: 'erroneous', by: 'U0CAROL' },
      shown: { questionRevision: 2 },
    });
    await scene.advanceTime(14 * minutes);
    scene.world.answers.probe.push(showing('finished'), showing('warning'));
    await pressedBy(scene, id, 'U0BOB', 'U0CAROL');
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.events(id, 'changed')).toHaveLength(1);
  });

  it('causes a new question before a press on the previous question counts', async () => {
    await using scene = await openWith({ count: 1 });
    const id = await askedWhile(scene, showing('in_progress'), showing('finished'), showing('finished'));
    await Promise.all([scene.press(id, 'U0BOB'), scene.press(id, 'U0CAROL')]);
    await scene.advanceTime(1_000);
    expect(scene.world.sent).toEqual([]);
    expect(scene.world.privateMessages.map((told) => told.how === 'press' && told.refusal.kind)).toEqual([
      'changed',
      'changed',
    ]);
    await pressedBy(scene, id, 'U0BOB');
    expect(scene.world.sent).toHaveLength(1);
  });

  it.each<[string, ProbeResult, ProbeResult]>([
    ['it showed no state at the question', { kind: 'not_shown' }, showing('erroneous')],
    ['it no longer shows a state', showing('erroneous'), { kind: 'not_shown' }],
    ['its state at the question is unknown', showing(null), showing('erroneous')],
    ['its state is unknown', showing('erroneous'), showing(null)],
    ['Campaign could not be reached', showing('erroneous'), { kind: 'failed', reason: 'no_connection' }],
    ['the probe timed out', showing('erroneous'), { kind: 'slow' }],
    ['the probe timed out at the question', { kind: 'slow' }, showing('erroneous')],
    ['it is unchanged', showing('erroneous'), showing('erroneous')],
  ])('is not asked about again where %s', async (_, before, now) => {
    await using scene = await openWith({ count: 1 });
    const id = await askedWhile(scene, before, now);
    await pressedBy(scene, id, 'U0BOB');
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ grant: { seen: before }, approval: { seen: now } });
  });
});

describe('a start', () => {
  it.each<[ProbeResult, 'erroneous' | 'warning']>([
    [{ kind: 'slow' }, 'erroneous'],
    [{ kind: 'slow' }, 'warning'],
    [{ kind: 'failed', reason: 'timeout' }, 'erroneous'],
    [{ kind: 'not_shown' }, 'warning'],
  ])(
    'requested while Campaign showed no state (%j) causes one new question where it then shows %s',
    async (before, now) => {
      await using scene = await openWith({ count: 1 });
      scene.world.answers.probe.push(before, showing(now), { kind: 'slow' });
      const id = await asked(scene, { verb: 'start' });
      await pressedBy(scene, id, 'U0BOB');
      expect(scene.world.sent).toEqual([]);
      expect(scene.world.privateMessages).toMatchObject([
        { to: 'U0BOB', refusal: { kind: 'changed', before: null, now } },
      ]);
      expect(await scene.request(id)).toMatchObject({
        state: 'awaiting_approval',
        grant: { seen: { reading: now } },
        changed: { before: null, now, by: 'U0BOB' },
      });
      await pressedBy(scene, id, 'U0BOB');
      expect(scene.world.sent).toHaveLength(1);
    },
  );

  it.each(['editing', 'finished', 'in_progress'] as const)(
    'requested while Campaign showed no state needs no new question where it then shows %s',
    async (reading) => {
      await using scene = await openWith({ count: 1 });
      scene.world.answers.probe.push({ kind: 'slow' }, showing(reading));
      const id = await asked(scene, { verb: 'start' });
      await pressedBy(scene, id, 'U0BOB');
      expect(scene.world.sent).toHaveLength(1);
    },
  );

  it.each(['erroneous', 'warning'] as const)('of a workflow that is %s asks its requester first', async (reading) => {
    await using scene = await openScene();
    scene.world.answers.probe.push(showing(reading), showing(reading));
    const id = await asked(scene, { verb: 'start' });
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({
      state: 'awaiting_approval',
      grant: { approvers: { users: ['U0ALICE'], groups: [] }, seen: { reading } },
    });
    await pressedBy(scene, id, 'U0CAROL');
    expect(scene.world.sent).toEqual([]);
    await pressedBy(scene, id, 'U0ALICE');
    expect(scene.world.sent).toMatchObject([{ command: 'start' }]);
  });

  it('of such a workflow asks the approvers of the rule', async () => {
    await using scene = await openWith({ count: 1 });
    scene.world.answers.probe.push(showing('erroneous'));
    const id = await asked(scene, { verb: 'start' });
    await pressedBy(scene, id, 'U0ALICE');
    expect(scene.world.sent).toEqual([]);
    await pressedBy(scene, id, 'U0BOB');
    expect(scene.world.sent).toHaveLength(1);
  });

  it.each<ProbeResult>([
    showing('editing'),
    showing('in_progress'),
    showing('finished'),
    showing(null),
    { kind: 'not_shown' },
    { kind: 'slow' },
    { kind: 'failed', reason: 'timeout' },
  ])('of any other asks nobody: %j', async (seen) => {
    await using scene = await openScene();
    scene.world.answers.probe.push(seen);
    await asked(scene, { verb: 'start' });
    expect(scene.world.sent).toHaveLength(1);
  });

  it.each(['pause', 'resume'] as const)(
    'is the only dangerous command then: a %s needs no confirmation',
    async (verb) => {
      await using scene = await openScene();
      scene.world.answers.probe.push(showing('erroneous'));
      await asked(scene, { verb });
      expect(scene.world.sent).toHaveLength(1);
    },
  );
});
