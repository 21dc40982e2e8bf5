import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../sandbox/campaign/faults.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { selfSigned } from '../campaign/self-signed.ts';
import { startProxy } from '../network/proxy.fixture.ts';
import { alice, type Conversation, conversation, inSandbox, shownText } from './people.ts';

describe('after a 401 of any shape', () => {
  let sandbox: Sandbox;
  let talk: Conversation;
  beforeAll(async () => {
    sandbox = await startSandbox({ mode: 'http' });
    talk = conversation(sandbox);
  });
  afterAll(() => sandbox.close());

  it.each<[Fault, string, string]>([
    ['number_401013', 'WKF420', 'accepted'],
    ['invalid_token_401', 'WKF421', 'rejected'],
    ['html_401', 'WKF422', 'rejected'],
    ['cut_401', 'WKF423', 'unknown'],
  ])('the next command has a new token, without a restart: %s', async (fault, workflowId, state) => {
    const { type, announced, sent } = talk;
    const next = `${workflowId}-NEXT`;
    for (const id of [workflowId, next]) sandbox.campaign.addWorkflow(id);
    sandbox.campaign.fail(fault, { method: 'POST', workflowId });
    await type(alice, `pause ${workflowId}`);
    await announced(workflowId, state);
    await type(alice, `pause ${next}`);
    await announced(next, 'accepted');
    const [refused, accepted] = [workflowId, next].map((id) => sandbox.campaign.posts(id)[0]?.headers.authorization);
    expect(refused).toMatch(/^Bearer ./);
    expect(accepted).not.toBe(refused);
    expect(sent(workflowId)).toHaveLength(state === 'accepted' ? 2 : 1);
  });
});

const closers: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

async function listen(server: Server): Promise<string> {
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Line = Record<string, unknown>;

/** The lines that a bot logs about failures of Adobe's services. */
function createFailureLog() {
  const lines: Line[] = [];
  const waiting = new Set<() => void>();
  return {
    onLogLine(text: string) {
      const line = JSON.parse(text) as Line;
      if ('service' in line) lines.push(line);
      for (const check of waiting) check();
    },
    /** Returns the lines about a service once its failure has ended, and removes all lines. */
    async untilEnd(service: string): Promise<Line[]> {
      const isOver = ({ message }: Line) => message === `${service} can be used again`;
      await new Promise<void>((resolve) => {
        const check = () => void (lines.some(isOver) && resolve());
        waiting.add(check);
        check();
      });
      return lines.splice(0).filter((line) => line.service === service);
    },
  };
}

const [warn, info] = [40, 30];
const permanent = 'Waiting does not help';
const temporary = 'Try again in a few minutes';
const secret = 'secret-of-a-page';

const page =
  (status: number, headers = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(status, { 'Content-Type': 'text/html', ...headers }).end(`<html>${secret}</html>`);

describe('Adobe’s login service', () => {
  const failureLog = createFailureLog();
  let answer: ((response: ServerResponse) => void) | null = null;
  let host: string;
  let sandbox: Sandbox;
  beforeAll(async () => {
    const issue = (response: ServerResponse) => {
      const access_token = sandbox.campaign.issueToken();
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ access_token, token_type: 'bearer', expires_in: 86_399 }));
    };
    host = await listen(createServer((_request, response) => (answer ?? issue)(response)));
    sandbox = await startSandbox({ mode: 'http', env: { IMS_URL: `http://${host}` }, onLogLine: failureLog.onLogLine });
    closers.push(() => sandbox.close());
  });

  const redirect = { Location: `https://login.invalid/?ticket=${secret}` };

  it.each<[string, (response: ServerResponse) => void, string, Line]>([
    ['a page', page(200), permanent, { reason: 'ims_unexpected_answer', status: 200 }],
    ['a redirect', page(302, redirect), permanent, { reason: 'ims_unexpected_answer', status: 302 }],
    ['404', page(404), permanent, { reason: 'ims_unexpected_answer', status: 404 }],
    ['a page with 403', page(403), permanent, { reason: 'ims_unexpected_answer', status: 403 }],
    ['503', page(503), temporary, { reason: 'ims_unreachable', status: 503 }],
    ['nothing', (response) => response.destroy(), temporary, { reason: 'ims_unreachable', code: 'ECONNRESET' }],
  ])(
    'answers %s: the outcome says whether waiting helps, and the cause is logged once',
    async (name, respond, text, cause) => {
      const { type, announced, outcome } = conversation(sandbox);
      const ids = [1, 2, 3, 4].map((n) => `${name.replaceAll(/\W/g, '-')}-${n}`);
      for (const id of ids) sandbox.campaign.addWorkflow(id);
      sandbox.campaign.revokeTokens();
      answer = respond;
      for (const id of ids.slice(0, 2)) {
        await type(alice, `pause ${id}`);
        expect(shownText(await outcome(await announced(id, 'not_sent')))).toContain(text);
      }
      answer = null;
      for (const id of ids.slice(2)) {
        await type(alice, `pause ${id}`);
        await announced(id, 'accepted');
      }
      expect(await failureLog.untilEnd('IMS')).toMatchObject([
        { level: warn, environment: 'acme', host, proxy: null, waitingHelps: text === temporary, ...cause },
        { level: info, environment: 'acme', message: 'IMS can be used again' },
      ]);
      expect(sandbox.bot().log.join()).not.toContain(secret);
    },
  );
});

/** Stops the bot. Returns all its lines about failures of a service. */
async function logged(sandbox: Sandbox): Promise<Line[]> {
  await sandbox.bot().end('SIGTERM');
  return sandbox.bot().log.flatMap((text) => {
    const line = JSON.parse(text) as Line;
    return 'service' in line ? [line] : [];
  });
}

