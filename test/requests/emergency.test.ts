import { describe, expect, it } from '@jest/globals';
import type { Approval, Emergency, Policy } from '../../src/access/policy.ts';
import { firstBroken } from '../../src/requests/digest.ts';
import type { ProbeResult, RecordedWorkflowState } from '../../src/requests/events.ts';
import { isOutcome } from '../../src/requests/outcome.ts';
import type { Request } from '../../src/requests/request.ts';
import { createRepeatedPresses } from '../../src/requests/rules/press.ts';
import { newDatabase } from '../postgres/new-database.ts';
import { engines } from './ledger/ledger.fixture.ts';
import { lists, minutes, noRules, openScene, policyOf, type Scene, type SceneOptions } from './scene/scene.fixture.ts';
import { newWorld } from './scene/world.fixture.ts';

const day = 24 * 60 * minutes;

const people = (users: string[], groups: string[] = []) => ({ users: new Set(users), groups: new Set(groups) });

const byLeads: Approval = {
  from: people([], ['S0LEADS']),
  count: 1,
  requesterMayApprove: false,
  withinMs: 15 * minutes,
};

const emergency: Emergency = {
  people: people(['U0EVE', 'U0ALICE']),
  actions: new Set(['stop', 'start']),
  afterMs: 2 * minutes,
  reviewBy: people(['U0BOB'], ['S0LEADS']),
};

/** Leads confirm every command, or Eve and Alice declare an emergency after two minutes. */
function rules(change: Partial<Emergency> = {}, approval: Partial<Approval> = {}): Policy {
  const policy = policyOf(lists);
  const own = { approval: { ...byLeads, ...approval }, emergency: { ...emergency, ...change } };
  return { ...policy, rules: policy.rules.map((rule) => ({ ...rule, ...own })) };
}

const open = (policy = rules(), options: SceneOptions = {}) => openScene({ policy, ...options });

async function asked(scene: Scene, order: Parameters<Scene['submit']>[0] = {}, by = 'U0BOB'): Promise<string> {
  const id = await scene.submit(order, by);
  await scene.untilIdle();
  return id;
}

async function declare(scene: Scene, id: string, by = 'U0EVE', reason = 'it deletes customers'): Promise<void> {
  await scene.press(id, by, 'emergency', { reason });
  await scene.untilIdle();
}

async function declared(scene: Scene, order: Parameters<Scene['submit']>[0] = {}): Promise<string> {
  const id = await asked(scene, order);
  await scene.advanceTime(2 * minutes);
  await declare(scene, id);
  return id;
}

async function review(scene: Scene, id: string, by = 'U0CAROL', reason = 'right so'): Promise<void> {
  await scene.press(id, by, 'review', { reason });
  await scene.untilIdle();
}

const told = (scene: Scene, id: string) =>
  scene.world.messages
    .filter(({ request, kind }) => request === id && kind.startsWith('emergency'))
    .map(({ kind }) => kind);

const refusals = ({ world }: Scene) =>
  world.privateMessages.flatMap((message) => {
    if (message.how !== 'press') return [];
    const { to, refusal } = message;
    return [[to, refusal.kind === 'access' ? refusal.refusal.reason : refusal.kind]];
  });

const sent = ({ world }: Scene) => world.sent.map(({ command, workflowId }) => `${command} ${workflowId}`);

const showing = (reading: RecordedWorkflowState): ProbeResult => ({
  kind: 'seen',
  reading,
  field: 'logicalStatus',
  raw: 'raw',
});

