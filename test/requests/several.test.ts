import { describe, expect, it } from '@jest/globals';
import type { Policy } from '../../src/access/policy.ts';
import type { DispatchResult } from '../../src/requests/attempt-results.ts';
import type { ProbeResult } from '../../src/requests/events.ts';
import type { State } from '../../src/requests/outcome.ts';
import { newDatabase } from '../postgres/new-database.ts';
import { engines } from './ledger/ledger.fixture.ts';
import { newLedgerPath } from './scene/ledger-path.fixture.ts';
import { lists, minutes, openScene, policyOf, type Scene, type Several } from './scene/scene.fixture.ts';
import { unknown } from './scene/world.fixture.ts';

const three = ['WKF110', 'WKF111', 'WKF112'] as const;

const shows = (reading: 'in_progress' | 'warning'): ProbeResult => ({
  kind: 'seen',
  reading,
  field: 'logicalStatus',
  raw: reading,
});

const rejected: DispatchResult = {
  kind: 'rejected',
  reason: 'bad_request',
  answer: { status: 400, text: 'no', adobeRequestId: null },
};

async function asked(scene: Scene, workflows: readonly string[] = three): Promise<Several> {
  const several = await scene.submitSeveral(workflows);
  await scene.untilIdle();
  return several;
}

async function statesOf(scene: Scene, { batch, items }: Several): Promise<readonly State[]> {
  return Promise.all([batch, ...items].map(async (id) => (await scene.request(id)).state));
}

function sent({ world }: Scene): readonly string[] {
  return world.sent.map(({ workflowId, command }) => `${command} ${workflowId}`).sort();
}

function shownIn({ world }: Scene): readonly string[] {
  return world.messages.map(({ kind, request, shows: state }) => `${kind} ${request} ${state}`);
}

