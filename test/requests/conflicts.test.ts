import { describe, expect, it } from '@jest/globals';
import type { DispatchResult } from '../../src/requests/attempt-results.ts';
import type { ProbeResult } from '../../src/requests/events.ts';
import { lists, minutes, openScene, policyOf, type Scene } from './scene/scene.fixture.ts';
import { finished, unknown } from './scene/world.fixture.ts';

const busy: DispatchResult = {
  kind: 'not_reached',
  reason: 'gateway_unavailable',
  retryAfterMs: 20_000,
  answer: { status: 503, text: null, adobeRequestId: null },
};

async function confirmedStop(scene: Scene, workflowId = 'WKF110'): Promise<string> {
  const id = await scene.submit({ workflowId });
  await scene.untilIdle();
  await scene.press(id, 'U0CAROL');
  await scene.untilIdle();
  return id;
}

function commands({ world }: Scene): readonly string[] {
  return world.sent.map(({ command }) => command);
}

describe('a workflow with an open request', () => {
  it.each([
    ['start', 'wkf110'],
    ['resume', 'Wkf110'],
  ] as const)('refuses a %s of %s beside a waiting stop, and names the stop', async (verb, workflowId) => {
    await using scene = await openScene();
    const first = await scene.submit();
    await scene.untilIdle();
    const second = await scene.submit({ verb, workflowId }, 'U0BOB');
    await scene.untilIdle();
    expect(await scene.request(second)).toMatchObject({
      end: { outcome: 'refused', because: { kind: 'busy', request: first } },
    });
    expect(scene.world.privateMessages).toEqual([{ how: 'private', request: second, to: 'U0BOB', outcome: 'refused' }]);
    expect(await scene.request(first)).toMatchObject({ state: 'awaiting_approval' });
  });

  it('accepts one of two commands typed at the same time, and refuses the other', async () => {
    await using scene = await openScene();
    const gates = [scene.gate('place'), scene.gate('place')];
    const ids = await Promise.all([scene.submit({ verb: 'start' }), scene.submit({ verb: 'pause' }, 'U0BOB')]);
    scene.wake();
    await Promise.all(gates.map(({ reached }) => reached));
    for (const gate of gates) gate.open();
    await scene.untilIdle();
    const requests = await Promise.all(ids.map((id) => scene.request(id)));
    expect(requests.map(({ state }) => state).sort()).toEqual(['accepted', 'refused']);
    expect(scene.world.sent).toHaveLength(1);
  });

  it('does not block another workflow, or the same one in another organization', async () => {
    await using scene = await openScene();
    await scene.submit();
    await scene.untilIdle();
    await scene.submit({ verb: 'start', workflowId: 'WKF111' });
    await scene.submit({ verb: 'start', organization: 'acme-stage' });
    await scene.untilIdle();
    expect(commands(scene)).toEqual(['start', 'start']);
  });

  it('accepts the next command as soon as the first has ended', async () => {
    await using scene = await openScene();
    for (const verb of ['start', 'pause', 'resume'] as const) {
      await scene.submit({ verb });
      await scene.untilIdle();
    }
    expect(commands(scene)).toEqual(['start', 'pause', 'resume']);
  });
});

const shows = (reading: 'in_progress' | 'warning'): ProbeResult => ({
  kind: 'seen',
  reading,
  field: 'logicalStatus',
  raw: reading,
});

