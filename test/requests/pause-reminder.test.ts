import { describe, expect, it } from '@jest/globals';
import type { Policy } from '../../src/access/policy.ts';
import { noResponse } from '../../src/campaign/response-summary.ts';
import type { When } from '../../src/commands/command.ts';
import type { DispatchResult } from '../../src/requests/attempt-results.ts';
import { firstBroken } from '../../src/requests/digest.ts';
import { dueTasks } from '../../src/requests/due.ts';
import type { Observation } from '../../src/requests/events.ts';
import type { Request } from '../../src/requests/request.ts';
import { newDatabase } from '../postgres/new-database.ts';
import { copyLedger } from './scene/ledger-path.fixture.ts';
import { lists, minutes, openScene, policyOf, type Scene, type SceneOptions } from './scene/scene.fixture.ts';
import { type Scenario, takeSnapshots } from './scene/snapshots.fixture.ts';
import { newWorld } from './scene/world.fixture.ts';

const days = 24 * 60 * minutes;

const shows = (reading: 'in_progress' | 'warning' | 'finished' | 'erroneous'): Observation => ({
  kind: 'seen',
  reading,
  field: 'logicalStatus',
  raw: reading,
});
const notShown: Observation = { kind: 'not_shown' };

function openWithReminders(options: SceneOptions = {}): Promise<Scene> {
  return openScene({ pausesEndAfterMs: () => 7 * days, ...options });
}

/** A pause that Campaign shows at once, and what it shows from then on. */
async function pause(scene: Scene, later: readonly Observation[] = [], workflowId = 'WKF110'): Promise<string> {
  scene.world.answers.observe.push(shows('warning'));
  const id = await scene.submit({ verb: 'pause', workflowId });
  await scene.advanceTime(minutes);
  expect((await scene.request(id)).state).toBe('accepted');
  scene.world.answers.observe.push(...later);
  return id;
}

function remindersIn({ world }: Scene): readonly string[] {
  return world.messages.filter(({ kind }) => kind === 'pause_reminder').map(({ request }) => request);
}

