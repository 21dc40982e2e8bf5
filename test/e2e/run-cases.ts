import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { checkAskAgain } from './ask-again.ts';
import { cases } from './cases.ts';
import { formCases } from './form-cases.ts';
import { alice, buttons, conversation, inSandbox, requestId, shownText } from './people.ts';
import { reasonCases } from './reason-cases.ts';
import { severalCases } from './several-cases.ts';

/** Runs every case with the real bot, in one of the two modes. */
export function runCases(mode: 'http' | 'socket'): void {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ mode });
  });
  afterAll(() => sandbox.close());

  it.each([...cases, ...formCases, ...reasonCases, ...severalCases])('$promise', async ({ check }) => {
    await check(conversation(sandbox));
    expect(sandbox.slack.workspace.mistakes).toEqual([]);
    expect(sandbox.bot().log.filter((line) => JSON.parse(line).level >= 50)).toEqual([]);
  });

  it('a question without a decision expires, says so, and its buttons are removed', () =>
    inSandbox({ mode, env: { CAMPAIGN_WF_CONFIRM_WITHIN: '1s' } }, async ({ type, announced, outcome, sent }) => {
      await type(alice, 'stop WKF110');
      const announcement = await announced('WKF110', 'expired');
      expect(buttons(announcement)).toMatchObject([{ action_id: 'ask_again', value: requestId(announcement) }]);
      expect(shownText(await outcome(announcement))).toContain('It was not confirmed in time');
      expect(sent('WKF110')).toEqual([]);
    }));

  it('an expired request is asked again by a button, once for each person, and judged anew', () =>
    inSandbox({ mode, env: { CAMPAIGN_WF_CONFIRM_WITHIN: '2s' } }, checkAskAgain));

  it('without approvers, the requester confirms the stop', () =>
    inSandbox({ mode, env: { CAMPAIGN_WF_APPROVERS: '' } }, async ({ type, announced, outcome, press, sent }) => {
      await type(alice, 'stop WKF110');
      const question = await announced('WKF110', 'awaiting_approval');
      await press(alice, question, 'approve');
      await outcome(await announced('WKF110', 'accepted'));
      expect(sent('WKF110')).toEqual(['{"method":"stop"}']);
    }));
}
