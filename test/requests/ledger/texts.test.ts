import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { firstBroken } from '../../../src/requests/digest.ts';
import { dueTasks } from '../../../src/requests/due.ts';
import type { Event, Order } from '../../../src/requests/events.ts';
import { verify } from '../../../src/requests/ledger/integrity.ts';
import { openToRead } from '../../../src/requests/ledger/open-ledger.ts';
import { interactionAfter } from '../../../src/requests/rules/asked-again.ts';
import { endedAs, samples } from '../events.fixture.ts';
import { underWay } from '../request.fixture.ts';
import {
  append,
  engines,
  neverAborted,
  newLedger,
  type OpenedLedger,
  storeRequest,
  submission,
} from './ledger.fixture.ts';

const reason = 'Frau Müller hat sich vertan 🚀';
const erasure = { by: 'U0DPO', because: 'the person asked for it' };

const pressedByName = { ...samples.pressed, data: { ...samples.pressed.data, name: 'carol' } };

/** A stop with a reason, of somebody with a name, that another person with a name has confirmed. */
async function stopped({ ledger }: OpenedLedger, id = 'A', why = reason): Promise<void> {
  const { granted, announced, asked, approved, dispatching } = samples;
  await storeRequest(
    ledger,
    submission(id, { reason: why, workflowId: id }, { name: 'alice' }),
    ...[granted, announced, asked, pressedByName, approved, dispatching, endedAs('accepted')],
  );
}

/** Once all events have their places in the log. */
async function verified({ ledger, database }: OpenedLedger) {
  await ledger.seal();
  const engine = openToRead(database);
  try {
    return await Array.fromAsync(verify(engine, null), ({ request, problems, erased }) => ({
      request,
      problems,
      erased,
    }));
  } finally {
    await engine.close();
  }
}

const textRows = 'select sequence, kind, text from texts order by request, sequence, kind';

describe.each(engines)('what people write (%s)', (engine) => {
  it('is beside the events, which have its hash, and is read with them', async () => {
    await using opened = await newLedger(engine);
    await stopped(opened);
    expect(await opened.query(textRows)).toEqual([
      { sequence: 1, kind: 'name', text: 'alice' },
      { sequence: 1, kind: 'reason', text: reason },
      { sequence: 5, kind: 'name', text: 'carol' },
    ]);
    const stored = (await opened.query('select data from events')).map(({ data }) => data).join();
    for (const text of [reason, 'alice', 'carol']) expect(stored).not.toContain(text);
    const before = await opened.ledger.load('A');
    expect(before).toMatchObject({ order: { reason } });
    expect(await (await opened.reopen()).load('A')).toEqual(before);
    expect(await verified(opened)).toEqual([{ request: 'A', problems: [], erased: 0 }]);
  });

  it('is of no request without a reason or a name', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A', { reason: '' }), ...underWay);
    expect(await opened.query(textRows)).toEqual([]);
    expect(await (await opened.reopen()).load('A')).toMatchObject({ order: { reason: '' } });
  });

  it('is quoted by what a freeze refuses, and read again', async () => {
    await using opened = await newLedger(engine);
    await refusedBecauseOf(opened, 'FREEZE00');
    const refusal = { reason: 'frozen', because: reason, request: 'FREEZE00' };
    expect(await (await opened.reopen()).load('A')).toMatchObject({ end: { because: { refusal } } });
    expect(await verified(opened)).toEqual([{ request: 'A', problems: [], erased: 0 }]);
  });

  it('counts as erased where somebody has changed it', async () => {
    await using opened = await newLedger(engine);
    await stopped(opened);
    await opened.query("update texts set text = 'x' where kind = 'reason'");
    expect(await (await opened.reopen()).load('A')).toMatchObject({ order: { reason: null } });
  });

  it.each<[string, string, ...object[]]>([
    ['another text', "update texts set text = 'x' where sequence = 5", { kind: 'altered_text', sequence: 5 }],
    ['another salt', "update texts set salt = '00' where sequence = 5", { kind: 'altered_text', sequence: 5 }],
    [
      'another kind',
      "update texts set kind = 'reason' where sequence = 5",
      { kind: 'altered_text', sequence: 5 },
      { kind: 'missing_text', sequence: 5 },
    ],
    [
      'a text of an event that has none',
      "insert into texts (request, sequence, kind, text, salt) values ('A', 2, 'name', 'x', '00')",
      { kind: 'altered_text', sequence: 2 },
    ],
    ['no text', 'delete from texts where sequence = 5', { kind: 'missing_text', sequence: 5 }],
    ['no reason', "delete from texts where kind = 'reason'", { kind: 'missing_text', sequence: 1 }],
  ])('with %s is named', async (_, statement, ...problems) => {
    await using opened = await newLedger(engine);
    await stopped(opened);
    await opened.query(statement);
    expect(await verified(opened)).toEqual([{ request: 'A', problems, erased: 0 }]);
  });
});

