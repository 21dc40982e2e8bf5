import { describe, expect, it } from '@jest/globals';
import type { Event } from '../../src/requests/events.ts';
import type { Ledger } from '../../src/requests/ledger/ledger.ts';
import type { Request } from '../../src/requests/request.ts';
import {
  firstPlaces,
  type Page,
  type Places,
  readPage,
  type Shown,
  type Which,
} from '../../src/slack/answers/history-page.ts';
import { endedAs, samples } from '../requests/events.fixture.ts';
import { engines, newLedger, type OpenedLedger, storeRequest, submission } from '../requests/ledger/ledger.fixture.ts';

const which: Which = { channel: 'C0OPS', workflowKey: null };
const everything: Shown = { since: 0, matches: () => true, maySee: () => true };
const refused = [endedAs('refused')];
const { granted, announced, asked, approved } = samples;

let written = 0;

/** The IDs are in no order. Two requests have the same time each. */
async function write(
  { ledger, clock }: OpenedLedger,
  workflowId: string,
  ...events: readonly Event[]
): Promise<Request> {
  written += 1;
  clock.now += written % 2 === 0 ? 0 : 1_000;
  const id = `${'KTZAQ'.charAt(written % 5)}${written}`;
  return storeRequest(ledger, submission(id, { workflowId, verb: 'pause' }), ...events);
}

type Read = Page & { readonly ids: readonly string[] };

/** All pages from here. `between` is called between two of them. */
async function pages(
  ledger: Pick<Ledger, 'recent' | 'load'>,
  shown: Partial<Shown> = {},
  selected: Partial<Which> = {},
  between: () => Promise<unknown> = async () => {},
): Promise<readonly Read[]> {
  const all: Read[] = [];
  for (let places: Places | null = firstPlaces; places !== null; await between()) {
    const page: Page = await readPage({ ...which, ...selected }, { ...everything, ...shown }, places, ledger);
    all.push({ ...page, ids: page.requests.map(({ order }) => order.workflowId) });
    places = page.next;
  }
  return all;
}

const names = (prefix: string, from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, nth) => `${prefix}${from - nth}`);

