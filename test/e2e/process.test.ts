import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { BotNotReadyError, startBot } from '../../sandbox/bot-process.ts';
import { botEnv, type Sandbox } from '../../sandbox/start-sandbox.ts';
import { alice, bob, inSandbox, ops, requestId, shownText } from './people.ts';
import { reasonDialogFor } from './reason-cases.ts';

describe.each(['http', 'socket'] as const)('the process, over %s', (mode) => {
  it.concurrent('SIGTERM: requests in progress finish, nothing new is accepted, exit 0', () =>
    inSandbox({ mode }, async ({ type, announced, sent, sandbox, slack }) => {
      sandbox.campaign.fail('slow', { method: 'POST', workflowId: 'WKF200' });
      await type(alice, 'pause WKF200');
      await sandbox.campaign.waitFor(() => sandbox.campaign.posts('WKF200').length === 1);
      expect(await sandbox.bot().end('SIGTERM')).toBe(0);
      expect(sent('WKF200')).toEqual(['{"method":"pause"}']);
      await announced('WKF200', 'approved');
      await sandbox.restart('SIGKILL');
      await announced('WKF200', 'accepted');
      expect(sent('WKF200')).toEqual(['{"method":"pause"}']);
      expect(slack.workspace.mistakes).toEqual([]);
    }));

  it.concurrent('a question survives kill -9: after the restart it can be confirmed, and is sent once', () =>
    inSandbox({ mode }, async ({ type, announced, recorded, outcome, press, sent, sandbox }) => {
      await type(alice, 'stop WKF110');
      const question = await announced('WKF110', 'awaiting_approval');
      await recorded('WKF110');
      await sandbox.restart('SIGKILL');
      await press(bob, question, 'approve');
      const announcement = await announced('WKF110', 'accepted');
      expect(announcement.ts).toBe(question.ts);
      await outcome(announcement);
      expect(sent('WKF110')).toEqual(['{"method":"stop"}']);
    }));

  it.concurrent('a reason that is sent after kill -9 is told and recorded: the press counted before', () =>
    inSandbox({ mode }, async (talk) => {
      const { type, announced, outcome, followUp, press, sandbox, slack } = talk;
      await type(alice, 'stop WKF110');
      const question = await announced('WKF110', 'awaiting_approval');
      await press(bob, question, 'cancel');
      const { id: viewId } = await reasonDialogFor(talk, question);
      await outcome(await announced('WKF110', 'cancelled'));
      await sandbox.restart('SIGKILL');
      await slack.submit({ user: bob, viewId, values: { reason: { reason: 'wrong segment' } } });
      expect(shownText(await followUp(question))).toContain('wrong segment');
    }));

  it.concurrent('no secret and no response_url is in the log, also with faults', () =>
    inSandbox({ mode, env: { LOG_LEVEL: 'trace' } }, async ({ type, announced, outcome, sandbox, slack }) => {
      slack.fail('users.info', { kind: 'drop_after' }, { times: 1 });
      sandbox.campaign.fail('gateway_401013', { method: 'POST' });
      await type(alice, 'pause WKF200');
      await outcome(await announced('WKF200', 'accepted'));
      slack.fail('response_url', { kind: 'http', status: 500 }, { times: 1 });
      const { responseUrl } = await slack.command({ user: alice, channel: ops, text: 'status WKF200' });
      await type(alice, 'history');
      await sandbox.bot().end('SIGTERM');
      const log = sandbox.bot().log.join('\n');
      const tokens = sandbox.campaign.requests.map(({ headers }) => headers.authorization?.replace('Bearer ', ''));
      const secrets = [slack.botToken, slack.appToken, slack.signingSecret, sandbox.campaign.clientSecret, responseUrl];
      for (const secret of [...secrets, ...tokens]) expect(log).not.toContain(secret);
    }));
});

