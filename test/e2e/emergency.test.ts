import { expect, it } from '@jest/globals';
import { USERS, user } from '../../sandbox/slack/seed.ts';
import type { Message } from '../../sandbox/slack/workspace.ts';
import { startSandbox } from '../../sandbox/start-sandbox.ts';
import { alice, bob, buttons, carol, conversation, dave, ops, requestId, shownText } from './people.ts';

const day = 86_400_000;

/** Is not in #ops. */
const nia = 'U0NIA';

/** Leads confirm stops, or Dave declares an emergency after a second; a lead reviews it. Nobody is in the group of the night. */
const configuration = `
environments:
  prod: { organization: acme }
access:
  - name: Nobody at night
    channels: [${ops}]
    people: { users: [${alice}] }
    workflows: ["NIGHT*"]
    commands: [stop]
    approval: { from: { groups: [S0NIGHT] } }
    emergency: { people: { users: [${alice}] }, commands: [stop], after: 1s, review_by: { users: [${bob}, ${nia}] } }
  - name: Leads stop
    channels: [${ops}]
    people: { users: [${alice}, ${dave}] }
    commands: [stop, history]
    reason: { required: false, matches: "INC\\\\d+", hint: "an incident, such as INC0012345" }
    approval: { from: { groups: [S0LEADS] } }
    emergency: { people: { users: [${dave}] }, commands: [stop], after: 1s, review_by: { users: [${bob}, ${dave}] } }
`;

const users = [...USERS, user(nia, 'nia', 'Nia')];
const groups = [
  { id: 'S0LEADS', handle: 'leads', users: [bob, carol] },
  { id: 'S0NIGHT', handle: 'night', users: [] },
];

