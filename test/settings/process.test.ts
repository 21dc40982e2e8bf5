import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { start } from './started-process.ts';
import { validVariables } from './valid-variables.ts';

const title = 'campaign-wf cannot start with these settings:';
const refused = { exit: 2, stdout: '' };

/** The names at the beginning of the lines under the title. */
function namesIn(stderr: string): string[] {
  const [first, ...lines] = stderr.trimEnd().split('\n');
  expect(first).toBe(title);
  return lines.map((line) => line.split(' ', 1)[0] ?? '');
}

function dotenv(env: Record<string, string>): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
}

const { SLACK_BOT_TOKEN: _, ...withoutBotToken } = validVariables;

describe('the program', () => {
  it.concurrent('without settings writes only the required ones to stderr, and exits with 2', async () => {
    const { stderr, ...ended } = await start({});
    expect(ended).toEqual(refused);
    expect(stderr.endsWith('\n')).toBe(true);
    expect(namesIn(stderr)).toEqual([
      'SLACK_BOT_TOKEN',
      'SLACK_APP_TOKEN',
      'CAMPAIGN_ORGANIZATION',
      'CAMPAIGN_CLIENT_ID',
      'CAMPAIGN_CLIENT_SECRET',
    ]);
  });

  it.concurrent('reads the .env of its working directory, and prefers the environment', async () => {
    const files = { '.env': dotenv({ ...withoutBotToken, PORT: '3000' }) };
    const { stderr, ...ended } = await start({ PORT: 'http' }, files);
    expect(ended).toEqual(refused);
    expect(namesIn(stderr)).toEqual(['SLACK_BOT_TOKEN', 'PORT']);
  });
});

it.concurrent('a variable that is empty in the environment is taken from the .env', async () => {
  const { stderr, ...ended } = await start(
    { LOG_LEVEL: '' },
    { '.env': dotenv({ ...validVariables, LOG_LEVEL: 'loud' }) },
  );
  expect(ended).toEqual(refused);
  expect(namesIn(stderr)).toEqual(['LOG_LEVEL']);
});

describe('a campaign-wf.yml in that folder', () => {
  const rules = { 'campaign-wf.yml': 'locale: en\nacess: []\n' };
  const inFile = 'campaign-wf.yml:2: acess is not known here: did you mean access?';

  it.concurrent.each([
    ['is read, and its problems are reported with the others', {}],
    ['is read also where CAMPAIGN_WF_CONFIG is empty', { CAMPAIGN_WF_CONFIG: '' }],
  ])('%s', async (_promise, env) => {
    const { stderr, ...ended } = await start({ ...withoutBotToken, ...env }, rules);
    expect(ended).toEqual(refused);
    expect(namesIn(stderr)).toEqual(['SLACK_BOT_TOKEN', 'campaign-wf.yml:2:']);
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(inFile);
  });

  it.concurrent('is ignored where another one is named', async () => {
    const { stderr, ...ended } = await start(
      { ...validVariables, CAMPAIGN_WF_CONFIG: 'other.yml' },
      { ...rules, 'other.yml': 'guest: []\n' },
    );
    expect(ended).toEqual(refused);
    expect(namesIn(stderr)).toEqual(['other.yml:1:']);
  });
});

describe('a valid setting that does not work', () => {
  const secret = 'xoxb-pasted-into-the-wrong-line';
  const unusedPorts = { DATABASE_URL: 'sqlite:ledger.sqlite', HOST: '127.0.0.1', PORT: '0' };
  const noSlack = { SLACK_API_URL: 'http://127.0.0.1:1/' };

  it.concurrent.each([
    ['HOST', { HOST: secret }],
    ['DATABASE_URL', { DATABASE_URL: `sqlite:a-file/${secret}/ledger.sqlite` }],
  ])('is a line for %s with exit code 2, without its value', async (name, wrong) => {
    const env = { ...validVariables, ...unusedPorts, ...noSlack, ...wrong };
    const { stderr, ...ended } = await start(env, { 'a-file': '' });
    expect(stderr).not.toContain(secret);
    expect(ended).toEqual(refused);
    expect(namesIn(stderr)).toEqual([name]);
  });

  it.concurrent.each([
    ['in a folder that does not exist', 'nowhere/witness.jsonl', 'in a folder that does not exist'],
    ['that is a folder', 'a-folder', 'that is no ordinary file'],
    ['in a file', 'a-file/witness.jsonl', 'in a folder that does not exist'],
  ])('is a line for CAMPAIGN_WF_WITNESS_FILE where it names a file %s', async (_what, path, told) => {
    const env = { ...validVariables, ...unusedPorts, ...noSlack, CAMPAIGN_WF_WITNESS_FILE: path };
    const { stderr, ...ended } = await start(env, { 'a-file': '', 'a-folder': null });
    expect(ended).toEqual(refused);
    expect(namesIn(stderr)).toEqual(['CAMPAIGN_WF_WITNESS_FILE']);
    expect(stderr).toContain(`names a file ${told}. Name a file in a folder that exists`);
  });

  it.concurrent.each(['PORT', 'METRICS_PORT'])('is a line for %s where that port is in use', async (name) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = String(typeof address === 'object' && address?.port);
    // Over HTTP both are opened.
    const { SLACK_APP_TOKEN: _app, ...http } = { ...validVariables, SLACK_SIGNING_SECRET: 'secret' };
    const env = { ...http, ...unusedPorts, ...noSlack, METRICS_PORT: '0', [name]: port };
    const { stderr, ...ended } = await start(env).finally(() => server.close());
    expect(ended).toEqual(refused);
    expect(namesIn(stderr)).toEqual([name]);
    expect(stderr).toContain('cannot be listened on (EADDRINUSE)');
  });

  it.concurrent('is a line for METRICS_PORT where it is the same as PORT', async () => {
    const { stderr, ...ended } = await start({ ...validVariables, PORT: '3000', METRICS_PORT: '3000' });
    expect(ended).toEqual(refused);
    expect(namesIn(stderr)).toEqual(['METRICS_PORT']);
  });
});