async function refusedBecauseOf({ ledger }: OpenedLedger, freeze: string): Promise<void> {
  const refusal = { reason: 'frozen', because: reason, request: freeze, until: 1 } as const;
  const because = { kind: 'access', refusal } as const;
  await storeRequest(ledger, submission('A', { verb: 'start', reason: '' }), {
    type: 'ended',
    data: { outcome: 'refused', because, answer: null },
  });
}

describe.each(engines)('erasing what people wrote (%s)', (engine) => {
  it('removes it and its salt, and says so in the chain', async () => {
    await using opened = await newLedger(engine);
    await stopped(opened);
    await stopped(opened, 'B');
    const tasks = await opened.query("select task from tasks where request = 'A' order by task");
    const before = await opened.ledger.load('A');
    const erased = await opened.ledger.eraseText('A', erasure);
    expect(erased).toMatchObject({ kind: 'erased', quotedBy: [], request: { order: { reason: null } } });
    expect(await opened.query("select * from texts where request = 'A'")).toEqual([]);
    expect(await opened.query("select * from texts where request = 'B'")).toHaveLength(3);
    const events = await opened.ledger.events('A');
    expect(events.at(-1)).toMatchObject({ type: 'text_erased', data: { ...erasure, sequences: [1, 5] } });
    expect(firstBroken(events)).toBeNull();
    const after = await opened.ledger.load('A');
    const { order, sequence, lastDigest, ...others } = after ?? {};
    expect(before).toMatchObject(others);
    expect(order).toEqual({ ...before?.order, reason: null });
    expect(after && [...dueTasks(after)]).toEqual(before && [...dueTasks(before)]);
    expect(await opened.query("select task from tasks where request = 'A' order by task")).toEqual(tasks);
    expect(await verified(opened)).toEqual([
      { request: 'A', problems: [], erased: 3 },
      { request: 'B', problems: [], erased: 0 },
    ]);
    expect(await (await opened.reopen()).load('A')).toEqual(after);
  });

  it('is recorded in every state of a request that has ended, and changes none', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A'), endedAs('refused'), samples.reporting, samples.reported);
    expect(await opened.ledger.eraseText('A', erasure)).toMatchObject({
      request: { state: 'refused', outcomePost: {} },
    });
  });

  it('is refused while the request is open, and where there is nothing to erase', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('OPEN'), ...underWay);
    await storeRequest(opened.ledger, submission('EMPTY', { reason: '', workflowId: 'B' }), endedAs('refused'));
    await stopped(opened);
    expect(await opened.ledger.eraseText('NOBODY', erasure)).toEqual({ kind: 'no_such_request' });
    expect(await opened.ledger.eraseText('OPEN', erasure)).toEqual({ kind: 'still_open' });
    expect(await opened.ledger.eraseText('EMPTY', erasure)).toEqual({ kind: 'nothing_to_erase' });
    expect(await opened.ledger.eraseText('A', erasure)).toMatchObject({ kind: 'erased' });
    expect(await opened.ledger.eraseText('A', erasure)).toEqual({ kind: 'nothing_to_erase' });
    expect(await opened.query("select * from events where type = 'text_erased'")).toHaveLength(1);
    expect((await verified(opened)).flatMap(({ problems }) => problems)).toEqual([]);
  });

  it('of a pause names the resume that ends it, and the other way round', async () => {
    await using opened = await newLedger(engine);
    const until = { kind: 'in', ms: 60_000, typed: 'for 1m' } as const;
    const other = submission('OTHER', { verb: 'pause', workflowId: 'B', reason });
    const pause = submission('PAUSE', { verb: 'pause', workflowId: 'C', reason, resumes: until });
    const resume = submission('RESUME', { verb: 'resume', workflowId: 'C', reason, after: 'PAUSE' });
    for (const one of [other, pause, resume]) await storeRequest(opened.ledger, one, endedAs('refused'));
    expect(await opened.ledger.eraseText('PAUSE', erasure)).toMatchObject({ kind: 'erased', quotedBy: ['RESUME'] });
    expect(await opened.ledger.eraseText('RESUME', erasure)).toMatchObject({ kind: 'erased', quotedBy: [] });
    const [again, its] = [submission('PAUSE2', { ...pause.requested.order, workflowId: 'D' }), 'RESUME2'];
    await storeRequest(opened.ledger, again, endedAs('refused'));
    const end = submission(its, { verb: 'resume', workflowId: 'D', reason, after: 'PAUSE2' });
    await storeRequest(opened.ledger, end, endedAs('refused'));
    expect(await opened.ledger.eraseText(its, erasure)).toMatchObject({ kind: 'erased', quotedBy: ['PAUSE2'] });
  });

  it('of what has expired names what was asked again in its place, and the other way round', async () => {
    await using opened = await newLedger(engine);
    const expiring = [...underWay, samples.asked, endedAs('expired')].filter((event) => event.type !== 'approved');
    const ask = async (id: string, given: { after?: string; by?: string; why?: string; ends?: readonly Event[] }) => {
      const { after, by = 'U0ALICE', why = reason, ends = expiring } = given;
      const where = after === undefined ? {} : { interaction: interactionAfter(after, by) };
      await storeRequest(opened.ledger, submission(id, { workflowId: id, reason: why }, where), ...ends);
    };
    await ask('FIRST', {});
    await ask('SECOND', { after: 'FIRST' });
    await ask('THIRD', { after: 'SECOND', ends: [endedAs('refused')] });
    await ask('BYBOB', { after: 'FIRST', by: 'U0BOB', ends: [endedAs('refused')] });
    await ask('REWRITTEN', { after: 'FIRST', by: 'U0DAN', why: 'another one', ends: [endedAs('refused')] });
    await ask('UNRELATED', {});
    await ask('OTHERS', { after: 'UNRELATED', ends: [endedAs('refused')] });
    const quotedBy = async (id: string) => {
      const erased = await opened.ledger.eraseText(id, erasure);
      return erased.kind === 'erased' ? erased.quotedBy : erased.kind;
    };
    expect(await quotedBy('FIRST')).toEqual(['BYBOB', 'SECOND', 'THIRD']);
    expect(await quotedBy('THIRD')).toEqual(['BYBOB', 'SECOND']);
    expect(await quotedBy('BYBOB')).toEqual(['SECOND']);
    expect(await quotedBy('REWRITTEN')).toEqual([]);
    expect(await quotedBy('UNRELATED')).toEqual(['OTHERS']);
  });

  it('of several workflows that were asked again names the other batch, and no item', async () => {
    await using opened = await newLedger(engine);
    const several = async (id: string, interaction: string) => {
      const workflows = [1, 2].map((n) => ({ request: `${id}${n}`, workflowId: `${id}WKF${n}`, alias: null }));
      const requested = (order: Partial<Order>, at: string) =>
        submission(id, { reason, ...order }, { interaction: at }).requested;
      const items = workflows.map(({ request, workflowId }) => {
        return { id: request, requested: { ...requested({ workflowId }, `${interaction} ${workflowId}`), batch: id } };
      });
      const batch = requested({ workflowId: `${id}*`, workflows }, interaction);
      await opened.ledger.submit({ id, requested: batch, items }, neverAborted);
      await append(opened.ledger, { id }, endedAs('refused'));
    };
    await several('FIRST', 'typed');
    await several('AGAIN', interactionAfter('FIRST', 'U0ALICE'));
    expect(await opened.ledger.eraseText('AGAIN1', erasure)).toMatchObject({ kind: 'erased', quotedBy: ['FIRST'] });
    expect(await opened.ledger.eraseText('FIRST2', erasure)).toMatchObject({ kind: 'erased', quotedBy: [] });
  });

  it('of a freeze names the requests that quote its reason', async () => {
    await using opened = await newLedger(engine);
    const freeze = submission('FREEZE00', { verb: 'freeze', workflowId: '*', reason });
    await storeRequest(opened.ledger, freeze, ...underWay, samples.dispatching, endedAs('accepted'));
    await refusedBecauseOf(opened, 'FREEZE00');
    await stopped(opened, 'B');
    expect(await opened.ledger.eraseText('FREEZE00', erasure)).toMatchObject({ kind: 'erased', quotedBy: ['A'] });
    expect(await opened.ledger.lastFreeze('acme')).toMatchObject({ id: 'FREEZE00', order: { reason: null } });
    expect(await opened.ledger.eraseText('A', erasure)).toMatchObject({ kind: 'erased' });
    const refusal = { reason: 'frozen', because: null, request: 'FREEZE00' };
    expect(await opened.ledger.load('A')).toMatchObject({ end: { because: { refusal } } });
    expect((await verified(opened)).flatMap(({ problems }) => problems)).toEqual([]);
  });

  it('does not excuse a text that was removed by hand', async () => {
    await using opened = await newLedger(engine);
    await stopped(opened);
    await opened.query('delete from texts where sequence = 5');
    await opened.ledger.eraseText('A', erasure);
    expect(await verified(opened)).toEqual([
      { request: 'A', problems: [{ kind: 'missing_text', sequence: 5 }], erased: 2 },
    ]);
  });
});