describe('an accepted pause', () => {
  it('is mentioned once, after five of the seven days, with what Campaign shows then', async () => {
    await using scene = await openWithReminders();
    const id = await pause(scene, [shows('warning')]);
    const readBefore = scene.world.observedAt.length;
    await scene.advanceTime(5 * days - 2 * minutes);
    expect(remindersIn(scene)).toEqual([]);
    expect(scene.world.observedAt).toHaveLength(readBefore);
    await scene.advanceTime(2 * minutes);
    expect(remindersIn(scene)).toEqual([id]);
    expect(scene.world.observedAt).toHaveLength(readBefore + 1);
    const [reminding] = await scene.events(id, 'pause_reminding');
    const { end } = await scene.request(id);
    expect(reminding?.data).toMatchObject({
      endsAt: end?.pauseEndsAt,
      items: [{ request: id, seen: shows('warning') }],
    });
    await scene.advanceTime(30 * days);
    expect(remindersIn(scene)).toEqual([id]);
    expect(await scene.ledger.nextDueAt()).toBeNull();
  });

  it.each([
    ['Campaign does not show its state', notShown],
    ['its state cannot be read', { kind: 'failed', reason: 'timeout' } as const],
    ['its state has no name here', { ...shows('warning'), reading: null } as Observation],
  ])('is mentioned where %s', async (_, seen) => {
    await using scene = await openWithReminders();
    const id = await pause(scene, [seen]);
    await scene.advanceTime(6 * days);
    expect(remindersIn(scene)).toEqual([id]);
    expect((await scene.request(id)).pauseReminder.about?.items).toEqual([{ request: id, seen }]);
  });

  it.each([
    ['finished', shows('finished')],
    ['in progress', shows('in_progress')],
    ['failed', shows('erroneous')],
    ['gone', { kind: 'not_found' } as const],
  ])('is not mentioned where the workflow is %s by then', async (_, seen) => {
    await using scene = await openWithReminders();
    const id = await pause(scene, [seen]);
    await scene.advanceTime(9 * days);
    expect(remindersIn(scene)).toEqual([]);
    expect((await scene.events(id, 'pause_not_reminded')).map(({ data }) => data)).toEqual([
      { because: 'not_paused', seen },
    ]);
    expect(await scene.ledger.nextDueAt()).toBeNull();
  });

  it.each(['resume', 'start', 'stop'] as const)('is not mentioned after a later %s', async (verb) => {
    const policy = policyOf({ ...lists, approvers: { users: new Set(), groups: new Set() } });
    await using scene = await openWithReminders({ policy });
    const id = await pause(scene);
    const later = await scene.submit({ verb }, 'U0BOB');
    await scene.untilIdle();
    if ((await scene.request(later)).state === 'awaiting_approval') await scene.press(later, 'U0BOB');
    await scene.advanceTime(20 * minutes);
    expect((await scene.request(later)).state).toBe('accepted');
    const read = scene.world.observedAt.length;
    await scene.advanceTime(9 * days);
    expect(remindersIn(scene)).toEqual([]);
    expect((await scene.events(id, 'pause_not_reminded')).map(({ data }) => data.because)).toEqual(['other_command']);
    expect(scene.world.observedAt).toHaveLength(read);
  });

  it.each([
    ['another pause that began anew', 'in_progress', 1],
    ['another pause of what was paused already', 'warning', 0],
  ] as const)('is mentioned once with %s', async (_, seen, reminded) => {
    const policy = policyOf({ ...lists, approvers: { users: new Set(['U0BOB']), groups: new Set() } });
    const approval = policy.rules.find((rule) => rule.approval !== null)?.approval ?? null;
    const rules = policy.rules.map((rule) => ({ ...rule, approval }));
    await using scene = await openWithReminders({ policy: { ...policy, rules } });
    const { answers } = scene.world;
    async function confirmedPause(before: 'in_progress' | 'warning'): Promise<string> {
      answers.probe.push(shows(before));
      const id = await scene.submit({ verb: 'pause' });
      await scene.untilIdle();
      answers.observe.push(shows('warning'));
      await scene.press(id, 'U0BOB');
      await scene.advanceTime(minutes);
      expect((await scene.request(id)).state).toBe('accepted');
      return id;
    }
    const first = await confirmedPause('in_progress');
    await scene.advanceTime(2 * days);
    const second = await confirmedPause(seen);
    answers.observe.push(shows('warning'), shows('warning'));
    await scene.advanceTime(9 * days);
    expect(remindersIn(scene)).toEqual([[first, second][reminded]]);
  });

  it('is mentioned where a later command did not take effect, or was for another workflow', async () => {
    await using scene = await openWithReminders();
    const id = await pause(scene);
    await scene.submit({ verb: 'resume' }, 'U0EVE');
    await scene.submit({ verb: 'resume', workflowId: 'WKF111' });
    await scene.submit({ verb: 'stop' });
    await scene.advanceTime(20 * minutes);
    await scene.advanceTime(6 * days);
    expect(remindersIn(scene)).toEqual([id]);
  });

  it('waits for a resume that is scheduled before its end', async () => {
    await using scene = await openWithReminders();
    const sixDays: When = { kind: 'in', ms: 6 * days, typed: 'in 6d' };
    scene.world.answers.observe.push(shows('warning'));
    const id = await scene.submit({ verb: 'pause', resumes: sixDays });
    await scene.advanceTime(5.9 * days);
    expect(remindersIn(scene)).toEqual([]);
    scene.world.answers.probe.push(shows('warning'));
    await scene.advanceTime(2 * days);
    expect(remindersIn(scene)).toEqual([]);
    expect((await scene.events(id, 'pause_not_reminded')).map(({ data }) => data.because)).toEqual(['other_command']);
  });

  it('is mentioned after such a resume was taken back', async () => {
    await using scene = await openWithReminders();
    const sixDays: When = { kind: 'in', ms: 6 * days, typed: 'in 6d' };
    scene.world.answers.observe.push(shows('warning'));
    const id = await scene.submit({ verb: 'pause', resumes: sixDays });
    await scene.advanceTime(5.5 * days);
    const resume = await scene.ledger.requestOf(`${id} resume`);
    await scene.press(resume?.id ?? '', 'U0ALICE', 'cancel');
    await scene.advanceTime(days);
    expect(remindersIn(scene)).toEqual([id]);
  });

  it('is not mentioned where that is turned off, when it is accepted or when it is due', async () => {
    let endsAfter: number | null = null;
    await using scene = await openWithReminders({ pausesEndAfterMs: () => endsAfter });
    const first = await pause(scene);
    expect((await scene.request(first)).end?.pauseEndsAt).toBeUndefined();
    endsAfter = 7 * days;
    const second = await pause(scene, [], 'WKF111');
    endsAfter = null;
    await scene.advanceTime(9 * days);
    expect(remindersIn(scene)).toEqual([]);
    expect((await scene.events(second, 'pause_not_reminded')).map(({ data }) => data.because)).toEqual(['turned_off']);
  });

  it('is mentioned by the setting that holds when it is due', async () => {
    let endsAfter = 7 * days;
    await using scene = await openWithReminders({ pausesEndAfterMs: () => endsAfter });
    const id = await pause(scene);
    endsAfter = 28 * days;
    await scene.advanceTime(19 * days);
    expect(remindersIn(scene)).toEqual([]);
    await scene.advanceTime(1 * days);
    expect(remindersIn(scene)).toEqual([id]);
    const { end, pauseReminder } = await scene.request(id);
    expect(pauseReminder.about?.endsAt).toBe((end?.at ?? 0) + 28 * days);
  });

  it('is mentioned before Campaign ends it also where the setting becomes shorter, or is turned off for a while', async () => {
    let endsAfter: number | null = 28 * days;
    await using scene = await openWithReminders({ pausesEndAfterMs: () => endsAfter });
    const id = await pause(scene);
    await scene.advanceTime(1 * days);
    endsAfter = null;
    await scene.advanceTime(1 * days);
    endsAfter = 7 * days;
    await scene.advanceTime(2.9 * days);
    expect(remindersIn(scene)).toEqual([]);
    await scene.advanceTime(0.1 * days);
    expect(remindersIn(scene)).toEqual([id]);
    const { end, pauseReminder } = await scene.request(id);
    expect(pauseReminder.about?.endsAt).toBe((end?.at ?? 0) + 7 * days);
  });

  it('is mentioned late where the bot was away, unless Campaign may have ended it', async () => {
    await using scene = await openWithReminders();
    const shown = await pause(scene);
    const hidden = await pause(scene, [], 'WKF111');
    await scene.suspend();
    scene.skipTime(8 * days);
    scene.world.answers.observe.push(shows('warning'), notShown);
    scene.resume();
    await scene.untilIdle();
    expect(remindersIn(scene)).toHaveLength(1);
    const over = remindersIn(scene)[0] === shown ? hidden : shown;
    expect((await scene.events(over, 'pause_not_reminded')).map(({ data }) => data.because)).toEqual(['over']);
  });

  it('of an earlier version is not mentioned: its end is not on record', async () => {
    await using scene = await openWithReminders({ pausesEndAfterMs: () => null });
    const id = await pause(scene);
    expect(dueTasks(await scene.request(id)).has('pause_reminder')).toBe(false);
  });

  it('does not make the next start compare it with its channel', async () => {
    const world = newWorld();
    const database = { kind: 'postgres', url: await newDatabase() } as const;
    await using first = await openWithReminders({ world, database });
    await pause(first);
    await using second = await openWithReminders({ world, database });
    expect(await first.ledger.nextDueAt()).not.toBeNull();
    expect(second.ledger.openAtStart).toEqual([]);
  });
});

