import { describe, expect, it } from '@jest/globals';
import { newDatabase } from '../postgres/new-database.ts';
import { escalating, policyWith, told, worldOnDuty } from './escalating.fixture.ts';
import { type EngineName, engines } from './ledger/ledger.fixture.ts';
import { lists, minutes, noRules, openScene, policyOf, type Scene, type SceneOptions } from './scene/scene.fixture.ts';

async function openOn(engine: EngineName, rest: SceneOptions = {}): Promise<Scene> {
  const database = engine === 'postgres' ? { database: { kind: engine, url: await newDatabase() } as const } : {};
  return openScene({ world: worldOnDuty(), policy: policyWith(), ...database, ...rest });
}

/** The workflow has an error by the time of the first press. */
function worldWithChange() {
  const world = worldOnDuty();
  const shows = (reading: 'in_progress' | 'erroneous') =>
    ({ kind: 'seen', reading, field: 'f', raw: reading }) as const;
  world.answers.probe.push(shows('in_progress'), shows('erroneous'), shows('erroneous'));
  return world;
}

async function stop(scene: Scene): Promise<string> {
  const id = await scene.submit({ verb: 'stop' });
  await scene.untilIdle();
  return id;
}

async function pressed(scene: Scene, id: string, by: string, choice: 'approve' | 'cancel' = 'approve') {
  await scene.press(id, by, choice);
  await scene.untilIdle();
  return (await scene.request(id)).state;
}

const refusals = async (scene: Scene, id: string) =>
  (await scene.events(id, 'press_refused')).map(({ data: { by, refusal } }) => [
    by,
    refusal.kind === 'access' ? refusal.refusal.reason : refusal.kind,
  ]);

describe.each(engines)('a question that nobody answers (%s)', (engine) => {
  it('is reminded of, asks the next, says it in the thread and one by one, once each, and expires', async () => {
    await using scene = await openOn(engine);
    const id = await stop(scene);
    await scene.advanceTime(3 * minutes - 1_000);
    expect(told(scene, id)).toEqual({ thread: [], direct: [] });
    await scene.advanceTime(2_000);
    expect(told(scene, id)).toEqual({ thread: ['reminder 1'], direct: [] });
    await scene.advanceTime(2 * minutes);
    expect(told(scene, id)).toEqual({ thread: ['reminder 1', 'stage 1'], direct: ['U0DAN', 'U0FAY'] });
    await scene.advanceTime(3 * minutes);
    const { thread, direct } = told(scene, id);
    expect(thread).toEqual(['reminder 1', 'stage 1', 'stage 2']);
    expect(direct.toSorted()).toEqual(['U0DAN', 'U0FAY', 'U0GUS', expect.stringMatching(/U0HAL|U0IDA/)]);
    expect((await scene.request(id)).state).toBe('awaiting_approval');
    await scene.advanceTime(6 * minutes);
    expect((await scene.request(id)).state).toBe('expired');
    expect(told(scene, id)).toEqual({ thread, direct });
    expect(scene.world.sent).toEqual([]);
  });

  it('is confirmed by somebody on duty, and only from the moment on that they are asked', async () => {
    await using scene = await openOn(engine);
    const id = await stop(scene);
    expect(await pressed(scene, id, 'U0DAN')).toBe('awaiting_approval');
    expect(await pressed(scene, id, 'U0DAN', 'cancel')).toBe('awaiting_approval');
    expect(await refusals(scene, id)).toEqual([
      ['U0DAN', 'not_asked_yet'],
      ['U0DAN', 'not_asked_yet'],
    ]);
    await scene.advanceTime(5 * minutes);
    expect(await pressed(scene, id, 'U0GUS')).toBe('awaiting_approval');
    expect(await pressed(scene, id, 'U0EVE')).toBe('awaiting_approval');
    expect(await pressed(scene, id, 'U0DAN')).toBe('accepted');
    expect(await refusals(scene, id)).toContainEqual(['U0EVE', 'not_an_approver']);
    const [approved] = await scene.events(id, 'approved');
    expect(approved?.data).toMatchObject({ by: 'U0DAN', stage: 1 });
    expect(scene.world.sent).toHaveLength(1);
    await scene.advanceTime(20 * minutes);
    expect(told(scene, id).thread).toEqual(['reminder 1', 'stage 1']);
  });
});

