import { describe, expect, it } from '@jest/globals';
import { withDigest } from '../../../src/requests/digest.ts';
import type { RecordedEvent } from '../../../src/requests/events.ts';
import { type IntegrityProblem, verify } from '../../../src/requests/ledger/integrity.ts';
import { openToRead } from '../../../src/requests/ledger/open-ledger.ts';
import { samples } from '../events.fixture.ts';
import { underWay } from '../request.fixture.ts';
import { type EngineName, engines, newLedger, type OpenedLedger, storeRequest, submission } from './ledger.fixture.ts';

type Found = { request: string; problems: readonly IntegrityProblem[] };

async function verified({ database }: OpenedLedger, only: string | null = null): Promise<Found[]> {
  const engine = openToRead(database);
  try {
    return await Array.fromAsync(verify(engine, only), ({ request, problems }) => ({ request, problems }));
  } finally {
    await engine.close();
  }
}

const unguarded: Record<EngineName, readonly string[]> = {
  sqlite: ['drop trigger events_no_update', 'drop trigger events_no_delete', 'drop trigger events_no_replace'],
  postgres: ['drop trigger events_no_change on events'],
};

/** Removes the triggers, as an administrator of the database can. */
async function tamper(opened: OpenedLedger, ...statements: readonly string[]): Promise<void> {
  for (const statement of [...unguarded[opened.database.kind], ...statements]) await opened.query(statement);
}

/** Adds an event with a valid digest and sequence. */
function forged({ request, sequence, digest, at }: RecordedEvent): string {
  const { type, data } = samples.announcing;
  const event = withDigest({
    request,
    sequence: sequence + 1,
    at: at + 1,
    previousDigest: digest,
    event: { type, data },
  });
  const values = [
    event.sequence,
    event.at,
    `'${type}'`,
    `'${JSON.stringify(data)}'`,
    `'${digest}'`,
    `'${event.digest}'`,
  ];
  return `insert into events (request, sequence, at, type, data, previous_digest, digest)
    values ('${request}', ${values.join(', ')})`;
}

