import { describe, expect, it, jest } from '@jest/globals';
import { lists, minutes, noRules, openScene, policyOf, type Scene } from './scene/scene.fixture.ts';

/** A stop that everybody can see and nobody has decided on. */
async function askedStop(scene: Scene): Promise<string> {
  const id = await scene.ask();
  await scene.quiet();
  return id;
}

describe('a press on a message that Slack shows before the bot knows that it is posted', () => {
  it('counts as soon as it is on record that the channel shows the question', async () => {
    await using scene = await openScene();
    const posting = scene.gate('announce');
    const id = await scene.ask();
    scene.wake();
    await posting.reached;
    expect(await scene.press(id, 'U0CAROL')).toMatchObject({ kind: 'recorded' });
    await scene.quiet(1);
    expect(await scene.request(id)).toMatchObject({ state: 'submitted', presses: [{ by: 'U0CAROL' }] });
    posting.open();
    await scene.pass(1_000);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted', approval: { by: 'U0CAROL' } });
    expect(scene.world.sent).toHaveLength(1);
    expect(scene.world.told).toEqual([]);
  });

  it('takes the request back, and the message that was under way then says so', async () => {
    await using scene = await openScene();
    const posting = scene.gate('announce');
    const id = await scene.ask();
    scene.wake();
    await posting.reached;
    await scene.press(id, 'U0ALICE', 'cancel');
    await scene.quiet(1);
    posting.open();
    await scene.pass(5_000);
    expect(await scene.request(id)).toMatchObject({ state: 'cancelled', shown: { state: 'cancelled' } });
    expect(scene.world.sent).toEqual([]);
  });
});