describe('a pause whose outcome is unknown', () => {
  const lost: DispatchResult = { kind: 'unknown', reason: 'timeout', answer: noResponse };

  async function pauseInDoubt(scene: Scene, ...seen: readonly Observation[]): Promise<string> {
    scene.world.answers.send.push(lost);
    scene.world.answers.observe.push(...seen);
    const id = await scene.submit({ verb: 'pause' });
    await scene.advanceTime(minutes);
    expect((await scene.request(id)).state).toBe('unknown');
    return id;
  }

  it('is mentioned once where Campaign showed it, by the time of the command, and its reminder is answered', async () => {
    await using scene = await openWithReminders();
    const id = await pauseInDoubt(scene, shows('warning'), shows('warning'));
    const { end } = await scene.request(id);
    expect(end?.pauseEndsAt).toBe((end?.at ?? 0) + 7 * days);
    await scene.advanceTime(9 * days);
    expect(remindersIn(scene)).toEqual([id]);
    await scene.ledger.transaction(async (tx) => {
      const current = await tx.load(id);
      if (current === null) throw new Error('no request');
      await tx.append(current, { type: 'pause_answered', data: { choice: 'leave', by: 'U0BOB', interaction: 'left' } });
    });
    await scene.advanceTime(minutes);
    expect((await scene.request(id)).pauseReminder.shown).toBe('leave');
    expect(firstBroken(await scene.ledger.events(id))).toBeNull();
    expect(await scene.ledger.nextDueAt()).toBeNull();
  });

  it.each([shows('in_progress'), notShown])('is not mentioned where Campaign showed %j', async (seen) => {
    await using scene = await openWithReminders();
    await pauseInDoubt(scene, seen, shows('warning'));
    await scene.advanceTime(9 * days);
    expect(remindersIn(scene)).toEqual([]);
  });

  it('is mentioned once with another pause of what was paused by then', async () => {
    const policy = policyOf({ ...lists, approvers: { users: new Set(['U0BOB']), groups: new Set() } });
    const approval = policy.rules.find((rule) => rule.approval !== null)?.approval ?? null;
    const rules = policy.rules.map((rule) => ({ ...rule, approval }));
    await using scene = await openWithReminders({ policy: { ...policy, rules } });
    const { answers } = scene.world;
    async function confirmedPause(before: 'in_progress' | 'warning'): Promise<string> {
      answers.probe.push(shows(before), shows(before));
      answers.observe.push(shows('warning'));
      const id = await scene.submit({ verb: 'pause' });
      await scene.untilIdle();
      await scene.press(id, 'U0BOB');
      await scene.advanceTime(minutes);
      answers.probe.length = 0;
      return id;
    }
    answers.send.push(lost);
    const id = await confirmedPause('in_progress');
    const again = await confirmedPause('warning');
    expect((await scene.request(again)).state).toBe('accepted');
    answers.observe.push(shows('warning'));
    await scene.advanceTime(9 * days);
    expect(remindersIn(scene)).toEqual([id]);
  });

  it('is mentioned with the others of its command', async () => {
    await using scene = await openWithReminders();
    const { batch, items } = await scene.submitSeveral(['WKF110', 'WKF111'], { verb: 'pause' });
    await scene.untilIdle();
    scene.world.answers.send.push(lost, lost);
    scene.world.answers.observe.push(shows('warning'), shows('warning'), shows('warning'), shows('warning'));
    await scene.press(batch, 'U0ALICE');
    await scene.advanceTime(20 * minutes);
    await scene.advanceTime(6 * days);
    expect(remindersIn(scene)).toEqual([batch]);
    const { about } = (await scene.request(batch)).pauseReminder;
    expect(about?.items.map(({ request }) => request)).toEqual(items);
  });
});

