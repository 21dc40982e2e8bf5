import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { startBot } from '../../sandbox/bot-process.ts';
import { botEnv } from '../../sandbox/start-sandbox.ts';
import { openLedger } from '../../src/requests/ledger/open-ledger.ts';
import { newDatabase, onServer } from '../postgres/new-database.ts';
import { startPostgres } from '../postgres/postgres-server.ts';
import { ledgerOptions } from '../requests/ledger/ledger.fixture.ts';
import { alice, bob, inSandbox, ops } from './people.ts';

async function readiness(url: string): Promise<{ status: number; body: string }> {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, body: await response.text() };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await wait(50);
}

it.concurrent('a database that is unavailable for three seconds: commands are refused with an explanation, and then everything continues', async () => {
  await using resources = new AsyncDisposableStack();
  const server = resources.adopt(await startPostgres(), (it) => it.close());
  const env = { DATABASE_URL: await newDatabase(server.url) };
  await inSandbox({ mode: 'http', env }, async ({ sandbox, type, announced, recorded, press, outcome, sent }) => {
    const { url } = sandbox.bot();
    expect(await type(alice, 'stop WKF110')).toContain('Asked: ');
    const question = await announced('WKF110', 'awaiting_approval');
    await recorded('WKF110');
    await server.end();
    const [refused] = await Promise.all([
      type(alice, 'pause WKF200'),
      until(async () => (await readiness(url)).status === 503),
      wait(3_000),
    ]);
    expect(refused).toMatch(/could not be recorded, so nothing was sent/);
    expect((await readiness(url)).body).toContain('"ledger":false');
    await server.startAgain();
    await until(async () => (await readiness(url)).status === 200);
    await press(bob, question, 'approve');
    expect((await outcome(question)).text).toContain('Campaign accepted');
    expect(sent('WKF110')).toEqual(['{"method":"stop"}']);
    expect(await type(alice, 'pause WKF200')).toContain('Asked: ');
    await announced('WKF200', 'accepted');
    expect(sent('WKF200')).toEqual(['{"method":"pause"}']);
    expect(sandbox.bot().log.join('\n')).not.toContain('secretKey');
  });
});

it.concurrent('two replicas share the work: what one announced is confirmed at the other, and each ends cleanly', async () => {
  const env = { DATABASE_URL: await newDatabase() };
  await inSandbox(
    { mode: 'http', env },
    async ({ sandbox, slack, type, announced, recorded, press, outcome, sent }) => {
      const folder = sandbox.ledgerPath.replace(/\/[^/]*$/, '');
      const other = await startBot({ ...botEnv(slack, sandbox.campaign, 'http'), ...env }, folder);
      try {
        await type(alice, 'stop WKF110');
        const question = await announced('WKF110', 'awaiting_approval');
        await recorded('WKF110');
        await sandbox.bot().end('SIGTERM');
        slack.deliverTo(`${other.url}/slack/events`);
        await press(bob, question, 'approve');
        expect((await outcome(question)).text).toContain('Campaign accepted');
        expect(sent('WKF110')).toHaveLength(1);
        const response = await slack.command({ user: alice, channel: ops, text: 'history' });
        expect(response.status).toBe(200);
      } finally {
        expect(await other.end('SIGTERM')).toBe(0);
      }
    },
  );
});

it.concurrent('a database of a newer version is refused with exit 2 and a message', async () => {
  const DATABASE_URL = await newDatabase();
  await (await openLedger(ledgerOptions({ kind: 'postgres', url: DATABASE_URL }))).close();
  await onServer(DATABASE_URL, "insert into campaign_wf.kysely_migration values ('9999-of-tomorrow', '2099')");
  await inSandbox({ mode: 'http' }, async ({ sandbox, slack }) => {
    const folder = sandbox.ledgerPath.replace(/\/[^/]*$/, '');
    const starting = startBot({ ...botEnv(slack, sandbox.campaign, 'http'), DATABASE_URL }, folder);
    await expect(starting).rejects.toMatchObject({
      exit: 2,
      output: expect.stringContaining('DATABASE_URL names a ledger that a newer campaign-wf has worked with'),
    });
  });
});

it.concurrent('a password that the database refuses ends the start with exit 2, and is not logged', async () => {
  const wrong = Object.assign(new URL(await newDatabase()), { password: 'sesame-of-yesterday' });
  await inSandbox({ mode: 'http' }, async ({ sandbox, slack }) => {
    const folder = sandbox.ledgerPath.replace(/\/[^/]*$/, '');
    const starting = startBot({ ...botEnv(slack, sandbox.campaign, 'http'), DATABASE_URL: wrong.href }, folder);
    const error = await starting.catch((problem: unknown) => problem);
    expect(error).toMatchObject({ exit: 2, output: expect.stringContaining('does not let campaign-wf in') });
    expect(error).toMatchObject({ output: expect.not.stringContaining('sesame') });
  });
});
