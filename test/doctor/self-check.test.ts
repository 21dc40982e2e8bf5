import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { startPretendSlack } from '../../sandbox/slack/pretend-slack.ts';
import { startSelfCheck } from '../../src/doctor/self-check.ts';
import { translatorFor } from '../../src/locales/translator.ts';
import { readSettings } from '../../src/settings/read-settings.ts';
import { createClients } from '../../src/slack/clients.ts';
import { askIdentity } from '../../src/slack/identity.ts';
import { quietLogger, unwatchedClock } from '../sandbox/slack/quiet-client.ts';
import { validVariables } from '../settings/valid-variables.ts';

it('a look-up that fails is no finding and takes none back; one that succeeds does, and each is logged once', async () => {
  const slack = await startPretendSlack({ mode: 'socket' });
  const variables = { ...validVariables, CAMPAIGN_WF_CHANNELS: 'C0OPS,C0NOBOT', CAMPAIGN_WF_USERS: 'U0ALICE' };
  const read = readSettings(variables, translatorFor('en'), null);
  if (!read.ok) throw new Error('the settings are valid');
  const { reader } = createClients({
    ...{ token: slack.botToken, apiUrl: slack.apiUrl, logger: quietLogger, clock: unwatchedClock },
  });
  const lines: object[] = [];
  const note = (fields: object) => void lines.push(fields);
  const check = startSelfCheck({
    setup: { now: () => ({ ...read.settings.configuration, environments: [] as never, campaigns: new Map() }) },
    slack: { ...(await askIdentity(reader)), reader },
    database: { kind: 'postgres', url: 'postgres://nowhere' },
    log: { info: note, warn: note },
    random: () => 0,
    warnings: () => [],
  });
  const looks = () => slack.calls.filter(({ method, answer }) => method === 'users.info' && answer !== null).length;
  const found = async (count: number) => {
    while (check.findings().length !== count) await wait(10);
    return check.findings().map(({ name }) => name);
  };
  expect(await found(1)).toEqual(['channel_without_bot']);

  slack.fail('conversations.info', { kind: 'error', error: 'internal_error' });
  const failed = () => slack.calls.filter(({ answer }) => JSON.stringify(answer).includes('internal_error')).length;
  const before = looks();
  check.wake();
  while (failed() === 0 || looks() === before) await wait(10);
  expect(await found(1)).toEqual(['channel_without_bot']);

  slack.clearFaults();
  for (const channel of slack.workspace.channels) if (channel.id === 'C0NOBOT') channel.members.push('U0BOT');
  while (check.findings().length > 0) {
    check.wake();
    await wait(20);
  }
  expect(lines).toEqual([
    expect.objectContaining({ finding: 'channel_without_bot', channel: 'C0NOBOT' }),
    expect.objectContaining({ finding: 'channel_without_bot', channel: 'C0NOBOT' }),
  ]);
  check.end();
  await slack.close();
});