it.each(['http', 'socket'] as const)(
  'over %s, an emergency is offered in time, declared with a reason, sent once, told to all at once, and reviewed',
  async (mode) => {
    const sandbox = await startSandbox({ mode, configuration, hasTurnedClock: true, workspace: { groups, users } });
    await using resources = new AsyncDisposableStack();
    resources.defer(() => sandbox.close());
    const { type, announced, outcome, sent, slack, privateReply } = conversation(sandbox);
    for (const workflow of ['WKF901', 'WKF902', 'NIGHT1']) sandbox.campaign.addWorkflow(workflow);

    const shows = (message: Message, text: string) =>
      slack.waitFor(({ messages }) => messages.find((one) => one.ts === message.ts && shownText(one).includes(text)));
    const inThread = ({ ts }: Message, text: string) =>
      slack.waitFor(({ messages }) => messages.find((one) => one.threadTs === ts && shownText(one).includes(text)));
    const dialog = (callback: string) =>
      slack.waitFor(({ views }) => views.find(({ view }) => view.callback_id === callback));
    const press = (user: string, { channel, ts }: Message, actionId: string) =>
      slack.press({ user, channel, ts, actionId });

    await type(alice, 'stop WKF901 INC1 it deletes customers');
    const asked = await announced('WKF901', 'awaiting_approval');
    expect(await type(dave, `emergency ${requestId(asked)}`)).toContain('needs a reason at its end');
    const question = await shows(asked, 'Not confirmed in time');
    expect(shownText(question)).toContain(`<@${dave}> may declare an emergency`);
    expect(buttons(question)).toMatchObject([
      { action_id: 'approve_request' },
      { action_id: 'cancel_request' },
      { action_id: 'declare_emergency', style: 'danger' },
    ]);

    // Whoever may not gets no dialog, and is told why.
    await press(alice, question, 'declare_emergency');
    expect((await privateReply(alice, 'may declare an emergency here')).text).toContain(`Only <@${dave}>`);
    expect(slack.workspace.views).toEqual([]);

    // The dialog keeps what the rule does not take.
    await press(dave, question, 'declare_emergency');
    const reason = await dialog('emergency_form');
    await slack.submit({ user: dave, viewId: reason.id, values: { reason: { reason: 'fire' } } });
    expect(sent('WKF901')).toEqual([]);
    const submitted = await slack.submit({
      user: dave,
      viewId: reason.id,
      values: { reason: { reason: 'INC2 *database* is on fire' } },
    });
    await slack.redeliver(submitted);
    const stopped = await announced('WKF901', 'accepted');
    expect(sent('WKF901')).toEqual(['{"method":"stop"}']);
    expect(shownText(stopped)).toContain(
      `🚨 Emergency, declared by <@${dave}> in place of the confirmations: INC2 *database* is on fire (not reviewed yet)`,
    );
    expect(shownText(await outcome(stopped))).toContain(`🚨 Emergency, declared by <@${dave}>`);

    // Everybody named is told at once, in the channel as well.
    const notice = await inThread(stopped, 'INC2 *database* is on fire');
    for (const person of [`<@${alice}>`, '<!subteam^S0LEADS>', `<@${dave}>`, `<@${bob}>`])
      expect(shownText(notice)).toContain(person);
    expect(buttons(notice)).toMatchObject([{ action_id: 'review_emergency', value: requestId(stopped) }]);

    // A review is asked for each day, of others than the person who declared it.
    await sandbox.turnClock(day + 1_000);
    await inThread(stopped, 'nobody has reviewed it');
    await press(dave, notice, 'review_emergency');
    expect((await privateReply(dave, 'does not review it')).text).toContain(`Ask <@${bob}>`);
    await type(bob, 'waiting');
    expect((await privateReply(bob, 'waits for your review')).text).toContain(`emergency by <@${dave}>`);
    await slack.openHome({ user: bob });
    await slack.waitFor(({ homes }) => homes.some(({ view }) => shownText(view).includes('waits for your review')));
    await slack.pressAtHome({ user: bob, actionId: 'review_emergency' });
    const comment = await dialog('review_form');
    await slack.submit({ user: bob, viewId: comment.id, values: { reason: { reason: 'right so' } } });
    await inThread(stopped, `<@${bob}> has reviewed this emergency: right so`);
    await shows(stopped, `(reviewed by <@${bob}>: right so)`);
    expect(await type(bob, `review ${requestId(stopped)} again`)).toContain('has already reviewed');
    await type(alice, 'history WKF901');
    expect((await privateReply(alice, 'WKF901')).text).toContain(`🚨 <@${dave}> (reviewed by <@${bob}>)`);

    // A confirmation in time leaves nothing to declare.
    await type(alice, 'stop WKF902 INC3');
    const confirmed = await announced('WKF902', 'awaiting_approval');
    await press(carol, confirmed, 'approve_request');
    await announced('WKF902', 'accepted');
    expect(await type(dave, `review ${requestId(confirmed)} what`)).toContain('there is nothing to review');

    // Where nobody can confirm, the question says from when, and its requester declares it by keyboard.
    await type(alice, 'stop NIGHT1 it runs wild');
    const only = await announced('NIGHT1', 'awaiting_approval');
    expect(shownText(only)).toMatch(/Too few people can confirm this now|Not confirmed in time/);
    await shows(only, 'Not confirmed in time');
    await type(alice, `emergency ${requestId(only)} it fills the disk`);
    await announced('NIGHT1', 'accepted');
    expect(sent('NIGHT1')).toEqual(['{"method":"stop"}']);
    await inThread(only, 'it fills the disk');

    // Everybody named gets a direct message; a reviewer who is not in the channel answers from there.
    const direct = (channel: string) =>
      slack.waitFor(({ messages }) =>
        messages.find((one) => one.channel === channel && shownText(one).includes('it fills the disk')),
      );
    const message = await direct('D0NIA');
    expect(shownText(message)).toContain('You are asked to review this emergency.');
    expect(shownText(message)).toContain(requestId(only));
    expect(buttons(message).map(({ action_id }) => action_id)).toEqual(['review_emergency']);
    await direct('D0BOB');
    await press(nia, message, 'review_emergency');
    const opened = await slack.waitFor(({ views }) =>
      views.find(({ view, id }) => view.callback_id === 'review_form' && id !== comment.id),
    );
    await slack.submit({ user: nia, viewId: opened.id, values: { reason: { reason: 'from afar' } } });
    await inThread(only, `<@${nia}> has reviewed this emergency: from afar`);

    const kinds = slack.workspace.messages
      .filter(({ metadata }) => metadata?.event_type === 'campaign_wf_emergency')
      .map(({ metadata }) => metadata?.event_payload.message);
    expect(kinds).toEqual(['declared', 'reminder', 'reviewed', 'declared', 'reviewed']);
    expect(slack.workspace.mistakes).toEqual([]);
    // Slack’s clock is turned a moment before the bot’s.
    const errors = sandbox.bot().log.filter((line) => JSON.parse(line).level >= 50);
    expect(errors.filter((line) => !line.includes('clock is behind'))).toEqual([]);
  },
  60_000,
);