describe('what escalation permits', () => {
  it('is judged by the moment of the press: one from before does not count when it is judged afterwards', async () => {
    await using scene = await openScene({ world: worldOnDuty(), policy: policyWith() });
    const id = await stop(scene);
    await scene.advanceTime(5 * minutes - 20_000);
    scene.world.unavailable.add('U0DAN');
    await scene.press(id, 'U0DAN');
    await scene.advanceTime(25_000);
    expect((await scene.request(id)).escalation.stages).toHaveLength(1);
    scene.world.unavailable.delete('U0DAN');
    await scene.advanceTime(30_000);
    expect(await refusals(scene, id)).toEqual([['U0DAN', 'not_asked_yet']]);
    expect(scene.world.sent).toEqual([]);
    expect(await pressed(scene, id, 'U0DAN')).toBe('accepted');
  });

  it('is taken back by a rule that does not name the stage any more, before the press and before the dispatch', async () => {
    await using scene = await openScene({ world: worldOnDuty(), policy: policyWith() });
    const id = await stop(scene);
    await scene.advanceTime(5 * minutes);
    scene.setPolicy(policyWith({ ...escalating, escalation: escalating.escalation.slice(1) }));
    expect(await pressed(scene, id, 'U0DAN')).toBe('awaiting_approval');
    scene.setPolicy(policyWith());
    const sending = scene.gate('prepare');
    await scene.press(id, 'U0FAY');
    scene.wake();
    await sending.reached;
    scene.setPolicy(policyWith({ ...escalating, escalation: escalating.escalation.slice(1) }));
    sending.open();
    await scene.untilIdle();
    expect((await scene.request(id)).end).toMatchObject({
      outcome: 'refused',
      because: { kind: 'access', refusal: { reason: 'not_an_approver', confirmer: 'U0FAY' } },
    });
    expect(scene.world.sent).toEqual([]);
  });

  it('counts with the others where two have to confirm', async () => {
    await using scene = await openScene({ world: worldOnDuty(), policy: policyWith({ ...escalating, count: 2 }) });
    const id = await stop(scene);
    expect(await pressed(scene, id, 'U0CAROL')).toBe('awaiting_approval');
    await scene.advanceTime(5 * minutes);
    expect(await pressed(scene, id, 'U0CAROL')).toBe('awaiting_approval');
    expect(await pressed(scene, id, 'U0FAY')).toBe('accepted');
  });

  it('lets whoever is asked keep it running, and whoever was asked even after the rule is gone', async () => {
    await using scene = await openScene({ world: worldOnDuty(), policy: policyWith() });
    const id = await stop(scene);
    await scene.advanceTime(5 * minutes);
    scene.setPolicy(noRules);
    expect(await pressed(scene, id, 'U0FAY', 'cancel')).toBe('cancelled');
  });

  it('follows the rules of the moment at which a stage asks, and asks nobody whom they do not name', async () => {
    await using scene = await openScene({ world: worldOnDuty(), policy: policyWith() });
    const id = await stop(scene);
    scene.setPolicy(policyWith({ withinMs: 13 * minutes }));
    await scene.advanceTime(9 * minutes);
    expect(told(scene, id)).toEqual({ thread: ['reminder 1'], direct: [] });
    expect(await scene.events(id, 'escalated')).toEqual([]);
  });
});