describe('a reminder that Slack does not take', () => {
  it('is tried for as long as Slack is not available', async () => {
    await using scene = await openWithReminders();
    const id = await pause(scene);
    await scene.advanceTime(5 * days - 2 * minutes);
    scene.world.outage = { kind: 'refused', reason: 'unreachable' };
    await scene.advanceTime(days);
    expect((await scene.request(id)).pauseReminder.done).toBeNull();
    scene.world.outage = null;
    await scene.advanceTime(10 * minutes);
    expect(remindersIn(scene)).toEqual([id]);
  });

  const archived = { kind: 'refused', reason: 'channel_archived' } as const;
  const direct = ({ world }: Scene) => world.privateMessages.filter(({ how }) => how === 'reminder');
  const toAlice = (request: string) => [{ how: 'reminder', request, to: 'U0ALICE' }];
  const logged = (scene: Scene) =>
    scene.logged.filter(({ message }) => message === 'a reminder of a pause could not be posted');

  it('goes to the requester directly, once, where the channel is archived', async () => {
    await using scene = await openWithReminders();
    const id = await pause(scene);
    scene.world.answers.postPauseReminder.push(archived);
    await scene.advanceTime(9 * days);
    expect([remindersIn(scene), direct(scene)]).toEqual([[], toAlice(id)]);
    expect((await scene.request(id)).pauseReminder.done).toEqual({ ts: null });
    expect(await scene.events(id, 'pause_reminded')).toMatchObject([{ data: { ts: null, via: 'direct' } }]);
    expect(logged(scene)).toMatchObject([{ level: 'warn', fields: { reason: 'channel_archived', told: ['U0ALICE'] } }]);
    expect(await scene.ledger.nextDueAt()).toBeNull();
  });

  it('goes there as soon as Slack takes it, and to the channel if that does by then', async () => {
    await using scene = await openWithReminders();
    const id = await pause(scene);
    const { answers } = scene.world;
    answers.postPauseReminder.push(archived, archived);
    answers.sendPauseReminderDirectly.push({ kind: 'rate_limited', retryAfterMs: 30_000 });
    await scene.advanceTime(6 * days);
    expect([remindersIn(scene), direct(scene)]).toEqual([[], toAlice(id)]);
    const second = await pause(scene, [], 'WKF111');
    answers.postPauseReminder.push(archived);
    answers.sendPauseReminderDirectly.push({ kind: 'rate_limited', retryAfterMs: 30_000 });
    await scene.advanceTime(6 * days);
    expect([remindersIn(scene), direct(scene)]).toEqual([[second], toAlice(id)]);
  });

  it('is left where Slack does not take that either, or does not say whether it did', async () => {
    await using scene = await openWithReminders();
    const { answers } = scene.world;
    answers.postPauseReminder.push(archived, archived);
    answers.sendPauseReminderDirectly.push({ kind: 'refused', reason: 'message_refused' }, 'posted, but no answer');
    const ids = [await pause(scene), await pause(scene, [], 'WKF111')];
    await scene.advanceTime(9 * days);
    for (const id of ids) {
      expect((await scene.events(id, 'pause_reminded')).map(({ data }) => data)).toEqual([{ ts: null }]);
    }
    expect(direct(scene)).toHaveLength(1);
    expect(logged(scene)).toMatchObject([{ fields: { told: [] } }, { fields: { told: [] } }]);
  });

  it('is found in the thread where the answer of Slack was lost', async () => {
    await using scene = await openWithReminders();
    const id = await pause(scene);
    scene.world.answers.postPauseReminder.push('posted, but no answer');
    await scene.advanceTime(9 * days);
    expect(remindersIn(scene)).toEqual([id]);
    expect((await scene.events(id, 'pause_reminded')).map(({ data }) => data.ts)).not.toEqual([null]);
  });
});

