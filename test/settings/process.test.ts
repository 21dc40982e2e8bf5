import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { rightEnvironment } from './right-environment.ts';
import { start } from './started-process.ts';

const title = 'campaign-wf cannot start with these settings:';
const refused = { exit: 2, stdout: '' };

/** The names that the lines under the title begin with. */
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

const { SLACK_BOT_TOKEN: _, ...withoutBotToken } = rightEnvironment;

describe('the program', () => {
  it.concurrent('that is told nothing says on stderr all that it needs, and nothing else, and ends with 2', async () => {
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

  it.concurrent('reads the .env of the folder that it is started in, and the environment goes before it', async () => {
    const files = { '.env': dotenv({ ...withoutBotToken, PORT: '3000' }) };
    const { stderr, ...ended } = await start({ PORT: 'http' }, files);
    expect(ended).toEqual(refused);
    expect(namesIn(stderr)).toEqual(['SLACK_BOT_TOKEN', 'PORT']);
  });
});

it.concurrent('a variable that is empty in the environment is taken from the .env', async () => {
  const { stderr, ...ended } = await start(
    { LOG_LEVEL: '' },
    { '.env': dotenv({ ...rightEnvironment, LOG_LEVEL: 'loud' }) },
  );
  expect(ended).toEqual(refused);
  expect(namesIn(stderr)).toEqual(['LOG_LEVEL']);
});

describe('a campaign-wf.yml in that folder', () => {
  const rules = { 'campaign-wf.yml': 'locale: en\nacess: []\n' };
  const inFile = 'campaign-wf.yml:2: acess is not known here: did you mean access?';

  it.concurrent.each([
    ['is read, and what is wrong with it told with the rest', {}],
    ['is read also where the variable for its path is there and empty', { CAMPAIGN_WF_CONFIG: '' }],
  ])('%s', async (_promise, env) => {
    const { stderr, ...ended } = await start({ ...withoutBotToken, ...env }, rules);
    expect(ended).toEqual(refused);
    expect(namesIn(stderr)).toEqual(['SLACK_BOT_TOKEN', 'campaign-wf.yml:2:']);
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(inFile);
  });

  it.concurrent('is passed over where another one is named', async () => {
    const { stderr, ...ended } = await start(
      { ...rightEnvironment, CAMPAIGN_WF_CONFIG: 'other.yml' },
      { ...rules, 'other.yml': 'guest: []\n' },
    );
    expect(ended).toEqual(refused);
    expect(namesIn(stderr)).toEqual(['other.yml:1:']);
  });
});

describe('a setting that looks right and turns out not to work', () => {
  const secret = 'xoxb-pasted-into-the-wrong-line';
  const outOfTheWay = { DATABASE_URL: 'sqlite:ledger.sqlite', HOST: '127.0.0.1', PORT: '0' };
  const nobody = { SLACK_API_URL: 'http://127.0.0.1:1/' };

  it.concurrent.each([
    ['HOST', { HOST: secret }],
    ['DATABASE_URL', { DATABASE_URL: `sqlite:a-file/${secret}/ledger.sqlite` }],
  ])('is a line for %s and 2 like any other, and what it was set to is not said', async (name, wrong) => {
    const env = { ...rightEnvironment, ...outOfTheWay, ...nobody, ...wrong };
    const { stderr, ...ended } = await start(env, { 'a-file': '' });
    expect(stderr).not.toContain(secret);
    expect(ended).toEqual(refused);
    expect(namesIn(stderr)).toEqual([name]);
  });

  it.concurrent.each(['PORT', 'METRICS_PORT'])('is a line for %s where that port is in use', async (name) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = String(typeof address === 'object' && address?.port);
    // Over HTTP both are opened.
    const { SLACK_APP_TOKEN: _app, ...http } = { ...rightEnvironment, SLACK_SIGNING_SECRET: 'secret' };
    const env = { ...http, ...outOfTheWay, ...nobody, METRICS_PORT: '0', [name]: port };
    const { stderr, ...ended } = await start(env).finally(() => server.close());
    expect(ended).toEqual(refused);
    expect(namesIn(stderr)).toEqual([name]);
    expect(stderr).toContain('cannot be listened on (EADDRINUSE)');
  });

  it.concurrent('is a line for METRICS_PORT where it is the same as PORT', async () => {
    const { stderr, ...ended } = await start({ ...rightEnvironment, PORT: '3000', METRICS_PORT: '3000' });
    expect(ended).toEqual(refused);
    expect(namesIn(stderr)).toEqual(['METRICS_PORT']);
  });
});