it.concurrent('a process that gets no processor for some seconds keeps its connection to Slack, and takes what came in the meantime', () =>
  inSandbox({ mode: 'socket', deliveredWithinMs: 60_000 }, async ({ type, announced, sandbox, slack }) => {
    await type(alice, 'start WKF111');
    await announced('WKF111', 'accepted');
    // By then Slack has answered a ping.
    await wait(2_500);
    const { pid } = sandbox.bot();
    process.kill(pid, 'SIGSTOP');
    const typed = type(alice, 'pause WKF200');
    // Longer than the five seconds in which the client expects an answer to its pings by default.
    await wait(6_000);
    process.kill(pid, 'SIGCONT');
    await typed;
    await announced('WKF200', 'accepted');
    await type(alice, 'pause WKF201');
    await announced('WKF201', 'accepted');
    expect(slack.calls.filter(({ method }) => method === 'apps.connections.open')).toHaveLength(1);
  }));

it.concurrent('a second bot on the same ledger is refused with exit 2, and the first one continues', () =>
  inSandbox({ mode: 'http' }, async ({ type, announced, sandbox, slack }) => {
    const env = { ...botEnv(slack, sandbox.campaign, 'http'), DATABASE_URL: `sqlite:${sandbox.ledgerPath}` };
    const second = await startBot(env, '/').catch((error: unknown) => error);
    expect(second).toBeInstanceOf(BotNotReadyError);
    expect(second).toMatchObject({ exit: 2, output: expect.stringContaining('another campaign-wf is using') });
    await type(alice, 'pause WKF200');
    await announced('WKF200', 'accepted');
  }));

it.concurrent('a second signal does not cut a clean end short: the work in flight is done, and the ledger is closed', () =>
  inSandbox({ mode: 'http' }, async ({ type, sandbox }) => {
    sandbox.campaign.fail('slow', { method: 'POST', workflowId: 'WKF200' });
    await type(alice, 'pause WKF200');
    await sandbox.campaign.waitFor(() => sandbox.campaign.posts('WKF200').length === 1);
    const bot = sandbox.bot();
    const ended = bot.end('SIGTERM');
    const readyPage = async () => (await fetch(`${bot.url}/readyz`)).text();
    for (let tries = 0; tries < 300 && !(await readyPage()).includes('"accepting":false'); tries++) await wait(10);
    expect(await Promise.all([ended, bot.end('SIGINT')])).toEqual([0, 0]);
    expect(existsSync(`${sandbox.ledgerPath}-wal`)).toBe(false);
  }));

it.concurrent('a lost ledger is noticed at the start: the channels of the rules are compared, also where the ledger knows none', () =>
  inSandbox({ mode: 'http' }, async ({ type, announced, outcome, sandbox }) => {
    await type(alice, 'pause WKF200');
    const announcement = await announced('WKF200', 'accepted');
    await outcome(announcement);
    await sandbox.bot().end('SIGTERM');
    for (const end of ['', '-wal', '-shm']) rmSync(`${sandbox.ledgerPath}${end}`, { force: true });
    await sandbox.restart('SIGTERM');
    const readyPage = async () => (await fetch(`${sandbox.bot().url}/readyz`)).text();
    const names = ['ledger_behind_channel', 'ledger_restored'];
    for (let page = ''; !names.every((name) => page.includes(name)); page = await readyPage()) await wait(50);
    expect(JSON.parse(await readyPage())).toMatchObject({
      findings: [
        { name: 'ledger_behind_channel', requests: [requestId(announcement)] },
        { name: 'ledger_restored', seen: { kind: 'channel', channel: 'C0OPS' } },
      ],
    });
  }));

