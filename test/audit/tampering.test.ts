import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Event } from '../../src/requests/events.ts';
import { type EventRow, indexRow, recordedEvent } from '../../src/requests/ledger/tables.ts';
import { replay } from '../../src/requests/replay.ts';
import { generateKey, type SigningKey } from '../../src/transparency-log/keys.ts';
import { endedAs } from '../requests/events.fixture.ts';
import {
  type EngineName,
  engines,
  newLedger,
  type OpenedLedger,
  storeRequest,
  submission,
} from '../requests/ledger/ledger.fixture.ts';
import { underWay } from '../requests/request.fixture.ts';
import { type Row, type Rows, readRows, recomputeDigests, recomputeLog, remove, rewrite } from './rewrite-ledger.ts';
import { auditHere } from './run-audit.ts';

// Every row of the table in `docs/auditing.md`, under the name that it has there: whether `verify` names the tampering where
// the bot has no key, where it has one, and with a checkpoint that somebody has kept.

type Named = { readonly withoutKey: boolean; readonly withKey: boolean; readonly withCheckpoint: boolean };

const always: Named = { withoutKey: true, withKey: true, withCheckpoint: true };
const unlessRewritten: Named = { withoutKey: false, withKey: true, withCheckpoint: true };
const byCheckpoint: Named = { withoutKey: false, withKey: false, withCheckpoint: true };
const byKey: Named = { withoutKey: false, withKey: true, withCheckpoint: false };

type Tampering = {
  readonly named: Named;
  /** What the finding says that is there in every case where it is named. */
  readonly says: RegExp;
  /** `yesterday`: the rows as they were before the last two requests. */
  change(rows: Rows, yesterday: Rows): void;
};

const old = '1K3M9QPA';
const newest = '5K3M9QPA';
const isRefused = (id: string) => id.startsWith('2') || id.startsWith('4');

const tamperings: Readonly<Record<string, Tampering>> = {
  'a field of an event is changed': {
    named: always,
    says: new RegExp(`^${old}: event 2 `, 'm'),
    change: (rows) => changeEvent(rows, old, 2, (event) => ({ ...event, at: Number(event.at) + 1 })),
  },
  'two events are swapped': {
    named: always,
    says: new RegExp(`^${old}: event 2 .*\n${old}: event 3 `, 'm'),
    change(rows) {
      for (const event of eventsOf(rows, old)) {
        if (event.sequence === 2) Object.assign(event, { sequence: 3 });
        else if (event.sequence === 3) Object.assign(event, { sequence: 2 });
      }
    },
  },
  'an event is deleted': {
    named: always,
    says: new RegExp(`^${old}: event 3 `, 'm'),
    change(rows) {
      rows.events = (rows.events ?? []).filter(({ request, sequence }) => request !== old || sequence !== 3);
    },
  },
  'a request is deleted': {
    named: always,
    says: new RegExp(`^${old}: the request was removed, with its 4 events`, 'm'),
    change: (rows) => remove(rows, (id) => id === old),
  },
  'the newest request is deleted': {
    named: always,
    says: new RegExp(`^${newest}: the request was removed, with its 4 events`, 'm'),
    change: (rows) => remove(rows, (id) => id === newest),
  },
  'all refusals are deleted': {
    named: always,
    says: /^2K3M9QPA: the request was removed.*\n4K3M9QPA: the request was removed/m,
    change: (rows) => remove(rows, isRefused),
  },
  'everything after a time is deleted': {
    named: always,
    says: /^4K3M9QPA: the request was removed.*\n5K3M9QPA: the request was removed/m,
    change: (rows) => remove(rows, (id) => id >= '4'),
  },
  'a deleted request’s places are deleted, too': {
    named: always,
    says: /Log: place [12] was removed/,
    change(rows) {
      remove(rows, (id) => id === old);
      rows.log_leaves = (rows.log_leaves ?? []).filter(({ request }) => request !== old);
    },
  },
  'a request is deleted, and the whole log is computed anew': {
    named: unlessRewritten,
    says: /Log: /,
    change(rows) {
      remove(rows, (id) => id === old);
      recomputeLog(rows);
    },
  },
  'a request is inserted, with a sound chain of its own': {
    named: always,
    says: /^9K3M9QPA: event 1 /m,
    change: (rows) => insertRequest(rows, null),
  },
  'a request is inserted, so that the bot gives it its places': {
    named: byKey,
    says: /^9K3M9QPA: event 1 /m,
    change: (rows) => insertRequest(rows, 0),
  },
  'an event is changed, and every digest after it is computed anew': {
    named: always,
    says: new RegExp(`^${old}: event 2 `, 'm'),
    change(rows) {
      changeEvent(rows, old, 2, (event) => ({ ...event, at: Number(event.at) + 1 }));
      recomputeDigests(rows, old);
    },
  },
  'the same, and the whole log is computed anew': {
    named: unlessRewritten,
    says: /Log: /,
    change(rows) {
      changeEvent(rows, old, 2, (event) => ({ ...event, at: Number(event.at) + 1 }));
      recomputeDigests(rows, old);
      recomputeLog(rows);
    },
  },
  'yesterday’s copy is put back': {
    named: byCheckpoint,
    says: /Log: it has \d+ places, and the given checkpoint counts/,
    change: (rows, yesterday) => Object.assign(rows, yesterday),
  },
  'a place is given to another event': {
    named: always,
    says: new RegExp(`^${old}: event 2 `, 'm'),
    change(rows) {
      const [first, second] = (rows.log_leaves ?? []).filter(({ request }) => request === old).slice(1);
      rows.log_leaves = (rows.log_leaves ?? []).flatMap((leaf) =>
        leaf === first ? [] : leaf === second ? [{ ...leaf, place: first?.place ?? 0 }] : [leaf],
      );
    },
  },
};