describe('an absent colleague’s question', () => {
  it('about a stop does not block another person’s stop: the first one confirmed is sent, and the other’s thread says so', async () => {
    await using scene = await openScene();
    const [absent, first] = [await scene.submit(), await scene.submit({ workflowId: 'wkf110' }, 'U0BOB')];
    await scene.untilIdle();
    for (const id of [absent, first]) expect(await scene.request(id)).toMatchObject({ state: 'awaiting_approval' });
    await scene.press(first, 'U0CAROL');
    await scene.untilIdle();
    expect(commands(scene)).toEqual(['stop']);
    expect(await scene.request(absent)).toMatchObject({
      end: { outcome: 'superseded', because: { kind: 'superseded', by: first } },
    });
    expect(scene.world.messages.filter(({ request }) => request === absent)).toMatchObject([
      { kind: 'announcement', shows: 'superseded' },
      { kind: 'outcome', shows: 'superseded' },
    ]);
    const third = await scene.submit({}, 'U0BOB');
    await scene.untilIdle();
    expect(await scene.request(third)).toMatchObject({ end: { because: { kind: 'stopped_lately', request: first } } });
  });

  it('keeps its confirmations when somebody makes the same request, and needs only the missing ones', async () => {
    const policy = policyOf(lists);
    const both = policy.rules.map((rule) => ({ ...rule, approval: rule.approval && { ...rule.approval, count: 2 } }));
    await using scene = await openScene({ policy: { ...policy, rules: both } });
    const first = await scene.submit();
    await scene.untilIdle();
    await scene.press(first, 'U0CAROL');
    await scene.untilIdle();
    const second = await scene.submit({}, 'U0BOB');
    await scene.untilIdle();
    await scene.press(second, 'U0DAVE');
    await scene.untilIdle();
    expect(commands(scene)).toEqual([]);
    await scene.press(first, 'U0DAVE');
    await scene.untilIdle();
    expect(commands(scene)).toEqual(['stop']);
    expect(await scene.request(second)).toMatchObject({ end: { because: { kind: 'superseded', by: first } } });
  });

  it('is not asked twice for the same person in the same channel', async () => {
    await using scene = await openScene();
    const [first, again] = [await scene.submit(), await scene.submit({ workflowId: 'wkf110' })];
    await scene.untilIdle();
    const ends = await Promise.all([first, again].map(async (id) => (await scene.request(id)).end?.because ?? null));
    expect(ends).toContainEqual(null);
    expect(ends).toContainEqual({ kind: 'busy', request: ends[0] === null ? first : again });
  });

  it('about a stop does not block a pause, and is asked again when the pause has changed the workflow', async () => {
    await using scene = await openScene();
    scene.world.answers.probe.push(shows('in_progress'), shows('warning'));
    const stop = await scene.submit();
    await scene.untilIdle();
    await scene.submit({ verb: 'pause' }, 'U0BOB');
    await scene.untilIdle();
    expect(commands(scene)).toEqual(['pause']);
    await scene.press(stop, 'U0CAROL');
    await scene.untilIdle();
    expect(await scene.request(stop)).toMatchObject({ state: 'awaiting_approval', changed: { now: 'warning' } });
    expect(commands(scene)).toEqual(['pause']);
  });

  it('about a start does not block a pause, and its confirmation waits while the pause is being sent', async () => {
    await using scene = await openScene();
    scene.world.answers.probe.push(shows('warning'));
    const start = await scene.submit({ verb: 'start' });
    await scene.untilIdle();
    expect(await scene.request(start)).toMatchObject({ state: 'awaiting_approval' });
    const sending = scene.gate('send');
    const pause = await scene.submit({ verb: 'pause' }, 'U0BOB');
    scene.wake();
    await sending.reached;
    await scene.press(start, 'U0ALICE');
    await scene.untilIdle(1);
    expect(await scene.request(start)).toMatchObject({ state: 'awaiting_approval' });
    sending.open();
    await scene.untilIdle();
    await scene.advanceTime(1_000);
    expect(await scene.request(pause)).toMatchObject({ state: 'accepted' });
    expect(commands(scene)).toEqual(['pause', 'start']);
  });
});