describe('a configuration file that appears or disappears while the process runs', () => {
  const rules = 'access:\n  - { name: a, channels: [C0OPS], people: { users: [U0ALICE] }, commands: [stop] }\n';
  const nobody = { CAMPAIGN_WF_CHANNELS: '', CAMPAIGN_WF_USERS: '', CAMPAIGN_WF_APPROVERS: '' };
  const sendSighup = (sandbox: Sandbox) => sandbox.bot().signal('SIGHUP', /configuration .*reloaded|was rejected/);

  it.concurrent('is applied without a signal, also through links, and a rejected one is a finding until it is mended', async () => {
    const mount = mkdtempSync(join(tmpdir(), 'campaign-wf-'));
    const put = (version: string, text: string) => {
      mkdirSync(join(mount, version));
      writeFileSync(join(mount, version, 'rules.yml'), text);
      symlinkSync(version, join(mount, 'next'));
      renameSync(join(mount, 'next'), join(mount, '..data'));
    };
    put('..1', rules);
    symlinkSync('..data/rules.yml', join(mount, 'rules.yml'));
    const env = { CAMPAIGN_ORGANIZATION: 'acme', CAMPAIGN_WF_CONFIG: join(mount, 'rules.yml') };
    await inSandbox({ mode: 'http', configuration: rules, env }, async ({ type, announced, privateReply, sandbox }) => {
      const page = async () => JSON.parse(await (await fetch(`${sandbox.bot().url}/readyz`)).text());
      const logged = async (text: string) => {
        while (!sandbox.bot().log.some((line) => line.includes(text))) await wait(50);
      };
      await type(alice, 'pause WKF200');
      await privateReply(alice, 'No rule lets anybody do this');
      put('..2', 'acess: []');
      await logged('the configuration was rejected');
      expect(await page()).toMatchObject({ ready: true, findings: [{ name: 'configuration_rejected' }] });
      put('..3', rules.replace('[stop]', '[stop, pause]'));
      await logged('the configuration was reloaded');
      expect((await page()).findings).toEqual([]);
      await type(alice, 'pause WKF200');
      await announced('WKF200', 'accepted');
    });
    rmSync(mount, { recursive: true });
  });

  it.concurrent('is not reported as loaded as long as there is none', () =>
    inSandbox({ mode: 'http' }, async ({ sandbox }) => {
      expect(await sendSighup(sandbox)).toContain('there is no configuration file, so nothing was reloaded');
    }));

  it.concurrent('is no second policy beside the lists of the variables, which stay in force', () =>
    inSandbox({ mode: 'http' }, async ({ type, announced, sandbox }) => {
      expect(await sandbox.reload(rules)).toContain('CAMPAIGN_WF_USERS is set beside a configuration file');
      await type(alice, 'pause WKF200');
      await announced('WKF200', 'accepted');
    }));

  it.concurrent('is loaded where there are no lists, and is then required', () =>
    inSandbox({ mode: 'http', env: nobody }, async ({ type, announced, sandbox }) => {
      expect(await sandbox.reload(rules)).toContain('was reloaded');
      rmSync(join(dirname(sandbox.ledgerPath), 'campaign-wf.yml'));
      const gone = await sendSighup(sandbox);
      expect(gone).toContain('campaign-wf.yml is gone');
      expect(gone).not.toContain('CAMPAIGN_WF_CONFIG names');
      await type(alice, 'stop WKF200');
      await announced('WKF200', 'awaiting_approval');
    }));
});

it.concurrent('a bot token that Slack refuses ends the start with exit 2 and where to find the right one', () =>
  inSandbox({ mode: 'http' }, async ({ sandbox }) => {
    const env = { ...secondBot(sandbox), SLACK_BOT_TOKEN: 'xoxb-wrong' };
    const bot = await startBot(env, '/').catch((error: unknown) => error);
    expect(bot).toMatchObject({ exit: 2, output: expect.stringContaining('SLACK_BOT_TOKEN was refused by Slack') });
  }));

it.concurrent('a bot token for a whole organization ends the start with exit 2 and what to do', () =>
  inSandbox({ mode: 'http' }, async ({ sandbox, slack }) => {
    Object.assign(slack.workspace.team, { enterpriseId: 'E0ACME', isOrgWide: true });
    const bot = await startBot(secondBot(sandbox), '/').catch((error: unknown) => error);
    expect(bot).toMatchObject({
      exit: 2,
      output: expect.stringContaining('SLACK_BOT_TOKEN is for a whole organization (Enterprise Grid)'),
    });
  }));

