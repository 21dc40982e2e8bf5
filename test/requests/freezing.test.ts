import { describe, expect, it } from '@jest/globals';
import type { Policy } from '../../src/access/policy.ts';
import { noon } from './events.fixture.ts';
import { lists, minutes, openScene, policyOf, type Scene } from './scene/scene.fixture.ts';

const hours = 60 * minutes;

async function frozen(scene: Scene, until = scene.world.now + 2 * hours): Promise<string> {
  const id = await scene.ask({ verb: 'freeze', workflowId: '*', reason: 'wrong audience', until }, 'U0BOB');
  await scene.quiet();
  return id;
}

async function lifted(scene: Scene): Promise<string> {
  await scene.pass(1_000);
  const id = await scene.ask({ verb: 'unfreeze', workflowId: '*', reason: '' }, 'U0BOB');
  await scene.quiet();
  return id;
}

async function asked(scene: Scene, verb: 'start' | 'pause' | 'resume' | 'stop', rest = {}): Promise<string> {
  const id = await scene.ask({ verb, ...rest });
  await scene.quiet();
  return id;
}

const held = (request: string) => ({
  end: {
    outcome: 'refused',
    because: { refusal: { reason: 'frozen', because: 'wrong audience', request, until: noon + 2 * hours } },
  },
});

describe('a freeze', () => {
  it('is announced, takes hold, and holds starts and resumes of its environment alone', async () => {
    await using scene = await openScene();
    const id = await frozen(scene);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted' });
    expect(scene.world.messages).toMatchObject([{ kind: 'announcement', shows: 'accepted' }, { kind: 'outcome' }]);
    for (const verb of ['start', 'resume'] as const) {
      expect(await scene.request(await asked(scene, verb))).toMatchObject(held(id));
    }
    expect(scene.world.sent).toEqual([]);
    await asked(scene, 'start', { organization: 'acme-stage' });
    await asked(scene, 'pause');
    const stop = await asked(scene, 'stop');
    await scene.press(stop, 'U0CAROL');
    await scene.quiet();
    expect(scene.world.sent.map(({ command }) => command)).toEqual(['start', 'pause', 'stop']);
  });

  it('is nothing that Campaign hears of, nor is it followed', async () => {
    await using scene = await openScene();
    await frozen(scene);
    await lifted(scene);
    await scene.pass(20 * minutes);
    expect(scene.world).toMatchObject({ sent: [], looks: [] });
  });

  it('outlives the process', async () => {
    const first = await openScene();
    const id = await frozen(first);
    await first[Symbol.asyncDispose]();
    await using scene = await openScene({ path: first.path, world: first.world });
    expect(await scene.request(await asked(scene, 'start'))).toMatchObject(held(id));
  });

  it('ends by itself', async () => {
    await using scene = await openScene();
    await frozen(scene);
    await scene.pass(2 * hours);
    await asked(scene, 'start');
    expect(scene.world.sent).toHaveLength(1);
  });

  it('is lifted, and there is nothing to lift then', async () => {
    await using scene = await openScene();
    await frozen(scene);
    expect(await scene.request(await lifted(scene))).toMatchObject({ state: 'accepted' });
    await asked(scene, 'start');
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(await lifted(scene))).toMatchObject({
      end: { outcome: 'refused', because: { kind: 'not_frozen' } },
    });
  });

  it('is replaced by a newer one, also by a shorter', async () => {
    await using scene = await openScene();
    await frozen(scene, noon + 10 * hours);
    await scene.pass(minutes);
    const id = await frozen(scene, noon + 2 * hours);
    expect(await scene.request(await asked(scene, 'start'))).toMatchObject(held(id));
    await scene.pass(2 * hours);
    await asked(scene, 'start');
    expect(scene.world.sent).toHaveLength(1);
  });

  it('that is confirmed when its time is over does not take the place of one that is in force', async () => {
    const policy = policyOf(lists);
    const approval = {
      from: { users: new Set(['U0ALICE']), groups: new Set<string>() },
      count: 1,
      requesterMayApprove: false,
      withinMs: 10 * minutes,
    };
    await using scene = await openScene();
    const id = await frozen(scene);
    scene.setPolicy({ ...policy, rules: policy.rules.map((rule) => ({ ...rule, approval })) });
    const short = await frozen(scene, scene.world.now + minutes);
    await scene.pass(2 * minutes);
    await scene.press(short, 'U0ALICE');
    await scene.quiet();
    expect(await scene.request(short)).toMatchObject({ end: { outcome: 'refused', because: { kind: 'freeze_over' } } });
    expect(await scene.request(await asked(scene, 'start'))).toMatchObject(held(id));
  });

  it('that nobody may put on does not take hold', async () => {
    await using scene = await openScene();
    const id = await scene.ask({ verb: 'freeze', workflowId: '*', until: noon + hours }, 'U0EVE');
    await scene.quiet();
    expect(await scene.request(id)).toMatchObject({ end: { because: { refusal: { reason: 'not_permitted' } } } });
    await asked(scene, 'start');
    expect(scene.world.sent).toHaveLength(1);
  });

  it('takes the place of a lifting that waits for its confirmation', async () => {
    const policy = policyOf(lists);
    const approval = {
      from: { users: new Set(['U0ALICE']), groups: new Set<string>() },
      count: 1,
      requesterMayApprove: false,
      withinMs: 10 * minutes,
    };
    const careful: Policy = {
      ...policy,
      rules: policy.rules.flatMap((rule) => [
        { ...rule, actions: new Set(['unfreeze'] as const), approval },
        { ...rule, actions: rule.actions.difference(new Set(['unfreeze'])) },
      ]),
    };
    await using scene = await openScene({ policy: careful });
    await frozen(scene);
    const lifting = await lifted(scene);
    expect(await scene.request(lifting)).toMatchObject({ state: 'awaiting_approval' });
    await scene.pass(minutes);
    const id = await frozen(scene, noon + 2 * hours);
    expect(await scene.request(lifting)).toMatchObject({ state: 'superseded' });
    expect(await scene.request(await asked(scene, 'start'))).toMatchObject(held(id));
  });
});