describe('an overriding command', () => {
  it('can be requested while another command is in progress, and supersedes it once confirmed', async () => {
    await using scene = await openScene();
    scene.world.answers.send.push(busy);
    const start = await scene.submit({ verb: 'start' });
    await scene.untilIdle();
    const stop = await scene.submit({ verb: 'stop', workflowId: 'wkf110' }, 'U0BOB');
    await scene.untilIdle();
    expect(await scene.request(start)).toMatchObject({ state: 'approved' });
    await scene.press(stop, 'U0CAROL');
    await scene.advanceTime(10 * minutes);
    expect(commands(scene)).toEqual(['start', 'stop']);
    expect(await scene.request(start)).toMatchObject({
      end: { outcome: 'superseded', because: { kind: 'superseded', by: stop } },
    });
    expect(scene.world.messages.filter(({ request }) => request === start)).toMatchObject([
      { kind: 'announcement', shows: 'superseded' },
      { kind: 'outcome', shows: 'superseded' },
    ]);
  });

  it('supersedes the other command when it is confirmed, not only when it is sent', async () => {
    await using scene = await openScene();
    scene.world.answers.send.push(busy);
    const start = await scene.submit({ verb: 'start' });
    await scene.untilIdle();
    const stop = await scene.submit();
    await scene.untilIdle();
    const [requester, approver, aboutToSend] = [scene.gate('place'), scene.gate('place'), scene.gate('place')];
    requester.open();
    approver.open();
    await scene.press(stop, 'U0CAROL');
    scene.wake();
    await aboutToSend.reached;
    scene.skipTime(30_000);
    await scene.untilIdle(1);
    expect(await scene.request(start)).toMatchObject({ state: 'superseded' });
    expect(commands(scene)).toEqual(['start']);
    aboutToSend.open();
    await scene.untilIdle();
    expect(commands(scene)).toEqual(['start', 'stop']);
  });

  it('supersedes nothing before it is confirmed', async () => {
    await using scene = await openScene();
    const announcing = scene.gate('announce');
    await scene.submit({ verb: 'start' });
    scene.wake();
    await announcing.reached;
    await scene.submit({ verb: 'stop' });
    await scene.untilIdle(1);
    announcing.open();
    await scene.advanceTime(minutes);
    expect(commands(scene)).toEqual(['start']);
  });

  it('supersedes a command that is being announced, and the announcement shows it', async () => {
    await using scene = await openScene();
    const announcing = scene.gate('announce');
    const start = await scene.submit({ verb: 'start' });
    scene.wake();
    await announcing.reached;
    const stop = await scene.submit({ verb: 'stop' });
    await scene.untilIdle(1);
    await scene.press(stop, 'U0CAROL');
    await scene.untilIdle(1);
    announcing.open();
    await scene.advanceTime(10 * minutes);
    expect(commands(scene)).toEqual(['stop']);
    expect(scene.world.messages.find(({ request }) => request === start)).toMatchObject({ shows: 'superseded' });
  });

  it('waits for a command that is being sent', async () => {
    await using scene = await openScene();
    const sending = scene.gate('send');
    const start = await scene.submit({ verb: 'start' });
    scene.wake();
    await sending.reached;
    const stop = await scene.submit({ verb: 'stop' });
    await scene.untilIdle(1);
    await scene.press(stop, 'U0CAROL');
    await scene.untilIdle(1);
    scene.skipTime(5_000);
    await scene.untilIdle(1);
    expect(await scene.request(stop)).toMatchObject({ state: 'approved' });
    sending.open();
    await scene.advanceTime(1_000);
    expect(commands(scene)).toEqual(['start', 'stop']);
    expect(await scene.request(start)).toMatchObject({ state: 'accepted' });
    expect(await scene.request(stop)).toMatchObject({ state: 'accepted' });
  });

  it('is final: the command it waited for is not sent again after it', async () => {
    await using scene = await openScene();
    const sending = scene.gate('send');
    scene.world.answers.send.push(busy);
    const start = await scene.submit({ verb: 'start' });
    scene.wake();
    await sending.reached;
    const stop = await scene.submit({ verb: 'stop' });
    await scene.untilIdle(1);
    await scene.press(stop, 'U0CAROL');
    await scene.untilIdle(1);
    sending.open();
    await scene.advanceTime(10 * minutes);
    expect(commands(scene)).toEqual(['start', 'stop']);
    expect(await scene.request(start)).toMatchObject({ end: { because: { kind: 'superseded', by: stop } } });
  });
});

describe('after a stop', () => {
  it('another one is refused for ten minutes, and the refusal says until when and by which request', async () => {
    await using scene = await openScene();
    const first = await confirmedStop(scene);
    const until = scene.world.now + 10 * minutes;
    await scene.advanceTime(10 * minutes - 1);
    const second = await scene.submit({ workflowId: 'wkf110' });
    await scene.untilIdle();
    expect(await scene.request(second)).toMatchObject({
      end: { outcome: 'refused', because: { kind: 'stopped_lately', request: first, until } },
    });
    await scene.advanceTime(1);
    await confirmedStop(scene);
    expect(commands(scene)).toEqual(['stop', 'stop']);
  });

  it('another one is permitted as soon as the workflow was observed finished', async () => {
    await using scene = await openScene();
    scene.world.answers.send.push(unknown);
    scene.world.answers.observe.push(finished);
    const first = await confirmedStop(scene);
    expect(await scene.request(first)).toMatchObject({ state: 'unknown', observation: finished });
    await confirmedStop(scene);
    expect(commands(scene)).toEqual(['stop', 'stop']);
  });

  it('with an unknown outcome another one is refused as well', async () => {
    await using scene = await openScene();
    scene.world.answers.send.push(unknown);
    const first = await confirmedStop(scene);
    const second = await confirmedStop(scene);
    expect(await scene.request(second)).toMatchObject({ end: { because: { kind: 'stopped_lately', request: first } } });
    expect(commands(scene)).toEqual(['stop']);
  });

  it('that shows no effect at first another one is permitted when a later probe shows it', async () => {
    await using scene = await openScene();
    scene.world.answers.send.push(unknown);
    const first = await confirmedStop(scene);
    expect(await scene.request(first)).toMatchObject({ observation: { kind: 'not_shown' } });
    scene.world.answers.observe.push(finished);
    await confirmedStop(scene);
    expect(commands(scene)).toEqual(['stop', 'stop']);
    expect(await scene.request(first)).toMatchObject({ observation: finished });
  });

  it('that was never sent another one is permitted', async () => {
    await using scene = await openScene();
    const first = await scene.submit();
    await scene.untilIdle();
    await scene.press(first, 'U0ALICE', 'cancel');
    await scene.untilIdle();
    await confirmedStop(scene);
    expect(commands(scene)).toEqual(['stop']);
  });

  it('the workflow can be started at once', async () => {
    await using scene = await openScene();
    await confirmedStop(scene);
    await scene.submit({ verb: 'start' });
    await scene.untilIdle();
    expect(commands(scene)).toEqual(['stop', 'start']);
  });
});
