import { describe, expect, it } from '@jest/globals';
import { frozenByDefault } from '../../src/access/freeze-windows.ts';
import type { DispatchResult } from '../../src/requests/attempt-results.ts';
import type { Order } from '../../src/requests/events.ts';
import type { CampaignReason } from '../../src/requests/outcome.ts';
import { copyOfLedger } from './scene/folder.fixture.ts';
import { lists, minutes, noRules, openScene, policyOf, type Scene } from './scene/scene.fixture.ts';
import { finished, type Gate, newWorld, unknown } from './scene/world.fixture.ts';

function notReached(reason: CampaignReason, status: number | null, retryAfterMs: number | null = null): DispatchResult {
  return { kind: 'not_reached', reason, retryAfterMs, answer: { status, text: 'no', adobeRequestId: 'adobe-1' } };
}

const tokenExpired = notReached('token_expired', 401);
const busy = notReached('gateway_busy', 429, 5_000);
const unavailable = notReached('gateway_unavailable', 503, 5_000);
const noConnection = notReached('no_connection', null);

/** Asks for a start and gives these answers to the attempts to send it; everything is over when this resolves. */
async function startWith(scene: Scene, ...answers: readonly (DispatchResult | Error)[]): Promise<string> {
  scene.world.answers.send.push(...answers);
  const id = await scene.ask({ verb: 'start' });
  await scene.pass(10 * minutes);
  return id;
}