describe('an emergency', () => {
  it('is offered once nobody has confirmed in time, and is sent at once when somebody declares it', async () => {
    await using scene = await open();
    const id = await asked(scene);
    await scene.advanceTime(2 * minutes - 1);
    expect(await scene.request(id)).toMatchObject({ isEmergencyOffered: false, shown: { questionRevision: 0 } });
    await scene.advanceTime(1);
    expect(await scene.request(id)).toMatchObject({ isEmergencyOffered: true, shown: { questionRevision: 1 } });
    await declare(scene, id);
    expect(sent(scene)).toEqual(['stop WKF110']);
    expect(told(scene, id)).toEqual(['emergency_declared']);
    expect(await scene.request(id)).toMatchObject({
      state: 'accepted',
      emergency: { by: 'U0EVE', reason: 'it deletes customers', review: null },
      confirmations: [],
    });
    expect(await scene.events(id, 'approved')).toMatchObject([
      {
        data: {
          by: 'U0EVE',
          emergency: { rule: 'CAMPAIGN_WF_USERS, stop', reviewBy: { users: ['U0BOB'], groups: ['S0LEADS'] } },
        },
      },
    ]);
  });

  it('is refused before its time, to anybody whom the rule does not name, and without a reason', async () => {
    await using scene = await open();
    const id = await asked(scene);
    await scene.advanceTime(2 * minutes - 1);
    await declare(scene, id);
    await scene.advanceTime(minutes);
    await declare(scene, id, 'U0BOB');
    await declare(scene, id, 'U0CAROL');
    await scene.press(id, 'U0EVE', 'emergency');
    await scene.untilIdle();
    scene.world.people.set('U0EVE', { membership: 'guest', groups: new Set() });
    await declare(scene, id);
    expect(refusals(scene)).toEqual([
      ['U0EVE', 'too_early_for_emergency'],
      ['U0BOB', 'not_in_emergency'],
      ['U0CAROL', 'not_in_emergency'],
      ['U0EVE', 'emergency_needs_reason'],
      ['U0EVE', 'guest'],
    ]);
    expect(sent(scene)).toEqual([]);
    expect((await scene.request(id)).state).toBe('awaiting_approval');
    await scene.advanceTime(15 * minutes);
    expect(await scene.request(id)).toMatchObject({ state: 'expired', emergency: null });
  });

  it('may be declared by its requester, if among these people', async () => {
    await using scene = await open();
    const id = await asked(scene, {}, 'U0ALICE');
    await scene.advanceTime(2 * minutes);
    await declare(scene, id, 'U0ALICE');
    expect(sent(scene)).toEqual(['stop WKF110']);
  });

  it('leaves the others their confirmation, and counts once: whoever comes second learns it', async () => {
    await using scene = await open();
    const id = await asked(scene);
    await scene.advanceTime(3 * minutes);
    await scene.suspend();
    await scene.press(id, 'U0CAROL');
    await scene.press(id, 'U0EVE', 'emergency', { reason: 'fire', interaction: 'twice' });
    await scene.press(id, 'U0EVE', 'emergency', { reason: 'fire', interaction: 'twice' });
    scene.resume();
    await scene.advanceTime(1_000);
    expect(sent(scene)).toEqual(['stop WKF110']);
    const { emergency: declaredOne, approval } = await scene.request(id);
    expect(refusals(scene)).toEqual([[declaredOne === null ? 'U0EVE' : 'U0CAROL', 'too_late']]);
    expect(told(scene, id)).toEqual(declaredOne === null ? [] : ['emergency_declared']);
    expect(approval?.by).toBe(declaredOne === null ? 'U0CAROL' : 'U0EVE');
  });

  it('takes the place of the confirmations that are missing, whatever becomes of those that were given', async () => {
    await using scene = await open(rules({}, { count: 2 }));
    const id = await asked(scene);
    await scene.press(id, 'U0CAROL');
    await scene.advanceTime(2 * minutes);
    scene.world.people.set('U0CAROL', { membership: 'deactivated', groups: new Set() });
    await declare(scene, id);
    expect(sent(scene)).toEqual(['stop WKF110']);
    expect(await scene.request(id)).toMatchObject({ confirmations: [{ by: 'U0CAROL' }], emergency: { by: 'U0EVE' } });
  });

  it.each([
    ['the right to declare it', (scene: Scene) => scene.setPolicy(rules({ people: people(['U0DAVE']) }))],
    ['the emergency of the rule', (scene: Scene) => scene.setPolicy(rules({ actions: new Set(['start']) }))],
    [
      'the account',
      (scene: Scene) => scene.world.people.set('U0EVE', { membership: 'deactivated', groups: new Set() }),
    ],
    ['the right to ask', (scene: Scene) => scene.setPolicy(noRules)],
  ])('is not sent if %s is gone before', async (_, take) => {
    await using scene = await open();
    const id = await asked(scene);
    await scene.advanceTime(2 * minutes);
    const preparing = scene.gate('prepare');
    await scene.press(id, 'U0EVE', 'emergency', { reason: 'fire' });
    scene.wake();
    await preparing.reached;
    take(scene);
    preparing.open();
    await scene.untilIdle();
    expect(sent(scene)).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ state: 'refused', emergency: { by: 'U0EVE' } });
    // It was declared all the same, and is reviewed.
    expect(told(scene, id)).toEqual(['emergency_declared']);
  });

  it('permits nothing in a freeze', async () => {
    await using scene = await open();
    const id = await asked(scene, { verb: 'start' });
    await scene.advanceTime(2 * minutes);
    const freeze = {
      environments: new Set(['prod']),
      verbs: new Set(['start'] as const),
      because: 'closed',
      time: { kind: 'period', from: 0, until: scene.world.now + day } as const,
    };
    scene.setPolicy({ ...rules(), freezes: [freeze] });
    await declare(scene, id);
    expect(refusals(scene)).toEqual([['U0EVE', 'frozen']]);
    expect(sent(scene)).toEqual([]);
  });

  it('of a stop is not asked about again if the workflow has changed', async () => {
    await using scene = await open();
    scene.world.answers.probe.push(showing('in_progress'), showing('erroneous'));
    await declared(scene);
    expect(sent(scene)).toEqual(['stop WKF110']);
  });

  it('of a start is asked about again, once, and its time begins anew', async () => {
    await using scene = await open();
    scene.world.answers.probe.push(showing('finished'), showing('erroneous'));
    const id = await declared(scene, { verb: 'start' });
    expect(refusals(scene)).toEqual([['U0EVE', 'changed']]);
    expect(await scene.request(id)).toMatchObject({ state: 'awaiting_approval', isEmergencyOffered: false });
    await declare(scene, id);
    expect(refusals(scene).at(-1)).toEqual(['U0EVE', 'too_early_for_emergency']);
    await scene.advanceTime(2 * minutes);
    expect((await scene.request(id)).isEmergencyOffered).toBe(true);
    await declare(scene, id);
    expect(sent(scene)).toEqual(['start WKF110']);
  });

  it('of a stop counts from the first question, also where everybody is asked again', async () => {
    await using scene = await open(rules({}, { count: 2 }));
    scene.world.answers.probe.push(showing('in_progress'), showing('erroneous'));
    const id = await asked(scene);
    await scene.advanceTime(minutes);
    await scene.press(id, 'U0CAROL');
    await scene.untilIdle();
    expect(await scene.events(id, 'changed')).toHaveLength(1);
    await scene.advanceTime(minutes);
    expect((await scene.request(id)).isEmergencyOffered).toBe(true);
    await declare(scene, id);
    expect(sent(scene)).toEqual(['stop WKF110']);
  });

  it('of a stop that was offered stays so when everybody is asked again, if the rule still has it', async () => {
    await using scene = await open(rules({}, { count: 2 }));
    const question = async (change: () => void) => {
      scene.world.answers.probe.push(showing('in_progress'), showing('erroneous'));
      const id = await asked(scene, { workflowId: `WKF${scene.world.now}` });
      await scene.advanceTime(3 * minutes);
      change();
      await scene.press(id, 'U0CAROL');
      await scene.untilIdle();
      expect(await scene.events(id, 'changed')).toHaveLength(1);
      return scene.request(id);
    };
    expect(await question(() => {})).toMatchObject({ isEmergencyOffered: true, shown: { questionRevision: 2 } });
    const { isEmergencyOffered, grant } = await question(() => scene.setPolicy(rules({ actions: new Set() })));
    expect([isEmergencyOffered, grant?.emergency]).toEqual([false, undefined]);
  });

  it('counts for all workflows of one question, and its review for each of them', async () => {
    await using scene = await open();
    const { batch, items } = await scene.submitSeveral(['WKF110', 'WKF111'], {}, 'U0BOB');
    await scene.untilIdle();
    await scene.advanceTime(2 * minutes);
    await declare(scene, batch);
    await scene.advanceTime(20_000);
    expect(sent(scene).toSorted()).toEqual(['stop WKF110', 'stop WKF111']);
    expect(told(scene, batch)).toEqual(['emergency_declared']);
    await review(scene, batch);
    for (const id of [batch, ...items])
      expect(await scene.request(id)).toMatchObject({ emergency: { by: 'U0EVE', review: { by: 'U0CAROL' } } });
    expect(items.flatMap((id) => told(scene, id))).toEqual([]);
    const [first = ''] = items;
    expect(await scene.press(first, 'U0CAROL', 'review', { reason: 'again' })).toMatchObject({
      kind: 'one_of_several',
    });
  });

  it('of a command for later is sent when it is due, and told at once', async () => {
    await using scene = await open();
    const id = await declared(scene, { due: { kind: 'in', ms: 10 * minutes, typed: 'in 10m' } });
    expect((await scene.request(id)).state).toBe('scheduled');
    expect(told(scene, id)).toEqual(['emergency_declared']);
    await scene.advanceTime(10 * minutes);
    expect(sent(scene)).toEqual(['stop WKF110']);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted', emergency: { by: 'U0EVE' } });
  });

  it('of several commands for later is sent for each of them when it is due', async () => {
    await using scene = await open();
    const due = { kind: 'in', ms: 10 * minutes, typed: 'in 10m' } as const;
    const { batch } = await scene.submitSeveral(['WKF110', 'WKF111'], { due }, 'U0BOB');
    await scene.untilIdle();
    await scene.advanceTime(2 * minutes);
    await declare(scene, batch);
    expect(sent(scene)).toEqual([]);
    await scene.advanceTime(11 * minutes);
    expect(sent(scene).toSorted()).toEqual(['stop WKF110', 'stop WKF111']);
    expect(told(scene, batch)).toEqual(['emergency_declared']);
  });

  it('is not offered where the question ends before', async () => {
    await using scene = await open();
    const id = await asked(scene, { due: { kind: 'in', ms: minutes, typed: 'in 1m' } });
    expect((await scene.request(id)).grant?.emergency).toBeUndefined();
    await scene.advanceTime(5 * minutes);
    expect(await scene.events(id, 'emergency_offered')).toEqual([]);
  });
});