describe('two people who decide at the same moment', () => {
  it('send one stop when both confirm it, and the second is told that it was done', async () => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    const sending = scene.gate('send');
    await Promise.all([scene.press(id, 'U0CAROL'), scene.press(id, 'U0DAVE')]);
    scene.wake();
    await sending.reached;
    await scene.quiet(1);
    sending.open();
    await scene.pass(10 * minutes);
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ approval: { by: 'U0CAROL' }, presses: [] });
    expect(scene.world.told).toMatchObject([{ how: 'press', to: 'U0DAVE', refusal: { kind: 'too_late' } }]);
  });

  it('send it, when the confirmation came first and it is being sent while the other is judged', async () => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    const sending = scene.gate('send');
    await scene.press(id, 'U0CAROL');
    scene.wake();
    await sending.reached;
    expect(await scene.press(id, 'U0ALICE', 'cancel')).toMatchObject({ kind: 'too_late', state: 'dispatching' });
    sending.open();
    await scene.quiet();
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted' });
  });

  it('do not send it, when keeping it running was recorded and judged first', async () => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    await Promise.all([scene.press(id, 'U0ALICE', 'cancel'), scene.press(id, 'U0CAROL')]);
    await scene.pass(10 * minutes);
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ state: 'cancelled', presses: [] });
    expect(scene.world.told).toEqual([
      { how: 'press', request: id, to: 'U0CAROL', refusal: { kind: 'too_late', state: 'cancelled' } },
    ]);
  });

  it('do not send it, when keeping it running is judged just before it is sent', async () => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    const aboutToSend = await judgedAndAboutToSend(scene, id);
    await scene.press(id, 'U0ALICE', 'cancel');
    await scene.quiet(1);
    expect(await scene.request(id)).toMatchObject({ state: 'cancelled' });
    aboutToSend.open();
    await scene.pass(10 * minutes);
    expect(scene.world.sent).toEqual([]);
    expect(scene.world.messages).toMatchObject([{ shows: 'cancelled' }, { kind: 'outcome', shows: 'cancelled' }]);
  });

  it('do not send it, when keeping it running was recorded before it was sent and is judged only then', async () => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    const aboutToSend = await judgedAndAboutToSend(scene, id);
    const judging = scene.gate('person');
    await scene.press(id, 'U0ALICE', 'cancel');
    scene.wake();
    await judging.reached;
    aboutToSend.open();
    await scene.quiet(1);
    expect(await scene.request(id)).toMatchObject({ state: 'approved' });
    judging.open();
    await scene.pass(10 * minutes);
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ state: 'cancelled' });
    expect(await scene.events(id, 'ended')).toHaveLength(1);
  });

  it('send it all the same, when keeping it running cannot be judged in a quarter of a minute', async () => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    const aboutToSend = await judgedAndAboutToSend(scene, id);
    const judging = scene.gate('person');
    await scene.press(id, 'U0ALICE', 'cancel');
    scene.wake();
    await judging.reached;
    aboutToSend.open();
    await scene.quiet(1);
    scene.leap(16_000);
    scene.wake();
    await scene.quiet(1);
    expect(scene.world.sent).toHaveLength(1);
    judging.open();
    await scene.pass(10 * minutes);
    expect(scene.world.told).toMatchObject([{ to: 'U0ALICE', refusal: { kind: 'too_late', state: 'accepted' } }]);
  });

  const strangers = Array.from({ length: 20 }, (_, index) => `U0STRANGER${index}`);

  it.each([
    ['twenty strangers', strangers, {}],
    ['somebody who may ask for a stop, and was not asked about this one', ['U0BOB'], {}],
    ['somebody of another workspace, whatever groups Slack names', ['U0DAVE'], { fromTeam: 'T0OTHER' }],
  ])(
    'send it at once, when keeping it running was pressed by %s and Slack does not say who that is',
    async (_who, pressing, rest) => {
      await using scene = await openScene();
      const id = await askedStop(scene);
      const aboutToSend = await judgedAndAboutToSend(scene, id);
      for (const by of pressing) {
        scene.world.hidden.add(by);
        await scene.press(id, by, 'cancel', rest);
      }
      aboutToSend.open();
      await scene.quiet();
      expect(scene.world.sent).toHaveLength(1);
      expect(await scene.request(id)).toMatchObject({ state: 'accepted' });
    },
  );

  it.each([
    ['a member of the group that was asked', 'U0DAVE', 15_000],
    ['somebody who was asked by name', 'U0EVE', 15_000],
    ['somebody who may be in a group of which Slack has never said who is in it', 'U0BOB', 3_000],
  ])('hold it, when keeping it running was pressed by %s', async (who, by, heldMs) => {
    const approvers = { users: new Set(['U0EVE']), groups: new Set(['S0LEADS']) };
    await using scene = await openScene({ policy: policyOf({ ...lists, approvers }) });
    const id = await askedStop(scene);
    const aboutToSend = await judgedAndAboutToSend(scene, id);
    if (who.includes('never')) scene.world.unheard.add('S0LEADS');
    scene.world.hidden.add(by);
    await scene.press(id, by, 'cancel');
    aboutToSend.open();
    await scene.quiet();
    scene.leap(heldMs - 1);
    await scene.quiet();
    expect(scene.world.sent).toEqual([]);
    scene.leap(300);
    await scene.quiet();
    expect(scene.world.sent).toHaveLength(1);
  });

  /** Carol has confirmed it, and the last look-up before sending stands before the gate that is returned. */
  async function judgedAndAboutToSend(scene: Scene, id: string) {
    const [asker, approver, aboutToSend] = [scene.gate('place'), scene.gate('place'), scene.gate('place')];
    asker.open();
    approver.open();
    await scene.press(id, 'U0CAROL');
    scene.wake();
    await aboutToSend.reached;
    expect(await scene.request(id)).toMatchObject({ state: 'approved' });
    return aboutToSend;
  }
});

