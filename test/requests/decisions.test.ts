import { describe, expect, it } from '@jest/globals';
import { lists, minutes, noRules, openScene, policyOf, type Scene } from './scene/scene.fixture.ts';

/** An announced stop without a decision. */
async function askedStop(scene: Scene): Promise<string> {
  const id = await scene.submit();
  await scene.untilIdle();
  return id;
}

describe('a press on a message whose post is not recorded yet', () => {
  it('counts as soon as the question is recorded as posted', async () => {
    await using scene = await openScene();
    const posting = scene.gate('announce');
    const id = await scene.submit();
    scene.wake();
    await posting.reached;
    expect(await scene.press(id, 'U0CAROL')).toMatchObject({ kind: 'recorded' });
    await scene.untilIdle(1);
    expect(await scene.request(id)).toMatchObject({ state: 'submitted', presses: [{ by: 'U0CAROL' }] });
    posting.open();
    await scene.advanceTime(1_000);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted', approval: { by: 'U0CAROL' } });
    expect(scene.world.sent).toHaveLength(1);
    expect(scene.world.privateMessages).toEqual([]);
  });

  it('cancels the request, and the message being posted then shows it', async () => {
    await using scene = await openScene();
    const posting = scene.gate('announce');
    const id = await scene.submit();
    scene.wake();
    await posting.reached;
    await scene.press(id, 'U0ALICE', 'cancel');
    await scene.untilIdle(1);
    posting.open();
    await scene.advanceTime(5_000);
    expect(await scene.request(id)).toMatchObject({ state: 'cancelled', shown: { state: 'cancelled' } });
    expect(scene.world.sent).toEqual([]);
  });
});

