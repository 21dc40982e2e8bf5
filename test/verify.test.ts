import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { newLedger, type OpenedLedger, submission, written } from './requests/ledger/ledger.fixture.ts';
import { underWay } from './requests/request.fixture.ts';
import { newLedgerPath } from './requests/scene/folder.fixture.ts';

const program = fileURLToPath(new URL('../src/verify.ts', import.meta.url));

type Ended = { code: number; stdout: string; stderr: string };

async function run(DATABASE_URL: string, ...args: readonly string[]): Promise<Ended> {
  const command = ['--disable-warning=ExperimentalWarning', program, ...args];
  const running = promisify(execFile)(process.execPath, command, { env: { DATABASE_URL }, cwd: tmpdir() });
  return running.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: Ended) => ({ code, stdout, stderr }),
  );
}

function urlOf({ database }: OpenedLedger): string {
  return database.kind === 'postgres' ? database.url : `sqlite:${database.path}`;
}

it.concurrent.each(['sqlite', 'postgres'] as const)(
  'a record on %s is said to be sound, or what is wrong with it',
  async (engine) => {
    await using opened = await newLedger(engine);
    await written(opened.ledger, submission('7K3M9QPA'), ...underWay);
    await written(opened.ledger, submission('8K3M9QPB', { workflowId: 'WKF2' }));
    expect(await run(urlOf(opened))).toEqual({
      code: 0,
      stdout: '2 requests with 5 events: every one follows from those before it.\n',
      stderr: '',
    });
    await opened.directly("update requests set head_sequence = 3 where id = '7K3M9QPA'");
    const { code, stdout } = await run(urlOf(opened));
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^7K3M9QPA: events at its end were removed or added\.\n1 request cannot be trusted, 2 were verified\./,
    );
  },
);

it.concurrent('of one request, typed in any case, its events are listed with their digests', async () => {
  await using opened = await newLedger();
  const { firstDigest } = await written(opened.ledger, submission('7K3M9QPA'), ...underWay);
  const { code, stdout } = await run(urlOf(opened), '7k3m9qpa');
  expect(code).toBe(0);
  const [first, ...more] = stdout.trimEnd().split('\n');
  expect(first).toMatch(/^ {2}1 {2}\d{4}-\d\d-\d\dT[\d:.]+Z {2}requested +[0-9a-f]{64}$/);
  expect(first).toContain(firstDigest);
  expect(more).toHaveLength(underWay.length + 1);
});

it.concurrent('a request that is not there is said not to be', async () => {
  await using opened = await newLedger();
  const { code, stdout } = await run(urlOf(opened), '7K3M9QPA');
  expect(code).toBe(1);
  expect(stdout).toContain('7K3M9QPA: there is no such request in this ledger.');
});

it.concurrent('a ledger that is not there is not made, and that it cannot be read is said in words', async () => {
  const path = newLedgerPath();
  const { code, stderr } = await run(`sqlite:${path}`);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^The ledger cannot be read: .+\n$/);
  expect((await run(`sqlite:${path}`)).code).toBe(1);
});

it.concurrent('an address that is none is a matter of settings', async () => {
  const { code, stderr } = await run('mysql://db');
  expect(code).toBe(2);
  expect(stderr).toContain('DATABASE_URL is not a database');
});