describe('the answer to a reminder', () => {
  it('is a request to resume like any other, which the reminder shows', async () => {
    await using scene = await openWithReminders();
    const id = await pause(scene, [shows('warning')]);
    await scene.advanceTime(6 * days);
    const resume = await scene.submit({ verb: 'resume', after: id }, 'U0BOB');
    await scene.advanceTime(minutes);
    expect((await scene.request(resume)).state).toBe('accepted');
    expect((await scene.request(id)).pauseReminder).toMatchObject({
      answer: { choice: 'resume', by: 'U0BOB', request: resume },
      shown: 'resume',
    });
    expect(scene.world.messages.find(({ kind }) => kind === 'pause_reminder')?.answer).toBe('resume');
  });

  it('does not count where no rule permits it', async () => {
    await using scene = await openWithReminders();
    const id = await pause(scene, [shows('warning')]);
    await scene.advanceTime(6 * days);
    const resume = await scene.submit({ verb: 'resume', after: id }, 'U0EVE');
    await scene.advanceTime(minutes);
    expect((await scene.request(resume)).state).toBe('refused');
    expect((await scene.request(id)).pauseReminder.answer).toBeNull();
  });
});

describe('a pause of several workflows', () => {
  it('is mentioned in one message, about those that are paused still', async () => {
    await using scene = await openWithReminders();
    const { batch, items } = await scene.submitSeveral(['WKF110', 'WKF111', 'WKF112'], { verb: 'pause' });
    await scene.untilIdle();
    await scene.press(batch, 'U0ALICE');
    await scene.advanceTime(20 * minutes);
    expect((await scene.request(batch)).state).toBe('completed');
    await scene.submit({ verb: 'resume', workflowId: 'WKF111' });
    await scene.advanceTime(20 * minutes);
    await scene.advanceTime(6 * days);
    expect(remindersIn(scene)).toEqual([batch]);
    const { about } = (await scene.request(batch)).pauseReminder;
    expect(about?.items.map(({ request }) => request)).toEqual([items[0], items[2]]);
    expect(await scene.ledger.nextDueAt()).toBeNull();
  });
});

async function requestsIn(scene: Scene): Promise<readonly Request[]> {
  return scene.ledger.recent({ channel: 'C0OPS', workflowKey: 'acme/wkf110', refused: false, limit: 9 });
}

