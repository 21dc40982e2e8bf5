import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { checkAskAgain } from './ask-again.ts';
import { cases } from './cases.ts';
import { checkEscalation, escalating } from './escalation.ts';
import { formCases } from './form-cases.ts';
import { alice, bob, buttons, carol, conversation, inSandbox, requestId, shownText } from './people.ts';
import { checkPrivateChannel, privateChannel } from './private-channel.ts';
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

  it('a question that nobody answers is reminded of, wanders to those on duty, and is confirmed from a direct message', () =>
    inSandbox({ mode, configuration: escalating, hasTurnedClock: true }, checkEscalation));

  it('in a private channel only its members are asked, and where nobody in it can confirm, that is said at once', () =>
    inSandbox({ mode, configuration: privateChannel }, checkPrivateChannel));

  it('a lead who asks is told at once that somebody else has to confirm', () =>
    inSandbox({ mode, configuration: privateChannel }, async ({ type, announced, press, sent, sandbox }) => {
      sandbox.campaign.addWorkflow('WKF120');
      const told = await type(bob, 'stop WKF120');
      expect(told).toContain('Asked: ');
      expect(told).toContain('You cannot confirm it yourself. Somebody else has to: <!subteam^S0LEADS>.');
      const question = await announced('WKF120', 'awaiting_approval');
      expect(shownText(question)).toContain(`<!subteam^S0LEADS> (except <@${bob}>)`);
      await press(carol, question, 'approve');
      await announced('WKF120', 'accepted');
      expect(sent('WKF120')).toEqual(['{"method":"stop"}']);
      sandbox.campaign.addWorkflow('WKF121');
      expect(await type(alice, 'stop WKF121')).not.toContain('yourself');
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
