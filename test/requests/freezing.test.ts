import { describe, expect, it } from '@jest/globals';
import { frozenByDefault } from '../../src/access/freeze-windows.ts';
import type { Policy } from '../../src/access/policy.ts';
import { endedAs, noon } from './events.fixture.ts';
import { submission, written } from './ledger/ledger.fixture.ts';
import { underWay } from './request.fixture.ts';
import { lists, minutes, openScene, policyOf, type Scene } from './scene/scene.fixture.ts';

const hours = 60 * minutes;

/** Alice freezes only with a lead's confirmation, Bob at once. */
const carefulFreezes: Policy = {
  ...policyOf(lists),
  rules: policyOf(lists).rules.flatMap((rule) => [
    {
      ...rule,
      people: { users: new Set(['U0ALICE']), groups: new Set() },
      actions: rule.actions.intersection(new Set(['freeze'])),
      approval: {
        from: { users: new Set<string>(), groups: new Set(['S0LEADS']) },
        count: 1,
        requesterMayApprove: false,
        withinMs: 10 * minutes,
      },
    },
    rule,
  ]),
};

/** What happens to a freeze that is put on past all the checks. */
const takenHold = [...underWay.slice(1), { type: 'dispatching', data: { attempt: 1 } }, endedAs('accepted')] as const;

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

  it.each([
    ['a longer', 2 * hours],
    ['one that ends at the same time', 1 * hours],
  ])('is replaced by %s', async (_, lasts) => {
    await using scene = await openScene();
    await frozen(scene, noon + 1 * hours);
    await scene.pass(minutes);
    const id = await frozen(scene, noon + lasts);
    expect(await scene.request(await asked(scene, 'start'))).toMatchObject({
      end: { because: { refusal: { request: id, until: noon + lasts } } },
    });
  });

  it('is not shortened by another one: that is refused before it is announced, and told until when it is frozen', async () => {
    await using scene = await openScene();
    const long = await frozen(scene, noon + 2 * hours);
    const announced = scene.world.messages.length;
    const short = await frozen(scene, noon + minutes);
    expect(await scene.request(short)).toMatchObject({
      end: { outcome: 'refused', because: { kind: 'frozen_longer', request: long, until: noon + 2 * hours } },
    });
    expect(scene.world.messages).toHaveLength(announced);
    await scene.pass(2 * minutes);
    expect(await scene.request(await asked(scene, 'start'))).toMatchObject(held(long));
    await lifted(scene);
    const shorter = await frozen(scene, scene.world.now + minutes);
    expect(await scene.request(shorter)).toMatchObject({ state: 'accepted' });
  });

  it('is not shortened in another environment by that of this one, nor once its own time is over', async () => {
    await using scene = await openScene();
    await frozen(scene, noon + 10 * minutes);
    const order = { verb: 'freeze', workflowId: '*', until: noon + minutes } as const;
    const other = await scene.ask({ ...order, organization: 'acme-stage' });
    await scene.pass(10 * minutes);
    const later = await scene.ask({ ...order, until: scene.world.now + 1_000 });
    await scene.quiet();
    for (const id of [other, later]) expect(await scene.request(id)).toMatchObject({ state: 'accepted' });
  });

  it('is not shortened by one whose rights were being looked at when it took hold', async () => {
    await using scene = await openScene();
    const looking = scene.gate('place');
    const short = await scene.ask({ verb: 'freeze', workflowId: '*', until: noon + minutes });
    scene.wake();
    await looking.reached;
    const long = await scene.ask({ verb: 'freeze', workflowId: '*', until: noon + 2 * hours }, 'U0BOB');
    await scene.quiet(1);
    expect(await scene.request(long)).toMatchObject({ state: 'accepted' });
    looking.open();
    await scene.quiet();
    expect(await scene.request(short)).toMatchObject({ end: { because: { kind: 'frozen_longer', request: long } } });
  });

  it('is not shortened by one that waited for its confirmation meanwhile, however it took hold', async () => {
    await using scene = await openScene({ policy: carefulFreezes });
    const short = await scene.ask({ verb: 'freeze', workflowId: '*', until: noon + hours });
    await scene.quiet();
    const order = { verb: 'freeze', workflowId: '*', until: noon + 2 * hours } as const;
    const { id: long } = await written(scene.ledger, submission('LONG0001', order), ...takenHold);
    await scene.press(short, 'U0CAROL');
    await scene.quiet();
    expect(await scene.request(short)).toMatchObject({ end: { because: { kind: 'frozen_longer', request: long } } });
    expect(await scene.request(await asked(scene, 'start'))).toMatchObject({
      end: { because: { refusal: { reason: 'frozen', request: long } } },
    });
  });

  it('that needs nobody’s confirmation takes the place of one that waits for it, whose thread says so', async () => {
    await using scene = await openScene({ policy: carefulFreezes });
    const waits = await scene.ask({ verb: 'freeze', workflowId: '*', until: noon + minutes });
    await scene.quiet();
    const id = await frozen(scene);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted' });
    expect(await scene.request(waits)).toMatchObject({ end: { because: { kind: 'superseded', by: id } } });
    expect(scene.world.messages.filter(({ request }) => request === waits)).toMatchObject([
      { kind: 'announcement', shows: 'superseded' },
      { kind: 'outcome', shows: 'superseded' },
    ]);
    expect(await scene.request(await asked(scene, 'start'))).toMatchObject(held(id));
  });

  it('that is refused takes the place of none', async () => {
    await using scene = await openScene({ policy: carefulFreezes });
    await frozen(scene);
    const waits = await scene.ask({ verb: 'freeze', workflowId: '*', until: noon + 3 * hours });
    await scene.quiet();
    await frozen(scene, noon + minutes);
    expect(await scene.request(waits)).toMatchObject({ state: 'awaiting_approval' });
  });

  it('that has to be confirmed waits for no question of somebody else; the first that is confirmed takes hold', async () => {
    const rules = carefulFreezes.rules.map((rule) => ({ ...rule, people: lists.users }));
    await using scene = await openScene({ policy: { ...carefulFreezes, rules } });
    const order = { verb: 'freeze', workflowId: '*', until: noon + hours } as const;
    const absent = await scene.ask(order);
    await scene.quiet();
    const id = await scene.ask(order, 'U0BOB');
    await scene.quiet();
    for (const one of [absent, id]) expect(await scene.request(one)).toMatchObject({ state: 'awaiting_approval' });
    await scene.press(id, 'U0CAROL');
    await scene.quiet();
    expect(await scene.request(id)).toMatchObject({ state: 'accepted' });
    expect(await scene.request(absent)).toMatchObject({ end: { because: { kind: 'superseded', by: id } } });
  });

  it('that is asked for twice by the same person is one question', async () => {
    await using scene = await openScene({ policy: carefulFreezes });
    const first = await scene.ask({ verb: 'freeze', workflowId: '*', until: noon + hours });
    await scene.quiet();
    const second = await scene.ask({ verb: 'freeze', workflowId: '*', until: noon + hours });
    await scene.quiet();
    expect(await scene.request(first)).toMatchObject({ state: 'awaiting_approval' });
    expect(await scene.request(second)).toMatchObject({ end: { because: { kind: 'busy', request: first } } });
  });

  it('that is confirmed when its time is over does not take hold', async () => {
    await using scene = await openScene({ policy: carefulFreezes });
    const id = await scene.ask({ verb: 'freeze', workflowId: '*', until: noon + minutes });
    await scene.pass(2 * minutes);
    await scene.press(id, 'U0CAROL');
    await scene.quiet();
    expect(await scene.request(id)).toMatchObject({ end: { outcome: 'refused', because: { kind: 'freeze_over' } } });
    await asked(scene, 'start');
    expect(scene.world.sent).toHaveLength(1);
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

  it('is not sent although a freeze of the configuration begins while those who confirmed are looked up', async () => {
    const times = { kind: 'period', from: noon + 10_000, until: noon + hours } as const;
    const freeze = { environments: new Set(['prod']), verbs: frozenByDefault, because: 'Restart', time: times };
    await using scene = await openScene({ policy: { ...asking(), freezes: [freeze] } });
    // The requester; both, when it is confirmed; the requester, and then who confirmed it, before it is sent.
    const lookups = Array.from({ length: 5 }, () => scene.gate('person'));
    for (const { open } of lookups.slice(0, 4)) open();
    const id = await asked(scene, 'start');
    await scene.press(id, 'U0CAROL');
    await lookups.at(-1)?.reached;
    scene.leap(15_000);
    lookups.at(-1)?.open();
    await scene.pass(minutes);
    expect(scene.world.sent).toEqual([]);
    const refusal = { reason: 'frozen', because: 'Restart', until: noon + hours, request: null };
    expect((await scene.request(id)).end?.because).toEqual({ kind: 'access', refusal });
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