it.concurrent.each(['invalid_auth', 'missing_scope'])(
  'an app token that Slack refuses (%s) ends the start with exit 2 and where to find the right one',
  (refusal) =>
    inSandbox({ mode: 'http' }, async ({ sandbox, slack }) => {
      slack.refuseSockets(refusal);
      const bot = await startBot(secondBot(sandbox), '/').catch((error: unknown) => error);
      const line = `SLACK_APP_TOKEN was refused by Slack (${refusal}). Find it at api.slack.com/apps`;
      expect(bot).toMatchObject({ exit: 2, output: expect.stringContaining(line) });
      expect(bot).toMatchObject({ output: expect.not.stringContaining('"message":"ready"') });
    }),
);

it.concurrent.each(['auth.test', 'apps.connections.open'])(
  'pages of a proxy in response to %s at the start are retried, and are not a refused token',
  (method) =>
    inSandbox({ mode: 'http' }, async ({ sandbox, slack }) => {
      const pages = [
        [200, 'invalid_auth'],
        [401, '<html>Sign in</html>'],
        [403, '{"error":"invalid_auth"}'],
        [200, '{"ok":true}'],
      ] as const;
      for (const [status, body] of pages) slack.fail(method, { kind: 'http', status, body }, { times: 1 });
      const bot = await startBot(secondBot(sandbox), '/');
      expect(bot.log.join('\n')).toMatch(/retrying|no connection to Slack/);
      expect(await bot.end('SIGTERM')).toBe(0);
    }),
  120_000,
);

it.concurrent('Socket Mode: a Slack that is down at the start is retried, and only then the bot is ready', () =>
  inSandbox({ mode: 'http' }, async ({ sandbox, slack }) => {
    slack.fail('apps.connections.open', { kind: 'http', status: 503 }, { times: 1 });
    const bot = await startBot(secondBot(sandbox), '/');
    const messages = bot.log.map((line) => JSON.parse(line).message);
    const connectionMessages = messages.filter((it) => /^(no connection to Slack|connected to Slack|ready)$/.test(it));
    expect(connectionMessages).toEqual(['no connection to Slack', 'connected to Slack', 'ready']);
    expect(slack.socketCount()).toBe(1);
    expect(await bot.end('SIGTERM')).toBe(0);
  }));

it.concurrent('Socket Mode: while the bot waits for Slack at the start, /readyz is 503, and SIGTERM ends it with exit 0', () =>
  inSandbox({ mode: 'http' }, async ({ sandbox, slack }) => {
    slack.fail('apps.connections.open', { kind: 'http', status: 503 });
    const port = await freePort();
    const bot = spawnBot({ ...secondBot(sandbox), HOST: '127.0.0.1', PORT: String(port) });
    const ended = once(bot, 'close');
    const output = text(bot.stdout);
    await slack.waitFor(() => slack.calls.filter(({ method }) => method === 'apps.connections.open').length === 2);
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(503);
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(metrics).toContain('\ncampaign_wf_check_success{check="started"} 0\n');
    bot.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(await output).not.toContain('"message":"ready"');
    expect(await output).toContain('"message":"stopped"');
    expectClosed(sandbox);
  }));

it.concurrent('SIGTERM while auth.test gets no answer: everything is closed, exit 0, at once', () =>
  inSandbox({ mode: 'http' }, async ({ sandbox, slack }) => {
    slack.fail('auth.test', { kind: 'hang' });
    const bot = spawnBot({ ...secondBot(sandbox), HOST: '127.0.0.1', PORT: '0' });
    const ended = once(bot, 'close');
    const before = slack.calls.length;
    await slack.waitFor(() => slack.calls.slice(before).some(({ method }) => method === 'auth.test'));
    const signalledAt = performance.now();
    bot.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    // The client’s own time limit is ten seconds.
    expect(performance.now() - signalledAt).toBeLessThan(9_000);
    expectClosed(sandbox);
  }));

