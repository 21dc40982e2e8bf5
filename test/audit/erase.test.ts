import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { requestErasure } from '../../src/requests/ledger/erasure/request-erasure.ts';
import { openLedger } from '../../src/requests/ledger/open-ledger.ts';
import { generateKey, type SigningKey } from '../../src/transparency-log/keys.ts';
import { endedAs, samples } from '../requests/events.fixture.ts';
import { copyOfKept } from '../requests/ledger/kept/open-kept.ts';
import {
  engines,
  ledgerOptions,
  newLedger,
  type OpenedLedger,
  storeRequest,
  submission,
} from '../requests/ledger/ledger.fixture.ts';
import { underWay } from '../requests/request.fixture.ts';
import { auditHere, runAudit, urlOf } from './run-audit.ts';

const id = '7K3M9QPA';
const why = 'GDPR request 12';
const [key, otherKey] = [generateKey('log.example'), generateKey('other.example')];

async function ended({ ledger }: OpenedLedger, request = id, reason = 'Frau Müller hat sich vertan'): Promise<void> {
  const order = submission(request, { reason, workflowId: request }, { name: 'alice' });
  await storeRequest(ledger, order, ...underWay, samples.dispatching, endedAs('accepted'));
  await ledger.seal();
}

/** No bot owns the file any more. */
async function stopped(opened: OpenedLedger): Promise<OpenedLedger> {
  await opened.ledger.close();
  return opened;
}

const erasures = "select data, mac from events where type = 'text_erased'";

