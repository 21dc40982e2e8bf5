import { describe, expect, it } from '@jest/globals';
import { frozenByDefault } from '../../src/access/freeze-windows.ts';
import type { Policy } from '../../src/access/policy.ts';
import { endedAs, noon } from './events.fixture.ts';
import { storeRequest, submission } from './ledger/ledger.fixture.ts';
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

/** The events of a freeze in force, recorded without any checks. */
const inForce = [...underWay.slice(1), { type: 'dispatching', data: { attempt: 1 } }, endedAs('accepted')] as const;

async function frozen(scene: Scene, until = scene.world.now + 2 * hours): Promise<string> {
  const id = await scene.submit({ verb: 'freeze', workflowId: '*', reason: 'wrong audience', until }, 'U0BOB');
  await scene.untilIdle();
  return id;
}

async function lifted(scene: Scene): Promise<string> {
  await scene.advanceTime(1_000);
  const id = await scene.submit({ verb: 'unfreeze', workflowId: '*', reason: '' }, 'U0BOB');
  await scene.untilIdle();
  return id;
}

async function asked(scene: Scene, verb: 'start' | 'pause' | 'resume' | 'stop', rest = {}): Promise<string> {
  const id = await scene.submit({ verb, ...rest });
  await scene.untilIdle();
  return id;
}

const held = (request: string) => ({
  end: {
    outcome: 'refused',
    because: { refusal: { reason: 'frozen', because: 'wrong audience', request, until: noon + 2 * hours } },
  },
});

