import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { alice, bob, gina, inSandbox, requestId, shownText } from './people.ts';

it.concurrent('a guest who types a decision 100 times is answered each time, and the first one is recorded', () =>
  inSandbox({ mode: 'http' }, async ({ sandbox, type, announced, recorded, press, outcome, privateReply }) => {
    await type(alice, 'stop WKF200');
    const question = await announced('WKF200', 'awaiting_approval');
    await recorded('WKF200');
    const request = requestId(question);
    await type(gina, `approve ${request}`);
    await privateReply(gina, 'did not count');
    const answers: string[] = [];
    for (let press = 0; press < 100; press++) answers.push(await type(gina, `approve ${request}`));
    expect(answers.filter((answer) => answer.includes('as before'))).toHaveLength(100);
    const ledger = new DatabaseSync(sandbox.ledgerPath, { readOnly: true });
    const typesOf = `select type from events where request = ? and type like 'press%'`;
    expect(ledger.prepare(typesOf).all(request)).toMatchObject([
      { type: 'pressed' },
      { type: 'press_refused' },
      { type: 'press_answered' },
    ]);
    ledger.close();
    const metrics = await (await fetch(`${sandbox.bot().url}/metrics`)).text();
    expect(metrics).toContain('\ncampaign_wf_repeated_presses_total 100\n');
    await press(bob, question, 'approve');
    await outcome(await announced('WKF200', 'accepted'));
  }));

it.concurrent('commands beyond the rate limit are answered and not executed; a stop of the same person is executed, and so are those of others', () =>
  inSandbox({ mode: 'http' }, async ({ sandbox, slack, type, announced, outcome }) => {
    const text = 'approve 7K3M9QPA';
    for (let sent = 0; sent < 300; sent++) await slack.command({ user: gina, channel: 'C0OPS', text });
    const answer = await type(gina, text);
    expect(answer).toMatch(
      /^You have sent too much within a minute, so this was not taken\. Try again in \d+ seconds?\.$/,
    );
    expect(await type(gina, 'stop WKF201')).not.toContain('too much');
    await type(alice, 'pause WKF200');
    await outcome(await announced('WKF200', 'accepted'));
    const metrics = await (await fetch(`${sandbox.bot().url}/metrics`)).text();
    expect(metrics).toMatch(/^campaign_wf_rate_limited_total\{kind="decision"\} 1$/m);
  }));

it.concurrent('a burst of stops notifies its approvers once, and another person’s stop notifies them again', () =>
  inSandbox({ mode: 'http', env: { CAMPAIGN_WF_USERS: `${alice},${bob}` } }, async ({ sandbox, type, announced }) => {
    const ids = ['WKF601', 'WKF602', 'WKF603', 'WKF604'];
    for (const id of [...ids, 'WKF605']) sandbox.campaign.addWorkflow(id);
    await type(alice, 'stop WKF601');
    const first = await announced('WKF601', 'awaiting_approval');
    await Promise.all(ids.slice(1).map((id) => type(alice, `stop ${id}`)));
    const others = await Promise.all(ids.slice(1).map((id) => announced(id, 'awaiting_approval')));
    const leads = '"usergroup_id":"S0LEADS"';
    expect(JSON.stringify(first.blocks)).toContain(leads);
    for (const other of others) {
      expect(JSON.stringify([other.text, other.blocks])).not.toMatch(/subteam|usergroup/);
      expect(shownText(other)).toMatch(new RegExp(`whoever was notified for <[^|]+\\|${requestId(first)}>`));
    }
    await type(bob, 'stop WKF605');
    expect(JSON.stringify((await announced('WKF605', 'awaiting_approval')).blocks)).toContain(leads);
  }));

it.concurrent('stops of 100 people whom no rule names, and whose look-ups hang, delay no other stop', () =>
  inSandbox({ mode: 'http' }, async ({ slack, type, announced, privateReply }) => {
    await type(alice, 'status WKF200');
    await privateReply(alice, 'WKF200');
    const { users } = slack.workspace;
    const dave = users.find(({ id }) => id === 'U0DAVE');
    if (dave === undefined) throw new Error('there is no Dave');
    slack.fail('users.info', { kind: 'hang' });
    for (let one = 0; one < 100; one++) {
      users.push({ ...dave, id: `U0NOBODY${one}` });
      await slack.command({ user: `U0NOBODY${one}`, channel: 'C0OPS', text: 'stop WKF201' });
    }
    await slack.command({ user: alice, channel: 'C0OPS', text: 'stop WKF200' });
    await announced('WKF200', 'awaiting_approval');
  }));

/** So long what is typed takes at most to arrive at a process that stands still. */
const arrivedMs = 1_000;

/** On a busy machine the last ones wait for longer than Slack does. */
const deliveredWithinMs = 60_000;

// Over HTTP, the system decides in which order a busy process gets connections: `test/slack/transport/turns.test.ts` has who
// waits for whom.
it.concurrent.each(['http', 'socket'] as const)(
  'a stop typed after 200 commands of somebody else, which all wait, does not wait for them (%s)',
  (mode) =>
    inSandbox({ mode, deliveredWithinMs }, async ({ sandbox, slack, type, announced }) => {
      const { pid } = sandbox.bot();
      let acknowledged = 0;
      process.kill(pid, 'SIGSTOP');
      const flood = Array.from({ length: 200 }, (_, one) =>
        slack.command({ user: gina, channel: 'C0OPS', text: `start WKF${700 + one}` }).then(() => void acknowledged++),
      );
      // What Slack would have given up by its turn is not acknowledged at all.
      void Promise.allSettled(flood);
      await wait(arrivedMs);
      const stop = type(alice, 'stop WKF200');
      await wait(arrivedMs);
      process.kill(pid, 'SIGCONT');
      await stop;
      if (mode === 'socket') expect(acknowledged).toBeLessThanOrEqual(100);
      await announced('WKF200', 'awaiting_approval');
    }),
);