/** An accepted pause was mentioned, and its reminder shows the answer. */
async function expectWhole({ id, state, order, pauseReminder }: Request, scene: Scene): Promise<void> {
  expect(firstBroken(await scene.ledger.events(id))).toBeNull();
  if (order.verb !== 'pause' || state !== 'accepted') return;
  expect(pauseReminder.done).not.toBeNull();
  expect(pauseReminder.shown).toBe(pauseReminder.answer?.choice ?? null);
  expect(remindersIn(scene)).toEqual([id]);
}

describe('wherever the process dies', () => {
  const soon: SceneOptions = { pausesEndAfterMs: () => 14 * minutes };

  const reminded: Scenario = async (scene) => {
    const id = await pause(scene, [shows('warning')]);
    await scene.advanceTime(12 * minutes);
    await scene.submit({ verb: 'resume', after: id }, 'U0BOB');
  };

  it('one reminder is posted', async () => {
    const snapshots = await takeSnapshots(reminded, newWorld(), soon);
    expect(snapshots.filter(({ moment }) => /PauseReminder/.test(moment)).length).toBeGreaterThan(3);
    for (const { path, world } of snapshots) {
      await using scene = await openScene({ ...soon, path, world });
      await scene.advanceTime(40 * minutes);
      expect(remindersIn(scene).length).toBeLessThanOrEqual(1);
      for (const one of await requestsIn(scene)) await expectWhole(one, scene);
      expect(await scene.ledger.nextDueAt()).toBeNull();
    }
  }, 60_000);

  it('one reminder is posted when a ledger from before it is restored', async () => {
    const end = newWorld();
    const snapshots = await takeSnapshots(reminded, end, soon);
    const before = snapshots.filter(({ moment }) => /PauseReminder 1/.test(moment));
    expect(before.length).toBeGreaterThan(1);
    for (const { path } of before) {
      await using scene = await openScene({ ...soon, path, world: structuredClone(end) });
      await scene.advanceTime(40 * minutes);
      expect(remindersIn(scene)).toHaveLength(1);
    }
  }, 60_000);
});

it('three replicas post one reminder', async () => {
  const world = newWorld();
  const database = { kind: 'postgres', url: await newDatabase() } as const;
  await using one = await openWithReminders({ world, database });
  await using two = await openWithReminders({ world, database });
  await using three = await openWithReminders({ world, database });
  const scenes = [one, two, three];
  const id = await pause(one);
  await Promise.all(scenes.map((scene) => scene.untilIdle()));
  one.skipTime(5 * days);
  await Promise.all(scenes.map((scene) => scene.untilIdle()));
  expect(remindersIn(one)).toEqual([id]);
  expect(await three.events(id, 'pause_reminding')).toHaveLength(1);
  const resumes = await Promise.all(scenes.map((scene) => scene.submit({ verb: 'resume', after: id }, 'U0BOB')));
  await Promise.all(scenes.map((scene) => scene.untilIdle()));
  const { pauseReminder } = await two.request(id);
  expect(pauseReminder.shown).toBe('resume');
  expect(resumes).toContain(pauseReminder.answer?.choice === 'resume' ? pauseReminder.answer.request : null);
  expect(await one.events(id, 'pause_answered')).toHaveLength(1);
});

const carefulPauses: Policy = {
  ...policyOf(lists),
  rules: policyOf(lists).rules.map((rule) => ({
    ...rule,
    approval: { from: lists.approvers, count: 1, requesterMayApprove: false, withinMs: 5 * minutes },
  })),
};

it('is mentioned where its outcome is taken over from the channel, because the ledger was restored', async () => {
  const world = newWorld();
  let [copy, id] = ['', ''];
  {
    await using scene = await openWithReminders({ world, policy: carefulPauses });
    id = await scene.submit({ verb: 'pause' });
    await scene.untilIdle();
    expect((await scene.request(id)).state).toBe('awaiting_approval');
    copy = copyLedger(scene.path);
    await scene.press(id, 'U0CAROL');
    await scene.untilIdle();
    expect((await scene.request(id)).state).toBe('accepted');
  }
  world.answers.observe.push(...Array.from({ length: 9 }, () => shows('warning')));
  await using restored = await openWithReminders({ path: copy, world });
  await restored.advanceTime(6 * days);
  const { end } = await restored.request(id);
  expect(end).toMatchObject({ because: { kind: 'reconciled' }, pauseEndsAt: (end?.at ?? 0) + 7 * days });
  expect(remindersIn(restored)).toEqual([id]);
  await restored.advanceTime(30 * days);
  expect(remindersIn(restored)).toEqual([id]);
});