describe('a freeze', () => {
  it('is announced, takes effect, and refuses starts and resumes of its environment alone', async () => {
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
    await scene.untilIdle();
    expect(scene.world.sent.map(({ command }) => command)).toEqual(['start', 'pause', 'stop']);
  });

  it('is not sent to Campaign, and not observed', async () => {
    await using scene = await openScene();
    await frozen(scene);
    await lifted(scene);
    await scene.advanceTime(20 * minutes);
    expect(scene.world).toMatchObject({ sent: [], observedAt: [] });
  });

  it('survives a restart', async () => {
    const first = await openScene();
    const id = await frozen(first);
    await first[Symbol.asyncDispose]();
    await using scene = await openScene({ path: first.path, world: first.world });
    expect(await scene.request(await asked(scene, 'start'))).toMatchObject(held(id));
  });

  it('ends at its time', async () => {
    await using scene = await openScene();
    await frozen(scene);
    await scene.advanceTime(2 * hours);
    await asked(scene, 'start');
    expect(scene.world.sent).toHaveLength(1);
  });

  it('can be lifted once, and then there is nothing to lift', async () => {
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
    await scene.advanceTime(minutes);
    const id = await frozen(scene, noon + lasts);
    expect(await scene.request(await asked(scene, 'start'))).toMatchObject({
      end: { because: { refusal: { request: id, until: noon + lasts } } },
    });
  });

  it('is not shortened by another one, which is refused before its announcement with the end of the freeze', async () => {
    await using scene = await openScene();
    const long = await frozen(scene, noon + 2 * hours);
    const announced = scene.world.messages.length;
    const short = await frozen(scene, noon + minutes);
    expect(await scene.request(short)).toMatchObject({
      end: { outcome: 'refused', because: { kind: 'frozen_longer', request: long, until: noon + 2 * hours } },
    });
    expect(scene.world.messages).toHaveLength(announced);
    await scene.advanceTime(2 * minutes);
    expect(await scene.request(await asked(scene, 'start'))).toMatchObject(held(long));
    await lifted(scene);
    const shorter = await frozen(scene, scene.world.now + minutes);
    expect(await scene.request(shorter)).toMatchObject({ state: 'accepted' });
  });

  it('does not refuse a shorter one in another environment, or after its own end', async () => {
    await using scene = await openScene();
    await frozen(scene, noon + 10 * minutes);
    const order = { verb: 'freeze', workflowId: '*', until: noon + minutes } as const;
    const other = await scene.submit({ ...order, organization: 'acme-stage' });
    await scene.advanceTime(10 * minutes);
    const later = await scene.submit({ ...order, until: scene.world.now + 1_000 });
    await scene.untilIdle();
    for (const id of [other, later]) expect(await scene.request(id)).toMatchObject({ state: 'accepted' });
  });

  it('is not shortened by one that was being authorized when it took effect', async () => {
    await using scene = await openScene();
    const looking = scene.gate('place');
    const short = await scene.submit({ verb: 'freeze', workflowId: '*', until: noon + minutes });
    scene.wake();
    await looking.reached;
    const long = await scene.submit({ verb: 'freeze', workflowId: '*', until: noon + 2 * hours }, 'U0BOB');
    await scene.untilIdle(1);
    expect(await scene.request(long)).toMatchObject({ state: 'accepted' });
    looking.open();
    await scene.untilIdle();
    expect(await scene.request(short)).toMatchObject({ end: { because: { kind: 'frozen_longer', request: long } } });
  });

  it('is not shortened by one that waited for its confirmation meanwhile, however it took effect', async () => {
    await using scene = await openScene({ policy: carefulFreezes });
    const short = await scene.submit({ verb: 'freeze', workflowId: '*', until: noon + hours });
    await scene.untilIdle();
    const order = { verb: 'freeze', workflowId: '*', until: noon + 2 * hours } as const;
    const { id: long } = await storeRequest(scene.ledger, submission('LONG0001', order), ...inForce);
    await scene.press(short, 'U0CAROL');
    await scene.untilIdle();
    expect(await scene.request(short)).toMatchObject({ end: { because: { kind: 'frozen_longer', request: long } } });
    expect(await scene.request(await asked(scene, 'start'))).toMatchObject({
      end: { because: { refusal: { reason: 'frozen', request: long } } },
    });
  });

  it('that needs no confirmation supersedes one that waits for its confirmation, whose thread says so', async () => {
    await using scene = await openScene({ policy: carefulFreezes });
    const waits = await scene.submit({ verb: 'freeze', workflowId: '*', until: noon + minutes });
    await scene.untilIdle();
    const id = await frozen(scene);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted' });
    expect(await scene.request(waits)).toMatchObject({ end: { because: { kind: 'superseded', by: id } } });
    expect(scene.world.messages.filter(({ request }) => request === waits)).toMatchObject([
      { kind: 'announcement', shows: 'superseded' },
      { kind: 'outcome', shows: 'superseded' },
    ]);
    expect(await scene.request(await asked(scene, 'start'))).toMatchObject(held(id));
  });

  it('that is refused supersedes none', async () => {
    await using scene = await openScene({ policy: carefulFreezes });
    await frozen(scene);
    const waits = await scene.submit({ verb: 'freeze', workflowId: '*', until: noon + 3 * hours });
    await scene.untilIdle();
    await frozen(scene, noon + minutes);
    expect(await scene.request(waits)).toMatchObject({ state: 'awaiting_approval' });
  });

  it('that needs a confirmation does not wait for another person’s question; the first one confirmed takes effect', async () => {
    const rules = carefulFreezes.rules.map((rule) => ({ ...rule, people: lists.users }));
    await using scene = await openScene({ policy: { ...carefulFreezes, rules } });
    const order = { verb: 'freeze', workflowId: '*', until: noon + hours } as const;
    const absent = await scene.submit(order);
    await scene.untilIdle();
    const id = await scene.submit(order, 'U0BOB');
    await scene.untilIdle();
    for (const one of [absent, id]) expect(await scene.request(one)).toMatchObject({ state: 'awaiting_approval' });
    await scene.press(id, 'U0CAROL');
    await scene.untilIdle();
    expect(await scene.request(id)).toMatchObject({ state: 'accepted' });
    expect(await scene.request(absent)).toMatchObject({ end: { because: { kind: 'superseded', by: id } } });
  });

  it('requested twice by the same person is one question', async () => {
    await using scene = await openScene({ policy: carefulFreezes });
    const first = await scene.submit({ verb: 'freeze', workflowId: '*', until: noon + hours });
    await scene.untilIdle();
    const second = await scene.submit({ verb: 'freeze', workflowId: '*', until: noon + hours });
    await scene.untilIdle();
    expect(await scene.request(first)).toMatchObject({ state: 'awaiting_approval' });
    expect(await scene.request(second)).toMatchObject({ end: { because: { kind: 'busy', request: first } } });
  });

  it('confirmed after its own end does not take effect', async () => {
    await using scene = await openScene({ policy: carefulFreezes });
    const id = await scene.submit({ verb: 'freeze', workflowId: '*', until: noon + minutes });
    await scene.advanceTime(2 * minutes);
    await scene.press(id, 'U0CAROL');
    await scene.untilIdle();
    expect(await scene.request(id)).toMatchObject({ end: { outcome: 'refused', because: { kind: 'freeze_over' } } });
    await asked(scene, 'start');
    expect(scene.world.sent).toHaveLength(1);
  });

  it('that its requester may no longer request does not take effect', async () => {
    await using scene = await openScene();
    const id = await scene.submit({ verb: 'freeze', workflowId: '*', until: noon + hours }, 'U0EVE');
    await scene.untilIdle();
    expect(await scene.request(id)).toMatchObject({ end: { because: { refusal: { reason: 'not_permitted' } } } });
    await asked(scene, 'start');
    expect(scene.world.sent).toHaveLength(1);
  });

  it('supersedes an unfreeze that waits for its confirmation', async () => {
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
    await scene.advanceTime(minutes);
    const id = await frozen(scene, noon + 2 * hours);
    expect(await scene.request(lifting)).toMatchObject({ state: 'superseded' });
    expect(await scene.request(await asked(scene, 'start'))).toMatchObject(held(id));
  });
});