function eventsOf(rows: Rows, id: string): readonly Row[] {
  return (rows.events ?? []).filter(({ request }) => request === id);
}

function changeEvent(rows: Rows, id: string, sequence: number, change: (event: Row) => Row): void {
  const isMeant = (event: Row) => event.request === id && event.sequence === sequence;
  rows.events = (rows.events ?? []).map((event) => (isMeant(event) ? change(event) : event));
}

/** Another request as the bot would have recorded it, but for the codes of its events. */
function insertRequest(rows: Rows, sealed_sequence: number | null): void {
  const request = '9K3M9QPA';
  const events = eventsOf(rows, old).map((event) => ({
    ...event,
    request,
    data: String(event.data).replaceAll(old, request),
  }));
  rows.events?.push(...events);
  rows.texts?.push(...(rows.texts ?? []).filter((text) => text.request === old).map((text) => ({ ...text, request })));
  rows.requests?.push({ id: request });
  recomputeDigests(rows, request);
  const row = indexRow(replay(eventsOf(rows, request).map((event) => recordedEvent(event as unknown as EventRow))));
  rows.requests = (rows.requests ?? []).map((one) => (one.id === request ? { ...row, sealed_sequence } : one));
}

/** Three requests and two refusals, each sealed by itself, and a copy of the ledger before the last two. */
async function recordedLedger(engine: EngineName, logKey: SigningKey | null): Promise<[OpenedLedger, Rows]> {
  const opened = await newLedger(engine, { logKey });
  let yesterday: Rows = {};
  for (const digit of ['1', '2', '3', '4', '5']) {
    if (digit === '4') yesterday = await readRows(opened);
    const id = `${digit}K3M9QPA`;
    const events: readonly Event[] = isRefused(id) ? [endedAs('refused')] : underWay;
    await storeRequest(opened.ledger, submission(id, { workflowId: `WKF-${id}` }), ...events);
    await opened.ledger.seal();
  }
  return [opened, yesterday];
}

describe.each(engines)('tampering with a record on %s', (engine) => {
  it.each(Object.entries(tamperings))('%s', async (_what, { named, says, change }) => {
    for (const logKey of [null, generateKey('log.example')]) {
      const [opened, yesterday] = await recordedLedger(engine, logKey);
      await using _ = opened;
      const { size, root } = opened.ledger.checkpoint();
      const run = (...args: readonly string[]) => auditHere(opened.database, ['verify', ...args], { logKey });
      const checkpoint = ['--checkpoint', `${size}·${root.slice(0, 16)}`];
      expect(await run(...checkpoint)).toMatchObject({ code: 0 });
      await rewrite(opened, (rows) => change(rows, yesterday));
      await opened.ledger.seal();
      const ended = [await run(), await run(...checkpoint)];
      const expected = [
        logKey === null ? named.withoutKey : named.withKey,
        named.withCheckpoint || (logKey !== null && named.withKey),
      ];
      expect(ended.map(({ code }) => code === 1)).toEqual(expected);
      for (const { code, stdout } of ended) if (code !== 0) expect(stdout).toMatch(says);
    }
  });
});

it('is described as it is in the documentation', () => {
  const page = readFileSync(new URL('../../docs/auditing.md', import.meta.url), 'utf8');
  const mark = (isNamed: boolean) => (isNamed ? 'yes' : 'no');
  for (const [what, { named }] of Object.entries(tamperings)) {
    const { withoutKey, withKey, withCheckpoint } = named;
    const cells = [what, ...[withoutKey, withKey, withCheckpoint].map(mark)];
    expect(page.replaceAll(/ +\|/g, ' |')).toContain(`| ${cells.join(' | ')} |`);
  }
});
