import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type EngineName, engines, newLedger, storeRequest, submission } from '../requests/ledger/ledger.fixture.ts';
import { auditHere, type Ended, runAudit, urlOf } from './run-audit.ts';
import { dangerousReason, playScenes, type Told } from './scenes.ts';

type Exported = Record<string, unknown> & { readonly id: string };

function rowsIn({ code, stdout, stderr }: Ended): readonly Exported[] {
  expect([code, stderr]).toEqual([0, '']);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

describe.each(engines)('an export from %s, beside the running bot,', (engine) => {
  it('has a row for each request, in the order of their time', async () => {
    await using told = await playScenes(engine);
    const { stop, refused, retried, cancelled, freeze, open } = told;
    const rows = rowsIn(await runAudit(told.url, ['export', '--format', 'jsonl']));
    expect(rows.map(({ id }) => id)).toEqual([stop, refused, retried, cancelled, freeze, open]);
    expect(rows[0]).toEqual({
      id: stop,
      requested_at: '2026-11-10T12:00:00.000Z',
      requester: 'U0ALICE',
      requester_name: null,
      team: 'T0ACME',
      channel: 'C0OPS',
      announcement_ts: '1.0',
      verb: 'stop',
      workflow: 'WKF110',
      alias: 'CRM_NIGHTLY',
      environment: 'prod',
      organization: 'acme',
      production: true,
      reason: dangerousReason,
      freeze_until: null,
      rule: 'CAMPAIGN_WF_USERS, stop',
      confirmed_by: ['U0CAROL'],
      confirmed_by_name: [''],
      confirmed_at: ['2026-11-10T12:00:02.500Z'],
      cancelled_by: null,
      cancel_reason: null,
      batch: null,
      due_at: null,
      resumes_at: null,
      reminded_at: null,
      left_paused_by: null,
      approvers_reminded_at: [],
      escalated_at: [],
      escalated_to: [],
      emergency_by: null,
      emergency_at: null,
      emergency_reason: null,
      reviewed_by: null,
      reviewed_at: null,
      review_comment: null,
      confirmed_stage: [''],
      confirmed_rule: ['CAMPAIGN_WF_USERS, stop'],
      sent_rule: 'CAMPAIGN_WF_USERS, stop',
      emergency_rule: null,
      ends_pause: null,
      muted_until: null,
      state_before: 'not_shown',
      state_after: 'finished',
      attempts: 1,
      campaign_status: 204,
      campaign_answer: null,
      outcome: 'accepted',
      because: 'taken',
      why: 'Campaign accepted the stop of CRM_NIGHTLY (WKF110, prod).',
      decision_ms: 2_500,
      answer_ms: 0,
      outcome_ms: 2_500,
      permalink: 'https://acme.slack.com/archives/C0OPS/p10',
    });
    expect(rows.slice(1)).toMatchObject([
      {
        outcome: 'refused',
        because: 'access:not_permitted',
        announcement_ts: null,
        rule: null,
        decision_ms: null,
        permalink: null,
      },
      { outcome: 'accepted', attempts: 2, reason: '', confirmed_by: [], outcome_ms: 750 },
      {
        outcome: 'cancelled',
        because: 'decided',
        cancelled_by: 'U0ALICE',
        cancel_reason: 'wrong segment',
        confirmed_by: [],
        attempts: 0,
      },
      { outcome: 'accepted', verb: 'freeze', freeze_until: '2026-11-10T14:04:02.500Z', attempts: 0 },
      { outcome: null, because: null, environment: 'stage', outcome_ms: null },
    ]);
    await periodsAndFilters(told);
  });

  it('leaves out a request whose events make none, and says so', async () => {
    await using opened = await newLedger(engine);
    for (const id of ['7K3M9QPA', '8K3M9QPA']) await storeRequest(opened.ledger, submission(id, { workflowId: id }));
    for (const statement of unguarded[engine]) await opened.query(statement);
    await opened.query("delete from events where request = '7K3M9QPA'");
    const { code, stdout, stderr } = await auditHere(opened.database, ['export']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^id,.*\r\n8K3M9QPA,.*\r\n$/);
    expect(stderr).toBe(
      '1 request of this period was left out: its events do not make sense. npm run verify says what is wrong.\n',
    );
  });
});

const unguarded: Record<EngineName, readonly string[]> = {
  sqlite: ['drop trigger events_no_delete'],
  postgres: ['drop trigger events_no_change on events'],
};

async function periodsAndFilters(told: Told): Promise<void> {
  const { database, stop, refused, retried, cancelled, freeze, open } = told;
  const ids = async (...args: readonly string[]) =>
    rowsIn(await auditHere(database, ['export', '--format', 'jsonl', ...args])).map(({ id }) => id);
  // The requests are a minute apart; the second one was made at 12:01:02.5 UTC.
  expect(await ids('--to', '2026-11-10T12:01:02.5Z')).toEqual([stop]);
  expect(await ids('--from', '2026-11-10T13:01:02.5+01:00', '--to', '2026-11-10T13:02[Europe/Berlin]')).toEqual([
    refused,
  ]);
  expect(await ids('--from', '2026-11-10 13:05', '--zone', 'Europe/Berlin')).toEqual([open]);
  expect(await ids('--from', '2026-11-11')).toEqual([]);
  expect(await ids('--verb', 'stop')).toEqual([stop, cancelled, open]);
  expect(await ids('--verb', 'stop', '--verb', 'freeze', '--outcome', 'accepted')).toEqual([stop, freeze]);
  expect(await ids('--outcome', 'open')).toEqual([open]);
  expect(await ids('--workflow', 'crm_nightly', '--workflow', 'wkf3')).toEqual([stop, retried]);
  expect(await ids('--person', 'U0CAROL')).toEqual([stop]);
  // Her press on the stop did not count.
  expect(await ids('--person', 'u0eve')).toEqual([stop, refused]);
  expect(await ids('--environment', 'Stage')).toEqual([open]);
}

it.concurrent('is CSV as spreadsheets and RFC 4180 have it', async () => {
  await using told = await playScenes('sqlite');
  const { stdout } = await runAudit(told.url, ['export', '--workflow', 'WKF110']);
  const [header = '', row = '', ...rest] = stdout.split('\r\n');
  expect(rest).toEqual(['']);
  expect(header).toMatch(/^id,requested_at,requester,/);
  expect(row).toContain(`,true,"'=HYPERLINK(""https://evil.example"",""a, b"")",,"CAMPAIGN_WF_USERS, stop",U0CAROL,,`);
  const none = await auditHere(told.database, ['export', '--workflow', 'WKF999', '--bom']);
  expect(none.stdout).toBe(`\ufeff${header}\r\n`);
});

it('several confirmations stand in one cell, with the names of people as of then', async () => {
  await using opened = await newLedger();
  const seen = { kind: 'not_shown' } as const;
  const press = (by: string) =>
    ({ type: 'pressed', data: { by, name: `name of ${by}`, choice: 'approve', interaction: `press-${by}` } }) as const;
  await storeRequest(
    opened.ledger,
    submission('7K3M9QPA', {}, { name: 'alice' }),
    { type: 'granted', data: { rule: 'two', approvers: { users: ['U1', 'U2'], groups: [] }, expiresAt: 1, count: 2 } },
    { type: 'announced', data: { ts: '1.1' } },
    { type: 'asked', data: { expiresAt: 1 } },
    press('U1'),
    { type: 'confirmed', data: { by: 'U1', interaction: 'press-U1', needed: 2, seen } },
    press('U2'),
    { type: 'approved', data: { by: 'U2', interaction: 'press-U2', seen } },
  );
  const { stdout } = await auditHere(opened.database, ['export']);
  expect(stdout).toContain(',U0ALICE,alice,');
  expect(stdout).toContain(',wrong audience,');
  expect(stdout).toContain(',U1; U2,name of U1; name of U2,2026-11-10T12:00:00.000Z; 2026-11-10T12:00:00.000Z,');
});

it.concurrent('a file is written whole, for its owner, and not over another one', async () => {
  await using opened = await newLedger();
  await storeRequest(opened.ledger, submission('7K3M9QPA'));
  const folder = mkdtempSync(join(tmpdir(), 'campaign-wf-'));
  const file = join(folder, 'march.csv');
  const run = (...args: readonly string[]) => auditHere(opened.database, ['export', '--output', file, ...args]);
  const relative = ['export', '--output', 'march.csv'];
  expect(await runAudit(urlOf(opened), relative, { cwd: folder })).toEqual({
    code: 0,
    stdout: '',
    stderr: `1 request was written to ${file}.\n`,
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toMatch(/^id,.*\r\n7K3M9QPA,.*\r\n$/);
  writeFileSync(file, 'something else');
  expect(await run()).toEqual({
    code: 1,
    stdout: '',
    stderr: `The file ${file} exists already. Name another one, or replace it with --force.\n`,
  });
  expect(readFileSync(file, 'utf8')).toBe('something else');
  expect((await run('--force')).code).toBe(0);
  expect(readFileSync(file, 'utf8')).toMatch(/^id,/);
  const lost = join(folder, 'nowhere', 'march.csv');
  const { code, stderr } = await auditHere(opened.database, ['export', '--output', lost]);
  expect([code, stderr]).toEqual([1, `The file ${lost} cannot be written: there is no such folder.\n`]);
  expect(readdirSync(folder)).toEqual(['march.csv']);
});

it.each([
  [['--verb', 'halt'], /^The option --verb does not know halt: known are start, pause, .*, and form\.\n$/],
  [['--outcome', 'acepted'], /^The option --outcome does not know acepted: .* open\. Did you mean accepted\?\n$/],
  [['--format', 'xlsx'], /^The option --format does not know xlsx: known are csv and jsonl\.\n$/],
  [['--format', 'jsonl', '--bom'], /^The option --bom belongs to --format csv/],
  [['--from', 'March'], /^March is no moment: /],
  [['--from', '2026-02-30'], /^2026-02-30 is no moment: /],
  [['--to', '2026-03-01T00:00+05:00[Europe/Berlin]'], /^2026-03-01T00:00\+05:00\[Europe\/Berlin\] is no moment: /],
  [['--zone', 'Mars/Olympus'], /^Mars\/Olympus is not the name of a time zone/],
  [['--from', '2026-04-01', '--to', '2026-03-01'], /^--from has to be before --to/],
  [['--from', '2026-04-01', '--from', '2026-04-02'], /^The option --from can be given only once\.\n$/],
  [['--from'], /^The option --from needs a value after it\.\n$/],
  [['--person', 'bob'], /^bob is not the ID of a person in Slack, such as U0123ABCD/],
  [['--person', '--verb', 'stop'], /^The option --person needs a value after it\.\n$/],
  [['--bom=yes'], /^The option --bom takes no value\.\n$/],
  [['March'], /^March is more than this command takes\./],
])('%j is answered with one sentence', async (args, sentence) => {
  const { code, stdout, stderr } = await auditHere(null, ['export', ...args]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(sentence);
});