describe('a press that does not count', () => {
  it('is answered to that person alone, with the reason, and is recorded', async () => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    await scene.press(id, 'U0EVE');
    await scene.quiet();
    const refusal = {
      kind: 'access',
      refusal: { reason: 'not_an_approver', permitted: { users: [], groups: ['S0LEADS'] } },
    };
    expect(scene.world.told).toEqual([{ how: 'press', request: id, to: 'U0EVE', refusal }]);
    expect(await scene.events(id, 'press_refused')).toMatchObject([{ data: { by: 'U0EVE', refusal } }]);
    expect(scene.world.messages).toHaveLength(1);
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ state: 'awaiting_approval', presses: [] });
  });

  it('leaves the question to those whose press does', async () => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    await Promise.all(['U0EVE', 'U0ALICE', 'U0BOB', 'U0CAROL'].map((by) => scene.press(id, by)));
    await scene.quiet();
    expect(scene.world.told).toMatchObject([{ to: 'U0EVE' }, { to: 'U0ALICE' }, { to: 'U0BOB' }]);
    expect(scene.world.sent).toHaveLength(1);
  });

  it.each([
    ['Slack asks to wait', { kind: 'rate_limited', retryAfterMs: 3_000 }],
    ['Slack cannot be reached', { kind: 'refused', reason: 'unreachable' }],
    ['nobody knows whether it was posted', { kind: 'doubt' }],
    ['something breaks', new Error('something broke')],
  ] as const)('is answered later when %s', async (_, trouble) => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    scene.world.answers.answerPress.push(trouble);
    await scene.press(id, 'U0EVE');
    await scene.quiet();
    expect(scene.world.told).toEqual([]);
    await scene.pass(5_000);
    expect(scene.world.told).toMatchObject([{ how: 'press', to: 'U0EVE' }]);
    expect(await scene.events(id, 'press_refused')).toHaveLength(1);
  });

  it('whose answer Slack will never take is recorded and logged, and the request goes on', async () => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    scene.world.answers.answerPress.push({ kind: 'refused', reason: 'message_refused' });
    await scene.press(id, 'U0EVE');
    await scene.quiet();
    expect(await scene.request(id)).toMatchObject({ state: 'awaiting_approval', presses: [] });
    expect(scene.logged).toMatchObject([{ level: 'warn', fields: { request: id, by: 'U0EVE' } }]);
  });

  it.each([
    [9, true, 0],
    [100, false, 90],
  ])(
    'whose answer fails %i times is answered within ten tries, or recorded and logged: %s',
    async (failures, told, left) => {
      await using scene = await openScene();
      const id = await askedStop(scene);
      scene.world.answers.answerPress.push(...Array.from({ length: failures }, () => ({ kind: 'doubt' }) as const));
      await scene.press(id, 'U0EVE');
      await scene.pass(10 * minutes);
      expect(scene.world.answers.answerPress).toHaveLength(left);
      expect(scene.world.told).toHaveLength(told ? 1 : 0);
      expect(await scene.events(id, 'press_answered')).toMatchObject([{ data: { told } }]);
      const warnings = scene.logged.filter(({ level }) => level === 'warn');
      expect(warnings).toMatchObject(told ? [] : [{ fields: { request: id, by: 'U0EVE' } }]);
    },
  );

  it.each([
    ['Slack keeps asking to wait', { kind: 'rate_limited', retryAfterMs: 60_000 }],
    ['Slack stays out of reach', { kind: 'refused', reason: 'unreachable' }],
    ['it breaks each time', new Error('something broke')],
  ] as const)('keeps no request open for ever, although %s', async (_, trouble) => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    scene.world.answers.answerPress.push(...Array.from({ length: 1_000 }, () => trouble));
    await scene.press(id, 'U0EVE');
    await scene.pass(10 * minutes);
    expect(await scene.request(id)).toMatchObject({ state: 'expired', presses: [] });
    expect(scene.world.sent).toEqual([]);
  });

  it('keeps no request open for ever, although judging it breaks each time', async () => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    scene.setPolicy({
      ...noRules,
      get rules(): never {
        throw new Error('something broke');
      },
    });
    await scene.press(id, 'U0CAROL');
    await scene.pass(10 * minutes);
    expect(await scene.request(id)).toMatchObject({ state: 'expired', presses: [] });
    expect(scene.world.told).toMatchObject([{ how: 'press', to: 'U0CAROL', refusal: { kind: 'too_late' } }]);
    expect(scene.world.sent).toEqual([]);
  });

  it('does not hold up the press of an approver while Slack does not answer who it is', async () => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    const judging = scene.gate('person');
    const person = jest.spyOn(scene.ports.directory, 'person');
    await scene.press(id, 'U0EVE');
    scene.wake();
    await judging.reached;
    const sending = scene.gate('send');
    await scene.press(id, 'U0CAROL');
    await sending.reached;
    const lookedUp = person.mock.calls.map(([id]) => id);
    expect(lookedUp.filter((id) => id === 'U0EVE')).toHaveLength(1);
    sending.open();
    judging.open();
    await scene.quiet();
    expect(scene.world.sent).toHaveLength(1);
    expect(scene.world.told).toMatchObject([{ to: 'U0EVE', refusal: { kind: 'access' } }]);
  });

  it.each([
    ['keeps the question open for a moment only', 'U0EVE', 'expired'],
    ['of somebody who was asked is heard though the question is over', 'U0DAVE', 'accepted'],
  ])('and that Slack lets nobody judge, %s', async (_what, by, state) => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    await scene.pass(5 * minutes - 1_000);
    scene.world.hidden.add(by);
    await scene.press(id, by);
    await scene.pass(5_000);
    scene.world.hidden.delete(by);
    await scene.pass(5_000);
    expect(await scene.request(id)).toMatchObject({ state, presses: [] });
  });

  it.each([
    ['waits for Slack', { kind: 'rate_limited', retryAfterMs: 30_000 }],
    ['breaks', new Error('something broke')],
  ] as const)('does not hold up the press of an approver while its own answer %s', async (_, trouble) => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    scene.world.answers.answerPress.push(...Array.from({ length: 1_000 }, () => trouble));
    await scene.press(id, 'U0EVE');
    await scene.pass(24_000);
    expect(await scene.request(id)).toMatchObject({ pendingNotices: [{ by: 'U0EVE' }] });
    await scene.press(id, 'U0CAROL');
    await scene.pass(5_000);
    expect(scene.world.sent).toHaveLength(1);
  });
});

