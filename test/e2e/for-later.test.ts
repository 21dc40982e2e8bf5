import { expect, it } from '@jest/globals';
import { startSandbox } from '../../sandbox/start-sandbox.ts';
import { checkPauseReminder } from './pause-reminder.ts';
import { alice, buttons, conversation, requestId, shownText } from './people.ts';

const minutes = 60_000;

/** The local time of Alice, that long from now. */
function timeIn(ms: number): string {
  const format = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/Paris' });
  return format.format(Date.now() + ms);
}

it.each(['http', 'socket'] as const)(
  'over %s, commands for later are sent at their time, taken back, superseded, and told where nobody was there; a pause is mentioned',
  async (mode) => {
    const sandbox = await startSandbox({ mode, hasTurnedClock: true });
    await using resources = new AsyncDisposableStack();
    resources.defer(() => sandbox.close());
    const talk = conversation(sandbox);
    const { type, announced, outcome, press, sent, slack, privateReply } = talk;
    for (const workflow of ['WKF801', 'WKF802', 'WKF804', 'WKF805', 'WKF806', 'WKF807'])
      sandbox.campaign.addWorkflow(workflow);

    // Sent at its time, by Campaign's answer once.
    const told = await type(alice, 'pause WKF801 in 30m before the load');
    expect(told).toMatch(/Asked: .*To be sent: .*Europe\/Paris/s);
    const later = await announced('WKF801', 'scheduled');
    expect(shownText(later)).toContain('To be sent: ');
    expect(shownText(later)).toContain('Europe/Paris');
    expect(buttons(later)).toMatchObject([{ action_id: 'cancel_request', value: requestId(later) }]);
    expect(sent('WKF801')).toEqual([]);

    // Superseded by a later command, and taken back by its button.
    await type(alice, 'pause WKF802 in 1h');
    const superseded = await announced('WKF802', 'scheduled');
    await type(alice, 'pause WKF802 now');
    expect(shownText(await outcome(superseded))).toContain('Superseded.');
    await type(alice, 'pause WKF804 tomorrow 06:15');
    const tomorrow = await announced('WKF804', 'scheduled');
    await type(alice, 'waiting');
    expect((await privateReply(alice, 'WKF804')).text).toContain('To be sent');
    await press(alice, tomorrow, 'cancel');
    await announced('WKF804', 'cancelled');

    // Several, with one question.
    await type(alice, 'pause WKF806 WKF807 in 2h');
    const several = await announced('WKF806,WKF807', 'awaiting_approval');
    await press(alice, several, 'approve');
    await announced('WKF806,WKF807', 'scheduled');
    await press(alice, several, 'cancel');
    await announced('WKF806,WKF807', 'cancelled');

    // Words that may be a time are asked about.
    expect(await type(alice, 'pause WKF805 until Friday')).toContain('Nothing was sent');

    // A pause that ends by itself.
    await type(alice, `pause WKF805 until ${timeIn(120 * minutes)} maintenance`);
    await announced('WKF805', 'accepted');
    const isResume = (text: string) => text.includes('Resume WKF805') && text.includes('To be sent');
    await slack.waitFor(() => slack.workspace.messages.some((message) => isResume(shownText(message))));

    await sandbox.turnClock(30 * minutes);
    await announced('WKF801', 'accepted');
    expect(sent('WKF801')).toEqual(['{"method":"pause"}']);
    await sandbox.turnClock(90 * minutes);
    await slack.waitFor(() => sent('WKF805').length === 2);
    expect(sent('WKF805')).toEqual(['{"method":"pause"}', '{"method":"resume"}']);

    // Nobody was there when it was due.
    await type(alice, 'pause WKF804 in 30m');
    const missed = await announced('WKF804', 'scheduled');
    await sandbox.turnClock(40 * minutes);
    await sandbox.restart('SIGKILL');
    expect(shownText(await outcome(missed))).toContain('Not sent');
    expect(sent('WKF804')).toEqual([]);

    await checkPauseReminder(talk);
    expect(slack.workspace.mistakes).toEqual([]);
  },
);
