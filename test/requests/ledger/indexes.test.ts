import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { workflowKey } from '../../../src/requests/request.ts';
import { endedAs, samples } from '../events.fixture.ts';
import { underWay } from '../request.fixture.ts';
import { append, neverAborted, newLedger, type OpenedLedger, storeRequest, submission } from './ledger.fixture.ts';

/** The statements that the ledger runs in SQLite. */
const statements = new Set<string>();
const { prepare } = DatabaseSync.prototype;
let opened: OpenedLedger;

beforeAll(async () => {
  opened = await newLedger();
  DatabaseSync.prototype.prepare = function remember(sql) {
    const plain = sql.replaceAll('"', '').replaceAll(/\s+/g, ' ').trim();
    if (/^(select|insert|update|delete|with)/.test(plain)) statements.add(plain);
    return prepare.call(this, sql);
  };
  await everythingAPersonWaitsFor(opened);
  DatabaseSync.prototype.prepare = prepare;
});

afterAll(() => opened[Symbol.asyncDispose]());

async function everythingAPersonWaitsFor({ ledger, clock }: OpenedLedger): Promise<void> {
  const key = workflowKey({ organization: 'acme', workflowId: 'WKF110' });
  const request = await storeRequest(ledger, submission('A'), ...underWay);
  await ledger.submit(submission('A'), neverAborted);
  await ledger.transaction((tx) => tx.openRequests(key));
  await ledger.transaction((tx) => tx.competingRequests(request.order));
  for (const workflowKey of [null, key]) {
    for (const refused of [true, false]) {
      const query = { channel: 'C0OPS', workflowKey, refused, limit: 10 };
      for (const after of [{}, { after: request }]) await ledger.recent({ ...query, ...after });
    }
  }
  for (const some of [{ person: 'U0ALICE' }, { organization: 'acme' }]) {
    for (const refused of [true, false]) {
      const query = { channel: 'C0OPS', workflowKey: null, refused, limit: 10, ...some };
      for (const after of [{}, { after: request }]) await ledger.recent({ ...query, ...after });
    }
  }
  await append(ledger, request, samples.dispatching, endedAs('unknown'));
  for (const claim of await ledger.claim(9)) await ledger.settle(claim, clock.now);
  await append(ledger, request, samples.observed, samples.reported, {
    type: 'shown',
    data: { state: 'unknown', problem: null },
  });
  await ledger.nextDueAt();
}

/** Parts of a union, and a subquery of its own. A subquery is read by the step that follows. */
const structure =
  /^(COMPOUND QUERY|LEFT-MOST SUBQUERY|UNION ALL|CO-ROUTINE \w+|SCAN (stop|start|resume|freeze|unfreeze)_\w+)$/;

/** The steps that read a table, without the lines that structure the plan. */
function planOf(sql: string): readonly string[] {
  const other = opened.raw();
  const values = Array.from({ length: sql.match(/\?/g)?.length ?? 0 }, () => null);
  const steps = other.prepare(`explain query plan ${sql}`).all(...values);
  other.close();
  return steps.map(({ detail }) => String(detail)).filter((step) => !structure.test(step));
}

describe('a ledger with a million requests', () => {
  it('uses an index for every query', () => {
    const tables = [...statements].flatMap(
      (sql) => sql.match(/(?<=from |into |update )(requests|events|tasks|confirmations)/g) ?? [],
    );
    expect(new Set(tables)).toEqual(new Set(['requests', 'events', 'tasks', 'confirmations']));
    expect(statements.size).toBeGreaterThan(15);
    const scans = [...statements].flatMap((sql) =>
      planOf(sql)
        .filter((step) => /^SCAN (requests|events|tasks|confirmations)/.test(step))
        .map((step) => `${step}: ${sql}`),
    );
    expect(scans).toEqual([]);
  });

  it('finds the history of a workflow by that workflow, however busy its channel is', () => {
    const ofWorkflow = [...statements].filter((sql) => /from requests .*workflow_key = \?/.test(sql));
    expect(ofWorkflow).toHaveLength(6);
    for (const sql of ofWorkflow)
      for (const step of planOf(sql)) expect(step).toMatch(/^SEARCH requests USING .*INDEX .*workflow_key=\?/);
  });

  it('finds the history of a person and of an organization by their own indexes, refused requests separately', () => {
    const own = ['requester', 'organization', 'person'].flatMap((column) => {
      const of = new RegExp(`(from requests|from confirmations) .*channel = \\?.* ${column} = \\?`);
      return [...statements].filter((sql) => of.test(sql)).map((sql) => [column, ...planOf(sql)]);
    });
    expect(own).toHaveLength(10);
    for (const [column, ...steps] of own)
      expect(steps).toEqual([expect.stringMatching(new RegExp(`INDEX \\w+ \\(channel=\\? AND ${column}=\\?`))]);
  });

  it('finds what is open about a workflow without its history', () => {
    const open = [...statements].filter((sql) => /from requests .*state in/.test(sql));
    expect(open).toHaveLength(2);
    for (const sql of open)
      expect(planOf(sql)).toContainEqual(expect.stringContaining('open_by_workflow (workflow_key=?)'));
  });

  it('continues after a page without reading earlier rows', () => {
    const next = [...statements].filter((sql) => /\(requested_at, (id|request)\) < /.test(sql));
    expect(next).toHaveLength(9);
    for (const sql of next)
      expect(planOf(sql)).toEqual([expect.stringMatching(/\(requested_at,(id|request)\)<\(\?,\?\)/)]);
  });

  it('never sorts the history of a channel, nor that of a workflow', () => {
    const ordered = [...statements].filter((sql) => /from requests .*order by/.test(sql));
    expect(ordered.length).toBeGreaterThanOrEqual(3);
    expect(ordered.flatMap(planOf).filter((step) => /TEMP B-TREE/.test(step))).toEqual([]);
  });
});