/** SQLite removes the write-ahead log when the second bot closes its ledger. It stays where the process ends without that. */
function expectClosed({ ledgerPath }: Sandbox): void {
  expect(existsSync(`${ledgerPath}.second`)).toBe(true);
  expect(existsSync(`${ledgerPath}.second-wal`)).toBe(false);
}

/** The environment of a second bot, in Socket Mode and with its own ledger. */
it.concurrent('secrets can be files, which are in no line of the log', () =>
  inSandbox({ mode: 'http' }, async ({ sandbox }) => {
    const folder = dirname(sandbox.ledgerPath);
    const env: Record<string, string> = { ...secondBot(sandbox), LOG_LEVEL: 'trace' };
    const secrets = ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'CAMPAIGN_CLIENT_SECRET', 'DATABASE_URL'].map((name) => {
      const value = env[name] ?? '';
      writeFileSync(join(folder, name), `${value}\n`);
      delete env[name];
      env[`${name}_FILE`] = join(folder, name);
      return value;
    });
    const bot = await startBot(env, '/');
    expect(await bot.end('SIGTERM')).toBe(0);
    const log = bot.log.join('\n');
    for (const secret of secrets) expect(log).not.toContain(secret);
    expect(existsSync(`${sandbox.ledgerPath}.second`)).toBe(true);
  }));

function secondBot({ slack, campaign, ledgerPath }: Sandbox): Record<string, string> {
  return { ...botEnv(slack, campaign, 'socket'), DATABASE_URL: `sqlite:${ledgerPath}.second` };
}

/** Starts a bot without waiting until it is ready. */
function spawnBot(env: Record<string, string>): ChildProcessByStdio<null, Readable, null> {
  const main = fileURLToPath(new URL('../../start/main.js', import.meta.url));
  const args = ['--disable-warning=ExperimentalWarning', main];
  const options = { cwd: '/', env, timeout: 60_000 };
  return spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'ignore'] });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

it.concurrent('a ledger that cannot be written in two seconds: reported at once, nothing recorded, nothing sent', () =>
  inSandbox({ mode: 'http' }, async ({ type, sent, announced, sandbox, slack }) => {
    const writer = new DatabaseSync(sandbox.ledgerPath, { timeout: 5_000 });
    writer.exec('begin immediate');
    expect(await type(alice, 'pause WKF200')).toContain('could not be recorded, so nothing was sent');
    writer.exec('rollback');
    writer.close();
    await type(alice, 'pause WKF201');
    await announced('WKF201', 'accepted');
    expect(sent('WKF200')).toEqual([]);
    expect(JSON.stringify(slack.workspace.messages)).not.toContain('WKF200');
  }));

it.concurrent('Socket Mode: a lost connection is opened again; a refused token ends the process with exit 1', () =>
  inSandbox({ mode: 'socket' }, async ({ type, announced, sandbox, slack }) => {
    slack.dropSockets();
    await slack.waitFor(() => slack.socketCount() === 0);
    await slack.waitFor(() => slack.socketCount() === 1);
    await type(alice, 'pause WKF200');
    await announced('WKF200', 'accepted');
    slack.refuseSockets('invalid_auth');
    slack.dropSockets();
    expect(await sandbox.bot().ended).toBe(1);
    expect(sandbox.bot().log.join('\n')).toContain('failed permanently');
  }));

