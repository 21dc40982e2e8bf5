import type { Ledger, Place, RecentQuery } from '../../requests/ledger/ledger.ts';
import { newestFirst } from '../../requests/ledger/recent.ts';
import type { Request } from '../../requests/request.ts';

/**
 * Where a page begins: behind these places. Refused requests have a place of their own, because anybody can cause them,
 * and only a few of them take the place of others on a page.
 */
export type Places = { readonly others: Place; readonly refused: Place };

/** Before all requests, and behind all of them. */
const start: Place = { requestedAt: Number.MAX_SAFE_INTEGER, id: '' };
const end: Place = { requestedAt: 0, id: '' };
export const firstPlaces: Places = { others: start, refused: start };

export type Which = Pick<RecentQuery, 'channel' | 'workflowKey' | 'organization' | 'person'>;

/** Which requests are shown: those that match, and that somebody may see. */
export type Shown = {
  readonly since: number;
  matches(request: Request): boolean;
  maySee(request: Request): boolean;
};

export type Page = {
  /** The newest first. */
  readonly requests: readonly Request[];
  /** There are others that this person may not see. */
  readonly hasOthers: boolean;
  /** Where the next page begins; null: there is none. */
  readonly next: Places | null;
  /** Set if the search ended before the page was full: it has found everything since this time. */
  readonly searchedBackTo: number | null;
};

/** How many requests are read at a time. */
export const readAtOnce = 50;

/** How often, at most: a page costs no more, however few requests it finds. */
const mostReads = 6;

/** The most requests on a page: as many as fit on a phone. */
const longestPage = 10;

/** At most this many refused requests take the place of others on a page. */
const shownRefused = 3;

/**
 * One page of a history. The pages together have each request once, also if new ones arrive meanwhile. One that is refused
 * between two pages can be on both: with its state before, and as refused.
 */
export async function readPage(
  which: Which,
  shown: Shown,
  places: Places,
  ledger: Pick<Ledger, 'recent' | 'load'>,
): Promise<Page> {
  const [others, refused] = await Promise.all([
    read({ ...which, refused: false, after: places.others }, shown, ledger),
    read({ ...which, refused: true, after: places.refused }, shown, ledger),
  ]);
  const room = Math.max(shownRefused, longestPage - others.found.length);
  const candidates = refused.found.slice(0, room).filter((request) => !isBehind(request, others.readTo));
  const requests = [...others.found, ...candidates].toSorted(newestFirst).slice(0, longestPage);
  const next = nextPlaces(requests, others, refused, places);
  const isFull = requests.length === longestPage || next === null;
  return {
    requests: await Promise.all(requests.map((one) => withReason(one, ledger))),
    hasOthers: others.hasOthers || refused.hasOthers,
    next,
    searchedBackTo: isFull ? null : newer(next.others, next.refused).requestedAt,
  };
}

/** With the reason of whoever cancelled it. One of several is cancelled with its batch, which has that reason. */
export async function withReason(request: Request, ledger: Pick<Ledger, 'load'>): Promise<Request> {
  if (request.batch === null || request.state !== 'cancelled' || request.decisionReason !== null) return request;
  const batch = await ledger.load(request.batch);
  return { ...request, decisionReason: batch?.decisionReason ?? null };
}

/** `found`: one more than a page has, at most. Everything down to `readTo` has been read. */
type Stream = { readonly found: readonly Request[]; readonly readTo: Place; readonly hasOthers: boolean };

async function read(
  query: Omit<RecentQuery, 'limit' | 'after'> & { readonly after: Place },
  { since, matches, maySee }: Shown,
  { recent }: Pick<Ledger, 'recent'>,
): Promise<Stream> {
  const found: Request[] = [];
  let hasOthers = false;
  let readTo = query.after;
  for (let reads = 0; reads < mostReads && found.length <= longestPage; reads++) {
    const page = await recent({ ...query, limit: readAtOnce, after: readTo });
    const matching = page.filter((request) => request.requestedAt >= since && matches(request));
    found.push(...matching.filter(maySee));
    hasOthers ||= !matching.every(maySee);
    const last = page.at(-1);
    const isLast = page.length < readAtOnce || last === undefined || last.requestedAt < since;
    readTo = isLast ? end : last;
    if (isLast) break;
  }
  return { found: found.slice(0, longestPage + 1), readTo: found[longestPage] ?? readTo, hasOthers };
}

function nextPlaces(shown: readonly Request[], others: Stream, refused: Stream, places: Places): Places | null {
  const left = ({ found }: Stream) => found.filter((request) => !shown.includes(request));
  const behindOthers = left(others).length > 0 ? (shown.at(-1) ?? places.others) : others.readTo;
  const next = { others: behindOthers, refused: behindRefused() };
  return isEnd(next.others) && isEnd(next.refused) ? null : next;

  /** Not behind the others: one of those that are not shown yet can still be refused. */
  function behindRefused(): Place {
    const waiting = left(refused).some((request) => isBehind(behindOthers, request));
    if (!waiting) return newer(refused.readTo, behindOthers);
    return shown.findLast((request) => refused.found.includes(request)) ?? places.refused;
  }
}

function isBehind(place: Place, other: Place): boolean {
  return newestFirst(place, other) > 0;
}

function newer(one: Place, other: Place): Place {
  return isBehind(one, other) ? other : one;
}

function isEnd({ requestedAt }: Place): boolean {
  return requestedAt === end.requestedAt;
}
