import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { startSandbox } from '../../sandbox/start-sandbox.ts';
import { alice, bob, conversation, gina, ops, shownText } from './people.ts';

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
  - name: Watchers
    channels: [${ops}]
    people: { users: [${alice}, ${bob}] }
    commands: [watch, unwatch]
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
  const { type, announced, press, outcome, privateReply, sent } = conversation(sandbox);
  const alerts = () => slack.workspace.messages.filter(({ metadata }) => metadata?.event_type === 'campaign_wf_watch');
  const alerted = (text: string) => slack.waitFor(() => alerts().find((message) => shownText(message).includes(text)));
  const looks = (id: string) =>
    campaign.requests.filter(({ method, path }) => method === 'GET' && path.includes(id)).length;

  await until(() => looks('WKF200') > 0 && looks('WKF201') > 0);

  campaign.addWorkflow('WKF200', 'erroneous');
  await sandbox.turnClock(minutes);
  const alert = await alerted('Nightly load (WKF200, prod) has failed.');

  // Answered by its buttons, each a request like any other: two clicks make one.
  const click = (user: string, action: string, value?: string) =>
    slack.press({
      user,
      channel: ops,
      ts: alert.ts,
      actionId: `alert_${action}`,
      ...(value !== undefined && { value }),
    });
  await click(gina, 'stop');
  await privateReply(gina, 'Guests cannot run workflows');
  await click(gina, 'mute');
  // Without the alias, which she has not typed.
  await privateReply(gina, 'Mute WKF200');
  await Promise.all([click(alice, 'start'), click(alice, 'start')]);
  const asked = await announced('WKF200', 'awaiting_approval');
  expect(shownText(asked)).toContain(alice);
  expect(shownText(asked)).toContain('failed');
  await press(bob, asked, 'cancel');
  await outcome(asked);
  await click(alice, 'stop', 'other/WKF200');
  await privateReply(alice, 'does not have this environment any more');
  await click(bob, 'mute');
  await alerted('Muted until ');
  expect(shownText(alert)).toContain(bob);
  await privateReply(bob, 'Muted until ');
  expect(sent('WKF200')).toEqual([]);

  // It survives a kill, and is told once.
  await sandbox.restart('SIGKILL');
  await type(alice, 'stop WKF201 wrong audience');
  const question = await announced('WKF201', 'awaiting_approval');
  await press(bob, question, 'approve');
  await outcome(question);
  await until(() => campaign.workflows().some(({ id, state }) => id === 'WKF201' && state === 'finished'));
  campaign.addWorkflow('WKF200', 'started');
  const before = looks('WKF201');
  await sandbox.turnClock(2 * minutes);
  await until(() => looks('WKF201') > before && looks('WKF200') > 2);
  // What they have shown may not be recorded yet, and half an hour later the stop would not explain it.
  // A clock that was turned can close the connection: what is typed then is not delivered.
  const listed = () => type(alice, 'watch').catch(() => '');
  while (!/^WKF201 .*finished/im.test(await listed())) await wait(200);
  // Who has muted it stands in its thread.
  await until(() => alerts().length === 2);
  await sandbox.turnClock(240 * minutes);
  await alerted('Nightly load (WKF200, prod) shows no problem any more.');
  expect(alerts().some((message) => shownText(message).includes('WKF201'))).toBe(false);

  // Somebody has paused it in Campaign: before that ends by itself, it is mentioned, and answered.
  campaign.addWorkflow('WKF200', 'paused');
  await sandbox.turnClock(minutes);
  await alerted('is paused or could not finish');
  await sandbox.turnClock(5 * 24 * 60 * minutes);
  const { ts } = await alerted('Campaign itself stops what stays paused');
  await slack.press({ user: gina, channel: ops, ts, actionId: 'alert_leave' });
  await privateReply(gina, 'Guests cannot run workflows');
  await slack.press({ user: alice, channel: ops, ts, actionId: 'alert_leave' });
  await alerted('leaves it paused');
  const told = alerts().length;

  // What is taken out of the file is not looked at any more.
  expect(await sandbox.reload(configuration.replace(/^watch:[\s\S]*/m, ''))).toContain('was reloaded');
  const last = looks('WKF200');
  campaign.addWorkflow('WKF200', 'erroneous');
  await sandbox.turnClock(10 * minutes);
  await type(alice, 'status WKF201');
  expect(alerts()).toHaveLength(told);
  expect(looks('WKF200')).toBe(last);
  await watchedByCommand();
  expect(slack.workspace.mistakes).toEqual([]);

  /** Somebody asks for it, the workflow fails, the channel is told, and somebody else ends it. */
  async function watchedByCommand(): Promise<void> {
    campaign.addWorkflow('WKF200', 'started');
    await type(gina, 'watch nightly-load');
    await privateReply(gina, 'Guests cannot run workflows');
    await type(alice, 'watch WKF999');
    await privateReply(alice, 'WKF999');
    await type(alice, 'watch nightly-load the load is new');
    const watch = await announced('WKF200', 'accepted');
    expect(shownText(watch)).toContain('Watch Nightly load (WKF200, prod)');
    expect(shownText(await outcome(watch))).toContain('/campaign-wf unwatch nightly-load --env prod');
    await type(bob, 'watch nightly-load');
    await privateReply(bob, 'watched in this channel already');
    await until(() => looks('WKF200') > last);
    // The answer to the first look may not be recorded yet.
    let list = '';
    while (!list.includes('n progress, seen at ')) {
      await wait(200);
      list = await type(bob, 'watch');
    }
    expect(list).toMatch(
      /^Watched in this channel:\nNightly load \(WKF200, prod\) · .* · every 5 minutes · asked for by/,
    );

    await sandbox.restart('SIGKILL');
    campaign.addWorkflow('WKF200', 'erroneous');
    await sandbox.turnClock(5 * minutes);
    const failure = await slack.waitFor(() => alerts()[told]);
    expect(shownText(failure)).toContain('Nightly load (WKF200, prod) has failed.');

    await type(bob, 'unwatch nightly-load');
    await slack.waitFor(() =>
      slack.workspace.messages.find((message) => shownText(message).includes('Not watched any more.')),
    );
    await type(alice, 'unwatch nightly-load');
    await privateReply(alice, 'It is not watched in this channel.');
    const end = looks('WKF200');
    campaign.addWorkflow('WKF200', 'finished');
    await sandbox.turnClock(10 * minutes);
    await type(alice, 'watch');
    await privateReply(alice, 'Nothing is watched in this channel.');
    expect(looks('WKF200')).toBe(end);
    expect(alerts()).toHaveLength(told + 1);
  }
});
