import { describe, expect, it } from '@jest/globals';
import { frozenByDefault } from '../../src/access/freeze-windows.ts';
import type { DispatchResult } from '../../src/requests/attempt-results.ts';
import type { Order } from '../../src/requests/events.ts';
import type { CampaignReason } from '../../src/requests/outcome.ts';
import { copyLedger } from './scene/ledger-path.fixture.ts';
import { lists, minutes, noRules, openScene, policyOf, type Scene } from './scene/scene.fixture.ts';
import { finished, type Gate, newWorld, unknown } from './scene/world.fixture.ts';

function notReached(reason: CampaignReason, status: number | null, retryAfterMs: number | null = null): DispatchResult {
  return { kind: 'not_reached', reason, retryAfterMs, answer: { status, text: 'no', adobeRequestId: 'adobe-1' } };
}

const tokenExpired = notReached('token_expired', 401);
const busy = notReached('gateway_busy', 429, 5_000);
const unavailable = notReached('gateway_unavailable', 503, 5_000);
const noConnection = notReached('no_connection', null);

/** Submits a start with these results of its attempts. Resolves when nothing is left to do. */
async function startWith(scene: Scene, ...answers: readonly (DispatchResult | Error)[]): Promise<string> {
  scene.world.answers.send.push(...answers);
  const id = await scene.submit({ verb: 'start' });
  await scene.advanceTime(10 * minutes);
  return id;
}

describe('Campaign’s response', () => {
  it.each([
    {
      kind: 'rejected',
      sent: {
        kind: 'rejected',
        reason: 'workflow_not_found',
        answer: { status: 404, text: 'RST', adobeRequestId: null },
      },
      outcome: 'rejected',
    },
    {
      kind: 'unknown',
      sent: { kind: 'unknown', reason: 'timeout', answer: { status: null, text: null, adobeRequestId: null } },
      outcome: 'unknown',
    },
  ] as const)('ends a request: $kind is $outcome, finally, with the response recorded', async ({ sent, outcome }) => {
    await using scene = await openScene();
    const id = await startWith(scene, sent);
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({
      end: { outcome, because: { kind: 'campaign', reason: sent.reason }, answer: sent.answer },
    });
    expect(scene.world.messages).toMatchObject([{ shows: outcome }, { kind: 'outcome', shows: outcome }]);
    expect(scene.counted).toEqual({ ended: [outcome], faults: 0, unthreaded: 0 });
  });

  it.each([
    ['an expired token', [tokenExpired], 2, 'accepted'],
    ['a token that expired twice', [tokenExpired, tokenExpired], 2, 'rejected'],
    ['a busy gateway', [busy, busy, busy], 4, 'accepted'],
    ['a gateway that stays busy', [busy, busy, busy, busy], 4, 'rejected'],
    ['an unavailable gateway', [unavailable, unavailable, unavailable], 4, 'accepted'],
    ['a gateway that stays unavailable', [unavailable, unavailable, unavailable, unavailable], 4, 'not_sent'],
    ['no connection', [noConnection, noConnection, noConnection], 4, 'accepted'],
    ['never a connection', [noConnection, noConnection, noConnection, noConnection], 4, 'not_sent'],
    ['all of it', [busy, tokenExpired, unavailable, noConnection], 5, 'accepted'],
    ['everything without its last event', [busy, tokenExpired, unavailable, noConnection, noConnection], 5, 'not_sent'],
    ['doubt after a refusal', [busy, unknown], 2, 'unknown'],
  ] as const)('with %s: sent as often as is allowed, and no more', async (_, answers, attempts, outcome) => {
    await using scene = await openScene();
    const id = await startWith(scene, ...answers);
    expect(scene.world.sent).toHaveLength(attempts);
    expect(await scene.request(id)).toMatchObject({ state: outcome, dispatch: { attempts } });
    expect(await scene.events(id, 'dispatching')).toHaveLength(attempts);
  });

  it('can ask for a retry: the command waits for Retry-After, and the announcement says that it is retried', async () => {
    await using scene = await openScene();
    scene.world.answers.send.push(notReached('gateway_busy', 429, 17_000));
    await scene.submit({ verb: 'start' });
    const { now } = scene.world;
    await scene.advanceTime(16_999);
    expect(scene.world.sent).toHaveLength(1);
    expect(scene.world.messages).toMatchObject([{ shows: 'retrying' }]);
    await scene.advanceTime(1);
    expect(scene.world.sent.map(({ at }) => at - now)).toEqual([0, 17_000]);
    expect(scene.world.messages).toMatchObject([{ shows: 'accepted' }, { kind: 'outcome' }]);
  });

  it('cannot delay the command for longer than two minutes', async () => {
    await using scene = await openScene();
    const id = await startWith(scene, notReached('gateway_unavailable', 503, 101_000));
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({
      end: { outcome: 'not_sent', because: { kind: 'campaign', reason: 'gateway_unavailable' } },
    });
  });
});