describe('a start that waited when the freeze took effect', () => {
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

  it('cannot be confirmed during the freeze, and can be afterwards', async () => {
    await using scene = await openScene({ policy: asking() });
    const id = await asked(scene, 'start');
    const freeze = await frozen(scene);
    await scene.press(id, 'U0CAROL');
    await scene.untilIdle();
    expect(scene.world.privateMessages).toMatchObject([
      { to: 'U0CAROL', refusal: { kind: 'access', refusal: { reason: 'frozen', request: freeze } } },
    ]);
    expect(await scene.request(id)).toMatchObject({ state: 'awaiting_approval' });
    await lifted(scene);
    await scene.press(id, 'U0CAROL');
    await scene.untilIdle();
    expect(scene.world.sent).toHaveLength(1);
  });

  it('is not sent although it was confirmed before, and the thread says why', async () => {
    await using scene = await openScene({ policy: asking() });
    const id = await asked(scene, 'start');
    const busy = { status: 429, text: null, adobeRequestId: null };
    scene.world.answers.send.push({ kind: 'not_reached', reason: 'gateway_busy', retryAfterMs: 5_000, answer: busy });
    await scene.press(id, 'U0CAROL');
    await scene.untilIdle();
    const freeze = await frozen(scene);
    await scene.advanceTime(10 * minutes);
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject(held(freeze));
    expect(scene.world.messages.filter(({ request }) => request === id)).toMatchObject([
      { shows: 'refused' },
      { kind: 'outcome', shows: 'refused' },
    ]);
  });

  it('is not sent when a freeze of the configuration begins during the look-up of those who confirmed', async () => {
    const times = { kind: 'period', from: noon + 10_000, until: noon + hours } as const;
    const freeze = { environments: new Set(['prod']), verbs: frozenByDefault, because: 'Restart', time: times };
    await using scene = await openScene({ policy: { ...asking(), freezes: [freeze] } });
    // One look-up of the requester, two with the confirmation, then the requester and the approver before the dispatch.
    const lookups = Array.from({ length: 5 }, () => scene.gate('person'));
    for (const { open } of lookups.slice(0, 4)) open();
    const id = await asked(scene, 'start');
    await scene.press(id, 'U0CAROL');
    await lookups.at(-1)?.reached;
    scene.skipTime(15_000);
    lookups.at(-1)?.open();
    await scene.advanceTime(minutes);
    expect(scene.world.sent).toEqual([]);
    const refusal = { reason: 'frozen', because: 'Restart', until: noon + hours, request: null };
    expect((await scene.request(id)).end?.because).toEqual({ kind: 'access', refusal });
  });

  it('is not sent when the freeze took effect after the last check of its rights', async () => {
    await using scene = await openScene();
    const looking = scene.gate('place');
    const [asking, sending] = [looking, scene.gate('place')];
    const id = await scene.submit({ verb: 'start' });
    scene.wake();
    asking.open();
    await sending.reached;
    const freeze = await scene.submit(
      { verb: 'freeze', workflowId: '*', reason: 'wrong audience', until: noon + 2 * hours },
      'U0BOB',
    );
    scene.wake();
    await scene.untilIdle(1);
    expect(await scene.request(freeze)).toMatchObject({ state: 'accepted' });
    sending.open();
    await scene.advanceTime(minutes);
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject(held(freeze));
  });
});
