import { expect, it } from '@jest/globals';
import { alice, bob, dave, inSandbox, shownText } from './people.ts';

const env = { CAMPAIGN_WF_USERS: `${alice},${dave}` };

it('an unanswered stop of an absent person blocks neither a pause nor another person’s stop', () =>
  inSandbox({ mode: 'http', env }, async ({ type, announced, outcome, press, sent, sandbox, slack }) => {
    for (const id of ['WKF420', 'wkf420']) sandbox.campaign.addWorkflow(id);
    await type(alice, 'stop WKF420');
    const absent = await announced('WKF420', 'awaiting_approval');
    await type(dave, 'pause WKF420');
    await outcome(await announced('WKF420', 'accepted'));
    await type(dave, 'stop wkf420');
    const question = await slack.waitFor(({ messages }) =>
      messages.find(({ ts, metadata }) => ts !== absent.ts && metadata?.event_payload.state === 'awaiting_approval'),
    );
    await press(bob, question, 'approve');
    await outcome(question);
    const superseded = await outcome(absent);
    expect(shownText(superseded)).toContain('Superseded.');
    expect(shownText(superseded)).toContain(question.ts.replace('.', ''));
    expect([...sent('WKF420'), ...sent('wkf420')].map((body) => JSON.parse(body).method).sort()).toEqual([
      'pause',
      'stop',
    ]);
  }));