it('IMS has a name that does not exist', () =>
  inSandbox({ mode: 'http', env: { IMS_URL: 'https://ims.invalid' } }, async (talk) => {
    const { type, announced, outcome, sandbox } = talk;
    await type(alice, 'pause WKF200');
    const text = shownText(await outcome(await announced('WKF200', 'not_sent')));
    expect(text).toContain('does not exist. Waiting does not help: the people who run campaign-wf have to check');
    const cause = { reason: 'ims_host_not_found', code: 'ENOTFOUND', host: 'ims.invalid' };
    expect(await logged(sandbox)).toMatchObject([{ level: warn, service: 'IMS', ...cause }]);
  }));

it('IMS is behind a proxy that requires another password, which is not logged', async () => {
  const proxy = await startProxy('right-password');
  closers.push(() => proxy.close());
  const host = await listen(createServer((_request, response) => page(200)(response)));
  const env = {
    IMS_URL: `http://${host.replace('127.0.0.1', 'localhost')}`,
    HTTP_PROXY: proxy.url.replace('right-password', 'wrong-password'),
    NO_PROXY: '127.0.0.1',
  };
  await inSandbox({ mode: 'http', env }, async ({ type, announced, outcome, sandbox }) => {
    await type(alice, 'pause WKF200');
    const text = shownText(await outcome(await announced('WKF200', 'not_sent')));
    expect(text).toContain('does not let campaign-wf through. Waiting does not help');
    const cause = { reason: 'ims_proxy_refused', status: 407, proxy: new URL(proxy.url).host, waitingHelps: false };
    expect(await logged(sandbox)).toMatchObject([{ level: warn, service: 'IMS', ...cause }]);
    expect(sandbox.bot().log.join()).not.toMatch(/password|proxy-user/);
  });
});

it('a failure of shared credentials is reported for their environments, and ends also after one was renamed', async () => {
  let isBroken = true;
  const configuration = (name: string) => `
environments: { ${name}: { organization: acme }, demo: { organization: acme-demo } }
default_environment: ${name}
access:
  - name: Operators
    channels: [C0OPS]
    people: { users: [${alice}] }
    workflows: ["*"]
    commands: [pause]
`;
  const host = await listen(
    createServer((_request, response) => {
      if (isBroken) return page(404)(response);
      const token = { access_token: sandbox.campaign.issueToken(), token_type: 'bearer', expires_in: 86_399 };
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(token));
    }),
  );
  const env = { IMS_URL: `http://${host}` };
  const sandbox = await startSandbox({ mode: 'http', configuration: configuration('stage'), env });
  closers.push(() => sandbox.close());
  const { type, announced } = conversation(sandbox);
  await type(alice, 'pause WKF200');
  await announced('WKF200', 'not_sent');
  isBroken = false;
  sandbox.campaign.fail('scope_403000', { method: 'POST', workflowId: 'WKF201' });
  await sandbox.reload(configuration('test'));
  await type(alice, 'pause WKF201');
  await announced('WKF201', 'rejected');
  await sandbox.reload(configuration('live'));
  await type(alice, 'pause WKF202');
  await announced('WKF202', 'accepted');
  expect(await logged(sandbox)).toMatchObject([
    { level: warn, service: 'IMS', environment: 'stage, demo', reason: 'ims_unexpected_answer' },
    { level: info, service: 'IMS', environment: 'test, demo' },
    { level: warn, service: 'Campaign', environment: 'test', reason: 'key_or_scope' },
    { level: info, service: 'Campaign', environment: 'live' },
  ]);
});

describe('Campaign over TLS', () => {
  const failureLog = createFailureLog();
  const good = selfSigned();
  const otherName = selfSigned({ name: 'example.invalid', address: [192, 0, 2, 1] });
  const expired = selfSigned({ until: '200101000000Z' });
  const server = createHttpsServer(good, (request, response) => void forward(request, response));
  let host: string;
  let sandbox: Sandbox;
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'campaign-wf-tls-'));
    closers.push(() => rmSync(folder, { recursive: true }));
    const trusted = join(folder, 'trusted.pem');
    writeFileSync(trusted, good.cert + otherName.cert + expired.cert);
    host = await listen(server);
    const env = { CAMPAIGN_API_URL: `https://${host}`, NODE_EXTRA_CA_CERTS: trusted };
    sandbox = await startSandbox({ mode: 'http', env, onLogLine: failureLog.onLogLine });
    closers.push(() => sandbox.close());
  });

  /** Forwards to the pretend Campaign, which has no TLS. */
  async function forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url, rawHeaders } = request;
    const target = httpRequest(`${sandbox.campaign.apiUrl}${url}`, { method, headers: rawHeaders });
    target.on('response', (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 0)));
    request.pipe(target);
  }

  it.each([
    ['that is self-signed', 'WKF201', selfSigned({ name: 'stranger' }), 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['for another name', 'WKF202', otherName, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['that has expired', 'WKF203', expired, 'CERT_HAS_EXPIRED'],
  ])('a certificate %s: reported and logged, and repaired without a restart', async (_, workflowId, identity, code) => {
    const { type, announced, privateReply } = conversation(sandbox);
    server.setSecureContext(identity);
    await type(alice, `status ${workflowId}`);
    const { text } = await privateReply(alice, 'No secure connection to Campaign could be made');
    expect(text).toContain('Waiting does not help: the people who run campaign-wf have to check');
    server.setSecureContext(good);
    await type(alice, `pause ${workflowId}`);
    await announced(workflowId, 'accepted');
    expect(await failureLog.untilEnd('Campaign')).toMatchObject([
      { level: warn, environment: 'acme', reason: 'tls_failed', code, host, status: null, waitingHelps: false },
      { level: info, environment: 'acme', message: 'Campaign can be used again' },
    ]);
  });
});
