import { afterEach, expect, it } from '@jest/globals';
import { startPretendSlack } from '../../sandbox/slack/pretend-slack.ts';
import { createClients } from '../../src/slack/clients.ts';
import { identify } from '../../src/slack/identity.ts';
import { createReplies } from '../../src/slack/private-replies.ts';
import { alice, inSandbox } from '../e2e/people.ts';
import { quietLogger, unwatchedClock } from '../sandbox/slack/quiet-client.ts';
import { startProxy, type TestProxy } from './proxy.fixture.ts';

const proxies: TestProxy[] = [];
afterEach(() => Promise.all(proxies.splice(0).map((proxy) => proxy.close())));

async function given(password: string | null = null): Promise<TestProxy> {
  const proxy = await startProxy(password);
  proxies.push(proxy);
  return proxy;
}

const password = 'p@ss:w/rd %';

it.each([
  ['http', 'HTTP_PROXY', null],
  ['http', 'http_proxy', password],
  ['socket', 'HTTP_PROXY', null],
  ['socket', 'http_proxy', password],
] as const)('over %s, all that goes out passes the proxy of %s (password: %s)', async (mode, name, secret) => {
  const proxy = await given(secret);
  const env = { [name]: proxy.url, LOG_LEVEL: 'debug' };
  await inSandbox({ mode, env }, async ({ type, announced, outcome, sandbox: { campaign, bot }, slack, sent }) => {
    await type(alice, 'pause WKF200');
    await outcome(await announced('WKF200', 'accepted'));
    expect(proxy.tunnels).toContain(new URL(slack.apiUrl).host);
    expect(proxy.tunnels).toContain(new URL(campaign.apiUrl).host);
    expect(proxy.tunnels.join()).not.toContain('no tunnel');

    proxy.refuse(true);
    if (mode === 'socket') await slack.waitFor(() => slack.socketCount() === 0);
    proxy.refuse(false);
    await slack.waitFor(() => mode === 'http' || slack.socketCount() === 1);
    await type(alice, 'pause WKF202');
    await outcome(await announced('WKF202', 'accepted'));
    expect(sent('WKF202')).toHaveLength(1);

    const log = bot().log.join('\n');
    expect(log).not.toContain(password);
    expect(log).not.toContain(encodeURIComponent(password));
    expect(log).not.toContain(Buffer.from(`proxy-user:${password}`).toString('base64'));
  });
});

it('NO_PROXY keeps an address from the proxy', async () => {
  const proxy = await given();
  const env = { HTTP_PROXY: proxy.url, NO_PROXY: 'example.com, 127.0.0.1' };
  await inSandbox({ mode: 'socket', env }, async ({ type, announced, outcome }) => {
    await type(alice, 'pause WKF200');
    await outcome(await announced('WKF200', 'accepted'));
  });
  expect(proxy.tunnels).toEqual([]);
});

it('the sandbox’s bot works where the machine has a proxy that knows nothing of it', async () => {
  const proxy = await given();
  proxy.refuse(true);
  const before = process.env.HTTP_PROXY;
  process.env.HTTP_PROXY = proxy.url;
  try {
    await inSandbox({ mode: 'http' }, async ({ type, announced }) => {
      await type(alice, 'pause WKF200');
      await announced('WKF200', 'accepted');
    });
  } finally {
    if (before === undefined) delete process.env.HTTP_PROXY;
    else process.env.HTTP_PROXY = before;
  }
  expect(proxy.tunnels).toEqual([]);
});

it('while the proxy lets nothing through, nothing goes to the address of a reply, or to Slack, beside it', async () => {
  const proxy = await given();
  const slack = await startPretendSlack({ mode: 'http' });
  const before = process.env.HTTP_PROXY;
  process.env.HTTP_PROXY = proxy.url;
  try {
    const { reader, poster } = createClients({
      token: slack.botToken,
      apiUrl: slack.apiUrl,
      logger: quietLogger,
      clock: unwatchedClock,
    });
    const replies = createReplies();
    replies.remember('1.1', `${new URL(slack.apiUrl).origin}/nowhere`);
    await expect(reader.auth.test()).resolves.toMatchObject({ ok: true });
    const open = proxy.tunnels.length;
    proxy.refuse(true);
    expect(await replies.reply('1.1', { text: 'x', blocks: [] })).toEqual({ kind: 'doubt' });
    await expect(poster.chat.postMessage({ channel: 'C0OPS', text: 'x' })).rejects.toThrow();
    expect(proxy.tunnels.length).toBeGreaterThanOrEqual(open + 2);
    expect(slack.workspace.messages).toEqual([]);
  } finally {
    if (before === undefined) delete process.env.HTTP_PROXY;
    else process.env.HTTP_PROXY = before;
    await slack.close();
  }
});

it('a proxy that refuses the credentials is named in the log of the start', async () => {
  const proxy = await given('right');
  const slack = await startPretendSlack({ mode: 'http' });
  const before = process.env.HTTP_PROXY;
  process.env.HTTP_PROXY = proxy.url.replace('right', 'wrong');
  const stop = new AbortController();
  const logged: unknown[] = [];
  const log = {
    info() {},
    error() {},
    warn(fields: object) {
      logged.push(fields);
      stop.abort();
    },
  };
  try {
    const { poster } = createClients({
      token: slack.botToken,
      apiUrl: slack.apiUrl,
      logger: quietLogger,
      clock: unwatchedClock,
    });
    await expect(identify(poster, { log, random: () => 0, signal: stop.signal })).rejects.toThrow('aborted');
    expect(logged).toMatchObject([{ reason: expect.stringMatching(/Proxy response \(407\)/) }]);
  } finally {
    if (before === undefined) delete process.env.HTTP_PROXY;
    else process.env.HTTP_PROXY = before;
    await slack.close();
  }
});

it('a command is not sent while the proxy refuses Campaign, and its outcome says so', async () => {
  const proxy = await given();
  await inSandbox({ mode: 'http', env: { HTTP_PROXY: proxy.url } }, async ({ type, announced, sandbox, sent }) => {
    proxy.refuse(true, new URL(sandbox.campaign.apiUrl).host);
    await type(alice, 'pause WKF202');
    await announced('WKF202', 'not_sent');
    expect(sent('WKF202')).toEqual([]);
  });
});
