import { expect, it } from '@jest/globals';
import { startBot } from '../../sandbox/bot-process.ts';
import { botEnv } from '../../sandbox/start-sandbox.ts';
import { newDatabase } from '../postgres/new-database.ts';
import { alice, bob, buttons, type Conversation, carol, dave, inSandbox, ops, shownText } from './people.ts';

/** Alice pauses so many workflows, which have all ended afterwards. */
async function pauseMany({ type, announced, outcome, sandbox }: Conversation, count: number): Promise<void> {
  for (let nth = 1; nth <= count; nth++) {
    sandbox.campaign.addWorkflow(`WKF70${nth}`);
    await type(alice, `pause WKF70${nth} list ${nth} is wrong`);
    await outcome(await announced(`WKF70${nth}`, 'accepted'));
  }
}

const older = (user: string) => ({ user, channel: ops, actionId: 'older_requests' });

it.concurrent('history shows reasons and confirmations, page by page, also after the bot has restarted', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const { type, announced, press, followUp, slack, sandbox } = talk;
    await pauseMany(talk, 11);
    await type(alice, 'stop WKF110 wrong audience');
    await press(bob, await announced('WKF110', 'awaiting_approval'), 'approve');
    await followUp(await announced('WKF110', 'accepted'));
    const page = await talk.ask(alice, 'history');
    expect(page.text).toMatch(
      new RegExp(
        `^Last requests in this channel:\n✅ stop <https:.+\\|WKF110> \\(acme\\) · .+\n<@${alice}> · wrong audience · ✓ <@${bob}>\n`,
      ),
    );
    expect(shownText(page)).toMatch(/✅ effect seen.* · ✓ confirmed by/);
    expect(page.text).not.toContain('WKF702>');
    const [button] = buttons(page);
    await sandbox.restart('SIGKILL');
    const replies = slack.workspace.privateReplies.length;
    await slack.pressPrivate(older(alice));
    await slack.waitFor(() => page.text.startsWith('Older requests') || undefined);
    expect(page.text).toMatch(/list 2 is wrong(.|\n)+list 1 is wrong/);
    expect(page.text).not.toContain('WKF703');
    expect(buttons(page)).toEqual([]);
    expect(slack.workspace.privateReplies).toHaveLength(replies);
    // The client of a person can still show the button.
    await expect(slack.pressPrivate({ ...older(alice), value: button?.value ?? '' })).rejects.toThrow();
  }));

it.concurrent('the button of a workflow is answered with its status, also after the bot has restarted', () =>
  inSandbox({ mode: 'socket' }, async (talk) => {
    await pauseMany(talk, 1);
    const offered = await talk.ask(alice, 'status');
    const [button] = buttons(offered);
    await talk.sandbox.restart('SIGKILL');
    await talk.slack.pressPrivate({ user: alice, channel: ops, actionId: button?.action_id ?? '' });
    await talk.privateReply(alice, 'WKF701 in acme');
  }));

it.concurrent('of more than ten workflows, one is chosen in a menu', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    await pauseMany(talk, 11);
    const offered = await talk.ask(alice, 'status');
    expect(buttons(offered)).toMatchObject([{ type: 'static_select', options: Array(11).fill(expect.anything()) }]);
    await talk.slack.pressPrivate({
      user: alice,
      channel: ops,
      actionId: 'show_status_menu',
      value: 'WKF703 acme',
    });
    await talk.privateReply(alice, 'WKF703 in acme');
    expect(talk.slack.workspace.mistakes).toEqual([]);
  }));

it.concurrent('history is limited to a person, a period, an environment and a workflow', () =>
  inSandbox({ mode: 'socket' }, async (talk) => {
    const { type, announced, press, outcome, privateReply } = talk;
    await pauseMany(talk, 2);
    await type(alice, 'stop WKF110 wrong audience');
    await press(bob, await announced('WKF110', 'awaiting_approval'), 'approve');
    await outcome(await announced('WKF110', 'accepted'));
    await type(dave, 'history');
    await privateReply(dave, 'and you are not among them');
    const ofBob = await talk.ask(alice, `history <@${bob}|bob> 7d`);
    expect(ofBob.text).toMatch(/^Last requests in this channel: asked or confirmed by <@U0BOB> · since /);
    expect(ofBob.text).toContain('|WKF110>');
    expect(ofBob.text).not.toContain('WKF70');
    expect((await talk.ask(alice, `history <@${dave}>`)).text).toMatch(/⛔ history · .+\n<@U0DAVE> · /);
    const combined = await talk.ask(alice, `history WKF701 <@${alice}> 30m --env acme`);
    expect(combined.text).toMatch(/pause <.+\|WKF701> \(acme\)(.|\n)*list 1 is wrong/);
    expect(combined.text).not.toContain('WKF702');
    expect((await talk.ask(alice, `history <@${carol}>`)).text).toMatch(
      /^No requests in this channel that you may see/,
    );
    expect((await talk.ask(alice, 'history @nobody')).text).toMatch(
      /^@nobody is nobody whom this knows: mention one person/,
    );
    expect((await talk.ask(alice, 'history 7 days')).text).toMatch(/does not say how far back(.|\n)*Did you mean 7d\?/);
  }));

it.concurrent('another replica answers the button', async () => {
  const env = { DATABASE_URL: await newDatabase() };
  await inSandbox({ mode: 'http', env }, async (talk) => {
    const { sandbox, slack } = talk;
    await pauseMany(talk, 11);
    const page = await talk.ask(alice, 'history');
    const folder = sandbox.ledgerPath.replace(/\/[^/]*$/, '');
    const other = await startBot({ ...botEnv(slack, sandbox.campaign, 'http'), ...env }, folder);
    try {
      slack.deliverTo(`${other.url}/slack/events`);
      await sandbox.bot().end('SIGTERM');
      await slack.pressPrivate(older(alice));
      await slack.waitFor(() => page.text.startsWith('Older requests') || undefined);
      expect(page.text).toContain('|WKF701>');
    } finally {
      await other.end('SIGTERM');
    }
  });
});