describe('a stage that comes due while the rules name nobody', () => {
  const withoutStages = policyWith({ withinMs: 13 * minutes });
  const withoutApproval = {
    ...policyOf(lists),
    rules: policyOf(lists).rules.map((rule) => ({ ...rule, approval: null })),
  };

  it.each([
    ['the rule is missing', noRules],
    ['the rule has no escalation', withoutStages],
    ['the rule needs no confirmation', withoutApproval],
  ])('asks once they name somebody again, once, and what it says is complete: %s', async (_, faulty) => {
    await using scene = await openScene({ world: worldOnDuty(), policy: policyWith() });
    const id = await stop(scene);
    await scene.advanceTime(4 * minutes);
    scene.setPolicy(faulty);
    const before = await scene.events(id, 'reminded');
    await scene.advanceTime(90_000);
    expect(told(scene, id)).toEqual({ thread: ['reminder 1'], direct: [] });
    expect((await scene.request(id)).escalation.stages).toEqual([]);
    expect(await scene.events(id, 'reminded')).toEqual(before);
    scene.setPolicy(policyWith());
    await scene.advanceTime(minutes);
    expect(told(scene, id)).toEqual({ thread: ['reminder 1', 'stage 1'], direct: ['U0DAN', 'U0FAY'] });
    await scene.advanceTime(3 * minutes);
    expect(told(scene, id).thread).toEqual(['reminder 1', 'stage 1', 'stage 2']);
    expect(await pressed(scene, id, 'U0DAN')).toBe('accepted');
  });

  it('does not keep reminders from their time, nor the question from its end', async () => {
    const remindAfterMs = [3 * minutes, 6 * minutes];
    await using scene = await openScene({ world: worldOnDuty(), policy: policyWith({ ...escalating, remindAfterMs }) });
    const id = await stop(scene);
    scene.setPolicy(noRules);
    await scene.advanceTime(6 * minutes);
    expect(told(scene, id).thread).toEqual(['reminder 1', 'reminder 2']);
    await scene.advanceTime(8 * minutes);
    expect((await scene.request(id)).state).toBe('expired');
    expect(told(scene, id)).toEqual({ thread: ['reminder 1', 'reminder 2'], direct: [] });
  });

  it('asks in turn what came due meanwhile, each once', async () => {
    await using scene = await openScene({ world: worldOnDuty(), policy: policyWith() });
    const id = await stop(scene);
    scene.setPolicy(noRules);
    await scene.advanceTime(9 * minutes);
    scene.setPolicy(policyWith());
    await scene.advanceTime(minutes);
    expect(told(scene, id).thread).toEqual(['reminder 1', 'stage 1', 'stage 2']);
    expect(told(scene, id).direct).toHaveLength(4);
  });

  it('leaves its turn to the next one at its time, where it names only the requester', async () => {
    const [duty, ...later] = escalating.escalation;
    const onlyAlice = { ...duty, to: { users: new Set(['U0ALICE']), groups: new Set<string>() } };
    const escalation = [onlyAlice, ...later];
    const policy = policyWith({ ...escalating, escalation, requesterMayApprove: false });
    await using scene = await openScene({ world: worldOnDuty(), policy });
    const id = await stop(scene);
    await scene.advanceTime(8 * minutes - 1_000);
    expect(await scene.events(id, 'escalated')).toEqual([]);
    await scene.advanceTime(1_000);
    expect(told(scene, id).thread).toEqual(['reminder 1', 'stage 2']);
  });
});

describe('a group of approvers in which nobody can confirm', () => {
  it('does not refuse the request: the first stage that reaches somebody asks at once', async () => {
    await using scene = await openScene({ world: worldOnDuty(), policy: policyWith() });
    for (const id of ['U0CAROL', 'U0DAVE'])
      scene.world.people.set(id, { membership: 'deactivated', groups: new Set(['S0LEADS']) });
    const id = await stop(scene);
    expect((await scene.request(id)).state).toBe('awaiting_approval');
    expect(told(scene, id)).toEqual({ thread: ['stage 1'], direct: ['U0DAN', 'U0FAY'] });
    expect(await pressed(scene, id, 'U0FAY')).toBe('accepted');
  });

  it('counts the press of somebody who sees the question before it is recorded that it was posted', async () => {
    await using scene = await openScene({ world: worldOnDuty(), policy: policyWith() });
    for (const id of ['U0CAROL', 'U0DAVE'])
      scene.world.people.set(id, { membership: 'deactivated', groups: new Set(['S0LEADS']) });
    const posting = scene.gate('announce');
    const id = await scene.submit({ verb: 'stop' });
    await posting.reached;
    await scene.press(id, 'U0FAY');
    posting.open();
    await scene.untilIdle();
    expect(await refusals(scene, id)).toEqual([]);
    expect((await scene.request(id)).state).toBe('accepted');
  });

  it('refuses it where nobody in any stage can either', async () => {
    const world = worldOnDuty();
    for (const [id, person] of world.people) if (id !== 'U0ALICE') person.membership = 'deactivated';
    await using scene = await openScene({ world, policy: policyWith() });
    const id = await stop(scene);
    expect((await scene.request(id)).end).toMatchObject({
      outcome: 'refused',
      because: { refusal: { reason: 'too_few_can_approve', permitted: { groups: ['S0DUTY', 'S0LEADS'] } } },
    });
  });
});