describe('a request can be taken back', () => {
  it('before it is announced', async () => {
    await using scene = await openScene();
    const announcing = scene.gate('announce');
    const id = await scene.ask({ verb: 'start' });
    scene.wake();
    await announcing.reached;
    await scene.press(id, 'U0ALICE', 'cancel');
    await scene.quiet(1);
    expect(await scene.request(id)).toMatchObject({ state: 'cancelled' });
    announcing.open();
    await scene.pass(10 * minutes);
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
    const id = await scene.ask({ verb: 'start' });
    await scene.pass(1_000);
    expect(scene.world.messages).toMatchObject([{ shows: 'retrying' }]);
    await scene.press(id, 'U0ALICE', 'cancel');
    await scene.pass(10 * minutes);
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ state: 'cancelled' });
  });

  it('by the person who asked, even if that person may not ask any more', async () => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    scene.setPolicy(noRules);
    await scene.press(id, 'U0ALICE', 'cancel');
    await scene.quiet();
    expect(await scene.request(id)).toMatchObject({ state: 'cancelled' });
  });

  it('by nobody else', async () => {
    await using scene = await openScene();
    const id = await askedStop(scene);
    for (const by of ['U0BOB', 'U0EVE']) await scene.press(id, by, 'cancel');
    await scene.quiet();
    expect(await scene.request(id)).toMatchObject({ state: 'awaiting_approval', presses: [] });
    expect(scene.world.told).toMatchObject([{ to: 'U0BOB' }, { to: 'U0EVE' }]);
  });
});