describe('a request that nobody can confirm', () => {
  const nobodyLeads = async (policy = rules()) => {
    const world = newWorld();
    for (const id of ['U0CAROL', 'U0DAVE']) world.people.set(id, { membership: 'member', groups: new Set() });
    return open(policy, { world });
  };

  it('is asked all the same where somebody can declare an emergency', async () => {
    await using scene = await nobodyLeads();
    const id = await asked(scene);
    expect((await scene.request(id)).grant?.emergency).toMatchObject({ isOnlyWay: true });
    await scene.advanceTime(2 * minutes);
    await declare(scene, id);
    expect(sent(scene)).toEqual(['stop WKF110']);
  });

  it('by the time that it is asked about again says that only an emergency is left', async () => {
    await using scene = await open(rules({}, { count: 2 }));
    scene.world.answers.probe.push(showing('in_progress'), showing('erroneous'));
    const id = await asked(scene);
    expect((await scene.request(id)).grant?.emergency?.isOnlyWay).toBeUndefined();
    scene.world.people.set('U0DAVE', { membership: 'deactivated', groups: new Set(['S0LEADS']) });
    await scene.press(id, 'U0CAROL');
    await scene.untilIdle();
    expect(await scene.request(id)).toMatchObject({
      state: 'awaiting_approval',
      grant: { emergency: { isOnlyWay: true } },
    });
  });

  it('is refused at once where nobody can declare one either, or not for this command', async () => {
    await using scene = await nobodyLeads(rules({ people: people([], ['S0LEADS']) }));
    expect(await scene.request(await asked(scene))).toMatchObject({
      state: 'refused',
      end: { because: { refusal: { reason: 'too_few_can_approve' } } },
    });
    expect((await scene.request(await asked(scene, { verb: 'pause' }))).state).toBe('refused');
  });

  it('is asked where the only approver is its requester', async () => {
    await using scene = await open(rules({}, { from: people(['U0BOB']) }));
    const id = await asked(scene);
    expect((await scene.request(id)).grant?.emergency).toMatchObject({ isOnlyWay: true });
  });
});

