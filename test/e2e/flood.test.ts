import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { alice, bob, type Conversation, conversation, ops } from './people.ts';

let sandbox: Sandbox;
let talk: Conversation;
beforeAll(async () => {
  sandbox = await startSandbox({ mode: 'http' });
  talk = conversation(sandbox);
});
afterAll(() => sandbox.close());

const forged = () => [
  `x-slack-request-timestamp: ${Math.floor(Date.now() / 1000)}`,
  `x-slack-signature: v0=${'0'.repeat(64)}`,
];

type RawConnection = { readonly socket: Socket; readonly closed: Promise<string> };

/** Writes this text and nothing more. `closed`: the response, once the bot has closed the connection. */
async function openConnection(text: string): Promise<RawConnection> {
  const socket = connect(Number(new URL(sandbox.bot().url).port), '127.0.0.1');
  const { promise: closed, resolve } = Promise.withResolvers<string>();
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  socket.on('error', () => {});
  socket.on('close', () => resolve(answer));
  await once(socket, 'connect');
  socket.write(text);
  return { socket, closed };
}

function openConnections(count: number, text: string): Promise<readonly RawConnection[]> {
  return Promise.all(Array.from({ length: count }, () => openConnection(text)));
}

function headersWith(more: readonly string[]): string {
  const type = 'content-type: application/x-www-form-urlencoded';
  return `${['POST /slack/events HTTP/1.1', 'host: bot', type, ...more].join('\r\n')}\r\n\r\n`;
}

/** The responses of the first `count` connections that the bot closes. */
async function firstClosed(connections: readonly RawConnection[], count: number): Promise<readonly string[]> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const answers: string[] = [];
  for (const { closed } of connections) {
    closed.then((answer) => {
      if (answers.push(answer) === count) resolve();
    });
  }
  await promise;
  return answers;
}

/** Executes a stop over HTTP, from the command to the outcome. */
async function executeStop(workflow: string): Promise<void> {
  sandbox.campaign.addWorkflow(workflow);
  const { status } = await sandbox.slack.command({ user: alice, channel: ops, text: `stop ${workflow}` });
  expect(status).toBe(200);
  const question = await talk.announced(workflow, 'awaiting_approval');
  await talk.recorded(workflow);
  await talk.press(bob, question, 'approve');
  await talk.outcome(await talk.announced(workflow, 'accepted'));
  expect(talk.sent(workflow)).toEqual(['{"method":"stop"}']);
}

it('300 requests without a signature are answered and closed before their bodies arrive', async () => {
  const connections = await openConnections(300, headersWith(['content-length: 950000']));
  await executeStop('WKF901');
  const answers = await firstClosed(connections, 300);
  for (const answer of answers) expect(answer).toMatch(/^HTTP\/1.1 401 /);
});

it('300 slow connections of any kind are closed, and a stop is executed meanwhile', async () => {
  const startLine = 'POST /slack/events HTTP/1.1\r\nhost: bot\r\nx-more: ';
  const lacksBody = headersWith([...forged(), 'content-length: 5000']);
  const lacksEnd = `${headersWith([...forged(), 'transfer-encoding: chunked'])}5\r\nhello\r\n`;
  const dripping = [startLine, lacksBody].map((text) => openConnections(75, text));
  const silent = ['', lacksEnd].map((text) => openConnections(75, text));
  const connections = (await Promise.all([...dripping, ...silent])).flat();
  const drip = setInterval(() => {
    for (const { socket } of connections.slice(0, 150)) socket.write('x');
  }, 500);
  await executeStop('WKF902');
  const answers = await firstClosed(connections, 300).finally(() => clearInterval(drip));
  for (const answer of answers) expect(answer).toMatch(/^HTTP\/1.1 408 /);
  const metrics = await (await fetch(`${sandbox.bot().url}/metrics`)).text();
  // The other connections sent nothing, so they are no requests.
  expect(metrics).toContain('\ncampaign_wf_requests_turned_away_total{reason="too_slow"} 225\n');
}, 60_000);

it('forged bodies use 20 MB at most: the largest are dropped, and a stop is executed meanwhile', async () => {
  const text = `${headersWith([...forged(), 'content-length: 500001'])}${'x'.repeat(500_000)}`;
  const connections = await openConnections(60, text);
  const answers = await firstClosed(connections, 20);
  await executeStop('WKF903');
  // A client that is still writing may get a closed connection instead of the response.
  for (const answer of answers) expect(answer).toMatch(/^(HTTP\/1.1 503 .*\r\n(.+\r\n)*retry-after: 1\r\n|$)/i);
});

it('a body in thousands of tiny chunks is rejected before its end', async () => {
  const text = `${headersWith([...forged(), 'transfer-encoding: chunked'])}${'1\r\nx\r\n'.repeat(2_500)}`;
  const { closed } = await openConnection(text);
  expect(await closed).toMatch(/^HTTP\/1.1 413 /);
});

it('with 500 connections, a new one replaces the oldest, and a stop is executed', async () => {
  const connections = await openConnections(500, '');
  await openConnections(100, '');
  await executeStop('WKF904');
  const answers = await firstClosed(connections.slice(0, 100), 100);
  // A connection that is too slow would get a 408.
  expect(answers.filter((answer) => answer !== '')).toEqual([]);
}, 60_000);