describe.each(engines)('erasing what people wrote, on %s', (engine) => {
  it('says what came of it and what still has it, and is sealed when the program ends', async () => {
    await using opened = await newLedger(engine);
    await ended(opened);
    await ended(opened, '8K3M9QPB');
    if (engine === 'sqlite') await stopped(opened);
    const { code, stdout, stderr } = await runAudit(urlOf(opened), ['erase', '7k3m9qpa', '--because', why]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      'What people wrote in 7K3M9QPA, and their names, is erased from the ledger. Messages in Slack, logs and earlier back-ups still have it: deal with them separately.\n',
    );
    const [erased] = await opened.query(erasures);
    expect(JSON.parse(String(erased?.data))).toEqual({ by: expect.any(String), because: why, sequences: [1] });
    const verified = await runAudit(urlOf(opened), ['verify']);
    expect([verified.code, verified.stdout]).toEqual([0, expect.stringContaining(`${id}: 2 texts were erased`)]);
    expect(verified.stdout).not.toContain('a moment ago');
    const shown = await runAudit(urlOf(opened), ['show', id]);
    expect(shown.stdout).toContain('Reason: (erased)');
    expect(shown.stdout).not.toMatch(/Müller|alice/);
    const exported = await runAudit(urlOf(opened), ['export', '--format', 'jsonl']);
    expect(exported.stdout).toContain('"reason":null');
    expect(exported.stdout).toContain('"reason":"Frau Müller hat sich vertan"');
  });

  it('records whoever is named, and names the requests that quote the reason of a freeze', async () => {
    await using opened = await newLedger(engine);
    const freeze = submission('FREEZE00', { verb: 'freeze', workflowId: '*', reason: 'Black Friday' });
    await storeRequest(opened.ledger, freeze, ...underWay, samples.dispatching, endedAs('accepted'));
    const refusal = { reason: 'frozen', because: 'Black Friday', request: 'FREEZE00', until: 1 } as const;
    await storeRequest(opened.ledger, submission(id, { verb: 'start', reason: '' }), {
      type: 'ended',
      data: { outcome: 'refused', because: { kind: 'access', refusal }, answer: null },
    });
    if (engine === 'sqlite') await stopped(opened);
    const args = ['erase', 'FREEZE00', '--because', why, '--by', ' Data protection '];
    const { code, stdout } = await auditHere(opened.database, args);
    expect([code, stdout]).toEqual([0, expect.stringContaining('The same reason stands in 7K3M9QPA as well')]);
    const [erased] = await opened.query(erasures);
    expect(JSON.parse(String(erased?.data))).toMatchObject({ by: 'Data protection' });
  });

  it.each([
    ['an unknown request', '9K3M9QPA', '9K3M9QPA: there is no such request in this ledger.'],
    ['one that is open', 'PEN00000', 'PEN00000 has no outcome yet. Erase it when it has ended.'],
    ['one without texts', 'EMPTY000', 'EMPTY000 has nothing to erase: '],
  ])('of %s is answered with a sentence', async (_, request, sentence) => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('PEN00000'), ...underWay);
    await storeRequest(opened.ledger, submission('EMPTY000', { reason: '', workflowId: 'B' }), endedAs('refused'));
    if (engine === 'sqlite') await stopped(opened);
    const { code, stdout, stderr } = await auditHere(opened.database, ['erase', request, '--because', why]);
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringContaining(sentence)]);
    expect(stderr.trimEnd()).not.toContain('\n');
    expect(await opened.query(erasures)).toEqual([]);
  });

  it('cannot change what an event of an earlier version holds, and says so', async () => {
    const database = await copyOfKept(engine, '2026-11');
    const args = ['erase', 'ACCEPTED', '--because', why];
    const before = await auditHere(database, args);
    expect([before.code, before.stderr]).toEqual([1, expect.stringContaining('is of an earlier campaign-wf')]);
    await (await openLedger(ledgerOptions(database))).close();
    const { code, stderr } = await auditHere(database, args);
    expect([code, stderr]).toEqual([
      1,
      'Of ACCEPTED, event 1 is of an earlier version and holds in full what was written. That cannot be erased without breaking the record.\n',
    ]);
  });

  it('needs the key that is in force, begins none, and its event has a code', async () => {
    await using opened = await newLedger(engine, { logKey: key });
    await ended(opened);
    if (engine === 'sqlite') await stopped(opened);
    const run = (logKey: SigningKey | null = null) =>
      auditHere(opened.database, ['erase', id, '--because', why], { logKey });
    const without = await run();
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('set CAMPAIGN_WF_LOG_KEY')]);
    const other = await run(otherKey);
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('is not the bot’s key')]);
    expect(await opened.query(erasures)).toEqual([]);
    expect((await run(key)).code).toBe(0);
    expect(await opened.query("select * from log_events where type = 'key_began'")).toHaveLength(1);
    expect(await opened.query(erasures)).toMatchObject([{ mac: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
    expect((await auditHere(opened.database, ['verify'], { logKey: key })).code).toBe(0);
  });

  it('uses no key that the bot does not have', async () => {
    await using opened = await newLedger(engine);
    await ended(opened);
    if (engine === 'sqlite') await stopped(opened);
    const { code } = await auditHere(opened.database, ['erase', id, '--because', why], { logKey: key });
    expect(code).toBe(2);
    expect(await opened.query("select * from log_events where type = 'key_began'")).toEqual([]);
  });

  it('of a request with an event that the bot has not recorded is left to whoever looks into it', async () => {
    await using opened = await newLedger(engine, { logKey: key });
    await ended(opened);
    await opened.query(
      engine === 'sqlite' ? 'drop trigger events_no_update' : 'drop trigger events_no_change on events',
    );
    await opened.query("update events set mac = '00' where sequence = 2");
    if (engine === 'sqlite') await stopped(opened);
    const { code, stderr } = await auditHere(opened.database, ['erase', id, '--because', why], { logKey: key });
    expect([code, stderr]).toEqual([1, expect.stringContaining(`${id} has an event that the bot has not recorded`)]);
  });
});