it('whoever is asked with the question may confirm as soon as Slack shows it', async () => {
  await using scene = await openScene({ world: worldOnDuty(), policy: policyWith() });
  for (const id of ['U0CAROL', 'U0DAVE'])
    scene.world.people.set(id, { membership: 'deactivated', groups: new Set(['S0LEADS']) });
  const posting = scene.gate('announce');
  const id = await scene.submit({ verb: 'stop' });
  scene.wake();
  await posting.reached;
  await scene.press(id, 'U0DAN');
  posting.open();
  await scene.untilIdle();
  expect((await scene.request(id)).state).toBe('accepted');
});

it('whoever has confirmed already is not asked by a stage', async () => {
  const world = worldOnDuty();
  world.people.set('U0CAROL', { membership: 'member', groups: new Set(['S0LEADS', 'S0DUTY']) });
  await using scene = await openScene({ world, policy: policyWith({ ...escalating, count: 2 }) });
  const id = await stop(scene);
  await pressed(scene, id, 'U0CAROL');
  await scene.advanceTime(5 * minutes);
  expect(told(scene, id).direct).toEqual(['U0DAN', 'U0FAY']);
});

describe('a process that was down', () => {
  it('does what is past once: the stages, and no reminder beside them', async () => {
    await using scene = await openScene({ world: worldOnDuty(), policy: policyWith() });
    const id = await stop(scene);
    scene.skipTime(9 * minutes);
    await scene.advanceTime(1_000);
    expect(told(scene, id).thread).toEqual(['stage 1', 'stage 2']);
    expect(told(scene, id).direct).toHaveLength(4);
  });

  it('asks nobody any more once the question has expired', async () => {
    await using scene = await openScene({ world: worldOnDuty(), policy: policyWith() });
    const id = await stop(scene);
    scene.skipTime(14 * minutes);
    await scene.advanceTime(minutes);
    expect((await scene.request(id)).state).toBe('expired');
    expect(told(scene, id)).toEqual({ thread: [], direct: [] });
  });

  it('makes one reminder of several', async () => {
    await using scene = await openScene({
      world: worldOnDuty(),
      policy: policyWith({ remindAfterMs: [minutes, 2 * minutes, 4 * minutes], withinMs: 6 * minutes }),
    });
    const id = await stop(scene);
    scene.skipTime(3 * minutes);
    await scene.advanceTime(2 * minutes);
    expect(told(scene, id).thread).toEqual(['reminder 2', 'reminder 3']);
  });
});

describe('a message that Slack does not take', () => {
  it('to one of those who are asked is recorded and logged, and the others get theirs', async () => {
    await using scene = await openScene({ world: worldOnDuty(), policy: policyWith() });
    scene.world.answers.page.push({ kind: 'refused', reason: 'message_refused' });
    const id = await stop(scene);
    await scene.advanceTime(5 * minutes);
    expect(told(scene, id).direct).toEqual(['U0FAY']);
    const [paged] = await scene.events(id, 'paged');
    expect(paged?.data).toEqual({ reached: ['U0FAY'], missed: [{ person: 'U0DAN', reason: 'message_refused' }] });
    expect(scene.logged).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'somebody was not asked by direct message' }),
    );
    expect(await pressed(scene, id, 'U0DAN')).toBe('accepted');
  });

  it('yet is sent again after its rate limit, to those alone who have none', async () => {
    await using scene = await openScene({ world: worldOnDuty(), policy: policyWith() });
    scene.world.answers.page.push({ kind: 'rate_limited', retryAfterMs: 20_000 });
    const id = await stop(scene);
    await scene.advanceTime(5 * minutes);
    expect(told(scene, id).direct).toEqual(['U0FAY']);
    await scene.advanceTime(25_000);
    expect(told(scene, id).direct).toEqual(['U0FAY', 'U0DAN']);
  });
});