describe('the review of an emergency', () => {
  it.each(engines)('is asked for once a day until somebody gives it, and then told once: %s', async (engine) => {
    const database = engine === 'sqlite' ? {} : { database: { kind: engine, url: await newDatabase() } };
    await using scene = await open(rules(), database);
    const id = await declared(scene);
    await scene.advanceTime(2.5 * day);
    expect(told(scene, id)).toEqual(['emergency_declared', 'emergency_reminder', 'emergency_reminder']);
    expect(await scene.ledger.unreviewed()).toEqual([id]);
    await review(scene, id);
    await scene.advanceTime(3 * day);
    expect(told(scene, id)).toHaveLength(4);
    expect(told(scene, id).at(-1)).toBe('emergency_reviewed');
    expect(await scene.ledger.unreviewed()).toEqual([]);
    expect((await scene.request(id)).emergency).toMatchObject({ review: { by: 'U0CAROL', comment: 'right so' } });
    expect(await scene.ledger.nextDueAt()).toBeNull();
  });

  it('is refused to whoever declared it, to others, and without a comment', async () => {
    await using scene = await open(rules({ reviewBy: people(['U0EVE'], ['S0LEADS']) }));
    const id = await declared(scene);
    await review(scene, id, 'U0EVE');
    await review(scene, id, 'U0ALICE');
    await scene.press(id, 'U0CAROL', 'review');
    await scene.untilIdle();
    expect(refusals(scene)).toEqual([
      ['U0EVE', 'own_emergency'],
      ['U0ALICE', 'not_a_reviewer'],
      ['U0CAROL', 'review_needs_comment'],
    ]);
    expect((await scene.request(id)).emergency?.review).toBeNull();
  });

  it('counts once', async () => {
    await using scene = await open();
    const id = await declared(scene);
    await scene.suspend();
    await scene.press(id, 'U0CAROL', 'review', { reason: 'one' });
    await scene.press(id, 'U0DAVE', 'review', { reason: 'two' });
    scene.resume();
    await scene.untilIdle();
    expect(await scene.events(id, 'reviewed')).toHaveLength(1);
    expect(refusals(scene)).toEqual([[expect.stringMatching(/U0CAROL|U0DAVE/), 'reviewed_already']]);
    expect(await scene.press(id, 'U0BOB', 'review', { reason: 'three' })).toMatchObject({ kind: 'reviewed_already' });
  });

  it('is given by whom the rule named then, once there is no such rule any more', async () => {
    await using scene = await open();
    const id = await declared(scene);
    scene.setPolicy(noRules);
    await review(scene, id, 'U0ALICE');
    await review(scene, id, 'U0DAVE');
    expect(refusals(scene)).toEqual([['U0ALICE', 'not_a_reviewer']]);
    expect((await scene.request(id)).emergency?.review?.by).toBe('U0DAVE');
  });

  it('is given by whom the rule names now', async () => {
    await using scene = await open();
    const id = await declared(scene);
    scene.setPolicy(rules({ reviewBy: people(['U0ALICE']) }));
    await review(scene, id, 'U0CAROL');
    await review(scene, id, 'U0ALICE');
    expect(refusals(scene)).toEqual([['U0CAROL', 'not_a_reviewer']]);
    expect((await scene.request(id)).emergency?.review?.by).toBe('U0ALICE');
  });

  it('needs an emergency', async () => {
    await using scene = await open();
    const id = await asked(scene);
    expect(await scene.press(id, 'U0CAROL', 'review', { reason: 'why not' })).toMatchObject({
      kind: 'nothing_to_review',
    });
  });
});

