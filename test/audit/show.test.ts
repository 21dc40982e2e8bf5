import { describe, expect, it } from '@jest/globals';
import { tellEvent } from '../../src/audit/story/tell-event.ts';
import { terminalContext } from '../../src/audit/story/tell-request.ts';
import { locales, plain, translatorFor } from '../../src/locales/translator.ts';
import type { Event } from '../../src/requests/events.ts';
import { replay } from '../../src/requests/replay.ts';
import { generateKey } from '../../src/transparency-log/keys.ts';
import { everyEvent, noAnswer, recorded, samples } from '../requests/events.fixture.ts';
import { engines, newLedger, storeRequest, submission } from '../requests/ledger/ledger.fixture.ts';
import { underWay } from '../requests/request.fixture.ts';
import { type Row, rewrite } from './rewrite-ledger.ts';
import { auditHere, runAudit } from './run-audit.ts';
import { playScenes } from './scenes.ts';

/** Each line without its number and its time. */
function events(stdout: string): readonly string[] {
  return Array.from(stdout.matchAll(/^ *\d+ {2}\d{4}-\d\d-\d\dT[\d:.]+Z {2}(.*)$/gm), ([, words = '']) => words);
}

describe.each(engines)('a request on %s, beside the running bot,', (engine) => {
  it('is told from the command to what came of it', async () => {
    await using told = await playScenes(engine);
    const show = (id: string) => auditHere(told.database, ['show', id]);
    const stop = await runAudit(told.url, ['show', told.stop.toLowerCase()]);
    expect([stop.code, stop.stderr]).toEqual([0, '']);
    expect(stop.stdout.split('\n\n')[0]?.split('\n')).toEqual([
      `Request ${told.stop}: 🔴 PRODUCTION · Stop CRM_NIGHTLY (WKF110, prod)`,
      'Asked by U0ALICE, 2026-11-10T12:00:00.000Z.',
      'Reason: =HYPERLINK("https://evil.example","a, b")',
      'Permitted by the rule “CAMPAIGN_WF_USERS, stop”.',
      'Confirmed by U0CAROL.',
      'Campaign accepted the stop of CRM_NIGHTLY (WKF110, prod).',
      'In channel C0OPS of the workspace T0ACME: https://slack.com/app_redirect?channel=C0OPS&team=T0ACME',
      'Announcement: https://acme.slack.com/archives/C0OPS/p10',
    ]);
    const lines = events(stop.stdout);
    for (const words of [
      'U0ALICE asks for it in C0OPS.',
      'U0EVE chooses: Stop workflow.',
      'A decision of U0EVE did not count: Only S0LEADS may decide on this.',
      'U0CAROL chooses: Stop workflow.',
      'It is being sent to Campaign (attempt 1).',
      'The outcome was posted in the thread. Message 2.0.',
    ]) {
      expect(lines).toContain(words);
    }
    expect(lines).toContainEqual(expect.stringMatching(/^Campaign accepted the stop of .*\. HTTP status: 204\.$/));
    expect(lines).toContainEqual(expect.stringMatching(/^CRM_NIGHTLY \(WKF110\) shows as finished\. \(\w+: \w+\)$/));

    const refused = (await show(told.refused)).stdout;
    expect(refused).toContain('\nRefused. Nothing was sent. U0ALICE or U0BOB may start WKF2 in prod, and U0EVE is not');
    expect(refused).not.toContain('Announcement');
    expect((await show(told.cancelled)).stdout).toContain(
      '\nKept running. U0ALICE decided so. Nothing was sent. U0ALICE: wrong segment\n',
    );
    expect((await show(told.open)).stdout).toContain('\nIt has no outcome yet.\n');
    const retried = events((await show(told.retried)).stdout);
    expect(retried.filter((words) => words.includes('Campaign (attempt'))).toHaveLength(2);
    const freeze = (await show(told.freeze)).stdout;
    expect(events(freeze)).toContain('It takes effect; nothing is sent to Campaign.');
    expect(freeze).toContain('Freeze prod until 2026-11-10T14:04:02.500Z\n');
  });

  it('that is not there is said not to be, with the nearest that is', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('7K3M9QPA'));
    for (const typed of ['7K3M9QPB', 'K73M9QPA']) {
      expect(await auditHere(opened.database, ['show', typed])).toEqual({
        code: 1,
        stdout: '',
        stderr: `${typed}: there is no such request in this ledger. Did you mean 7K3M9QPA?\n`,
      });
    }
    const { stderr } = await auditHere(opened.database, ['show', '00000000']);
    expect(stderr).toBe('00000000: there is no such request in this ledger.\n');
  });

  it('whose record does not hold is said not to, before anything else', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('7K3M9QPA'), ...underWay);
    await opened.ledger.seal();
    await opened.query("update requests set head_sequence = 3 where id = '7K3M9QPA'");
    const { code, stdout } = await auditHere(opened.database, ['show', '7K3M9QPA']);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^7K3M9QPA: events at its end were removed or added\.\n\nRequest 7K3M9QPA: Stop WKF110 \(prod\)\n/,
    );
  });
});