describe('a group whose members Slack does not tell when its stage asks', () => {
  async function unlisted(retryAfterMs: number | null = 0): Promise<{ scene: Scene; id: string }> {
    const policy = policyWith({ ...escalating, withinMs: 120 * minutes });
    const scene = await openScene({ world: worldOnDuty(), policy });
    const id = await stop(scene);
    scene.world.unavailable.add('S0DUTY');
    scene.world.retryAfterMs = retryAfterMs;
    await scene.advanceTime(5 * minutes + 10_000);
    return { scene, id };
  }

  it('gets direct messages as soon as it does, once, and their buttons count', async () => {
    const { scene, id } = await unlisted();
    await using _ = scene;
    expect(told(scene, id)).toEqual({ thread: ['reminder 1', 'stage 1'], direct: [] });
    expect((await scene.events(id, 'escalated'))[0]?.data).toMatchObject({ people: [], unlisted: ['S0DUTY'] });
    scene.world.unavailable.delete('S0DUTY');
    await scene.advanceTime(2 * minutes);
    expect(told(scene, id).direct).toEqual(['U0DAN', 'U0FAY']);
    expect((await scene.request(id)).escalation).toMatchObject({
      unlisted: [],
      stages: [{ people: ['U0DAN', 'U0FAY'] }],
    });
    expect(await pressed(scene, id, 'U0FAY')).toBe('accepted');
  });

  it('is given up after half an hour: the log and the record say whom that leaves out', async () => {
    const { scene, id } = await unlisted();
    await using _ = scene;
    await scene.advanceTime(60 * minutes);
    const data = { stage: 1, people: [], unlisted: ['S0DUTY'], isFinal: true };
    expect(await scene.events(id, 'listed')).toMatchObject([{ data }]);
    expect(scene.logged).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        message: 'somebody was not asked by direct message',
        fields: expect.objectContaining({ groups: ['S0DUTY'] }),
      }),
    );
    scene.world.unavailable.delete('S0DUTY');
    await scene.advanceTime(10 * minutes);
    expect(told(scene, id).direct).not.toContain('U0DAN');
  });
});

describe('while Slack is unreachable for an hour', () => {
  it('nobody is forgotten: the stage is told once, and everybody whom it asks gets a message, as long as it waits', async () => {
    await using scene = await openScene({
      world: worldOnDuty(),
      policy: policyWith({ ...escalating, withinMs: 120 * minutes }),
    });
    const id = await stop(scene);
    scene.world.outage = { kind: 'refused', reason: 'unreachable' };
    await scene.advanceTime(65 * minutes);
    expect(told(scene, id)).toEqual({ thread: [], direct: [] });
    scene.world.outage = null;
    await scene.advanceTime(6 * minutes);
    const { thread, direct } = told(scene, id);
    expect(thread.filter((call) => call.startsWith('stage'))).toEqual(['stage 1', 'stage 2']);
    expect(new Set(direct).size).toBe(4);
    expect(direct).toHaveLength(4);
    expect(await pressed(scene, id, 'U0DAN')).toBe('accepted');
  });
});

it('a new question after a change counts anew, and whoever was asked may confirm it', async () => {
  const world = worldWithChange();
  await using scene = await openScene({ world, policy: policyWith() });
  const id = await stop(scene);
  await scene.advanceTime(6 * minutes);
  expect(await pressed(scene, id, 'U0DAN')).toBe('awaiting_approval');
  await scene.advanceTime(4 * minutes);
  expect(told(scene, id).thread).toEqual(['reminder 1', 'stage 1', 'reminder 1']);
  expect(await pressed(scene, id, 'U0FAY')).toBe('accepted');
});