describe.each(engines)('verification (%s)', (engine) => {
  async function twoRequests(): Promise<OpenedLedger> {
    const opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A', { reason: 'ça & <b>"là"</b>\n' }), ...underWay);
    await storeRequest(opened.ledger, submission('B', { workflowId: 'B' }), ...underWay);
    await opened.ledger.seal();
    return opened;
  }

  it('accepts an unchanged ledger while the bot uses it', async () => {
    await using opened = await twoRequests();
    expect(await verified(opened)).toEqual([
      { request: 'A', problems: [] },
      { request: 'B', problems: [] },
    ]);
    expect(await verified(opened, 'B')).toEqual([{ request: 'B', problems: [] }]);
  });

  it.each<[string, string, readonly IntegrityProblem[]]>([
    [
      'a changed workflow',
      "update events set data = replace(data, 'WKF110', 'WKF111') where sequence = 1",
      [{ kind: 'changed', sequence: 1 }],
    ],
    ['a changed time', 'update events set at = at + 1 where sequence = 2', [{ kind: 'changed', sequence: 2 }]],
    ['a changed type', "update events set type = 'asked' where sequence = 3", [{ kind: 'changed', sequence: 3 }]],
    ['a changed digest', "update events set digest = 'x' where sequence = 2", [{ kind: 'changed', sequence: 2 }]],
    ['data that is not JSON', "update events set data = '{' where sequence = 2", [{ kind: 'changed', sequence: 2 }]],
    ['a removed beginning', 'delete from events where sequence = 1', [{ kind: 'missing', sequence: 1 }]],
    ['an event removed in between', 'delete from events where sequence = 2', [{ kind: 'missing', sequence: 2 }]],
    ['a removed end', 'delete from events where sequence = 4', [{ kind: 'missing', sequence: 4 }]],
    [
      'several changes',
      "update events set type = 'asked' where sequence in (2, 4)",
      [2, 4].map((sequence) => ({ kind: 'changed', sequence })),
    ],
    ['all events removed', 'delete from events', [{ kind: 'no_events' }]],
    ['another end in the index', 'update requests set head_sequence = 3', [{ kind: 'other_end' }]],
    ['another state in the index', "update requests set state = 'accepted'", [{ kind: 'other_index' }]],
    ['another channel in the index', "update requests set channel = 'C0OTHER'", [{ kind: 'other_index' }]],
  ])('shows %s', async (_what, statement, problems) => {
    await using opened = await twoRequests();
    const ofOne = statement.startsWith('update requests') ? `id = 'A'` : `request = 'A'`;
    await tamper(opened, `${statement} ${statement.includes(' where ') ? 'and' : 'where'} ${ofOne}`);
    expect(await verified(opened)).toEqual([
      { request: 'A', problems },
      { request: 'B', problems: [] },
    ]);
    expect(await verified(opened, 'A')).toEqual([{ request: 'A', problems }]);
  });

  it('returns the readable events where one is unreadable', async () => {
    await using opened = await twoRequests();
    await tamper(opened, "update events set data = '{' where sequence = 2 and request = 'A'");
    const engine = openToRead(opened.database);
    const [found] = await Array.fromAsync(verify(engine, 'A')).finally(() => engine.close());
    expect(found?.events.map(({ sequence }) => sequence)).toEqual([1, 3, 4]);
  });

  it('shows where the only event of a request is unreadable', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A'));
    await opened.ledger.seal();
    await tamper(opened, "update events set data = '{'");
    expect(await verified(opened)).toEqual([{ request: 'A', problems: [{ kind: 'changed', sequence: 1 }] }]);
  });

  it('finds an event that was added at the end with a valid digest', async () => {
    await using opened = await twoRequests();
    const last = (await opened.ledger.events('A')).at(-1);
    if (last !== undefined) await tamper(opened, forged(last));
    expect(await verified(opened)).toEqual([
      { request: 'A', problems: [{ kind: 'added', sequence: 5 }] },
      { request: 'B', problems: [] },
    ]);
  });

  it('finds an event that is not allowed, although the chain, the index and the log are valid', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A'), ...underWay, samples.dispatching, samples.ended);
    const last = (await opened.ledger.events('A')).at(-1);
    if (last === undefined) throw new Error('there are no events');
    const head = "(select digest from events where request = 'A' order by sequence desc limit 1)";
    await tamper(
      opened,
      forged(last),
      `update requests set head_sequence = ${last.sequence + 1}, head_digest = ${head}`,
    );
    await opened.ledger.seal();
    expect(await verified(opened)).toEqual([{ request: 'A', problems: [{ kind: 'impossible' }] }]);
  });

  it('finds a request that was removed from the index', async () => {
    await using opened = await twoRequests();
    const ownerless: Record<EngineName, readonly string[]> = {
      sqlite: ["update events set request = 'Z' where request = 'A'"],
      postgres: [
        'alter table events drop constraint events_request_fkey',
        "update events set request = 'Z' where request = 'A'",
      ],
    };
    await tamper(opened, ...ownerless[engine]);
    expect(await verified(opened)).toEqual([
      { request: 'A', problems: [{ kind: 'no_events' }] },
      { request: 'B', problems: [] },
      { request: 'Z', problems: [1, 2, 3, 4].map((sequence) => ({ kind: 'added', sequence })) },
    ]);
  });

  it('finds nothing of a request that was never made', async () => {
    await using opened = await twoRequests();
    expect(await verified(opened, 'NOBODY')).toEqual([{ request: 'NOBODY', problems: [{ kind: 'unknown' }] }]);
  });

  it('reads the whole ledger, however long it is', async () => {
    await using opened = await newLedger(engine);
    for (let id = 0; id < 450; id++) await storeRequest(opened.ledger, submission(`R${1_000 + id}`));
    while ((await opened.ledger.seal()).kind === 'sealed');
    const all = await verified(opened);
    expect(all).toHaveLength(450);
    expect(all.every(({ problems }) => problems.length === 0)).toBe(true);
  });
});
