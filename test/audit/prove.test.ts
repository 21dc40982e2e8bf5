import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type ProofDocument, proofDocument } from '../../src/audit/proof/proof-document.ts';
import type { RecordedEvent } from '../../src/requests/events.ts';
import { formatSigningKey, formatVerifierKey, generateKey, verifierKeyOf } from '../../src/transparency-log/keys.ts';
import { samples } from '../requests/events.fixture.ts';
import { append, engines, newLedger, storeRequest, submission } from '../requests/ledger/ledger.fixture.ts';
import { underWay } from '../requests/request.fixture.ts';
import { newLedgerPath } from '../requests/scene/ledger-path.fixture.ts';
import { checked, id, inFile, proofIn, recordedRequest } from './proof.fixture.ts';
import { auditHere, runAudit, urlOf } from './run-audit.ts';
import { dangerousReason, playScenes } from './scenes.ts';

describe.each(engines)('a request on %s', (engine) => {
  it('is proved by a document that holds without the ledger', async () => {
    await using told = await playScenes(engine);
    const { code, stdout, stderr } = await runAudit(told.url, ['prove', told.stop.toLowerCase()]);
    expect([code, stderr]).toEqual([0, '']);
    const document = proofDocument.parse(JSON.parse(stdout));
    expect(document.checkpoint).toBe(told.scene.ledger.checkpoint().note);
    const events = await told.scene.ledger.events(told.stop);
    expect(document.events.map(({ event, digest }) => ({ event, digest }))).toEqual(
      events.map(({ request, sequence, at, type, data, previousDigest, digest }: RecordedEvent) => ({
        event: { request, sequence, time: new Date(at).toISOString(), type, data, previous: previousDigest },
        digest,
      })),
    );
    expect(document.rule).toBe('CAMPAIGN_WF_USERS, stop');
    expect(document.texts).toContainEqual(expect.objectContaining({ kind: 'reason', text: dangerousReason }));
    const check = await checked(stdout);
    expect([check.code, check.stderr]).toEqual([0, '']);
    const { size, root } = told.scene.ledger.checkpoint();
    expect(check.stdout).toContain(`Request ${told.stop}: ${events.length} events, each with its digest`);
    expect(check.stdout).toContain(`with ${size} places, whose checkpoint is ${size}·${root.slice(0, 16)}.`);
    expect(check.stdout).toContain('The checkpoint is not signed.');
    expect(check.stdout).toContain('only that the document is consistent in itself');
    for (const other of [told.refused, told.freeze, told.retried, told.cancelled, told.open]) {
      expect((await checked(await proofIn(told, other))).code).toBe(0);
    }
  });

  it('has the names and the texts that were not erased', async () => {
    await using opened = await newLedger(engine);
    await recordedRequest(opened);
    const before = await proofIn(opened);
    expect(before.people).toEqual({ U0ALICE: 'alice', U0BOB: 'bob' });
    expect(before.texts.map(({ sequence, kind, text }) => [sequence, kind, text])).toEqual([
      [1, 'name', 'alice'],
      [1, 'reason', 'wrong audience'],
      [5, 'name', 'bob'],
    ]);
    expect((await checked(before)).stdout).toContain('3 texts fit the hashes in their events.');
    await append(opened.ledger, { id }, samples.dispatching, samples.ended);
    await opened.ledger.eraseText(id, { by: 'dpo', because: 'on demand' });
    await opened.ledger.seal();
    const after = await proofIn(opened);
    expect([after.people, after.texts]).toEqual([{}, []]);
    const { code, stdout } = await checked(after);
    expect([code, stdout]).toEqual([0, expect.stringContaining('3 were erased or left out.')]);
    expect((await checked(before)).code).toBe(0);
  });

  it('that does not hold is not proved', async () => {
    await using opened = await newLedger(engine);
    await recordedRequest(opened);
    await opened.query(`update requests set head_sequence = 3 where id = '${id}'`);
    expect(await auditHere(opened.database, ['prove', id])).toEqual({
      code: 1,
      stdout: '',
      stderr: `${id}: events at its end were removed or added. So there is no proof of it. npm run verify names everything that does not hold.\n`,
    });
  });

  it('is not proved with a log that does not fit its checkpoint', async () => {
    await using opened = await newLedger(engine);
    await recordedRequest(opened);
    const trigger = { sqlite: 'log_nodes_no_update', postgres: 'log_nodes_no_change on log_nodes' };
    await opened.query(`drop trigger ${trigger[engine]}`);
    await opened.query(`update log_nodes set hash = '${'0'.repeat(64)}'`);
    const { code, stdout, stderr } = await auditHere(opened.database, ['prove', id]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('The log does not fit its newest checkpoint');
  });

  it('that is being sealed is waited for, and then said to be', async () => {
    await using opened = await newLedger(engine);
    opened.clock.now = Date.now() + 9_000;
    await storeRequest(opened.ledger, submission(id), ...underWay);
    if (engine === 'sqlite') {
      const { code, stdout, stderr } = await auditHere(opened.database, ['prove', id]);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toBe(`${id}: 4 events are just getting a place in the log. Repeat this in a second.\n`);
    }
    const proving = auditHere(opened.database, ['prove', id]);
    await opened.ledger.seal();
    expect((await proving).code).toBe(0);
  });
});

it('a file is written as a whole, for its owner alone, and not replaced by itself', async () => {
  await using opened = await newLedger();
  await recordedRequest(opened);
  const path = `${newLedgerPath()}.json`;
  const first = await auditHere(opened.database, ['prove', id, '--output', path]);
  expect([first.code, first.stdout]).toEqual([0, '']);
  expect(first.stderr).toContain(`npm run audit -- check ${path}`);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect((await auditHere(null, ['check', path])).code).toBe(0);
  const kept = readFileSync(path, 'utf8');
  const again = await auditHere(opened.database, ['prove', id, '--output', path]);
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('exists already')]);
  expect(readFileSync(path, 'utf8')).toBe(kept);
  expect((await auditHere(opened.database, ['prove', id, '--output', path, '--force'])).code).toBe(0);
});

