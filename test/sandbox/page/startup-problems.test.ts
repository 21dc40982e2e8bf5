import { expect, it } from '@jest/globals';
import { startupProblems } from '../../../sandbox/page/startup-problems.ts';

const log = '{"level":40,"message":"Slack does not say who the bot is; trying again"}';

it('the messages of a bot that does not start are shown without its log', () => {
  expect(startupProblems(`${log}\ncampaign-wf cannot start with these settings:\nSLACK_BOT_TOKEN was refused`)).toEqual(
    ['campaign-wf cannot start with these settings:', 'SLACK_BOT_TOKEN was refused'],
  );
});

it('without a message there is advice where to look and what to do', () => {
  for (const output of ['', log, `${log}\n${log}`]) {
    expect(startupProblems(output)).toEqual([expect.stringMatching(/its log has the reason.*switch it off/)]);
  }
});