describe('the access token', () => {
  const refused = { status: 400, text: 'bad', adobeRequestId: null };

  /** A command whose access token is being fetched; `open` returns the token. */
  async function fetchingFor(scene: Scene, order: Partial<Order>): Promise<Gate & { readonly id: string }> {
    const fetching = scene.gate('prepare');
    const id = await scene.submit(order);
    await scene.untilIdle(order.verb === 'stop' ? 0 : 1);
    if (order.verb === 'stop') await scene.press(id, 'U0CAROL');
    scene.wake();
    await fetching.reached;
    return { ...fetching, id };
  }

  it('that cannot be fetched ends the request as not sent, with the response of IMS and without a recorded attempt', async () => {
    await using scene = await openScene();
    scene.world.answers.prepare.push({ kind: 'no_token', reason: 'ims_refused', answer: refused });
    const id = await startWith(scene);
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({
      end: { outcome: 'not_sent', because: { kind: 'campaign', reason: 'ims_refused' }, answer: refused },
    });
    expect(await scene.events(id, 'dispatching')).toEqual([]);
    expect(scene.world.messages).toMatchObject([{ shows: 'not_sent' }, { kind: 'outcome' }]);
  });

  it('that cannot be fetched for a second attempt ends the request as well', async () => {
    await using scene = await openScene();
    scene.world.answers.send.push(tokenExpired);
    const fetching = scene.gate('prepare');
    const id = await scene.submit({ verb: 'start' });
    scene.wake();
    await fetching.reached;
    fetching.open();
    const again = scene.gate('prepare');
    await again.reached;
    scene.world.answers.prepare.push({ kind: 'no_token', reason: 'token_ended', answer: refused });
    again.open();
    await scene.untilIdle();
    expect(await scene.events(id, 'dispatching')).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ end: { outcome: 'not_sent', because: { reason: 'token_ended' } } });
  });

  it.each([
    ['a start', 'start', 'U0ALICE'],
    ['a confirmed stop, by its approver', 'stop', 'U0CAROL'],
  ] as const)('arrives after a cancellation: %s is cancelled, and not sent', async (_, verb, by) => {
    await using scene = await openScene();
    const { id, open } = await fetchingFor(scene, { verb });
    await scene.press(id, by, 'cancel');
    open();
    await scene.untilIdle();
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ state: 'cancelled' });
  });

  it('arrives after the environment was frozen: a start is refused, and not sent', async () => {
    await using scene = await openScene();
    const { id, open } = await fetchingFor(scene, { verb: 'start' });
    const freeze = await scene.submit(
      { verb: 'freeze', workflowId: '*', until: scene.world.now + 60 * minutes },
      'U0BOB',
    );
    await scene.untilIdle(1);
    expect(await scene.request(freeze)).toMatchObject({ state: 'accepted' });
    open();
    await scene.untilIdle();
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({
      end: { because: { refusal: { reason: 'frozen', request: freeze } } },
    });
  });

  it('arrives after a freeze of the configuration started: a resume is refused, and not sent', async () => {
    const { now } = newWorld();
    const time = { kind: 'period', from: now + 5_000, until: now + 60 * minutes } as const;
    const freeze = { environments: new Set(['prod']), verbs: frozenByDefault, because: 'Restart', time };
    await using scene = await openScene({ policy: { ...policyOf(lists), freezes: [freeze] } });
    const { id, open } = await fetchingFor(scene, { verb: 'resume' });
    scene.skipTime(9_000);
    open();
    await scene.untilIdle();
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ end: { because: { refusal: { reason: 'frozen' } } } });
  });

  it.each<[string, 'pause' | 'stop', (scene: Scene) => void, object]>([
    ['the rules changed', 'pause', (scene) => scene.setPolicy(noRules), { reason: 'not_permitted' }],
    [
      'the requester was deactivated',
      'pause',
      ({ world }) => world.people.set('U0ALICE', { membership: 'deactivated', groups: new Set() }),
      { reason: 'deactivated' },
    ],
    [
      'the approver left the group',
      'stop',
      ({ world }) => world.people.set('U0CAROL', { membership: 'member', groups: new Set() }),
      { reason: 'not_an_approver', confirmer: 'U0CAROL' },
    ],
    ['the environment was removed', 'pause', (scene) => scene.renameEnvironment(null), { reason: 'environment_gone' }],
  ])('comes after %s: nothing is sent', async (_, verb, change, refusal) => {
    await using scene = await openScene();
    const { id, open } = await fetchingFor(scene, { verb });
    change(scene);
    open();
    await scene.untilIdle();
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ end: { outcome: 'refused', because: { refusal } } });
  });

  it('arrives after a stop of the workflow was confirmed: a start is superseded', async () => {
    await using scene = await openScene();
    const { id, open } = await fetchingFor(scene, { verb: 'start' });
    const stop = await scene.submit({}, 'U0BOB');
    await scene.untilIdle(1);
    await scene.press(stop, 'U0CAROL');
    await scene.untilIdle(1);
    open();
    await scene.untilIdle();
    expect(scene.world.sent.map(({ command }) => command)).toEqual(['stop']);
    expect(await scene.request(id)).toMatchObject({ state: 'superseded' });
  });

  it('is fetched again after the gateway refused the old one, and a freeze that took effect meanwhile applies', async () => {
    await using scene = await openScene();
    scene.world.answers.send.push(tokenExpired);
    const fetching = [scene.gate('prepare'), scene.gate('prepare')];
    const id = await scene.submit({ verb: 'start' });
    scene.wake();
    fetching[0]?.open();
    await fetching[1]?.reached;
    await scene.submit({ verb: 'freeze', workflowId: '*', until: scene.world.now + 60 * minutes }, 'U0BOB');
    await scene.untilIdle(1);
    fetching[1]?.open();
    await scene.untilIdle();
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ end: { because: { refusal: { reason: 'frozen' } } } });
  });

  it('that arrives after the two minutes is not used', async () => {
    await using scene = await openScene();
    const { id, open } = await fetchingFor(scene, { verb: 'start' });
    scene.skipTime(2 * minutes);
    open();
    await scene.advanceTime(minutes);
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ end: { outcome: 'not_sent', because: { kind: 'too_late' } } });
  });

  it('was being fetched when the process died: nothing had been sent, so the next process sends the command', async () => {
    await using scene = await openScene();
    const { id } = await fetchingFor(scene, { verb: 'pause' });
    const world = structuredClone(scene.world);
    await using next = await openScene({ path: copyLedger(scene.path), world });
    await next.untilIdle();
    expect(await next.request(id)).toMatchObject({ state: 'accepted' });
    expect(world.sent).toHaveLength(1);
  });
});

