import { execFile } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { botEnv } from '../../sandbox/start-sandbox.ts';
import type { Check, CheckContext } from '../../src/doctor/checks/check.ts';
import { found } from '../../src/doctor/finding.ts';
import { runChecks } from '../../src/doctor/run-checks.ts';
import { runDoctor } from '../../src/doctor/run-doctor.ts';
import { translatorFor } from '../../src/locales/translator.ts';
import { alice, inSandbox } from '../e2e/people.ts';
import { examine, type Finding, inWorld, newFolder } from './examine.ts';

const program = fileURLToPath(new URL('../../start/doctor.js', import.meta.url));

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs it as `npm run doctor` does. */
function doctor(args: readonly string[], env: Readonly<Record<string, string>>, cwd = newFolder()): Promise<Ended> {
  const running = promisify(execFile)(process.execPath, [program, ...args], { env, cwd });
  return running.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: Ended) => ({ code, stdout, stderr }),
  );
}

/** The same without a process of its own, with no settings. */
async function here(args: readonly string[]): Promise<Ended> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await runDoctor(args, {
    given: { variables: {}, unread: [], unreadable: null, comments: [], quoted: [], elsewhere: null },
    environment: {},
    translator: translatorFor('en'),
    scrub: (text) => text,
    say: (text) => out.push(`${text}\n`),
    remark: (text) => err.push(`${text}\n`),
  });
  return { code, stdout: out.join(''), stderr: err.join('') };
}

const findingsIn = ({ stdout }: Ended) => (JSON.parse(stdout) as { findings: readonly Finding[] }).findings;

it('beside a running bot, it names its port, disturbs nothing and leaves nothing behind', async () => {
  await inSandbox({ mode: 'http' }, async (talk) => {
    const { slack, sandbox } = talk;
    const { ledgerPath, campaign } = sandbox;
    const env = {
      ...botEnv(slack, campaign, 'http'),
      ...{ HOST: '127.0.0.1', PORT: new URL(sandbox.bot().url).port, DATABASE_URL: `sqlite:${ledgerPath}` },
      ...{ CAMPAIGN_WF_CHANNELS: 'C0OPS', CAMPAIGN_WF_USERS: alice, CAMPAIGN_WF_LOCALE: 'fr' },
    };
    const files = readdirSync(dirname(ledgerPath));
    const ended = await doctor([], env);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^✓ settings +Les paramètres sont valides/);
    expect(ended.stdout).toMatch(/^✓ port +Sur PORT \d+ tourne un campaign-wf/m);
    expect(ended.stdout).toMatch(/\n\nTout va bien\u00a0; 3 points à vérifier\.\n$/);
    expect(readdirSync(dirname(ledgerPath))).toEqual(files);
    expect(campaign.posts()).toEqual([]);
    expect(slack.workspace.messages).toEqual([]);
    await talk.type(alice, 'pause WKF110');
    await talk.outcome(await talk.announced('WKF110', 'accepted'));
  });
});

describe('--json', () => {
  it('prints nothing else for bad settings, a wrong file and an unreachable proxy', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'campaign-wf.yml'), 'acess: []\n');
    const env = {
      HTTPS_PROXY: 'http://user:proxy-word@127.0.0.1:1',
      NODE_EXTRA_CA_CERTS: join(folder, 'none.pem'),
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      SLACK_BOT_TOKEN: 'xoxb-a-secret-token',
      PORT: '0',
    };
    const ended = await doctor(['--json'], env, folder);
    expect(ended).toMatchObject({ code: 1, stderr: '' });
    const names = findingsIn(ended).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['setting_wrong', 'proxy_unreachable', 'certificates_unusable']));
    expect(names).toEqual(expect.arrayContaining(['slack_unreachable', 'tls_unchecked', 'not_checked']));
    expect(ended.stdout).not.toMatch(/proxy-word|a-secret-token/);
  });

  it.each([
    [['--json', '--onyl', 'slack'], 1, { ok: false, error: expect.stringContaining('--only') }],
    [['--json=yes'], 1, { error: expect.stringContaining('--json') }],
    [['--json', 'slack'], 1, { error: expect.stringContaining('slack') }],
    [['--only', '--json'], 1, { error: expect.stringContaining('--only') }],
    [['--only', 'slak', '--json'], 1, { error: expect.stringMatching(/witness.*slack/) }],
    [['--help', '--json'], 0, { help: expect.stringContaining('--only') }],
  ])('prints nothing else for %p', async (args, code, answer) => {
    const ended = await here(args);
    expect(ended).toMatchObject({ code, stderr: '' });
    expect(JSON.parse(ended.stdout)).toMatchObject(answer);
  });
});

it('--only looks at these areas alone, and an area that does not exist is an error with their names', async () => {
  const { findings } = await examine({}, { only: 'node, witness' });
  expect(findings.map(({ area }) => area)).toEqual(['node', 'witness']);
  // What could not be checked is not right.
  expect(await examine({}, { only: 'channels' })).toMatchObject({ exit: 1, findings: [{ name: 'not_checked' }] });
  expect((await examine({}, { only: 'node,,witness,' })).findings).toHaveLength(2);
  expect((await here(['--only', ' , '])).stderr).toContain('--only');
  const ended = await here(['--only', 'slack,ledger']);
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toMatch(/There is no area ledger\. The areas are settings, .* and witness\.\n$/);
});

it('never prints a secret, whoever quotes it', async () => {
  await inWorld({}, async ({ env, slack }) => {
    slack.fail('auth.test', { kind: 'error', error: `no ${env.SLACK_BOT_TOKEN}` });
    const { output } = await examine({ ...env, CAMPAIGN_ACCESS_TOKEN: 'unused-token' });
    for (const name of ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'CAMPAIGN_CLIENT_SECRET']) {
      expect(output).not.toContain(env[name]);
    }
    expect(output).toContain('[secret]');
  });
});

describe('a check', () => {
  const context = {} as CheckContext;
  const run = (check: Check, areaMs = 20_000) => runChecks([['node', check]], context, { areaMs })[0];

  it('that does not end is a finding, beside what it had found, and nothing follows', async () => {
    const check: Check = async (_context, report) => {
      report(found('ok', 'node_fits', { version: '24' }));
      await new Promise(() => {});
    };
    const { findings = [] } = (await run(check, 20)) ?? {};
    expect(findings.map(({ name }) => name)).toEqual(['check_late', 'node_fits']);
  });

  it('that throws is a finding', async () => {
    const { findings = [] } = (await run(async () => Promise.reject(new Error('broken')))) ?? {};
    expect(findings).toEqual([{ level: 'failure', name: 'check_failed', values: { problem: 'broken' } }]);
  });

  it('of Slack that hangs does not hold up the others', async () => {
    await inWorld({}, async ({ env, slack }) => {
      slack.fail('auth.test', { kind: 'hang' });
      const { exit, named } = await examine(env, { areaMs: 1_000 });
      expect(exit).toBe(1);
      expect(named('check_late').map(({ area }) => area)).toEqual(['slack', 'channels', 'people', 'clock']);
      expect(named('organization_answers')).toHaveLength(1);
    });
  });
});