describe('a start that waited when the freeze came', () => {
  const asking = (): Policy => {
    const policy = policyOf(lists);
    const approval = {
      from: { users: new Set<string>(), groups: new Set(['S0LEADS']) },
      count: 1,
      requesterMayApprove: false,
      withinMs: 3 * hours,
    };
    return {
      ...policy,
      rules: policy.rules
        .map((rule) => (rule.actions.has('start') ? { ...rule, approval } : rule))
        .flatMap((rule) =>
          rule.approval === approval
            ? [
                { ...rule, actions: new Set(['start'] as const) },
                { ...rule, actions: rule.actions.difference(new Set(['start'])), approval: null },
              ]
            : [rule],
        ),
    };
  };

  it('cannot be confirmed while it lasts, and can be then', async () => {
    await using scene = await openScene({ policy: asking() });
    const id = await asked(scene, 'start');
    const freeze = await frozen(scene);
    await scene.press(id, 'U0CAROL');
    await scene.quiet();
    expect(scene.world.told).toMatchObject([
      { to: 'U0CAROL', refusal: { kind: 'access', refusal: { reason: 'frozen', request: freeze } } },
    ]);
    expect(await scene.request(id)).toMatchObject({ state: 'awaiting_approval' });
    await lifted(scene);
    await scene.press(id, 'U0CAROL');
    await scene.quiet();
    expect(scene.world.sent).toHaveLength(1);
  });

  it('is not sent although it was confirmed before, and the thread says why', async () => {
    await using scene = await openScene({ policy: asking() });
    const id = await asked(scene, 'start');
    const busy = { status: 429, text: null, adobeRequestId: null };
    scene.world.answers.send.push({ kind: 'not_reached', reason: 'gateway_busy', retryAfterMs: 5_000, answer: busy });
    await scene.press(id, 'U0CAROL');
    await scene.quiet();
    const freeze = await frozen(scene);
    await scene.pass(10 * minutes);
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject(held(freeze));
    expect(scene.world.messages.filter(({ request }) => request === id)).toMatchObject([
      { shows: 'refused' },
      { kind: 'outcome', shows: 'refused' },
    ]);
  });

  it('is not sent although the freeze came when its rights had been looked at for the last time', async () => {
    await using scene = await openScene();
    const looking = scene.gate('place');
    const [asking, sending] = [looking, scene.gate('place')];
    const id = await scene.ask({ verb: 'start' });
    scene.wake();
    asking.open();
    await sending.reached;
    const freeze = await scene.ask(
      { verb: 'freeze', workflowId: '*', reason: 'wrong audience', until: noon + 2 * hours },
      'U0BOB',
    );
    scene.wake();
    await scene.quiet(1);
    expect(await scene.request(freeze)).toMatchObject({ state: 'accepted' });
    sending.open();
    await scene.pass(minutes);
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject(held(freeze));
  });
});