describe.each(engines)('the pages of a history (%s)', (engine) => {
  it('have each request once, the newest first, while new ones arrive', async () => {
    await using opened = await newLedger(engine);
    for (let nth = 1; nth <= 24; nth++) await write(opened, `OLD${nth}`, ...(nth % 4 === 0 ? refused : []));
    const late = async () => {
      await write(opened, 'LATE');
      await write(opened, 'LATE', ...refused);
    };
    const read = await pages(opened.ledger, {}, {}, late);
    const order = read.flatMap(({ requests }) => requests);
    expect(read.map(({ ids }) => ids.length)).toEqual([10, 10, 4]);
    expect(new Set(read.flatMap(({ ids }) => ids))).toEqual(new Set(names('OLD', 24, 1)));
    expect(order.map(({ requestedAt }) => requestedAt)).toEqual(
      order.map(({ requestedAt }) => requestedAt).toSorted((a, b) => b - a),
    );
    expect(read.map(({ searchedBackTo }) => searchedBackTo)).toEqual([null, null, null]);
  });

  it('have no button at the end of a full page', async () => {
    await using opened = await newLedger(engine);
    for (let nth = 1; nth <= 10; nth++) await write(opened, `ONE${nth}`);
    expect((await pages(opened.ledger)).map(({ ids }) => ids)).toEqual([expect.arrayContaining(names('ONE', 10, 1))]);
  });

  it('have three of many refused requests each, and the rest of them later, none twice', async () => {
    await using opened = await newLedger(engine);
    for (let nth = 1; nth <= 16; nth++) await write(opened, `ONE${nth}`);
    for (let nth = 1; nth <= 25; nth++) await write(opened, `NO${nth}`, ...refused);
    const read = await pages(opened.ledger);
    const count = (ids: readonly string[]) => ids.filter((id) => id.startsWith('NO')).length;
    expect(read.map(({ ids }) => [ids.length, count(ids)])).toEqual([
      [10, 3],
      [10, 3],
      [10, 8],
      [10, 10],
      [1, 1],
    ]);
    expect(new Set(read.flatMap(({ ids }) => ids)).size).toBe(41);
  });

  it('leave out no request that is refused after a page has passed it by', async () => {
    await using opened = await newLedger(engine);
    const open = await write(opened, 'OPEN', granted);
    for (let nth = 1; nth <= 12; nth++) await write(opened, `ONE${nth}`);
    let isRefused = false;
    const refuse = async () => {
      if (isRefused) return;
      isRefused = true;
      await opened.ledger.transaction(async (tx) => {
        const current = await tx.load(open.id);
        return current && tx.append(current, endedAs('refused'));
      });
    };
    const read = await pages(opened.ledger, {}, {}, refuse);
    expect(read.flatMap(({ ids }) => ids).toSorted()).toEqual(['OPEN', ...names('ONE', 12, 1)].toSorted());
    expect((await opened.ledger.load(open.id))?.state).toBe('refused');
  });

  it('of a person have what was asked and what was confirmed, each once', async () => {
    await using opened = await newLedger(engine);
    for (let nth = 1; nth <= 14; nth++) {
      const confirmed = { ...approved, data: { by: 'U0BOB', interaction: `press-${nth}` } } as const;
      await write(opened, `BOB${nth}`, granted, announced, asked, confirmed, ...(nth % 5 === 0 ? refused : []));
      await write(opened, 'OTHER');
    }
    const read = await pages(opened.ledger, {}, { person: 'U0BOB' });
    expect(read.map(({ ids }) => ids)).toEqual([names('BOB', 14, 5), names('BOB', 4, 1)]);
  });

  it('end at the beginning of the period', async () => {
    await using opened = await newLedger(engine);
    for (let nth = 1; nth <= 60; nth++) await write(opened, `ONE${nth}`, ...(nth === 30 ? refused : []));
    const last = await opened.ledger.recent({ ...which, refused: false, limit: 13 });
    const read = await pages(opened.ledger, { since: last.at(-1)?.requestedAt ?? 0 });
    expect(read.map(({ requests, searchedBackTo }) => [requests.length, searchedBackTo])).toEqual([
      [10, null],
      [expect.any(Number), null],
    ]);
    const shown = read.flatMap(({ requests }) => requests);
    expect(shown.map(({ id }) => id)).toEqual(expect.arrayContaining(last.map(({ id }) => id)));
    for (const { requestedAt } of shown) expect(requestedAt).toBeGreaterThanOrEqual(last.at(-1)?.requestedAt ?? 0);
  });
});

describe('a page that finds few among many', () => {
  it('reads a limited number, says how far back it has looked, and the next one goes on there', async () => {
    await using opened = await newLedger();
    const rare = await write(opened, 'RARE');
    for (let nth = 1; nth <= 340; nth++) await write(opened, `ONE${nth}`);
    let reads = 0;
    const counted = {
      recent(query: Parameters<Ledger['recent']>[0]) {
        reads += 1;
        return opened.ledger.recent(query);
      },
      load: (id: string) => opened.ledger.load(id),
    };
    const matches = ({ order }: Request) => order.workflowId === 'RARE';
    const read = await pages(counted, { matches });
    expect(read.map(({ ids }) => ids)).toEqual([[], ['RARE']]);
    const passed = await opened.ledger.recent({ ...which, refused: false, limit: 300 });
    expect(read[0]?.searchedBackTo).toBe(passed.at(-1)?.requestedAt);
    expect(read[1]?.next).toBeNull();
    expect(rare.requestedAt).toBeLessThan(read[0]?.searchedBackTo ?? 0);
    expect(reads).toBeLessThanOrEqual(2 * 2 * 6);
  });

  it('says whether there are others that this person may not see', async () => {
    await using opened = await newLedger();
    await write(opened, 'ONE');
    const maySee = () => false;
    expect(await pages(opened.ledger, { maySee })).toMatchObject([{ ids: [], hasOthers: true }]);
    // What does not match is not kept from anybody.
    expect(await pages(opened.ledger, { maySee, matches: () => false })).toMatchObject([{ ids: [], hasOthers: false }]);
  });
});
