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
  const id = await scene.ask({ workflowId });
  await scene.quiet();
  await scene.press(id, 'U0CAROL');
  await scene.quiet();
  return id;
}

function commands({ world }: Scene): readonly string[] {
  return world.sent.map(({ command }) => command);
}

describe('a workflow that somebody is at', () => {
  it.each([
    ['start', 'wkf110'],
    ['resume', 'Wkf110'],
  ] as const)(
    'takes no %s of %s beside a stop that waits: it is refused with the first one',
    async (verb, workflowId) => {
      await using scene = await openScene();
      const first = await scene.ask();
      await scene.quiet();
      const second = await scene.ask({ verb, workflowId }, 'U0BOB');
      await scene.quiet();
      expect(await scene.request(second)).toMatchObject({
        end: { outcome: 'refused', because: { kind: 'busy', request: first } },
      });
      expect(scene.world.told).toEqual([{ how: 'private', request: second, to: 'U0BOB', outcome: 'refused' }]);
      expect(await scene.request(first)).toMatchObject({ state: 'awaiting_approval' });
    },
  );

  it('takes one of two commands that are typed at the same moment, and refuses the other', async () => {
    await using scene = await openScene();
    const gates = [scene.gate('place'), scene.gate('place')];
    const ids = await Promise.all([scene.ask({ verb: 'start' }), scene.ask({ verb: 'pause' }, 'U0BOB')]);
    scene.wake();
    await Promise.all(gates.map(({ reached }) => reached));
    for (const gate of gates) gate.open();
    await scene.quiet();
    const requests = await Promise.all(ids.map((id) => scene.request(id)));
    expect(requests.map(({ state }) => state).sort()).toEqual(['accepted', 'refused']);
    expect(scene.world.sent).toHaveLength(1);
  });

  it('does not keep another workflow, or the same in another organization, from its command', async () => {
    await using scene = await openScene();
    await scene.ask();
    await scene.quiet();
    await scene.ask({ verb: 'start', workflowId: 'WKF111' });
    await scene.ask({ verb: 'start', organization: 'acme-stage' });
    await scene.quiet();
    expect(commands(scene)).toEqual(['start', 'start']);
  });

  it('takes the next command as soon as the first has ended', async () => {
    await using scene = await openScene();
    for (const verb of ['start', 'pause', 'resume'] as const) {
      await scene.ask({ verb });
      await scene.quiet();
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
  it('about a stop keeps nobody else from a stop: the first that is confirmed goes, and the other’s thread says so', async () => {
    await using scene = await openScene();
    const [absent, first] = [await scene.ask(), await scene.ask({ workflowId: 'wkf110' }, 'U0BOB')];
    await scene.quiet();
    for (const id of [absent, first]) expect(await scene.request(id)).toMatchObject({ state: 'awaiting_approval' });
    await scene.press(first, 'U0CAROL');
    await scene.quiet();
    expect(commands(scene)).toEqual(['stop']);
    expect(await scene.request(absent)).toMatchObject({
      end: { outcome: 'superseded', because: { kind: 'superseded', by: first } },
    });
    expect(scene.world.messages.filter(({ request }) => request === absent)).toMatchObject([
      { kind: 'announcement', shows: 'superseded' },
      { kind: 'outcome', shows: 'superseded' },
    ]);
    const third = await scene.ask({}, 'U0BOB');
    await scene.quiet();
    expect(await scene.request(third)).toMatchObject({ end: { because: { kind: 'stopped_lately', request: first } } });
  });

  it('keeps its confirmations when somebody asks for the same, and needs only the rest', async () => {
    const policy = policyOf(lists);
    const both = policy.rules.map((rule) => ({ ...rule, approval: rule.approval && { ...rule.approval, count: 2 } }));
    await using scene = await openScene({ policy: { ...policy, rules: both } });
    const first = await scene.ask();
    await scene.quiet();
    await scene.press(first, 'U0CAROL');
    await scene.quiet();
    const second = await scene.ask({}, 'U0BOB');
    await scene.quiet();
    await scene.press(second, 'U0DAVE');
    await scene.quiet();
    expect(commands(scene)).toEqual([]);
    await scene.press(first, 'U0DAVE');
    await scene.quiet();
    expect(commands(scene)).toEqual(['stop']);
    expect(await scene.request(second)).toMatchObject({ end: { because: { kind: 'superseded', by: first } } });
  });

  it('is not asked a second time by the same person in the same channel', async () => {
    await using scene = await openScene();
    const [first, again] = [await scene.ask(), await scene.ask({ workflowId: 'wkf110' })];
    await scene.quiet();
    const ends = await Promise.all([first, again].map(async (id) => (await scene.request(id)).end?.because ?? null));
    expect(ends).toContainEqual(null);
    expect(ends).toContainEqual({ kind: 'busy', request: ends[0] === null ? first : again });
  });

  it('about a stop keeps nobody from a pause, and is asked anew when the workflow has changed by it', async () => {
    await using scene = await openScene();
    scene.world.answers.probe.push(shows('in_progress'), shows('warning'));
    const stop = await scene.ask();
    await scene.quiet();
    await scene.ask({ verb: 'pause' }, 'U0BOB');
    await scene.quiet();
    expect(commands(scene)).toEqual(['pause']);
    await scene.press(stop, 'U0CAROL');
    await scene.quiet();
    expect(await scene.request(stop)).toMatchObject({ state: 'awaiting_approval', changed: { now: 'warning' } });
    expect(commands(scene)).toEqual(['pause']);
  });

  it('about a start keeps nobody from a pause, and its confirmation waits while that is on its way', async () => {
    await using scene = await openScene();
    scene.world.answers.probe.push(shows('warning'));
    const start = await scene.ask({ verb: 'start' });
    await scene.quiet();
    expect(await scene.request(start)).toMatchObject({ state: 'awaiting_approval' });
    const sending = scene.gate('send');
    const pause = await scene.ask({ verb: 'pause' }, 'U0BOB');
    scene.wake();
    await sending.reached;
    await scene.press(start, 'U0ALICE');
    await scene.quiet(1);
    expect(await scene.request(start)).toMatchObject({ state: 'awaiting_approval' });
    sending.open();
    await scene.quiet();
    await scene.pass(1_000);
    expect(await scene.request(pause)).toMatchObject({ state: 'accepted' });
    expect(commands(scene)).toEqual(['pause', 'start']);
  });
});

describe('the brake', () => {
  it('can be asked for while another command is on its way, and takes its place once it is confirmed', async () => {
    await using scene = await openScene();
    scene.world.answers.send.push(busy);
    const start = await scene.ask({ verb: 'start' });
    await scene.quiet();
    const stop = await scene.ask({ verb: 'stop', workflowId: 'wkf110' }, 'U0BOB');
    await scene.quiet();
    expect(await scene.request(start)).toMatchObject({ state: 'approved' });
    await scene.press(stop, 'U0CAROL');
    await scene.pass(10 * minutes);
    expect(commands(scene)).toEqual(['start', 'stop']);
    expect(await scene.request(start)).toMatchObject({
      end: { outcome: 'superseded', because: { kind: 'superseded', by: stop } },
    });
    expect(scene.world.messages.filter(({ request }) => request === start)).toMatchObject([
      { kind: 'announcement', shows: 'superseded' },
      { kind: 'outcome', shows: 'superseded' },
    ]);
  });

  it('takes the place of the other command when it is confirmed, not only when it is sent', async () => {
    await using scene = await openScene();
    scene.world.answers.send.push(busy);
    const start = await scene.ask({ verb: 'start' });
    await scene.quiet();
    const stop = await scene.ask();
    await scene.quiet();
    const [asker, approver, aboutToSend] = [scene.gate('place'), scene.gate('place'), scene.gate('place')];
    asker.open();
    approver.open();
    await scene.press(stop, 'U0CAROL');
    scene.wake();
    await aboutToSend.reached;
    scene.leap(30_000);
    await scene.quiet(1);
    expect(await scene.request(start)).toMatchObject({ state: 'superseded' });
    expect(commands(scene)).toEqual(['start']);
    aboutToSend.open();
    await scene.quiet();
    expect(commands(scene)).toEqual(['start', 'stop']);
  });

  it('takes nothing’s place while nobody has confirmed it', async () => {
    await using scene = await openScene();
    const announcing = scene.gate('announce');
    await scene.ask({ verb: 'start' });
    scene.wake();
    await announcing.reached;
    await scene.ask({ verb: 'stop' });
    await scene.quiet(1);
    announcing.open();
    await scene.pass(minutes);
    expect(commands(scene)).toEqual(['start']);
  });

  it('takes the place of a command that is just being announced, and its announcement tells so', async () => {
    await using scene = await openScene();
    const announcing = scene.gate('announce');
    const start = await scene.ask({ verb: 'start' });
    scene.wake();
    await announcing.reached;
    const stop = await scene.ask({ verb: 'stop' });
    await scene.quiet(1);
    await scene.press(stop, 'U0CAROL');
    await scene.quiet(1);
    announcing.open();
    await scene.pass(10 * minutes);
    expect(commands(scene)).toEqual(['stop']);
    expect(scene.world.messages.find(({ request }) => request === start)).toMatchObject({ shows: 'superseded' });
  });

  it('waits for a command that is being sent at this moment', async () => {
    await using scene = await openScene();
    const sending = scene.gate('send');
    const start = await scene.ask({ verb: 'start' });
    scene.wake();
    await sending.reached;
    const stop = await scene.ask({ verb: 'stop' });
    await scene.quiet(1);
    await scene.press(stop, 'U0CAROL');
    await scene.quiet(1);
    scene.leap(5_000);
    await scene.quiet(1);
    expect(await scene.request(stop)).toMatchObject({ state: 'approved' });
    sending.open();
    await scene.pass(1_000);
    expect(commands(scene)).toEqual(['start', 'stop']);
    expect(await scene.request(start)).toMatchObject({ state: 'accepted' });
    expect(await scene.request(stop)).toMatchObject({ state: 'accepted' });
  });

  it('is the last word: what it waited for is not sent again after it', async () => {
    await using scene = await openScene();
    const sending = scene.gate('send');
    scene.world.answers.send.push(busy);
    const start = await scene.ask({ verb: 'start' });
    scene.wake();
    await sending.reached;
    const stop = await scene.ask({ verb: 'stop' });
    await scene.quiet(1);
    await scene.press(stop, 'U0CAROL');
    await scene.quiet(1);
    sending.open();
    await scene.pass(10 * minutes);
    expect(commands(scene)).toEqual(['start', 'stop']);
    expect(await scene.request(start)).toMatchObject({ end: { because: { kind: 'superseded', by: stop } } });
  });
});

describe('after a stop', () => {
  it('another one is refused for ten minutes, and is told until when and by which', async () => {
    await using scene = await openScene();
    const first = await confirmedStop(scene);
    const until = scene.world.now + 10 * minutes;
    await scene.pass(10 * minutes - 1);
    const second = await scene.ask({ workflowId: 'wkf110' });
    await scene.quiet();
    expect(await scene.request(second)).toMatchObject({
      end: { outcome: 'refused', because: { kind: 'stopped_lately', request: first, until } },
    });
    await scene.pass(1);
    await confirmedStop(scene);
    expect(commands(scene)).toEqual(['stop', 'stop']);
  });

  it('another one is permitted as soon as the workflow was seen finished', async () => {
    await using scene = await openScene();
    scene.world.answers.send.push(unknown);
    scene.world.answers.observe.push(finished);
    const first = await confirmedStop(scene);
    expect(await scene.request(first)).toMatchObject({ state: 'unknown', observation: finished });
    await confirmedStop(scene);
    expect(commands(scene)).toEqual(['stop', 'stop']);
  });

  it('of unknown outcome another one is refused as well', async () => {
    await using scene = await openScene();
    scene.world.answers.send.push(unknown);
    const first = await confirmedStop(scene);
    const second = await confirmedStop(scene);
    expect(await scene.request(second)).toMatchObject({ end: { because: { kind: 'stopped_lately', request: first } } });
    expect(commands(scene)).toEqual(['stop']);
  });

  it('that shows no effect at first another one is permitted when a look shows it then', async () => {
    await using scene = await openScene();
    scene.world.answers.send.push(unknown);
    const first = await confirmedStop(scene);
    expect(await scene.request(first)).toMatchObject({ observation: { kind: 'not_shown' } });
    scene.world.answers.observe.push(finished);
    await confirmedStop(scene);
    expect(commands(scene)).toEqual(['stop', 'stop']);
    expect(await scene.request(first)).toMatchObject({ observation: finished });
  });

  it('that was never sent another one is free to go', async () => {
    await using scene = await openScene();
    const first = await scene.ask();
    await scene.quiet();
    await scene.press(first, 'U0ALICE', 'cancel');
    await scene.quiet();
    await confirmedStop(scene);
    expect(commands(scene)).toEqual(['stop']);
  });

  it('the workflow can be started at once', async () => {
    await using scene = await openScene();
    await confirmedStop(scene);
    await scene.ask({ verb: 'start' });
    await scene.quiet();
    expect(commands(scene)).toEqual(['stop', 'start']);
  });
});