describe('what Campaign answers', () => {
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
  ] as const)('ends a request: $kind is $outcome, for good, with what was answered', async ({ sent, outcome }) => {
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
    ['a token that ended', [tokenExpired], 2, 'accepted'],
    ['a token that ended twice', [tokenExpired, tokenExpired], 2, 'rejected'],
    ['a busy gateway', [busy, busy, busy], 4, 'accepted'],
    ['a gateway that stays busy', [busy, busy, busy, busy], 4, 'rejected'],
    ['an unavailable gateway', [unavailable, unavailable, unavailable], 4, 'accepted'],
    ['a gateway that stays unavailable', [unavailable, unavailable, unavailable, unavailable], 4, 'not_sent'],
    ['no connection', [noConnection, noConnection, noConnection], 4, 'accepted'],
    ['never a connection', [noConnection, noConnection, noConnection, noConnection], 4, 'not_sent'],
    ['all of it', [busy, tokenExpired, unavailable, noConnection], 5, 'accepted'],
    ['all of it and no end', [busy, tokenExpired, unavailable, noConnection, noConnection], 5, 'not_sent'],
    ['doubt after a refusal', [busy, unknown], 2, 'unknown'],
  ] as const)('with %s: as often as is allowed, and no more', async (_, answers, attempts, outcome) => {
    await using scene = await openScene();
    const id = await startWith(scene, ...answers);
    expect(scene.world.sent).toHaveLength(attempts);
    expect(await scene.request(id)).toMatchObject({ state: outcome, dispatch: { attempts } });
    expect(await scene.events(id, 'dispatching')).toHaveLength(attempts);
  });

  it('is waited for as long as the gateway asks, and the announcement says that it is tried again', async () => {
    await using scene = await openScene();
    scene.world.answers.send.push(notReached('gateway_busy', 429, 17_000));
    await scene.ask({ verb: 'start' });
    const { now } = scene.world;
    await scene.pass(16_999);
    expect(scene.world.sent).toHaveLength(1);
    expect(scene.world.messages).toMatchObject([{ shows: 'retrying' }]);
    await scene.pass(1);
    expect(scene.world.sent.map(({ at }) => at - now)).toEqual([0, 17_000]);
    expect(scene.world.messages).toMatchObject([{ shows: 'accepted' }, { kind: 'outcome' }]);
  });

  it('is not waited for longer than two minutes', async () => {
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

  /** A command for which the access token is being fetched; `open` hands it over. */
  async function fetchingFor(scene: Scene, order: Partial<Order>): Promise<Gate & { readonly id: string }> {
    const fetching = scene.gate('prepare');
    const id = await scene.ask(order);
    await scene.quiet(order.verb === 'stop' ? 0 : 1);
    if (order.verb === 'stop') await scene.press(id, 'U0CAROL');
    scene.wake();
    await fetching.reached;
    return { ...fetching, id };
  }

  it('that cannot be had ends the request as not sent, with the answer of IMS and without an attempt on record', async () => {
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

  it('that cannot be had for a second attempt ends the request, too', async () => {
    await using scene = await openScene();
    scene.world.answers.send.push(tokenExpired);
    const fetching = scene.gate('prepare');
    const id = await scene.ask({ verb: 'start' });
    scene.wake();
    await fetching.reached;
    fetching.open();
    const again = scene.gate('prepare');
    await again.reached;
    scene.world.answers.prepare.push({ kind: 'no_token', reason: 'token_ended', answer: refused });
    again.open();
    await scene.quiet();
    expect(await scene.events(id, 'dispatching')).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ end: { outcome: 'not_sent', because: { reason: 'token_ended' } } });
  });

  it.each([
    ['a start', 'start', 'U0ALICE'],
    ['a confirmed stop, by who confirmed it', 'stop', 'U0CAROL'],
  ] as const)('comes while somebody changes their mind: %s is taken back, and not sent', async (_, verb, by) => {
    await using scene = await openScene();
    const { id, open } = await fetchingFor(scene, { verb });
    await scene.press(id, by, 'cancel');
    open();
    await scene.quiet();
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ state: 'cancelled' });
  });

  it('comes after the environment was frozen: a start is refused, and not sent', async () => {
    await using scene = await openScene();
    const { id, open } = await fetchingFor(scene, { verb: 'start' });
    const freeze = await scene.ask({ verb: 'freeze', workflowId: '*', until: scene.world.now + 60 * minutes }, 'U0BOB');
    await scene.quiet(1);
    expect(await scene.request(freeze)).toMatchObject({ state: 'accepted' });
    open();
    await scene.quiet();
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({
      end: { because: { refusal: { reason: 'frozen', request: freeze } } },
    });
  });

  it('comes after a freeze of the configuration began: a resume is refused, and not sent', async () => {
    const { now } = newWorld();
    const time = { kind: 'period', from: now + 5_000, until: now + 60 * minutes } as const;
    const freeze = { environments: new Set(['prod']), verbs: frozenByDefault, because: 'Restart', time };
    await using scene = await openScene({ policy: { ...policyOf(lists), freezes: [freeze] } });
    const { id, open } = await fetchingFor(scene, { verb: 'resume' });
    scene.leap(9_000);
    open();
    await scene.quiet();
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ end: { because: { refusal: { reason: 'frozen' } } } });
  });

  it.each<[string, 'pause' | 'stop', (scene: Scene) => void, object]>([
    ['the rules changed', 'pause', (scene) => scene.setPolicy(noRules), { reason: 'not_permitted' }],
    [
      'who asked was deactivated',
      'pause',
      ({ world }) => world.people.set('U0ALICE', { membership: 'deactivated', groups: new Set() }),
      { reason: 'deactivated' },
    ],
    [
      'who confirmed left the group',
      'stop',
      ({ world }) => world.people.set('U0CAROL', { membership: 'member', groups: new Set() }),
      { reason: 'not_an_approver', confirmer: 'U0CAROL' },
    ],
    ['the environment is gone', 'pause', (scene) => scene.renameEnvironment(null), { reason: 'environment_gone' }],
  ])('comes after %s: nothing is sent', async (_, verb, change, refusal) => {
    await using scene = await openScene();
    const { id, open } = await fetchingFor(scene, { verb });
    change(scene);
    open();
    await scene.quiet();
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ end: { outcome: 'refused', because: { refusal } } });
  });

  it('comes after a stop of the workflow was confirmed: a start gives way to it', async () => {
    await using scene = await openScene();
    const { id, open } = await fetchingFor(scene, { verb: 'start' });
    const stop = await scene.ask({}, 'U0BOB');
    await scene.quiet(1);
    await scene.press(stop, 'U0CAROL');
    await scene.quiet(1);
    open();
    await scene.quiet();
    expect(scene.world.sent.map(({ command }) => command)).toEqual(['stop']);
    expect(await scene.request(id)).toMatchObject({ state: 'superseded' });
  });

  it('is fetched anew after the gateway refused the old one, and a freeze that came meanwhile holds', async () => {
    await using scene = await openScene();
    scene.world.answers.send.push(tokenExpired);
    const fetching = [scene.gate('prepare'), scene.gate('prepare')];
    const id = await scene.ask({ verb: 'start' });
    scene.wake();
    fetching[0]?.open();
    await fetching[1]?.reached;
    await scene.ask({ verb: 'freeze', workflowId: '*', until: scene.world.now + 60 * minutes }, 'U0BOB');
    await scene.quiet(1);
    fetching[1]?.open();
    await scene.quiet();
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ end: { because: { refusal: { reason: 'frozen' } } } });
  });

  it('that comes when the two minutes are over is not used', async () => {
    await using scene = await openScene();
    const { id, open } = await fetchingFor(scene, { verb: 'start' });
    scene.leap(2 * minutes);
    open();
    await scene.pass(minutes);
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ end: { outcome: 'not_sent', because: { kind: 'too_late' } } });
  });

  it('was being fetched when the process died: nothing had left, so the next process sends the command', async () => {
    await using scene = await openScene();
    const { id } = await fetchingFor(scene, { verb: 'pause' });
    const world = structuredClone(scene.world);
    await using next = await openScene({ path: copyOfLedger(scene.path), world });
    await next.quiet();
    expect(await next.request(id)).toMatchObject({ state: 'accepted' });
    expect(world.sent).toHaveLength(1);
  });
});