describe('two decisions at the same time', () => {
  it('send one stop when both confirm, and the second person gets a reply', async () => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    const sending = scene.gate('send');
    await Promise.all([scene.press(id, 'U0CAROL'), scene.press(id, 'U0DAVE')]);
    scene.wake();
    await sending.reached;
    await scene.untilIdle(1);
    sending.open();
    await scene.advanceTime(10 * minutes);
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ approval: { by: 'U0CAROL' }, presses: [] });
    expect(scene.world.privateMessages).toMatchObject([{ how: 'press', to: 'U0DAVE', refusal: { kind: 'too_late' } }]);
  });

  it('send it when the confirmation came first and the dispatch is in progress while the cancellation is judged', async () => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    const sending = scene.gate('send');
    await scene.press(id, 'U0CAROL');
    scene.wake();
    await sending.reached;
    expect(await scene.press(id, 'U0ALICE', 'cancel')).toMatchObject({ kind: 'too_late', state: 'dispatching' });
    sending.open();
    await scene.untilIdle();
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted' });
  });

  it('do not send it when the cancellation was recorded and judged first', async () => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    await Promise.all([scene.press(id, 'U0ALICE', 'cancel'), scene.press(id, 'U0CAROL')]);
    await scene.advanceTime(10 * minutes);
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ state: 'cancelled', presses: [] });
    expect(scene.world.privateMessages).toEqual([
      { how: 'press', request: id, to: 'U0CAROL', refusal: { kind: 'too_late', state: 'cancelled' } },
    ]);
  });

  it('do not send it when the cancellation is judged immediately before the dispatch', async () => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    const aboutToSend = await judgedAndAboutToSend(scene, id);
    await scene.press(id, 'U0ALICE', 'cancel');
    await scene.untilIdle(1);
    expect(await scene.request(id)).toMatchObject({ state: 'cancelled' });
    aboutToSend.open();
    await scene.advanceTime(10 * minutes);
    expect(scene.world.sent).toEqual([]);
    expect(scene.world.messages).toMatchObject([{ shows: 'cancelled' }, { kind: 'outcome', shows: 'cancelled' }]);
  });

  it('do not send it when the cancellation was recorded before the dispatch and is judged only then', async () => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    const aboutToSend = await judgedAndAboutToSend(scene, id);
    const judging = scene.gate('person');
    await scene.press(id, 'U0ALICE', 'cancel');
    scene.wake();
    await judging.reached;
    aboutToSend.open();
    await scene.untilIdle(1);
    expect(await scene.request(id)).toMatchObject({ state: 'approved' });
    judging.open();
    await scene.advanceTime(10 * minutes);
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ state: 'cancelled' });
    expect(await scene.events(id, 'ended')).toHaveLength(1);
  });

  it('send it nevertheless when the cancellation cannot be judged within 15 seconds', async () => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    const aboutToSend = await judgedAndAboutToSend(scene, id);
    const judging = scene.gate('person');
    await scene.press(id, 'U0ALICE', 'cancel');
    scene.wake();
    await judging.reached;
    aboutToSend.open();
    await scene.untilIdle(1);
    scene.skipTime(16_000);
    scene.wake();
    await scene.untilIdle(1);
    expect(scene.world.sent).toHaveLength(1);
    judging.open();
    await scene.advanceTime(10 * minutes);
    expect(scene.world.privateMessages).toMatchObject([
      { to: 'U0ALICE', refusal: { kind: 'too_late', state: 'accepted' } },
    ]);
  });

  const strangers = Array.from({ length: 20 }, (_, index) => `U0STRANGER${index}`);

  it.each([
    ['twenty strangers', strangers, {}],
    ['somebody who may ask for a stop, and was not asked about this one', ['U0BOB'], {}],
    ['somebody of another workspace, whatever groups Slack names', ['U0DAVE'], { fromTeam: 'T0OTHER' }],
  ])(
    'send it at once when the cancellation is by %s and the look-up of that person fails',
    async (_who, pressing, rest) => {
      await using scene = await openScene();
      const id = await askedStop(scene);
      const aboutToSend = await judgedAndAboutToSend(scene, id);
      for (const by of pressing) {
        scene.world.unavailable.add(by);
        await scene.press(id, by, 'cancel', rest);
      }
      aboutToSend.open();
      await scene.untilIdle();
      expect(scene.world.sent).toHaveLength(1);
      expect(await scene.request(id)).toMatchObject({ state: 'accepted' });
    },
  );

  it.each([
    ['a member of the group that was asked', 'U0DAVE', 15_000],
    ['somebody who was asked by name', 'U0EVE', 15_000],
    ['somebody who may be in a group whose members were never known', 'U0BOB', 3_000],
  ])('delay it when the cancellation is by %s', async (who, by, heldMs) => {
    const approvers = { users: new Set(['U0EVE']), groups: new Set(['S0LEADS']) };
    await using scene = await openScene({ policy: policyOf({ ...lists, approvers }) });
    const id = await askedStop(scene);
    const aboutToSend = await judgedAndAboutToSend(scene, id);
    if (who.includes('never')) scene.world.unknownGroups.add('S0LEADS');
    scene.world.unavailable.add(by);
    await scene.press(id, by, 'cancel');
    aboutToSend.open();
    await scene.untilIdle();
    scene.skipTime(heldMs - 1);
    await scene.untilIdle();
    expect(scene.world.sent).toEqual([]);
    scene.skipTime(300);
    await scene.untilIdle();
    expect(scene.world.sent).toHaveLength(1);
  });

  /** Carol has confirmed it, and the last look-up before the dispatch waits at the returned gate. */
  async function judgedAndAboutToSend(scene: Scene, id: string) {
    const [requester, approver, aboutToSend] = [scene.gate('place'), scene.gate('place'), scene.gate('place')];
    requester.open();
    approver.open();
    await scene.press(id, 'U0CAROL');
    scene.wake();
    await aboutToSend.reached;
    expect(await scene.request(id)).toMatchObject({ state: 'approved' });
    return aboutToSend;
  }
});