describe('after a dispatch in doubt', () => {
  it('the workflow is probed once, and the outcome is posted with the observed state', async () => {
    const moments: string[] = [];
    await using scene = await openScene({ onPortCall: (moment) => moments.push(moment) });
    scene.world.answers.observe.push(finished);
    const id = await startWith(scene, unknown);
    expect(moments.filter((moment) => /observe|postOutcome/.test(moment))).toEqual([
      'before observe',
      'after observe',
      'before postOutcome',
      'after postOutcome',
    ]);
    expect(await scene.request(id)).toMatchObject({ state: 'unknown', observation: finished });
  });

  it('the outcome is posted even if the probe throws each time: it is tried three times', async () => {
    await using scene = await openScene();
    scene.world.answers.observe.push(...Array.from({ length: 100 }, () => new Error('something broke')));
    const id = await startWith(scene, unknown);
    expect(scene.world.answers.observe).toHaveLength(97);
    expect(scene.world.messages).toMatchObject([{ shows: 'unknown' }, { kind: 'outcome', request: id }]);
    expect(await scene.request(id)).toMatchObject({ observation: { kind: 'not_shown' } });
  });

  it.each([
    ['an unexpected response', new Error('something broke')],
    ['time-out', unknown],
  ])('it is never sent again: %s', async (_, answer) => {
    await using scene = await openScene();
    const id = await startWith(scene, answer);
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ state: 'unknown' });
    expect(scene.world.messages).toMatchObject([{ shows: 'unknown' }, { kind: 'outcome' }]);
  });
});