describe('a press that repeats a refused one', () => {
  it('is not recorded again, of an emergency and of its review; one that may count is', async () => {
    await using scene = await open();
    const id = await asked(scene);
    const find = createRepeatedPresses(scene.ports, () => {});
    const again = (by: string, choice: 'emergency' | 'review') =>
      find({ request: id, by, choice, team: 'T0ACME', channel: 'C0OPS', interaction: `again ${by}`, reason: 'fire' });
    await declare(scene, id, 'U0EVE');
    expect(await again('U0EVE', 'emergency')).toBeNull();
    await scene.advanceTime(2 * minutes);
    await declare(scene, id, 'U0DAVE');
    expect(await again('U0DAVE', 'emergency')).toMatchObject({ refusal: { reason: 'not_in_emergency' } });
    expect(await again('U0DAVE', 'review')).toBeNull();
    await declare(scene, id);
    await review(scene, id, 'U0ALICE');
    expect(await again('U0ALICE', 'review')).toMatchObject({ refusal: { reason: 'not_a_reviewer' } });
    expect(await again('U0CAROL', 'review')).toBeNull();
  });
});

describe('what people wrote', () => {
  it('of an emergency and its review can be erased, and the record stays whole', async () => {
    await using scene = await open();
    const id = await declared(scene);
    await review(scene, id);
    await scene.advanceTime(15 * minutes);
    await scene.ledger.eraseText(id, { by: 'dpo', because: 'asked for' });
    expect((await scene.request(id)).emergency).toMatchObject({ reason: null, review: { comment: null } });
    expect(firstBroken(await scene.ledger.events(id))).toBeNull();
  });
});