it.concurrent('Socket Mode: a request in progress when the connection fails permanently finishes, and has one outcome after a restart', () =>
  inSandbox({ mode: 'socket' }, async ({ type, announced, recorded, outcome, press, sent, sandbox, slack }) => {
    await type(alice, 'stop WKF110');
    const question = await announced('WKF110', 'awaiting_approval');
    await recorded('WKF110');
    sandbox.campaign.fail('slow', { method: 'POST', workflowId: 'WKF200', delayMs: 700 });
    await type(alice, 'pause WKF200');
    await sandbox.campaign.waitFor(() => sandbox.campaign.posts('WKF200').length === 1);
    slack.refuseSockets('invalid_auth');
    slack.dropSockets();
    expect(await sandbox.bot().ended).toBe(1);
    const lost = sandbox.bot().log.filter((line) => line.includes('failed permanently'));
    expect(lost.map((line) => JSON.parse(line))).toMatchObject([{ level: 50, reason: 'invalid_auth' }]);
    slack.refuseSockets(null);
    await sandbox.restart('SIGKILL');
    await press(bob, question, 'approve');
    for (const [workflow, verb] of [
      ['WKF200', 'pause'],
      ['WKF110', 'stop'],
    ] as const) {
      await outcome(await announced(workflow, 'accepted'));
      expect(sent(workflow)).toEqual([JSON.stringify({ method: verb })]);
    }
    const outcomes = slack.workspace.messages.filter(({ metadata }) => metadata?.event_type === 'campaign_wf_outcome');
    expect(outcomes).toHaveLength(2);
  }));

it.concurrent('IMS is down from the start: reported as such, and no request is sent to Campaign', () =>
  inSandbox({ mode: 'http' }, async ({ type, announced, outcome, sent, sandbox }) => {
    sandbox.campaign.fail('ims_down', { times: 50 });
    await type(alice, 'pause WKF200');
    const reply = await outcome(await announced('WKF200', 'not_sent'));
    expect(shownText(reply)).toContain('Adobe’s login service (IMS) could not be reached');
    expect(sent('WKF200')).toEqual([]);
  }));

it.concurrent('SIGINT ends it cleanly as well', () =>
  inSandbox({ mode: 'http' }, async ({ sandbox }) => {
    expect(await sandbox.bot().end('SIGINT')).toBe(0);
  }));

it.concurrent('killed before Campaign’s response: unknown, probed, never sent again', () =>
  inSandbox({ mode: 'http' }, async ({ type, announced, outcome, sent, sandbox }) => {
    sandbox.campaign.fail('hang', { method: 'POST', workflowId: 'WKF200' });
    await type(alice, 'pause WKF200');
    await sandbox.campaign.waitFor(() => sandbox.campaign.posts('WKF200').length === 1);
    await sandbox.restart('SIGKILL');
    const reply = await outcome(await announced('WKF200', 'unknown'));
    expect(shownText(reply)).toContain('interrupted while it was sending');
    expect(reply.text).toContain('Shows as');
    expect(sent('WKF200')).toEqual(['{"method":"pause"}']);
  }));

it.concurrent('killed between the acceptance and the follow-up: the next process posts it once', () =>
  inSandbox({ mode: 'http' }, async ({ type, announced, outcome, followUp, sandbox, slack }) => {
    await type(alice, 'pause WKF200');
    const announcement = await announced('WKF200', 'accepted');
    await outcome(announcement);
    await untilRecorded(sandbox, 'reported');
    await sandbox.restart('SIGKILL');
    await followUp(announcement);
    await sandbox.restart('SIGKILL');
    await type(alice, 'pause WKF201');
    await followUp(await announced('WKF201', 'accepted'));
    const inThread = slack.workspace.messages.filter(({ threadTs }) => threadTs === announcement.ts);
    expect(inThread.map(({ metadata }) => metadata?.event_type)).toEqual(['campaign_wf_outcome', 'campaign_wf_note']);
  }));

/** Waits until the ledger has an event of this type. */
async function untilRecorded({ ledgerPath }: Sandbox, type: string): Promise<void> {
  const ledger = new DatabaseSync(ledgerPath, { readOnly: true, timeout: 5_000 });
  const found = ledger.prepare('select 1 from events where type = ?');
  while (found.get(type) === undefined) await wait(20);
  ledger.close();
}