describe('a press that does not count', () => {
  it('gets a private reply with the reason, and is recorded', async () => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    await scene.press(id, 'U0EVE');
    await scene.untilIdle();
    const refusal = {
      kind: 'access',
      refusal: { reason: 'not_an_approver', permitted: { users: [], groups: ['S0LEADS'] } },
    };
    expect(scene.world.privateMessages).toEqual([{ how: 'press', request: id, to: 'U0EVE', refusal }]);
    expect(await scene.events(id, 'press_refused')).toMatchObject([{ data: { by: 'U0EVE', refusal } }]);
    expect(scene.world.messages).toHaveLength(1);
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ state: 'awaiting_approval', presses: [] });
  });

  it('leaves the question open for other presses', async () => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    await Promise.all(['U0EVE', 'U0ALICE', 'U0BOB', 'U0CAROL'].map((by) => scene.press(id, by)));
    await scene.untilIdle();
    expect(scene.world.privateMessages).toMatchObject([{ to: 'U0EVE' }, { to: 'U0ALICE' }, { to: 'U0BOB' }]);
    expect(scene.world.sent).toHaveLength(1);
  });

  it.each([
    ['Slack answers 429', { kind: 'rate_limited', retryAfterMs: 3_000 }],
    ['Slack is unreachable', { kind: 'refused', reason: 'unreachable' }],
    ['the post is in doubt', { kind: 'doubt' }],
    ['something throws', new Error('something broke')],
  ] as const)('gets its reply later when %s', async (_, trouble) => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    scene.world.answers.replyToPress.push(trouble);
    await scene.press(id, 'U0EVE');
    await scene.untilIdle();
    expect(scene.world.privateMessages).toEqual([]);
    await scene.advanceTime(5_000);
    expect(scene.world.privateMessages).toMatchObject([{ how: 'press', to: 'U0EVE' }]);
    expect(await scene.events(id, 'press_refused')).toHaveLength(1);
  });

  it('whose reply Slack refuses for good is recorded and logged, and the request continues', async () => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    scene.world.answers.replyToPress.push({ kind: 'refused', reason: 'message_refused' });
    await scene.press(id, 'U0EVE');
    await scene.untilIdle();
    expect(await scene.request(id)).toMatchObject({ state: 'awaiting_approval', presses: [] });
    expect(scene.logged).toMatchObject([{ level: 'warn', fields: { request: id, by: 'U0EVE' } }]);
  });

  it.each([
    [9, true, 0],
    [100, false, 90],
  ])(
    'whose reply fails %i times is sent within ten attempts, or recorded and logged: %s',
    async (failures, told, left) => {
      await using scene = await openScene();
      const id = await askedStop(scene);
      scene.world.answers.replyToPress.push(...Array.from({ length: failures }, () => ({ kind: 'doubt' }) as const));
      await scene.press(id, 'U0EVE');
      await scene.advanceTime(10 * minutes);
      expect(scene.world.answers.replyToPress).toHaveLength(left);
      expect(scene.world.privateMessages).toHaveLength(told ? 1 : 0);
      expect(await scene.events(id, 'press_answered')).toMatchObject([{ data: { told } }]);
      const warnings = scene.logged.filter(({ level }) => level === 'warn');
      expect(warnings).toMatchObject(told ? [] : [{ fields: { request: id, by: 'U0EVE' } }]);
    },
  );

  it.each([
    ['Slack keeps answering 429', { kind: 'rate_limited', retryAfterMs: 60_000 }],
    ['Slack stays unreachable', { kind: 'refused', reason: 'unreachable' }],
    ['it throws each time', new Error('something broke')],
  ] as const)('does not keep a request open without limit when %s', async (_, trouble) => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    scene.world.answers.replyToPress.push(...Array.from({ length: 1_000 }, () => trouble));
    await scene.press(id, 'U0EVE');
    await scene.advanceTime(10 * minutes);
    expect(await scene.request(id)).toMatchObject({ state: 'expired', presses: [] });
    expect(scene.world.sent).toEqual([]);
  });

  it('does not keep a request open without limit when judging it fails each time', async () => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    scene.setPolicy({
      ...noRules,
      get rules(): never {
        throw new Error('something broke');
      },
    });
    await scene.press(id, 'U0CAROL');
    await scene.advanceTime(10 * minutes);
    expect(await scene.request(id)).toMatchObject({ state: 'expired', presses: [] });
    expect(scene.world.privateMessages).toMatchObject([{ how: 'press', to: 'U0CAROL', refusal: { kind: 'too_late' } }]);
    expect(scene.world.sent).toEqual([]);
  });

  it('does not delay an approver’s press while its own look-up hangs', async () => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    const judging = scene.gate('person');
    const lookedUp: string[] = [];
    const { directory } = scene.ports;
    const { person } = directory;
    Object.assign(directory, {
      person(...given: Parameters<typeof person>) {
        lookedUp.push(given[0]);
        return person.apply(directory, given);
      },
    });
    await scene.press(id, 'U0EVE');
    scene.wake();
    await judging.reached;
    const sending = scene.gate('send');
    await scene.press(id, 'U0CAROL');
    await sending.reached;
    expect(lookedUp.filter((id) => id === 'U0EVE')).toHaveLength(1);
    sending.open();
    judging.open();
    await scene.untilIdle();
    expect(scene.world.sent).toHaveLength(1);
    expect(scene.world.privateMessages).toMatchObject([{ to: 'U0EVE', refusal: { kind: 'access' } }]);
  });

  it.each([
    ['keeps the question open for a moment only', 'U0EVE', 'expired'],
    ['of somebody who was asked counts although the question has expired', 'U0DAVE', 'accepted'],
  ])('and cannot be judged because of Slack, %s', async (_what, by, state) => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    await scene.advanceTime(5 * minutes - 1_000);
    scene.world.unavailable.add(by);
    await scene.press(id, by);
    await scene.advanceTime(5_000);
    scene.world.unavailable.delete(by);
    await scene.advanceTime(5_000);
    expect(await scene.request(id)).toMatchObject({ state, presses: [] });
  });

  it.each([
    ['waits for Slack', { kind: 'rate_limited', retryAfterMs: 30_000 }],
    ['breaks', new Error('something broke')],
  ] as const)('does not delay an approver’s press while its reply %s', async (_, trouble) => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    scene.world.answers.replyToPress.push(...Array.from({ length: 1_000 }, () => trouble));
    await scene.press(id, 'U0EVE');
    await scene.advanceTime(24_000);
    expect(await scene.request(id)).toMatchObject({ pendingNotices: [{ by: 'U0EVE' }] });
    await scene.press(id, 'U0CAROL');
    await scene.advanceTime(5_000);
    expect(scene.world.sent).toHaveLength(1);
  });
});

