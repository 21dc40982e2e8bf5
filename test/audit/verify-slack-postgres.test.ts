import { expect, it } from '@jest/globals';
import { alice, bob, inSandbox, requestId } from '../e2e/people.ts';
import { newDatabase, onServer } from '../postgres/new-database.ts';
import { auditHere } from './run-audit.ts';

it('a record on PostgreSQL is compared with the channels, beside the running bot', async () => {
  const url = await newDatabase();
  await inSandbox({ mode: 'http', env: { DATABASE_URL: url } }, async (talk) => {
    const { slack, type, announced, press, outcome, followUp } = talk;
    await type(alice, 'stop WKF110 wrong audience');
    await press(bob, await announced('WKF110', 'awaiting_approval'), 'approve');
    const stop = await announced('WKF110', 'accepted');
    await outcome(stop);
    await followUp(stop);
    await type(alice, 'stop WKF200');
    const open = await announced('WKF200', 'awaiting_approval');
    const { botToken, apiUrl } = slack;
    const verify = () => auditHere({ kind: 'postgres', url }, ['verify', '--slack'], { slack: { botToken, apiUrl } });
    const whole = await verify();
    expect([whole.code, whole.stdout.trimEnd().split('\n').at(-1)]).toEqual([
      0,
      'Slack: 4 messages in 4 channels compared; the ledger fits.',
    ]);
    slack.deleteMessage(stop.channel, (await outcome(stop)).ts);
    const removal = `delete from campaign_wf.events where request = '${requestId(open)}'`;
    await talk.sandbox.bot().end('SIGTERM');
    await onServer(url, 'drop trigger events_no_change on campaign_wf.events');
    await onServer(url, removal);
    const { code, stdout } = await verify();
    expect(code).toBe(1);
    expect(stdout).toContain(`the ledger has no request ${requestId(open)}.`);
    expect(stdout).toContain(`${requestId(stop)}: its outcome of `);
    expect(stdout).toMatch(/3 messages in 4 channels compared: 1 does not fit the ledger, 1 is missing\.\n$/);
  });
});