it('what is no ID, or none, is answered without the ledger', async () => {
  const short = await auditHere(null, ['show', '7K3M9']);
  expect([short.code, short.stderr]).toEqual([
    2,
    '7K3M9 is no ID of a request: that has eight letters and digits, such as 7K3M9QPA.\n',
  ]);
  const none = await auditHere(null, ['show']);
  expect([none.code, none.stderr]).toEqual([2, 'ID is missing; --help says what belongs there.\n']);
  const missing = await auditHere({ kind: 'sqlite', path: '/nowhere/ledger.sqlite' }, ['show', '7K3M9QPA']);
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringMatching(/^There is no ledger at /)]);
});

const other = (data: object, of: Event): Event => ({ ...of, data: { ...of.data, ...data } }) as Event;

const declared = {
  rule: 'Nights',
  people: { users: ['U0EVE'], groups: ['S0DUTY'] },
  reviewBy: { users: [], groups: ['S0HEADS'] },
};

/** Every event, and the forms of those that are told in several ways. */
const everyForm: readonly Event[] = [
  ...everyEvent,
  other(
    {
      approvers: { users: ['U0CAROL'], groups: ['S0LEADS'] },
      asked: { users: [], groups: ['S0LEADS'], except: ['U0ALICE'] },
      expiresAt: 0,
      count: 2,
      seen: { kind: 'failed', reason: 'timeout' },
    },
    samples.granted,
  ),
  other({ notifiedBy: '7K3M9QPA' }, samples.announcing),
  other({ team: 'T0OTHER' }, samples.pressed),
  other({ refusal: { kind: 'access', refusal: { reason: 'guest' } } }, samples.press_refused),
  other({ refusal: { kind: 'counted_already', missing: 1 } }, samples.press_refused),
  other({ refusal: { kind: 'changed', before: null, now: 'finished' } }, samples.press_refused),
  other({ told: false }, samples.press_answered),
  other({ before: null }, samples.changed),
  other({ by: null, interaction: null, seen: { kind: 'slow' } }, samples.approved),
  other({ emergency: declared }, samples.approved),
  other({ emergency: declared }, samples.scheduled),
  other(
    { because: { kind: 'campaign', reason: 'timeout' }, answer: { ...noAnswer, text: 'no', adobeRequestId: 'a1' } },
    samples.ended,
  ),
  other({ rule: 'Nights' }, samples.confirmed),
  other({ rule: 'Nights', stage: 1 }, samples.approved),
  other({ rule: 'Nights' }, samples.dispatching),
  other({ reviewBy: { users: ['U0DAVE'], groups: ['S0HEADS'] } }, samples.reviewed),
  other({ ts: null }, samples.noted),
  other({ unthreaded: true }, samples.noted),
  other({ problem: 'fault' }, samples.shown),
];

