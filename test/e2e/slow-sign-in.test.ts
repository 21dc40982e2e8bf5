import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { PretendCampaign } from '../../sandbox/campaign/pretend-campaign.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { alice, bob, conversation, requestId, shownText } from './people.ts';

/** A slow login service: it responds when the test permits it, with a token that Campaign accepts. */
async function startSlowSignIn() {
  const [requested, open] = [Promise.withResolvers<void>(), Promise.withResolvers<PretendCampaign>()];
  const server = createServer(async (_request, response) => {
    requested.resolve();
    const access_token = (await open.promise).issueToken();
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ access_token, token_type: 'bearer', expires_in: 86_399 }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requested: requested.promise,
    answer: open.resolve,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

let signIn: Awaited<ReturnType<typeof startSlowSignIn>>;
let sandbox: Sandbox;
beforeEach(async () => {
  signIn = await startSlowSignIn();
  sandbox = await startSandbox({ mode: 'http', env: { IMS_URL: signIn.url } });
});
afterEach(async () => {
  await sandbox.close();
  await signIn[Symbol.asyncDispose]();
});

it('a resume that waits for Adobe’s sign-in is not sent after the channel shows that the environment is frozen', async () => {
  const { type, announced, outcome, sent } = conversation(sandbox);
  sandbox.campaign.addWorkflow('WKF410', 'paused');
  await type(alice, 'resume WKF410');
  await signIn.requested;
  await type(bob, 'freeze acme 2h wrong audience');
  expect(shownText(await outcome(await announced('*', 'accepted')))).toContain('In force.');
  signIn.answer(sandbox.campaign);
  const refused = await outcome(await announced('WKF410', 'refused'));
  expect(shownText(refused)).toContain('Starting and resuming is held until');
  expect(sent('WKF410')).toEqual([]);
});

it('a pause that waits for Adobe’s sign-in is sent by the next process after a crash: nothing had been sent', async () => {
  const { type, announced, outcome, sent } = conversation(sandbox);
  sandbox.campaign.addWorkflow('WKF411');
  await type(alice, 'pause WKF411');
  await signIn.requested;
  await sandbox.restart('SIGKILL');
  signIn.answer(sandbox.campaign);
  const accepted = await announced('WKF411', 'accepted');
  await outcome(accepted);
  expect(requestId(accepted)).toMatch(/^[0-9A-Z]{8}$/);
  expect(sent('WKF411')).toEqual(['{"method":"pause"}']);
});