describe('PostgreSQL', () => {
  it('shows an erased text in no replica, whatever it has cached', async () => {
    await using opened = await newLedger('postgres');
    await stopped(opened);
    const replica = await opened.replica();
    expect(await replica.load('A')).toMatchObject({ order: { reason } });
    await opened.ledger.eraseText('A', erasure);
    expect(await replica.load('A')).toMatchObject({ order: { reason: null } });
    await append(replica, { id: 'A' }, samples.reporting);
    expect(await replica.load('A')).toMatchObject({ order: { reason: null }, outcomePost: { attempts: 1 } });
  });
});

describe('SQLite', () => {
  it('leaves nothing of an erased text or its salt in its files', async () => {
    await using opened = await newLedger('sqlite');
    const texts = Array.from({ length: 300 }, (_, n) => ({
      id: spread(n),
      why: `written by person ${spread(n)} ${'.'.repeat(n)}`,
    }));
    for (const { id, why } of texts) await stopped(opened, id, why);
    const rows = await opened.query('select request, salt from texts');
    const erased = texts.filter((_, n) => n % 3 !== 0);
    for (const { id } of erased) await opened.ledger.eraseText(id, erasure);
    const left = ['', '-wal'].map((end) => readFileSync(`${opened.path}${end}`, 'latin1')).join();
    const found = (ids: typeof texts) => ids.filter(({ id }) => left.includes(`person ${id} `));
    expect(found(erased)).toEqual([]);
    expect(found(texts)).toHaveLength(100);
    const gone = new Set(erased.map(({ id }) => id));
    const salts = rows.filter(({ request }) => gone.has(String(request))).map(({ salt }) => String(salt));
    expect(salts).toHaveLength(600);
    expect(salts.filter((salt) => left.includes(salt))).toEqual([]);
  });
});

/** IDs in no order, as real ones. */
function spread(n: number): string {
  return `R${(n * 7_919) % 10_007}`;
}
