import { expect, it } from '@jest/globals';
import { startupProblems } from '../../../sandbox/page/startup-problems.ts';

const log = '{"level":40,"message":"Slack does not say who the bot is; trying again"}';

it('a bot that does not come up is heard in its words to people, without its log', () => {
  expect(startupProblems(`${log}\ncampaign-wf cannot start with these settings:\nSLACK_BOT_TOKEN was refused`)).toEqual(
    ['campaign-wf cannot start with these settings:', 'SLACK_BOT_TOKEN was refused'],
  );
});

it('where it said nothing to people, they are told where to look and what to do', () => {
  for (const output of ['', log, `${log}\n${log}`]) {
    expect(startupProblems(output)).toEqual([expect.stringMatching(/its log says why.*switch that off/)]);
  }
});
