import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { startSandbox } from '../../sandbox/start-sandbox.ts';
import { alice, bob, conversation, ops, shownText } from './people.ts';

const minutes = 60_000;

const configuration = `environments:
  prod: { organization: acme }
workflows:
  nightly-load: { id: WKF200, label: Nightly load }
access:
  - name: Operators
    channels: [${ops}]
    people: { users: [${alice}, ${bob}] }
    commands: [start, pause, resume, stop]
    approval: { from: { users: [${bob}] } }
watch:
  - { workflows: [nightly-load, WKF201], channel: ${ops}, every: 1m }
`;

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await wait(20);
}

it.each(['http', 'socket'] as const)('over %s, a failure is noticed, and what people ask for is not', async (mode) => {
  const sandbox = await startSandbox({ mode, hasTurnedClock: true, configuration });
  await using resources = new AsyncDisposableStack();
  resources.defer(() => sandbox.close());
  const { campaign, slack } = sandbox;
  const { type, announced, press, outcome } = conversation(sandbox);
  const alerts = () => slack.workspace.messages.filter(({ metadata }) => metadata?.event_type === 'campaign_wf_watch');
  const alerted = (text: string) => slack.waitFor(() => alerts().find((message) => shownText(message).includes(text)));
  const looks = (id: string) =>
    campaign.requests.filter(({ method, path }) => method === 'GET' && path.includes(id)).length;

  await until(() => looks('WKF200') > 0 && looks('WKF201') > 0);

  campaign.addWorkflow('WKF200', 'erroneous');
  await sandbox.turnClock(minutes);
  await alerted('Nightly load (WKF200, prod) has failed.');

  // It survives a kill, and is told once.
  await sandbox.restart('SIGKILL');
  await type(alice, 'stop WKF201 wrong audience');
  const question = await announced('WKF201', 'awaiting_approval');
  await press(bob, question, 'approve');
  await outcome(question);
  campaign.addWorkflow('WKF200', 'started');
  const before = looks('WKF201');
  await sandbox.turnClock(2 * minutes);
  await alerted('Nightly load (WKF200, prod) shows no problem any more.');
  await until(() => looks('WKF201') > before && alerts().length === 2);
  expect(alerts().map(({ threadTs }) => threadTs)).toEqual([null, alerts()[0]?.ts]);
  expect(alerts().some((message) => shownText(message).includes('WKF201'))).toBe(false);

  // What is taken out of the file is not looked at any more.
  expect(await sandbox.reload(configuration.replace(/^watch:[\s\S]*/m, ''))).toContain('was reloaded');
  const last = looks('WKF200');
  campaign.addWorkflow('WKF200', 'erroneous');
  await sandbox.turnClock(10 * minutes);
  await type(alice, 'status WKF201');
  expect(alerts()).toHaveLength(2);
  expect(looks('WKF200')).toBe(last);
  expect(slack.workspace.mistakes).toEqual([]);
});
