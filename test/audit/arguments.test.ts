import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { auditCommands } from '../../src/audit/commands.ts';
import { newLedger, storeRequest, submission } from '../requests/ledger/ledger.fixture.ts';
import { newLedgerPath } from '../requests/scene/ledger-path.fixture.ts';
import { auditHere, runAudit, urlOf } from './run-audit.ts';

const program = fileURLToPath(new URL('../../src/audit.ts', import.meta.url));

it.each([
  [[], 'Name a command: '],
  [['veryfy'], 'There is no command veryfy; known are '],
  [['--verify'], 'There is no command --verify; known are '],
  [['verify', '7K3M9QPA', '7K3M9QPB'], '7K3M9QPB is more than this command takes.'],
  [['verify', '--verb', 'stop'], 'There is no option --verb here; --help lists the options.'],
  [['verify', '--hlep'], 'There is no option --hlep here; --help lists the options. Did you mean --help?'],
  [['verify', '--constructor'], 'There is no option --constructor here; '],
])('%j is answered with one sentence, and reads no ledger', async (args, sentence) => {
  const { code, stdout, stderr } = await auditHere(null, args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(sentence);
  expect(stderr.trimEnd()).not.toContain('\n');
});

it.each([['--help'], ['help']])('%s names every command and what it does', async (...args) => {
  const { code, stdout, stderr } = await auditHere(null, args);
  expect([code, stderr]).toEqual([0, '']);
  for (const { name } of auditCommands) expect(stdout).toMatch(new RegExp(`^  ${name} .*\\.$`, 'm'));
});

it.each(auditCommands)('$name --help names its options, and runs nothing', async ({ name, options }) => {
  const { code, stdout, stderr } = await auditHere(null, [name, '--help']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(new RegExp(`^npm run audit -- ${name}`));
  for (const option of [...Object.keys(options), 'help'])
    expect(stdout).toMatch(new RegExp(`^  --${option} .*\\.$`, 'm'));
});

it.concurrent('a process of its own ends with the exit code, and speaks the operator’s language', async () => {
  const nowhere = `sqlite:${newLedgerPath()}`;
  expect(await runAudit(nowhere, ['veryfy'])).toEqual({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^There is no command veryfy; .* Did you mean verify\?\n$/),
  });
  const help = await runAudit(nowhere, ['--help'], { locale: 'fr' });
  expect([help.code, help.stdout]).toEqual([0, expect.stringContaining('Lit le registre de campaign-wf')]);
  const wrong = await runAudit('mysql://db', ['show', '7K3M9QPA']);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('DATABASE_URL is not a database')]);
});

it.concurrent('whoever stops reading, as head does, ends it quietly, and not as if all had been verified', async () => {
  await using opened = await newLedger();
  await storeRequest(opened.ledger, submission('7K3M9QPA'));
  await opened.ledger.seal();
  const args = ['--disable-warning=ExperimentalWarning', program, 'verify'];
  const running = spawn(process.execPath, args, { env: { DATABASE_URL: urlOf(opened) } });
  running.stdout.destroy();
  const said: string[] = [];
  running.stderr.on('data', (data: Buffer) => said.push(data.toString()));
  const [code] = await once(running, 'close');
  expect([code, said.join('')]).toEqual([141, '']);
});

it.concurrent('a full disk behind the output is told in a sentence', async () => {
  await using opened = await newLedger();
  await storeRequest(opened.ledger, submission('7K3M9QPA'));
  await opened.ledger.seal();
  const full = openSync('/dev/full', 'w');
  const args = ['--disable-warning=ExperimentalWarning', program, 'export'];
  const env = { DATABASE_URL: urlOf(opened) };
  const running = spawn(process.execPath, args, { env, stdio: ['ignore', full, 'pipe'] });
  const said: string[] = [];
  running.stderr?.on('data', (data: Buffer) => said.push(data.toString()));
  const [code] = await once(running, 'close');
  closeSync(full);
  expect([code, said.join('')]).toEqual([1, 'The file stdout cannot be written: the disk is full.\n']);
});

it.concurrent('reads the database’s address from a file, and no secret of the bot that it does not need', async () => {
  const folder = dirname(newLedgerPath());
  const database = join(folder, 'database-url');
  writeFileSync(database, `sqlite:${join(folder, 'nowhere.sqlite')}\n`);
  const bots = { SLACK_BOT_TOKEN_FILE: '/nowhere', CAMPAIGN_CLIENT_SECRET_FILE: '/nowhere' };
  const read = await runAudit('', ['verify'], { env: { ...bots, DATABASE_URL_FILE: database } });
  expect(read.stderr).toMatch(/^There is no ledger at .*nowhere\.sqlite/);
  const unread = await runAudit('', ['verify'], { env: { ...bots, DATABASE_URL_FILE: folder } });
  expect(unread).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('DATABASE_URL_FILE names a file that is no'),
  });
});