describe.each(locales)('in the words of %s', (locale) => {
  const translator = translatorFor(locale);

  it.each(everyForm.map((event) => [event.type, event] as const))('an event %s is told', (_type, event) => {
    const request = replay(recorded([samples.requested, ...underWay, samples.dispatching, samples.ended]));
    const [first] = recorded([event]);
    if (first === undefined) throw new Error('there is no event');
    const words = plain(tellEvent(first, { request, context: terminalContext(translator, request) }));
    expect(words).toMatch(/\p{L}{2}.*(?:\.|\)|a1)$/u);
    expect(words).not.toMatch(/undefined|null|[{}]/);
  });
});

it('an emergency is told with the rule of that time, and whom it named', () => {
  const request = replay(recorded([samples.requested, ...underWay]));
  for (const sample of [samples.approved, samples.scheduled]) {
    const [event] = recorded([other({ by: 'U0EVE', emergency: declared }, sample)]);
    if (event === undefined) throw new Error('there is no event');
    const words = plain(tellEvent(event, { request, context: terminalContext(translatorFor('en'), request) }));
    expect(words).toContain('With the emergency that U0EVE declared it is carried out, without the confirmations.');
    expect(words).toContain('By the rule “Nights” it can be declared by U0EVE or S0DUTY and reviewed by S0HEADS.');
  }
});

const ended = [...underWay, samples.dispatching, samples.ended];

it('the announcement of an earlier version, which did not record the workspace’s address, is named by its message', async () => {
  await using opened = await newLedger();
  await storeRequest(opened.ledger, submission('7K3M9QPA'), ...underWay);
  await opened.ledger.seal();
  const { stdout } = await auditHere(opened.database, ['show', '7K3M9QPA']);
  expect(stdout).toContain('\nAnnouncement: message 1.1 there.\n');
  const { stdout: exported } = await auditHere(opened.database, ['export', '--format', 'jsonl']);
  expect(JSON.parse(exported)).toMatchObject({ announcement_ts: '1.1', permalink: null });
});

it('people are told with the names that they had, until what they wrote is erased', async () => {
  await using opened = await newLedger();
  await storeRequest(opened.ledger, submission('7K3M9QPA', {}, { name: 'alice' }), ...ended);
  await opened.ledger.seal();
  const before = await auditHere(opened.database, ['show', '7K3M9QPA']);
  expect(before.stdout).toContain('Asked by U0ALICE (alice), 2026-11-10T12:00:00.000Z.\nReason: wrong audience\n');
  await opened.ledger.eraseText('7K3M9QPA', { by: 'dpo', because: 'on demand' });
  await opened.ledger.seal();
  const { code, stdout } = await auditHere(opened.database, ['show', '7K3M9QPA']);
  expect(code).toBe(0);
  expect(stdout).not.toMatch(/alice|wrong audience/);
  expect(stdout).toContain('Asked by U0ALICE, 2026-11-10T12:00:00.000Z.\nReason: (erased)\n');
  expect(events(stdout)).toContain('What people wrote in this request was erased by dpo: on demand.');
});

it.each([
  ['none', null],
  ['that of another event', 'another'],
])('an event whose code is %s is named first where the key is known', async (_, mac) => {
  const logKey = generateKey('log.example');
  await using opened = await newLedger('sqlite', { logKey });
  await storeRequest(opened.ledger, submission('7K3M9QPA'), ...underWay);
  await opened.ledger.seal();
  await rewrite(opened, (rows) => {
    const other = rows.events?.find(({ sequence }) => sequence === 1)?.mac ?? null;
    const isMeant = (row: Row) => row.request === '7K3M9QPA' && row.sequence === 2;
    rows.events = (rows.events ?? []).map((row) => (isMeant(row) ? { ...row, mac: mac && other } : row));
  });
  const { code, stdout } = await auditHere(opened.database, ['show', '7K3M9QPA'], { logKey });
  expect([code, stdout]).toEqual([1, expect.stringMatching(/^7K3M9QPA: event 2 has no code of the bot’s key\./)]);
});