it.each([
  ['nothing', [], '--because is missing'],
  ['an empty text', ['--because='], 'needs a value'],
  ['white space', ['--because', '  '], 'takes one line of text with 500 characters at most'],
  ['two lines', ['--because', 'one\ntwo'], 'takes one line of text'],
  ['a control character', ['--because', 'one\u0007two'], 'takes one line of text'],
  ['a text that changes its direction', ['--because', 'one\u202etwo'], 'takes one line of text'],
  ['a very long text', ['--because', 'x'.repeat(501)], 'takes one line of text'],
  ['a name of two lines', ['--because', why, '--by', 'one\ntwo'], 'takes one line of text with 100 characters'],
])('%s as a reason is refused before the ledger is read', async (_, args, sentence) => {
  const { code, stdout, stderr } = await auditHere(null, ['erase', id, ...args]);
  expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(sentence)]);
});

it('on PostgreSQL, an account that can only read is told to use that of the bot', async () => {
  await using opened = await newLedger('postgres');
  await ended(opened);
  const role = `auditor_${randomBytes(4).toString('hex')}`;
  await opened.query(
    `create role ${role} login password 'pw'; grant usage on schema campaign_wf to ${role}; grant select on all tables in schema campaign_wf to ${role}`,
  );
  const url = Object.assign(new URL(urlOf(opened)), { username: role, password: 'pw' });
  const { code, stderr } = await runAudit(url.href, ['erase', id, '--because', why]);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^Your account can only read the ledger postgres:/)]);
  expect(await opened.query(erasures)).toEqual([]);
  await opened.query(`drop owned by ${role}; drop role ${role}`);
});

it('while somebody reads a SQLite ledger, a copy stays in its files, which its next owner clears', async () => {
  await using opened = await newLedger();
  await ended(opened);
  await stopped(opened);
  const reader = opened.raw();
  reader.exec('begin');
  reader.prepare('select count(*) from events').get();
  const { code, stdout } = await auditHere(opened.database, ['erase', id, '--because', why]);
  expect([code, stdout]).toEqual([0, expect.stringContaining('A reader, such as an export, keeps a copy')]);
  const files = () => ['', '-wal'].map((end) => readFileSync(`${opened.path}${end}`, 'utf8')).join();
  expect(files()).toContain('Frau Müller');
  reader.close();
  const next = await opened.reopen();
  await next.carryOutErasures(() => {});
  expect(files()).not.toContain('Frau Müller');
  expect(await opened.query(erasures)).toHaveLength(1);
  expect(await opened.query('select id from erasures where done_at is null')).toEqual([]);
});

it('if the owner of a SQLite ledger ends without carrying out the order, the program does', async () => {
  await using opened = await newLedger();
  await ended(opened);
  await stopped(opened);
  const owner = new DatabaseSync(`${opened.path}-owner`);
  owner.exec('pragma journal_mode = memory; begin immediate');
  const erasure = { by: 'dpo', because: why };
  const erasing = requestErasure(id, erasure, { database: opened.database, key: null, waitMs: 1_000 });
  while ((await opened.query('select id from erasures')).length === 0) await wait(20);
  owner.close();
  expect(await erasing).toMatchObject({ answer: { kind: 'erased' }, isCleared: true });
  expect(await opened.query(erasures)).toHaveLength(1);
});

it('while the owner does nothing, the order stays', async () => {
  await using opened = await newLedger();
  await ended(opened);
  const options = { database: opened.database, key: null, waitMs: 100 };
  expect(await requestErasure(id, { by: 'dpo', because: why }, options)).toEqual({ answer: null, isCleared: false });
  expect(await opened.query('select request, answer, done_at from erasures')).toEqual([
    { request: id, answer: null, done_at: null },
  ]);
  expect(await opened.query(erasures)).toEqual([]);
});

it('what is no ID is named', async () => {
  const { code, stderr } = await auditHere(null, ['erase', 'WKF110', '--because', why]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('WKF110 is no ID of a request')]);
});

it.each(['He wrote: Frau MÜLLER hat sich vertan', 'alice asked for it'])(
  '“%s” would keep what is to be erased, and is refused',
  async (because) => {
    await using opened = await newLedger();
    await ended(opened);
    await stopped(opened);
    const { code, stderr } = await auditHere(opened.database, ['erase', id, '--because', because]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--because repeats what would be erased')]);
    expect(await opened.query(erasures)).toEqual([]);
  },
);
