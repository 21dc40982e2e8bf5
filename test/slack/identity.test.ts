import { expect, it } from '@jest/globals';
import { startPretendSlack } from '../../sandbox/slack/pretend-slack.ts';
import { createClients } from '../../src/slack/clients.ts';
import { identify, warnOfMissingScopes } from '../../src/slack/identity.ts';
import { scopes } from '../../src/slack/names.ts';
import { httpAnswer, startBareServer } from '../campaign/bare-server.ts';
import { quietLogger, unwatchedClock } from '../sandbox/slack/quiet-client.ts';

const me = { team_id: 'T0ACME', user_id: 'U0BOT', user: 'campaign-wf' };
const identity = { team: 'T0ACME', enterprise: null, userId: 'U0BOT', name: 'campaign-wf', workspace: null };

type Warning = { scope?: string; consequence?: string };

function newLog() {
  const warned: Warning[] = [];
  return { warned, info() {}, error() {}, warn: (fields: object) => void warned.push(fields) };
}

function identified(apiUrl: string, token = 'xoxb-1', signal = new AbortController().signal) {
  const { reader } = createClients({ token, apiUrl, logger: quietLogger, clock: unwatchedClock });
  return identify(reader, { log: newLog(), random: () => 0, signal });
}

it('has the bot’s identity and the scopes of its token', async () => {
  const slack = await startPretendSlack({ scopes: ['commands', 'chat:write'] });
  const found = await identified(slack.apiUrl, slack.botToken);
  await slack.close();
  expect(found).toEqual({
    identity: { ...identity, workspace: 'https://acme.slack.com/' },
    scopes: ['commands', 'chat:write'],
  });
});

it('has no scopes where Slack returns none', async () => {
  const server = await startBareServer((socket) => socket.end(httpAnswer(200, JSON.stringify({ ok: true, ...me }))));
  const found = await identified(`${server.url}/api/`);
  await server.close();
  expect(found).toEqual({ identity, scopes: null });
});

it.each(['javascript:alert(1)', 'acme', 7])('takes no address %s for one of a workspace', async (url) => {
  const answer = JSON.stringify({ ok: true, ...me, url });
  const server = await startBareServer((socket) => socket.end(httpAnswer(200, answer)));
  const found = await identified(`${server.url}/api/`);
  await server.close();
  expect(found.identity.workspace).toBeNull();
});

it('stops at once when aborted, also while Slack does not answer', async () => {
  const slack = await startPretendSlack();
  slack.fail('auth.test', { kind: 'hang' });
  const stopping = new AbortController();
  const identifying = identified(slack.apiUrl, slack.botToken, stopping.signal);
  await slack.waitFor(() => slack.calls.length === 1);
  stopping.abort(new Error('stopped'));
  await expect(identifying).rejects.toThrow('stopped');
  await slack.close();
});

it('warns of each missing scope and its consequence, and of none where the scopes are unknown', () => {
  const known = newLog();
  warnOfMissingScopes([], known);
  expect(known.warned.map(({ scope }) => scope).toSorted()).toEqual(Object.keys(scopes).toSorted());
  expect(known.warned.every(({ consequence }) => (consequence ?? '').length > 20)).toBe(true);
  const silent = newLog();
  warnOfMissingScopes(null, silent);
  warnOfMissingScopes([...Object.keys(scopes), 'another:scope'], silent);
  expect(silent.warned).toEqual([]);
});