describe('while Slack is unreachable', () => {
  it('the command is sent, and everybody is told once, afterwards', async () => {
    await using scene = await open();
    const id = await asked(scene);
    await scene.advanceTime(2 * minutes);
    scene.world.answers.tellEmergency.push('posted, but no answer');
    await declare(scene, id);
    await scene.advanceTime(minutes);
    scene.world.outage = { kind: 'refused', reason: 'unreachable' };
    await scene.advanceTime(day);
    scene.world.outage = null;
    await scene.advanceTime(10 * minutes);
    expect(sent(scene)).toEqual(['stop WKF110']);
    expect(told(scene, id)).toEqual(['emergency_declared', 'emergency_reminder']);
  });
});

describe('three replicas', () => {
  it('send it once, and tell it, remind of it and close it once', async () => {
    const world = newWorld();
    const database = { kind: 'postgres', url: await newDatabase() } as const;
    const options = { world, database };
    await using one = await open(rules(), options);
    await using two = await open(rules(), options);
    await using three = await open(rules(), options);
    const all = [one, two, three];
    const id = await one.submit({}, 'U0BOB');
    /** What one replica leaves for a moment, another one does a little later. */
    const until = async (isReached: (request: Request) => boolean) => {
      for (let step = 0; step < 100; step++) {
        await Promise.all(all.map((scene) => scene.untilIdle()));
        if (isReached(await one.request(id))) return;
        world.now += 250;
      }
      throw new Error('the replicas stand still');
    };
    const hasTold = (count: number) => until(({ emergency: known }) => known?.told.count === count);
    await until(({ state }) => state === 'awaiting_approval');
    world.now += 2 * minutes;
    await until(({ isEmergencyOffered }) => isEmergencyOffered);
    await two.press(id, 'U0EVE', 'emergency', { reason: 'fire' });
    await until(({ outcomePost }) => outcomePost.done !== null);
    await hasTold(1);
    world.now += day;
    await hasTold(2);
    world.now += day;
    await hasTold(3);
    await three.press(id, 'U0CAROL', 'review', { reason: 'fine' });
    await hasTold(4);
    world.now += 2 * day;
    await Promise.all(all.map((scene) => scene.untilIdle()));
    expect(sent(one)).toEqual(['stop WKF110']);
    expect(told(one, id)).toEqual([
      'emergency_declared',
      'emergency_reminder',
      'emergency_reminder',
      'emergency_reviewed',
    ]);
    expect(isOutcome((await one.request(id)).state)).toBe(true);
  });
});
