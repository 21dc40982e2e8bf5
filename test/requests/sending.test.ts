import { describe, expect, it } from '@jest/globals';
import type { Sent } from '../../src/requests/ports.ts';
import type { CampaignReason } from '../../src/requests/reasons.ts';
import { minutes, openScene, type Scene } from './scene/scene.fixture.ts';
import { finished, unknown } from './scene/world.fixture.ts';

function notReached(reason: CampaignReason, status: number | null, retryAfterMs: number | null = null): Sent {
  return { kind: 'not_reached', reason, retryAfterMs, answer: { status, text: 'no', adobeRequestId: 'adobe-1' } };
}

const tokenExpired = notReached('token_expired', 401);
const busy = notReached('gateway_busy', 429, 5_000);
const unavailable = notReached('gateway_unavailable', 503, 5_000);
const noConnection = notReached('no_connection', null);

/** Asks for a start and gives these answers to the attempts to send it; everything is over when this resolves. */
async function startWith(scene: Scene, ...answers: readonly (Sent | Error)[]): Promise<string> {
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
    {
      kind: 'no token',
      sent: { kind: 'no_token', reason: 'ims_refused', answer: { status: 400, text: 'bad', adobeRequestId: null } },
      outcome: 'not_sent',
    },
  ] as const)('ends a request: $kind is $outcome, for good, with what was answered', async ({ sent, outcome }) => {
    await using scene = await openScene();
    const id = await startWith(scene, sent);
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({
      end: { outcome, because: { kind: 'campaign', reason: sent.reason }, answer: sent.answer },
    });
    expect(scene.world.messages).toMatchObject([{ shows: outcome }, { kind: 'outcome', shows: outcome }]);
    expect(scene.counted).toEqual({ ended: [outcome], faults: 0 });
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

describe('after doubt', () => {
  it('the workflow is looked at once, and the outcome is told with what was seen', async () => {
    const moments: string[] = [];
    await using scene = await openScene({ witness: (moment) => moments.push(moment) });
    scene.world.answers.look.push(finished);
    const id = await startWith(scene, unknown);
    expect(moments.filter((moment) => /look|report/.test(moment))).toEqual([
      'before look',
      'after look',
      'before report',
      'after report',
    ]);
    expect(await scene.request(id)).toMatchObject({ state: 'unknown', observation: finished });
  });

  it('people are told even if looking breaks each time', async () => {
    await using scene = await openScene();
    scene.world.answers.look.push(...Array.from({ length: 100 }, () => new Error('something broke')));
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