describe('two minutes', () => {
  it('after the command, a start that could not be announced is no longer sent', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push({ kind: 'rate_limited', retryAfterMs: 101_000 });
    const id = await startWith(scene);
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ state: 'not_sent' });
    expect(scene.world.privateMessages).toMatchObject([{ how: 'private', to: 'U0ALICE', outcome: 'not_sent' }]);
  });

  it('after the command, a start whose workflow could not be probed is no longer sent', async () => {
    await using scene = await openScene();
    const id = await scene.submit({ verb: 'start' });
    scene.skipTime(100_001);
    await scene.advanceTime(minutes);
    expect(scene.world).toMatchObject({ sent: [], messages: [] });
    expect(await scene.request(id)).toMatchObject({ end: { outcome: 'not_sent', because: { kind: 'too_late' } } });
  });

  it('after the confirmation, a stop that was not sent is no longer sent', async () => {
    await using scene = await openScene();
    const id = await scene.submit();
    await scene.untilIdle();
    const aboutToJudge = scene.gate('person');
    await scene.press(id, 'U0CAROL');
    scene.wake();
    await aboutToJudge.reached;
    scene.skipTime(100_001);
    aboutToJudge.open();
    await scene.advanceTime(10 * minutes);
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ end: { outcome: 'not_sent', because: { kind: 'too_late' } } });
  });

  it('are over although the last look-up before the dispatch started in time', async () => {
    await using scene = await openScene();
    const [announced, aboutToSend] = [scene.gate('place'), scene.gate('place')];
    const id = await scene.submit({ verb: 'start' });
    scene.wake();
    await announced.reached;
    scene.skipTime(85_000);
    announced.open();
    await aboutToSend.reached;
    // Shorter than the lease of the task.
    scene.skipTime(15_001);
    aboutToSend.open();
    await scene.advanceTime(10 * minutes);
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ end: { outcome: 'not_sent', because: { kind: 'too_late' } } });
  });

  it('that pass during the wait for a retry end the request with the reason for that wait', async () => {
    await using scene = await openScene();
    scene.world.answers.send.push(busy);
    const id = await scene.submit({ verb: 'start' });
    await scene.untilIdle();
    scene.skipTime(2 * minutes);
    await scene.advanceTime(minutes);
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({
      end: { outcome: 'not_sent', because: { kind: 'campaign', reason: 'gateway_busy' } },
    });
  });

  it('count from the confirmation, however long the question was open', async () => {
    await using scene = await openScene();
    const id = await scene.submit();
    await scene.advanceTime(5 * minutes - 1);
    await scene.press(id, 'U0CAROL');
    await scene.untilIdle();
    expect(await scene.request(id)).toMatchObject({ state: 'accepted' });
  });
});