it('a stage that asked just before a change is told all the same', async () => {
  const world = worldWithChange();
  await using scene = await openScene({ world, policy: policyWith() });
  const id = await stop(scene);
  await scene.advanceTime(4 * minutes);
  world.answers.postCall.push({ kind: 'rate_limited', retryAfterMs: 90_000 });
  await scene.advanceTime(minutes);
  expect(await pressed(scene, id, 'U0DAN')).toBe('awaiting_approval');
  expect(await scene.events(id, 'changed')).toHaveLength(1);
  await scene.advanceTime(2 * minutes);
  expect(told(scene, id).thread).toEqual(['reminder 1', 'stage 1']);
});

it('a stage that comes due while the bot is not in the channel asks once it is there again', async () => {
  const world = worldOnDuty();
  await using scene = await openScene({ world, policy: policyWith() });
  const id = await stop(scene);
  await scene.advanceTime(4 * minutes);
  world.place.botIsMember = false;
  await scene.advanceTime(2 * minutes);
  expect(await scene.events(id, 'escalated')).toEqual([]);
  world.place.botIsMember = true;
  await scene.advanceTime(minutes);
  expect(told(scene, id).direct).toEqual(['U0DAN', 'U0FAY']);
});

it('a command for several workflows is escalated as one, and each of them knows who was asked', async () => {
  await using scene = await openScene({ world: worldOnDuty(), policy: policyWith() });
  const { batch, items } = await scene.submitSeveral(['WKF1', 'WKF2'], { verb: 'stop' });
  await scene.advanceTime(5 * minutes);
  expect(told(scene, batch)).toEqual({ thread: ['reminder 1', 'stage 1'], direct: ['U0DAN', 'U0FAY'] });
  await scene.press(batch, 'U0DAN');
  await scene.advanceTime(minutes);
  for (const item of items) {
    expect((await scene.request(item)).state).toBe('accepted');
    expect((await scene.events(item, 'approved'))[0]?.data).toMatchObject({ by: 'U0DAN', stage: 1 });
  }
  expect(scene.world.sent).toHaveLength(2);
});

it('a question about a later command ends when the command is due, and asks nobody after that', async () => {
  await using scene = await openScene({ world: worldOnDuty(), policy: policyWith() });
  const id = await scene.submit({ verb: 'stop', due: { kind: 'in', ms: 4 * minutes, typed: 'in 4m' } });
  await scene.advanceTime(10 * minutes);
  expect((await scene.request(id)).state).toBe('expired');
  expect(told(scene, id)).toEqual({ thread: ['reminder 1'], direct: [] });
});

it('a command for later that somebody on duty has confirmed is sent when it is due', async () => {
  await using scene = await openScene({ world: worldOnDuty(), policy: policyWith() });
  const id = await scene.submit({ verb: 'stop', due: { kind: 'in', ms: 10 * minutes, typed: 'in 10m' } });
  await scene.advanceTime(5 * minutes);
  expect(await pressed(scene, id, 'U0DAN')).toBe('scheduled');
  expect(scene.world.sent).toEqual([]);
  await scene.advanceTime(6 * minutes);
  expect((await scene.request(id)).state).toBe('accepted');
  expect((await scene.events(id, 'scheduled'))[0]?.data).toMatchObject({ by: 'U0DAN', stage: 1 });
});

it('a freeze that nobody confirms is escalated like a command, and takes effect when somebody on duty confirms it', async () => {
  const policy = policyWith();
  const rules = policy.rules
    .filter(({ approval }) => approval !== null)
    .map((rule) => ({ ...rule, actions: new Set([...rule.actions, 'freeze' as const]) }));
  await using scene = await openScene({ world: worldOnDuty(), policy: { ...policy, rules } });
  const until = scene.world.now + 120 * minutes;
  const id = await scene.submit({ verb: 'freeze', workflowId: '*', until });
  await scene.advanceTime(5 * minutes);
  expect(told(scene, id)).toEqual({ thread: ['reminder 1', 'stage 1'], direct: ['U0DAN', 'U0FAY'] });
  expect(await pressed(scene, id, 'U0FAY')).toBe('accepted');
});