describe.each(engines)('several at once, with %s', (engine) => {
  const open = async (onPortCall?: (moment: string) => void) =>
    openScene({
      ...(onPortCall && { onPortCall }),
      database:
        engine === 'sqlite'
          ? { kind: 'sqlite', path: newLedgerPath() }
          : { kind: 'postgres', url: await newDatabase() },
    });

  it('has one question, one send for each workflow, one list of outcomes, one follow-up', async () => {
    await using scene = await open();
    const several = await asked(scene);
    const { batch, items } = several;
    expect(await statesOf(scene, several)).toEqual(['awaiting_approval', 'announced', 'announced', 'announced']);
    expect(sent(scene)).toEqual([]);
    await scene.press(batch, 'U0CAROL');
    await scene.advanceTime(minutes);
    expect(sent(scene)).toEqual(three.map((workflow) => `stop ${workflow}`));
    expect(await statesOf(scene, several)).toEqual(['completed', 'accepted', 'accepted', 'accepted']);
    await scene.advanceTime(11 * minutes);
    expect(shownIn(scene)).toEqual([
      `announcement ${batch} completed`,
      `outcome ${batch} completed`,
      `follow_up ${batch} completed`,
    ]);
    expect(scene.counted.ended).toEqual(['accepted', 'accepted', 'accepted']);
    for (const item of items) {
      const { approval, grant, outcomePost } = await scene.request(item);
      expect([approval?.by, grant?.rule]).toEqual(['U0CAROL', 'CAMPAIGN_WF_USERS, stop']);
      expect(outcomePost.done).toMatchObject({ via: 'thread' });
    }
    expect(await scene.ledger.nextDueAt()).toBeNull();
  });

  it('asks the requester of several pauses, which by itself none would need', async () => {
    await using scene = await open();
    const { batch } = await scene.submitSeveral(three, { verb: 'pause' });
    await scene.untilIdle();
    expect((await scene.request(batch)).grant?.approvers).toEqual({ users: ['U0ALICE'], groups: [] });
    await scene.press(batch, 'U0BOB');
    await scene.untilIdle();
    expect(sent(scene)).toEqual([]);
    await scene.press(batch, 'U0ALICE');
    await scene.advanceTime(minutes);
    expect(sent(scene)).toEqual(three.map((workflow) => `pause ${workflow}`));
  });

  it('refuses several starts unless the rule permits them', async () => {
    await using scene = await open();
    const { batch } = await scene.submitSeveral(three, { verb: 'start' });
    await scene.untilIdle();
    expect((await scene.request(batch)).end).toMatchObject({
      outcome: 'refused',
      because: { kind: 'access', refusal: { reason: 'one_at_a_time', rule: 'CAMPAIGN_WF_USERS' } },
    });
    const policy = policyOf(lists);
    const several: Policy = { ...policy, rules: policy.rules.map((rule) => ({ ...rule, startsSeveral: true })) };
    scene.setPolicy(several);
    const again = await scene.submitSeveral(three, { verb: 'start' });
    await scene.untilIdle();
    await scene.press(again.batch, 'U0ALICE');
    await scene.advanceTime(minutes);
    expect(sent(scene)).toEqual(three.map((workflow) => `start ${workflow}`));
  });

  it('ends what cannot be asked about before the question, and asks about the rest', async () => {
    await using scene = await open();
    await scene.submit({ workflowId: 'WKF111' });
    await scene.untilIdle();
    const several = await asked(scene);
    expect(await statesOf(scene, several)).toEqual(['awaiting_approval', 'announced', 'refused', 'announced']);
    expect((await scene.request(several.items[1] ?? '')).end?.because.kind).toBe('busy');
    await scene.press(several.batch, 'U0CAROL');
    await scene.advanceTime(minutes);
    expect(sent(scene)).toEqual(['stop WKF110', 'stop WKF112']);
    expect(await statesOf(scene, several)).toEqual(['completed', 'accepted', 'refused', 'accepted']);
  });

  it('announces nothing where nothing can be asked, and tells the requester why', async () => {
    await using scene = await open();
    scene.world.answers.probe.push(...three.map((): ProbeResult => ({ kind: 'not_found' })));
    const several = await asked(scene);
    expect(await statesOf(scene, several)).toEqual(['refused', 'refused', 'refused', 'refused']);
    expect(scene.world.messages).toEqual([]);
    expect(scene.world.privateMessages).toEqual([
      { how: 'private', request: several.batch, to: 'U0ALICE', outcome: 'refused' },
    ]);
  });

  it('is cancelled as a whole', async () => {
    await using scene = await open();
    const several = await asked(scene);
    await scene.press(several.batch, 'U0DAVE', 'cancel');
    await scene.untilIdle();
    expect(await statesOf(scene, several)).toEqual(['cancelled', 'cancelled', 'cancelled', 'cancelled']);
    expect(sent(scene)).toEqual([]);
  });

  it('expires as a whole', async () => {
    await using scene = await open();
    const several = await asked(scene);
    await scene.advanceTime(6 * minutes);
    expect(await statesOf(scene, several)).toEqual(['expired', 'expired', 'expired', 'expired']);
    expect(sent(scene)).toEqual([]);
    expect(shownIn(scene)).toEqual([`announcement ${several.batch} expired`, `outcome ${several.batch} expired`]);
  });

  it('is not decided by one of its items', async () => {
    await using scene = await open();
    const { batch, items } = await asked(scene);
    for (const choice of ['approve', 'cancel'] as const) {
      expect(await scene.press(items[0] ?? '', 'U0CAROL', choice)).toMatchObject({ kind: 'one_of_several', batch });
    }
    await scene.untilIdle();
    expect(sent(scene)).toEqual([]);
  });

  it('asks again, once, where one of the workflows has changed', async () => {
    await using scene = await open();
    scene.world.answers.probe.push(shows('in_progress'), shows('in_progress'), shows('in_progress'));
    const several = await asked(scene);
    scene.world.answers.probe.push(shows('in_progress'), shows('warning'), shows('in_progress'));
    await scene.press(several.batch, 'U0CAROL');
    await scene.untilIdle();
    const { changed, state } = await scene.request(several.batch);
    expect([state, changed]).toEqual([
      'awaiting_approval',
      expect.objectContaining({ before: 'in_progress', now: 'warning', item: several.items[1] }),
    ]);
    expect(sent(scene)).toEqual([]);
    await scene.press(several.batch, 'U0CAROL');
    await scene.advanceTime(minutes);
    expect(sent(scene)).toHaveLength(3);
  });

  it('leaves out a workflow that was stopped by another command meanwhile', async () => {
    await using scene = await open();
    const several = await asked(scene);
    const alone = await scene.submit({ workflowId: 'WKF111' }, 'U0BOB');
    await scene.untilIdle();
    await scene.press(alone, 'U0CAROL');
    await scene.untilIdle();
    expect(await statesOf(scene, several)).toEqual(['awaiting_approval', 'announced', 'superseded', 'announced']);
    const { grant } = await scene.request(several.batch);
    expect(grant?.items?.map(({ request }) => request)).toEqual([several.items[0], several.items[2]]);
    await scene.press(several.batch, 'U0CAROL');
    await scene.advanceTime(minutes);
    expect(sent(scene)).toEqual(['stop WKF110', 'stop WKF111', 'stop WKF112']);
    expect(await statesOf(scene, several)).toEqual(['completed', 'accepted', 'superseded', 'accepted']);
  });

  it('has an outcome for each: one is accepted, one rejected, one unknown', async () => {
    await using scene = await open();
    const several = await asked(scene);
    scene.world.answers.send.push(rejected, unknown);
    await scene.press(several.batch, 'U0CAROL');
    await scene.advanceTime(minutes);
    const [batch, ...items] = await statesOf(scene, several);
    expect(batch).toBe('completed');
    expect(items.toSorted()).toEqual(['accepted', 'rejected', 'unknown']);
    expect(scene.world.sent).toHaveLength(3);
  });

  const busy: DispatchResult = {
    kind: 'not_reached',
    reason: 'gateway_unavailable',
    retryAfterMs: 20_000,
    answer: { status: 503, text: null, adobeRequestId: null },
  };

  it('waits for an item that is sent again', async () => {
    await using scene = await open();
    const several = await asked(scene);
    scene.world.answers.send.push(busy);
    await scene.press(several.batch, 'U0CAROL');
    await scene.advanceTime(5_000);
    expect((await statesOf(scene, several)).toSorted()).toEqual(['accepted', 'accepted', 'approved', 'approved']);
    expect(scene.world.messages[0]?.shows).toBe('retrying');
    await scene.advanceTime(minutes);
    expect(await statesOf(scene, several)).toEqual(['completed', 'accepted', 'accepted', 'accepted']);
    expect(scene.world.sent).toHaveLength(4);
  });

  it('keeps running what is not sent yet, and tells what became of the rest', async () => {
    await using scene = await open();
    const several = await asked(scene);
    scene.world.answers.send.push(busy);
    await scene.press(several.batch, 'U0CAROL');
    await scene.advanceTime(5_000);
    await scene.press(several.batch, 'U0ALICE', 'cancel');
    await scene.advanceTime(minutes);
    const [batch, ...items] = await statesOf(scene, several);
    expect([batch, items.toSorted()]).toEqual(['completed', ['accepted', 'accepted', 'cancelled']]);
    expect(await scene.events(several.batch, 'partly_cancelled')).toHaveLength(1);
    expect(scene.world.sent).toHaveLength(3);
  });

  it('takes why the rest was kept after the press, from whoever pressed, once', async () => {
    await using scene = await open();
    const { batch } = await asked(scene);
    const because = (by: string, reason: string) => scene.press(batch, by, 'cancel', { reason });
    scene.world.answers.send.push(busy);
    await scene.press(batch, 'U0CAROL');
    await scene.advanceTime(5_000);
    await scene.press(batch, 'U0ALICE', 'cancel');
    await scene.advanceTime(minutes);
    expect(await because('U0CAROL', 'mine')).toMatchObject({ kind: 'too_late' });
    for (const _twice of [1, 2])
      expect(await because('U0ALICE', 'the rest is right')).toMatchObject({ kind: 'reason_given' });
    expect(await because('U0ALICE', 'another')).toMatchObject({ kind: 'too_late' });
    await scene.advanceTime(11 * minutes);
    const { decisionReason, state, followUpPost } = await scene.request(batch);
    expect(decisionReason).toEqual({ by: 'U0ALICE', text: 'the rest is right', isLate: true });
    expect([state, followUpPost.done]).toEqual(['completed', true]);
  });

  it('is kept running as a whole where nothing was sent yet', async () => {
    await using scene = await open();
    const several = await asked(scene);
    scene.world.answers.send.push(busy, busy, busy);
    await scene.press(several.batch, 'U0CAROL');
    await scene.advanceTime(5_000);
    await scene.press(several.batch, 'U0ALICE', 'cancel');
    await scene.advanceTime(minutes);
    expect(await statesOf(scene, several)).toEqual(['cancelled', 'cancelled', 'cancelled', 'cancelled']);
    expect(scene.world.sent).toHaveLength(3);
  });

  it('holds what is not sent yet as soon as Keep running is recorded', async () => {
    await using scene = await open();
    const several = await asked(scene);
    const gates = three.map(() => scene.gate('prepare'));
    await scene.press(several.batch, 'U0CAROL');
    scene.wake();
    await Promise.all(gates.map(({ reached }) => reached));
    await scene.press(several.batch, 'U0ALICE', 'cancel');
    for (const gate of gates) gate.open();
    await scene.advanceTime(minutes);
    expect(sent(scene)).toEqual([]);
    expect(await statesOf(scene, several)).toEqual(['cancelled', 'cancelled', 'cancelled', 'cancelled']);
  });

  it('answers that it is too late once everything was sent', async () => {
    await using scene = await open();
    const several = await asked(scene);
    const gates = three.map(() => scene.gate('send'));
    await scene.press(several.batch, 'U0CAROL');
    scene.wake();
    await Promise.all(gates.map(({ reached }) => reached));
    await scene.press(several.batch, 'U0ALICE', 'cancel');
    await scene.untilIdle(3);
    for (const gate of gates) gate.open();
    await scene.advanceTime(minutes);
    expect(await statesOf(scene, several)).toEqual(['completed', 'accepted', 'accepted', 'accepted']);
    expect(await scene.events(several.batch, 'partly_cancelled')).toEqual([]);
    expect(scene.world.privateMessages).toContainEqual(expect.objectContaining({ how: 'press', to: 'U0ALICE' }));
  });

  it('says who may decide to somebody who presses before it is granted, or after everything was sent', async () => {
    await using scene = await open();
    await scene.suspend();
    const several = await scene.submitSeveral(three);
    await scene.press(several.batch, 'U0BOB', 'cancel');
    scene.resume();
    await scene.untilIdle();
    const gates = three.map(() => scene.gate('send'));
    await scene.press(several.batch, 'U0CAROL');
    scene.wake();
    await Promise.all(gates.map(({ reached }) => reached));
    await scene.press(several.batch, 'U0BOB', 'cancel');
    await scene.untilIdle(3);
    for (const gate of gates) gate.open();
    await scene.advanceTime(minutes);
    const refusals = (await scene.events(several.batch, 'press_refused')).map(({ data }) => data.refusal);
    const notAsked = { kind: 'access', refusal: { reason: 'not_an_approver' } };
    expect(refusals).toMatchObject([notAsked, notAsked]);
  });

  it('goes on with what is left after a change, however many were stopped by themselves', async () => {
    await using scene = await open();
    scene.world.answers.probe.push(shows('in_progress'), shows('in_progress'), shows('in_progress'));
    const several = await asked(scene);
    const stopAlone = async (workflowId: string) => {
      const alone = await scene.submit({ workflowId }, 'U0BOB');
      await scene.untilIdle();
      await scene.press(alone, 'U0CAROL');
      await scene.untilIdle();
    };
    await stopAlone('WKF111');
    scene.world.answers.probe.push(shows('warning'), shows('warning'));
    await scene.press(several.batch, 'U0CAROL');
    await scene.untilIdle();
    expect((await scene.request(several.batch)).changed).not.toBeNull();
    await stopAlone('WKF112');
    expect(await statesOf(scene, several)).toEqual(['awaiting_approval', 'announced', 'superseded', 'superseded']);
    await scene.press(several.batch, 'U0CAROL');
    await scene.advanceTime(minutes);
    expect(sent(scene)).toEqual(['stop WKF110', 'stop WKF111', 'stop WKF112']);
  });

  it('is superseded where each of its workflows was stopped by itself', async () => {
    await using scene = await open();
    const several = await asked(scene, ['WKF110', 'WKF111']);
    for (const workflowId of ['WKF110', 'WKF111']) {
      const alone = await scene.submit({ workflowId }, 'U0BOB');
      await scene.untilIdle();
      await scene.press(alone, 'U0CAROL');
      await scene.untilIdle();
    }
    expect(await statesOf(scene, several)).toEqual(['superseded', 'superseded', 'superseded']);
    expect(scene.world.sent).toHaveLength(2);
  });

  it('reads nothing at Campaign while another command is being sent to one of them', async () => {
    const moments: string[] = [];
    await using scene = await open((moment) => moments.push(moment));
    const { batch } = await scene.submitSeveral(three, { verb: 'pause' });
    await scene.untilIdle();
    const sending = scene.gate('send');
    await scene.submit({ verb: 'pause', workflowId: 'WKF111' }, 'U0BOB');
    scene.wake();
    await sending.reached;
    const before = moments.length;
    await scene.press(batch, 'U0ALICE');
    await scene.untilIdle(1);
    expect(moments.slice(before)).not.toContain('before probe');
    expect((await scene.request(batch)).presses).toHaveLength(1);
    sending.open();
    await scene.advanceTime(minutes);
    expect(sent(scene)).toEqual(['pause WKF110', 'pause WKF111', 'pause WKF111', 'pause WKF112']);
  });

  it('refuses only the workflow for which a right is lost meanwhile', async () => {
    await using scene = await open();
    const several = await asked(scene);
    const policy = policyOf(lists);
    scene.setPolicy({ ...policy, protectedWorkflows: new Set(['wkf111']) });
    await scene.press(several.batch, 'U0CAROL');
    await scene.advanceTime(minutes);
    expect(await statesOf(scene, several)).toEqual(['completed', 'accepted', 'refused', 'accepted']);
    expect(sent(scene)).toEqual(['stop WKF110', 'stop WKF112']);
  });

  it('has its texts erased as a whole, by the batch or by an item', async () => {
    await using scene = await open();
    for (const which of ['batch', 'item'] as const) {
      const several = await asked(scene, ['WKF110', 'WKF111']);
      const { batch, items } = several;
      expect(await scene.ledger.eraseText(batch, { by: 'eve', because: 'asked' })).toEqual({ kind: 'still_open' });
      await scene.press(batch, 'U0CAROL', 'cancel');
      await scene.untilIdle();
      const id = which === 'batch' ? batch : (items[0] ?? '');
      expect((await scene.ledger.eraseText(id, { by: 'eve', because: 'asked' })).kind).toBe('erased');
      for (const one of [batch, ...items]) expect((await scene.request(one)).order.reason).toBeNull();
    }
  });

  it('counts as one open request', async () => {
    await using scene = await open();
    await asked(scene);
    const requested = { requester: 'U0ALICE', team: 'T0ACME', channel: 'C0OPS', interaction: 'next' } as const;
    const { order } = await scene.request((await asked(scene, ['WKF210', 'WKF211'])).items[0] ?? '');
    const next = { id: 'NEXT0001', requested: { ...requested, order: { ...order, workflowId: 'WKF999' } } };
    const signal = new AbortController().signal;
    expect((await scene.ledger.submitWithin(2, next, signal)).kind).toBe('too_many_open');
    expect((await scene.ledger.submitWithin(3, next, signal)).kind).toBe('recorded');
  });

  it('is found by its workflows, and not twice', async () => {
    await using scene = await open();
    const { items } = await asked(scene);
    const all = { channel: 'C0OPS', refused: false, limit: 50 };
    const found = await scene.ledger.recent({ ...all, workflowKey: null });
    expect(found.map(({ id }) => id).toSorted()).toEqual(items.toSorted());
    const [one] = await scene.ledger.recent({ ...all, workflowKey: 'acme/wkf111' });
    expect(one?.id).toBe(items[1]);
  });
});