describe('a request can be cancelled', () => {
  it('before it is announced', async () => {
    await using scene = await openScene();
    const announcing = scene.gate('announce');
    const id = await scene.submit({ verb: 'start' });
    scene.wake();
    await announcing.reached;
    await scene.press(id, 'U0ALICE', 'cancel');
    await scene.untilIdle(1);
    expect(await scene.request(id)).toMatchObject({ state: 'cancelled' });
    announcing.open();
    await scene.advanceTime(10 * minutes);
    expect(scene.world.sent).toEqual([]);
    expect(scene.world.messages).toMatchObject([
      { kind: 'announcement', request: id, shows: 'cancelled' },
      { kind: 'outcome', request: id, shows: 'cancelled' },
    ]);
  });

  it('while it waits to be sent again', async () => {
    await using scene = await openScene();
    const busy = { status: 429, text: null, adobeRequestId: null };
    scene.world.answers.send.push({ kind: 'not_reached', reason: 'gateway_busy', retryAfterMs: 30_000, answer: busy });
    const id = await scene.submit({ verb: 'start' });
    await scene.advanceTime(1_000);
    expect(scene.world.messages).toMatchObject([{ shows: 'retrying' }]);
    await scene.press(id, 'U0ALICE', 'cancel');
    await scene.advanceTime(10 * minutes);
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ state: 'cancelled' });
  });

  it('by the requester, even if the requester has lost the right to ask', async () => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    scene.setPolicy(noRules);
    await scene.press(id, 'U0ALICE', 'cancel');
    await scene.untilIdle();
    expect(await scene.request(id)).toMatchObject({ state: 'cancelled' });
  });

  it('by nobody else', async () => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    for (const by of ['U0BOB', 'U0EVE']) await scene.press(id, by, 'cancel');
    await scene.untilIdle();
    expect(await scene.request(id)).toMatchObject({ state: 'awaiting_approval', presses: [] });
    expect(scene.world.privateMessages).toMatchObject([{ to: 'U0BOB' }, { to: 'U0EVE' }]);
  });
});