it('a request that is not there is said not to be, and what is no ID reads no ledger', async () => {
  await using opened = await newLedger();
  await recordedRequest(opened);
  expect(await auditHere(opened.database, ['prove', '7K3M9QPB'])).toEqual({
    code: 1,
    stdout: '',
    stderr: `7K3M9QPB: there is no such request in this ledger. Did you mean ${id}?\n`,
  });
  expect((await auditHere(null, ['prove', '7K3'])).code).toBe(2);
});

describe('a document', () => {
  let sound: ProofDocument;

  beforeAll(async () => {
    await using opened = await newLedger();
    await recordedRequest(opened);
    sound = await proofIn(opened);
  });

  /** A copy of a document that holds, changed. */
  function changed(change: (document: ProofDocument) => void): ProofDocument {
    const document = structuredClone(sound);
    change(document);
    return document;
  }

  const eventAt = ({ events }: ProofDocument, at: number) => {
    const event = events[at];
    if (event === undefined) throw new Error(`there is no event ${at}`);
    return event;
  };

  it.each<[string, (document: ProofDocument) => void, readonly string[]]>([
    [
      'a changed field',
      (d) => void Object.assign(eventAt(d, 0).event.data, { requester: 'U0EVE' }),
      ['Event 1: its digest is not that of its content.', 'The names of people are not those in the texts.'],
    ],
    [
      'another time',
      (d) => void Object.assign(eventAt(d, 1).event, { time: '2020-01-01T00:00:00.000Z' }),
      ['Event 2: its digest'],
    ],
    [
      'a digest that fits the changed event',
      (d) => void Object.assign(eventAt(d, 1), { digest: 'a'.repeat(64) }),
      ['Event 2: its digest', 'Event 3 does not follow', 'Event 2: its proof does not lead'],
    ],
    [
      'a removed event',
      (d) => void d.events.splice(1, 1),
      ['Event 2 does not follow', 'Event 3 does not follow', 'Event 4 does not follow', 'The rule is not'],
    ],
    ['an event twice', (d) => void d.events.push(eventAt(d, 4)), ['Event 6 does not follow', 'Event 6: its place']],
    [
      'the name of another request',
      (d) => void Object.assign(d, { request: '1K3M9QPA' }),
      ['Event 1 does not follow', 'Event 2 does not'],
    ],
    [
      'another place',
      (d) => void Object.assign(eventAt(d, 4), { index: eventAt(d, 4).index + 1 }),
      ['Event 5: its proof does not lead'],
    ],
    [
      'a place out of range',
      (d) => void Object.assign(eventAt(d, 4), { index: 999 }),
      ['Event 5: its proof does not lead'],
    ],
    ['a proof that is too short', (d) => void eventAt(d, 2).proof.pop(), ['Event 3: its proof does not lead']],
    ['a proof that is too long', (d) => void eventAt(d, 2).proof.push('0'.repeat(64)), ['Event 3: its proof']],
    [
      'another text',
      (d) => void Object.assign(d.texts[1] ?? {}, { text: 'as agreed' }),
      ['Event 1: the text beside it'],
    ],
    [
      'a text of no event',
      (d) => void Object.assign(d.texts[1] ?? {}, { sequence: 99 }),
      ['Event 99: the text beside it'],
    ],
    ['another rule', (d) => void Object.assign(d, { rule: 'another' }), ['The rule is not the one in the events.']],
    ['another name', (d) => void Object.assign(d, { people: { U0ALICE: 'mallory' } }), ['The names of people']],
    ['a name of nobody', (d) => void Object.assign(d, { people: { constructor: 'Object' } }), ['The names of people']],
    ['no checkpoint', (d) => void Object.assign(d, { checkpoint: 'none' }), ['The text of the checkpoint is none.']],
    [
      'another root',
      (d) =>
        void Object.assign(d, {
          checkpoint: d.checkpoint.replace(/\n[^\n]+\n$/, `\n${Buffer.alloc(32).toString('base64')}\n`),
        }),
      ['Event 1: its proof does not lead', 'Event 2: its'],
    ],
    [
      'events of no bot',
      (d) => void Object.assign(eventAt(d, 0).event, { data: {} }),
      ['Event 1: its digest', 'The events are not such'],
    ],
    [
      'half a character',
      (d) => void Object.assign(eventAt(d, 1).event.data, { rule: '\ud800' }),
      ['Event 2: its digest'],
    ],
  ])('with %s does not hold', async (_name, change, expected) => {
    const { code, stdout, stderr } = await checked(changed(change));
    expect([code, stderr]).toEqual([1, '']);
    const lines = stdout.trimEnd().split('\n');
    for (const start of expected) expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^${start}`)));
    expect(lines.at(-1)).toMatch(/^The document does not hold: \d+ problems?\.$/);
  });

  it('without some of its texts holds, and says so', async () => {
    const { code, stdout } = await checked(changed((d) => void Object.assign(d, { texts: [], people: {} })));
    expect(code).toBe(0);
    expect(stdout).toContain('No text is in the document; 3 were erased or left out.');
  });

  it.each<[string, unknown, string]>([
    ['nothing', '', 'is no JSON'],
    ['no JSON', '{', 'is no JSON'],
    ['a list', [], 'is no document of prove: in it, {} is'],
    ['nothing in it', {}, 'is no document of prove: in it, format is missing'],
    ['deep nesting', '['.repeat(1_000_000), 'is no JSON'],
    ['deep nesting that is closed', '['.repeat(1_000_000) + ']'.repeat(1_000_000), 'in it, {} is missing'],
  ])('that is %s is said to be none', async (_name, document, sentence) => {
    const { code, stdout, stderr } = await checked(document);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  it.each<[string, (document: ProofDocument) => void, string]>([
    ['no events', (d) => void Object.assign(d, { events: [] }), 'events'],
    ['a place that is no number', (d) => void Object.assign(eventAt(d, 1), { index: '1' }), 'events[1].index'],
    ['a place below zero', (d) => void Object.assign(eventAt(d, 1), { index: -1 }), 'events[1].index'],
    ['a hash that is none', (d) => void eventAt(d, 2).proof.push('xyz'), 'events[2].proof['],
    ['endless hashes', (d) => void eventAt(d, 2).proof.push(...Array(99).fill('0'.repeat(64))), 'events[2].proof'],
    ['another field in an event', (d) => void Object.assign(eventAt(d, 0).event, { mac: '' }), 'events[0].event'],
    ['a field that nothing vouches for', (d) => void Object.assign(d, { outcome: 'accepted' }), 'outcome'],
    ['one beside an event', (d) => void Object.assign(eventAt(d, 1), { by: 'U0BOB' }), 'events[1].by'],
    ['other rules', (d) => void Object.assign(d, { how: 'Call us.' }), 'how'],
    ['data that is a list', (d) => void Object.assign(eventAt(d, 0).event, { data: [] }), 'events[0].event.data'],
    [
      'a time in another form',
      (d) => void Object.assign(eventAt(d, 0).event, { time: '2026-11-10' }),
      'events[0].event.time',
    ],
    ['a salt that is none', (d) => void Object.assign(d.texts[0] ?? {}, { salt: '' }), 'texts[0].salt'],
  ])('with %s is said to be none', async (_name, change, place) => {
    const { code, stdout, stderr } = await checked(changed(change));
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`is no document of prove: in it, ${place}`);
  });

  it('with data that is nested too deeply for any digest does not hold', async () => {
    const text = JSON.stringify(sound);
    const deep = text.replace('"data":{', `"data":{"a":${'['.repeat(200_000)}${']'.repeat(200_000)},`);
    const { code, stdout, stderr } = await checked(deep);
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toContain('Event 1: its digest is not that of its content.');
  });

  it.each([
    ['/nowhere/proof.json', 'there is no such file'],
    [tmpdir(), 'that is a folder'],
    ['/dev/zero', 'it is too large'],
  ])('that is %s cannot be read', async (path, why) => {
    const { code, stdout, stderr } = await auditHere(null, ['check', path]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toBe(`The file ${path} cannot be read: ${why}.\n`);
  });

  it('that is no text cannot be read', async () => {
    const path = `${newLedgerPath()}.json`;
    writeFileSync(path, Buffer.of(0xff, 0xfe, 0x00));
    expect((await auditHere(null, ['check', path])).stderr).toContain('it is no text in UTF-8');
  });
});

it('the signature of the checkpoint is checked with the bot’s verifier key, or said not to be', async () => {
  const key = generateKey('bot.example');
  const verifier = formatVerifierKey(verifierKeyOf(key));
  await using opened = await newLedger('sqlite', { logKey: key });
  await recordedRequest(opened);
  const document = await proofIn(opened);
  const path = inFile(document);
  expect((await auditHere(null, ['check', path])).stdout).toContain('The signature was not checked');
  for (const known of [
    await auditHere(null, ['check', path, '--key', verifier]),
    await runAudit(urlOf(opened), ['check', path], { logKey: formatSigningKey(key) }),
  ]) {
    expect([known.code, known.stderr]).toEqual([0, '']);
    expect(known.stdout).toContain('The checkpoint is signed by bot.example.');
    expect(known.stdout).not.toContain('consistent in itself');
  }
  const another = formatVerifierKey(verifierKeyOf(generateKey('bot.example')));
  const stranger = await auditHere(null, ['check', path, '--key', another]);
  expect([stranger.code, stranger.stdout]).toEqual([1, expect.stringContaining('is not signed with the known key')]);
  expect((await auditHere(null, ['check', path, '--key', another, '--key', verifier])).code).toBe(0);
  const forged = document.checkpoint.replace(/^.*/, 'another.example');
  const wrong = await checked({ ...document, checkpoint: forged }, '--key', verifier);
  expect([wrong.code, wrong.stdout]).toEqual([
    1,
    expect.stringContaining('The signature of the checkpoint does not fit'),
  ]);
  const none = await auditHere(null, ['check', path, '--key', 'bot.example']);
  expect([none.code, none.stderr]).toEqual([
    2,
    'bot.example is no verifier key: that is the second line of new-key.\n',
  ]);
});

it('a request with an event that the key does not vouch for is not proved', async () => {
  const key = generateKey('bot.example');
  await using opened = await newLedger('sqlite', { logKey: key });
  await recordedRequest(opened);
  await opened.query('drop trigger events_no_update');
  await opened.query(`update events set mac = '${'0'.repeat(64)}' where request = '${id}' and sequence = 2`);
  const { code, stderr } = await runAudit(urlOf(opened), ['prove', id], { logKey: formatSigningKey(key) });
  expect([code, stderr]).toEqual([1, expect.stringContaining('event 2 has no code of the bot’s key')]);
});

it('with the bot’s key, a request is proved with the bot’s newest checkpoint, and not with one that somebody else wrote', async () => {
  const key = generateKey('bot.example');
  await using opened = await newLedger('sqlite', { logKey: key });
  await recordedRequest(opened);
  const own = await proofIn(opened);
  await opened.query(
    "insert into log_checkpoints (size, root, note, at) select size + 1, root, 'forged', at from log_checkpoints order by size desc limit 1",
  );
  const { code, stdout } = await runAudit(urlOf(opened), ['prove', id], { logKey: formatSigningKey(key) });
  expect(code).toBe(0);
  expect(proofDocument.parse(JSON.parse(stdout)).checkpoint).toBe(own.checkpoint);
});