describe('several at once that need different confirmations', () => {
  it('asks about those that need the same as the first, and says so of the rest', async () => {
    const policy = policyOf(lists);
    const [first, stops, ...rest] = policy.rules;
    if (first === undefined || stops === undefined) throw new Error('the policy has no rules');
    const own = { ...stops, name: 'own', workflows: [{ id: 'WKF111', environment: null }], approval: null };
    await using scene = await openScene({ policy: { ...policy, rules: [own, first, stops, ...rest] } });
    const several = await asked(scene);
    expect(await statesOf(scene, several)).toEqual(['awaiting_approval', 'announced', 'refused', 'announced']);
    expect((await scene.request(several.items[1] ?? '')).end?.because).toEqual({ kind: 'other_approval' });
    await scene.press(several.batch, 'U0CAROL');
    await scene.advanceTime(minutes);
    expect(sent(scene)).toEqual(['stop WKF110', 'stop WKF112']);
  });

  it('needs all confirmations for each of them', async () => {
    const policy = policyOf(lists);
    const rules = policy.rules.map((rule) => ({
      ...rule,
      approval: rule.approval && { ...rule.approval, count: 2 },
    }));
    await using scene = await openScene({ policy: { ...policy, rules } });
    const several = await asked(scene);
    await scene.press(several.batch, 'U0CAROL');
    await scene.untilIdle();
    expect(sent(scene)).toEqual([]);
    await scene.press(several.batch, 'U0DAVE');
    await scene.advanceTime(minutes);
    expect(sent(scene)).toHaveLength(3);
    const { confirmations, approval } = await scene.request(several.items[0] ?? '');
    expect([...confirmations.map(({ by }) => by), approval?.by]).toEqual(['U0CAROL', 'U0DAVE']);
  });
});
