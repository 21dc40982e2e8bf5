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

async function asked(scene: Scene, order: Parameters<Scene['ask']>[0] = {}, by = 'U0ALICE'): Promise<string> {
  const id = await scene.ask(order, by);
  await scene.quiet();
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
    await scene.quiet();
  }
}

describe('two people who have to confirm', () => {
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

  it('count as two when they press at once', async () => {
    await using scene = await openWith();
    const id = await asked(scene);
    await Promise.all([scene.press(id, 'U0CAROL'), scene.press(id, 'U0DAVE')]);
    await scene.pass(1_000);
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.events(id, 'confirmed')).toHaveLength(1);
    expect(await scene.events(id, 'approved')).toHaveLength(1);
    expect(scene.world.told).toEqual([]);
  });

  it('are not one who presses twice, who is told', async () => {
    await using scene = await openWith();
    const id = await asked(scene);
    await scene.press(id, 'U0CAROL');
    await scene.pass(1_000);
    await scene.press(id, 'U0CAROL');
    await scene.pass(1_000);
    expect(scene.world.sent).toEqual([]);
    expect(scene.world.told).toMatchObject([{ to: 'U0CAROL', refusal: { kind: 'counted_already', missing: 1 } }]);
    await scene.pass(20 * minutes);
    expect(await scene.request(id)).toMatchObject({ state: 'expired' });
  });

  it('have until the end of the question, and not longer by the first of them', async () => {
    await using scene = await openWith();
    const id = await asked(scene);
    await scene.pass(14 * minutes);
    await pressedBy(scene, id, 'U0CAROL');
    await scene.pass(1 * minutes);
    expect(await scene.request(id)).toMatchObject({ state: 'expired' });
    expect(scene.world.sent).toEqual([]);
  });

  it.each([
    ['the other approver', 'U0DAVE'],
    ['the one who confirmed', 'U0CAROL'],
    ['the requester', 'U0ALICE'],
  ])('can be taken back after the first of them by %s', async (_, by) => {
    await using scene = await openWith();
    const id = await asked(scene);
    await pressedBy(scene, id, 'U0CAROL');
    await scene.press(id, by, 'cancel');
    await scene.quiet();
    expect(await scene.request(id)).toMatchObject({ state: 'cancelled', end: { because: { by } } });
    await pressedBy(scene, id, 'U0DAVE');
    expect(scene.world.sent).toEqual([]);
  });

  it('are both judged again just before it is sent', async () => {
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

  it('are one where the rule asks for one meanwhile, who may press again and is no second one if it asks for two after all', async () => {
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
    await scene.pass(minutes);
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(other)).toMatchObject({
      end: { because: { refusal: { reason: 'approval_needed', count: 2 } } },
    });
  });

  it('are three where the rule asks for one more meanwhile', async () => {
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

describe('a request under a rule that asks for more once it is confirmed', () => {
  it('is not sent, and the thread says what it needs', async () => {
    await using scene = await openWith({ count: 1 });
    const id = await asked(scene);
    const sending = scene.gate('probe');
    await scene.press(id, 'U0CAROL');
    scene.wake();
    await sending.reached;
    scene.setPolicy(needing(twoLeads));
    sending.open();
    await scene.pass(minutes);
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({
      end: { because: { refusal: { reason: 'approval_needed', count: 2 } } },
    });
  });

  it('is sent where the rules ask for nobody any more', async () => {
    await using scene = await openWith();
    const id = await asked(scene, { verb: 'start' });
    scene.setPolicy(needing(null));
    await pressedBy(scene, id, 'U0CAROL');
    expect(scene.world.sent).toHaveLength(1);
  });
});

describe('whoever asked', () => {
  it('may not confirm it where the rule does not say so, and is told', async () => {
    await using scene = await openWith({ count: 1 });
    const id = await asked(scene, {}, 'U0BOB');
    await pressedBy(scene, id, 'U0BOB');
    expect(scene.world.sent).toEqual([]);
    expect(scene.world.told).toMatchObject([{ to: 'U0BOB', refusal: { refusal: { reason: 'own_request' } } }]);
    await pressedBy(scene, id, 'U0CAROL');
    expect(scene.world.sent).toHaveLength(1);
  });

  it('counts as one of two where the rule says so', async () => {
    await using scene = await openWith({ requesterMayApprove: true });
    const id = await asked(scene, {}, 'U0BOB');
    await pressedBy(scene, id, 'U0BOB', 'U0CAROL');
    expect(scene.world.sent).toHaveLength(1);
  });

  it('does not count where the rule does not name them among the approvers', async () => {
    await using scene = await openWith({ requesterMayApprove: true, count: 1 });
    const id = await asked(scene);
    await pressedBy(scene, id, 'U0ALICE');
    expect(scene.world.told).toMatchObject([{ to: 'U0ALICE', refusal: { refusal: { reason: 'own_request' } } }]);
  });

  it('is not named among those who are asked, unless the rule lets them confirm', async () => {
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
    ['fewer are left than have to', ['U0BOB', 'U0CAROL'], 2],
  ])('is refused at once where %s, and somebody else may ask', async (_, users, count) => {
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

describe('a question that nobody could answer', () => {
  const inGroup = (scene: Scene, group: string, ...ids: readonly string[]) => {
    for (const id of ids) scene.world.people.set(id, { membership: 'member', groups: new Set([group]) });
  };

  it.each(['start', 'pause', 'resume', 'stop', 'freeze', 'unfreeze'] as const)(
    'is not put: a %s is refused at once, announced to nobody, and holds nothing',
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
      expect(scene.world.told).toMatchObject([{ how: 'private', to: 'U0ALICE', outcome: 'refused' }]);
      inGroup(scene, 'S0EMPTY', 'U0BOB');
      expect(await scene.request(await asked(scene, order))).toMatchObject({ state: 'awaiting_approval' });
    },
  );

  it.each([
    ['one of two can', 2, 'too_few_can_approve'],
    ['the requester is the only member', 1, 'too_few_can_approve'],
  ] as const)('is not put where %s', async (_, count, reason) => {
    await using scene = await openWith({ count, from: people([], ['S0NIGHT']) });
    inGroup(scene, 'S0NIGHT', 'U0ALICE', ...(count === 2 ? ['U0BOB'] : []));
    const id = await asked(scene);
    expect(await scene.request(id)).toMatchObject({ end: { because: { refusal: { reason, count } } } });
    expect(scene.world.messages).toEqual([]);
  });

  it('is put where Slack does not say who could', async () => {
    await using scene = await openWith({ count: 1, from: people([], ['S0EMPTY']) });
    scene.world.hidden.add('S0EMPTY');
    const id = await asked(scene);
    expect(await scene.request(id)).toMatchObject({
      state: 'awaiting_approval',
      grant: { asked: { groups: ['S0EMPTY'] } },
    });
  });

  it('is put to those who can: who cannot is on record as excepted, and may still keep it running', async () => {
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
    await scene.quiet();
    expect(await scene.request(id)).toMatchObject({ state: 'cancelled' });
  });

  it('is not put again when the workflow has changed: the request ends, and its thread says why', async () => {
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

  it('is put again to those who can by then', async () => {
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

describe('between the question and the answer', () => {
  it('the approvers’ group was emptied: nothing is sent, the person is told, and at the end the thread says why', async () => {
    await using scene = await openWith({ count: 1, from: people([], ['S0LEADS']) });
    const id = await asked(scene);
    scene.world.people.set('U0CAROL', { membership: 'member', groups: new Set() });
    await pressedBy(scene, id, 'U0CAROL');
    await scene.pass(20 * minutes);
    expect(scene.world.sent).toEqual([]);
    expect(scene.world.told).toMatchObject([{ to: 'U0CAROL', refusal: { refusal: { reason: 'not_an_approver' } } }]);
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
    ['the rule was reloaded away', (scene: Scene) => scene.setPolicy(noRules), 'not_permitted'],
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
    await scene.pass(20 * minutes);
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({
      end: { outcome: 'refused', because: { kind: 'access', refusal: { reason } } },
    });
    expect(scene.world.messages).toMatchObject([{ shows: 'refused' }, { kind: 'outcome', shows: 'refused' }]);
    expect(scene.world.told).toMatchObject([{ to: 'U0BOB', refusal: { kind: 'too_late', state: 'refused' } }]);
  });

  it('somebody who was not asked presses in vain, and ends nothing', async () => {
    await using scene = await openWith({ count: 1 });
    const id = await asked(scene);
    scene.setPolicy(noRules);
    await pressedBy(scene, id, 'U0EVE');
    expect(await scene.request(id)).toMatchObject({ state: 'awaiting_approval' });
    expect(scene.world.told).toMatchObject([{ to: 'U0EVE', refusal: { kind: 'access' } }]);
  });

  it.each(['T0OTHER', 'T0PARTNER'])(
    'a press that comes from workspace %s does not count, whoever made it',
    async (team) => {
      await using scene = await openWith({ count: 1 });
      const id = await asked(scene);
      await scene.press(id, 'U0CAROL', 'approve', { fromTeam: team });
      await scene.quiet();
      expect(scene.world.sent).toEqual([]);
      expect(scene.world.told).toMatchObject([{ to: 'U0CAROL', refusal: { refusal: { reason: 'other_workspace' } } }]);
      await scene.press(id, 'U0NOBODY', 'cancel', { fromTeam: team });
      await scene.quiet();
      expect(scene.world.told).toMatchObject([{}, { to: 'U0NOBODY', refusal: { refusal: { reason: 'stranger' } } }]);
      expect(await scene.request(id)).toMatchObject({ state: 'awaiting_approval' });
    },
  );
});

describe('a workflow that is not any more what it was when it was asked', () => {
  it('is asked about again, once, and whoever had confirmed is told', async () => {
    await using scene = await openWith();
    const id = await askedWhile(scene, showing('in_progress'), showing('in_progress'), showing('erroneous'));
    await scene.pass(5 * minutes);
    await pressedBy(scene, id, 'U0BOB', 'U0CAROL');
    expect(scene.world.sent).toEqual([]);
    const change = { kind: 'changed', before: 'in_progress', now: 'erroneous' };
    expect(scene.world.told).toMatchObject([
      { to: 'U0BOB', refusal: change },
      { to: 'U0CAROL', refusal: change },
    ]);
    expect(await scene.request(id)).toMatchObject({
      state: 'awaiting_approval',
      confirmations: [],
      changed: { before: 'in_progress', now: 'erroneous', by: 'U0CAROL' },
      shown: { questionRevision: 2 },
    });
    await scene.pass(14 * minutes);
    scene.world.answers.probe.push(showing('finished'), showing('warning'));
    await pressedBy(scene, id, 'U0BOB', 'U0CAROL');
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.events(id, 'changed')).toHaveLength(1);
  });

  it('is asked about again before a press that was made for the question of before counts', async () => {
    await using scene = await openWith({ count: 1 });
    const id = await askedWhile(scene, showing('in_progress'), showing('finished'), showing('finished'));
    await Promise.all([scene.press(id, 'U0BOB'), scene.press(id, 'U0CAROL')]);
    await scene.pass(1_000);
    expect(scene.world.sent).toEqual([]);
    expect(scene.world.told.map((told) => told.how === 'press' && told.refusal.kind)).toEqual(['changed', 'changed']);
    await pressedBy(scene, id, 'U0BOB');
    expect(scene.world.sent).toHaveLength(1);
  });

  it.each<[string, ProbeResult, ProbeResult]>([
    ['it showed nothing when it was asked', { kind: 'not_shown' }, showing('erroneous')],
    ['it shows nothing any more', showing('erroneous'), { kind: 'not_shown' }],
    ['what it showed means nothing to anybody', showing(null), showing('erroneous')],
    ['what it shows means nothing to anybody', showing('erroneous'), showing(null)],
    ['Campaign could not be reached', showing('erroneous'), { kind: 'failed', reason: 'no_connection' }],
    ['the look took too long', showing('erroneous'), { kind: 'slow' }],
    ['the look took too long when it was asked', { kind: 'slow' }, showing('erroneous')],
    ['it is what it was', showing('erroneous'), showing('erroneous')],
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
    'that was asked for while Campaign showed nothing (%j) is asked for again, once, where it shows %s',
    async (before, now) => {
      await using scene = await openWith({ count: 1 });
      scene.world.answers.probe.push(before, showing(now), { kind: 'slow' });
      const id = await asked(scene, { verb: 'start' });
      await pressedBy(scene, id, 'U0BOB');
      expect(scene.world.sent).toEqual([]);
      expect(scene.world.told).toMatchObject([{ to: 'U0BOB', refusal: { kind: 'changed', before: null, now } }]);
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
    'that was asked for while Campaign showed nothing is not asked for again where it shows %s',
    async (reading) => {
      await using scene = await openWith({ count: 1 });
      scene.world.answers.probe.push({ kind: 'slow' }, showing(reading));
      const id = await asked(scene, { verb: 'start' });
      await pressedBy(scene, id, 'U0BOB');
      expect(scene.world.sent).toHaveLength(1);
    },
  );

  it.each(['erroneous', 'warning'] as const)(
    'of a workflow that is %s asks whoever wants it first',
    async (reading) => {
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
    },
  );

  it('of such a workflow asks those whom the rule names', async () => {
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

  it.each(['pause', 'resume'] as const)('alone is dangerous then: a %s asks nobody', async (verb) => {
    await using scene = await openScene();
    scene.world.answers.probe.push(showing('erroneous'));
    await asked(scene, { verb });
    expect(scene.world.sent).toHaveLength(1);
  });
});
