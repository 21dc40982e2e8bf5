import { writeFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { runAudit } from '../audit/run-audit.ts';
import { clientOf } from '../sandbox/slack/quiet-client.ts';
import { alice, inSandbox, requestId } from './people.ts';

it('beside the running bot, an auditor has the link to each announcement, and a proof that holds', () =>
  inSandbox({ mode: 'http' }, async ({ sandbox, slack, type, announced, outcome }) => {
    await type(alice, 'pause WKF200');
    const announcement = await announced('WKF200', 'accepted');
    const { ts } = await outcome(announcement);
    const { channel } = announcement;
    const { permalink } = await clientOf(slack).chat.getPermalink({ channel, message_ts: announcement.ts });
    const url = `sqlite:${sandbox.ledgerPath}`;
    const exported = await runAudit(url, ['export', '--format', 'jsonl']);
    expect(JSON.parse(exported.stdout)).toMatchObject({ announcement_ts: announcement.ts, permalink });

    const id = requestId(announcement);
    const proved = await runAudit(url, ['prove', id]);
    expect([proved.code, proved.stderr]).toEqual([0, '']);
    expect(JSON.parse(proved.stdout).people).toEqual({ [alice]: 'alice' });
    const path = `${sandbox.ledgerPath}.json`;
    writeFileSync(path, proved.stdout);
    // The checkpoint in the reply is earlier: it cannot vouch for the event that records its own post.
    const reply = slack.workspace.messages.find((message) => message.ts === ts);
    const { checkpoint } = reply?.metadata?.event_payload ?? {};
    const checked = await runAudit(url, ['check', path, '--against', String(checkpoint)]);
    expect([checked.code, checked.stderr]).toEqual([0, '']);
    expect(checked.stdout).toMatch(/From the given checkpoint \S+, the log had grown to \S+ by additions alone/);
  }));