describe('after doubt', () => {
  it('the workflow is looked at once, and the outcome is told with what was seen', async () => {
    const moments: string[] = [];
    await using scene = await openScene({ witness: (moment) => moments.push(moment) });
    scene.world.answers.observe.push(finished);
    const id = await startWith(scene, unknown);
    expect(moments.filter((moment) => /observe|report/.test(moment))).toEqual([
      'before observe',
      'after observe',
      'before report',
      'after report',
    ]);
    expect(await scene.request(id)).toMatchObject({ state: 'unknown', observation: finished });
  });

  it('people are told even if looking breaks each time', async () => {
    await using scene = await openScene();
    scene.world.answers.observe.push(...Array.from({ length: 100 }, () => new Error('something broke')));
    const id = await startWith(scene, unknown);
    expect(scene.world.messages).toMatchObject([{ shows: 'unknown' }, { kind: 'outcome', request: id }]);
    expect(await scene.request(id)).toMatchObject({ observation: { kind: 'not_shown' } });
  });

  it.each([
    ['an answer that nobody planned for', new Error('something broke')],
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
  it('after the order, a start that could not be announced is not sent any more', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push({ kind: 'rate_limited', retryAfterMs: 101_000 });
    const id = await startWith(scene);
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ state: 'not_sent' });
    expect(scene.world.told).toMatchObject([{ how: 'private', to: 'U0ALICE', outcome: 'not_sent' }]);
  });

  it('after the order, a start that was not looked at is not sent any more', async () => {
    await using scene = await openScene();
    const id = await scene.ask({ verb: 'start' });
    scene.leap(100_001);
    await scene.pass(minutes);
    expect(scene.world).toMatchObject({ sent: [], messages: [] });
    expect(await scene.request(id)).toMatchObject({ end: { outcome: 'not_sent', because: { kind: 'too_late' } } });
  });

  it('after it was confirmed, a stop that nobody sent is not sent any more', async () => {
    await using scene = await openScene();
    const id = await scene.ask();
    await scene.quiet();
    const aboutToJudge = scene.gate('person');
    await scene.press(id, 'U0CAROL');
    scene.wake();
    await aboutToJudge.reached;
    scene.leap(100_001);
    aboutToJudge.open();
    await scene.pass(10 * minutes);
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ end: { outcome: 'not_sent', because: { kind: 'too_late' } } });
  });

  it('are over although the last look-up before sending began in time', async () => {
    await using scene = await openScene();
    const [announced, aboutToSend] = [scene.gate('place'), scene.gate('place')];
    const id = await scene.ask({ verb: 'start' });
    scene.wake();
    await announced.reached;
    scene.leap(85_000);
    announced.open();
    await aboutToSend.reached;
    // Not so long that the lease of the task would be over.
    scene.leap(15_001);
    aboutToSend.open();
    await scene.pass(10 * minutes);
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ end: { outcome: 'not_sent', because: { kind: 'too_late' } } });
  });

  it('that pass while it waits to be sent again end it with what it waited for', async () => {
    await using scene = await openScene();
    scene.world.answers.send.push(busy);
    const id = await scene.ask({ verb: 'start' });
    await scene.quiet();
    scene.leap(2 * minutes);
    await scene.pass(minutes);
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({
      end: { outcome: 'not_sent', because: { kind: 'campaign', reason: 'gateway_busy' } },
    });
  });

  it('count from the confirmation, however long the question stood', async () => {
    await using scene = await openScene();
    const id = await scene.ask();
    await scene.pass(5 * minutes - 1);
    await scene.press(id, 'U0CAROL');
    await scene.quiet();
    expect(await scene.request(id)).toMatchObject({ state: 'accepted' });
  });
});
