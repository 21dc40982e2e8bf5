import type { Ledger, RecentQuery } from '../../requests/ledger/ledger.ts';
import type { Request } from '../../requests/request.ts';

/** How many requests are read at a time. */
export const pageSize = 50;

/** How many pages are read for those that somebody may see, however many others may have asked in between. */
const mostPages = 6;

/** How many requests a list shows: what fits on a phone. */
const shownRequests = 10;

/** Anybody can have themselves refused: as long as there is something else, so many take its place at the most. */
const shownRefused = 3;

/** The last requests that somebody may see. `hasOthers`: there are some that are not shown to this person. */
export type Visible = { readonly requests: readonly Request[]; readonly hasOthers: boolean };

type Which = Pick<RecentQuery, 'channel' | 'workflowKey'>;
type Sees = (request: Request) => boolean;

/** The newest first. */
export async function visibleRequests(which: Which, sees: Sees, ledger: Pick<Ledger, 'recent'>): Promise<Visible> {
  const [others, refused] = await Promise.all([
    newest({ ...which, refused: false }, sees, ledger),
    newest({ ...which, refused: true }, sees, ledger),
  ]);
  const room = Math.max(shownRefused, shownRequests - others.requests.length);
  const requests = [...others.requests, ...refused.requests.slice(0, room)]
    .toSorted((a, b) => b.requestedAt - a.requestedAt)
    .slice(0, shownRequests);
  return { requests, hasOthers: others.hasOthers || refused.hasOthers };
}

async function newest(
  query: Omit<RecentQuery, 'limit' | 'after'>,
  sees: Sees,
  { recent }: Pick<Ledger, 'recent'>,
): Promise<Visible> {
  const seen: Request[] = [];
  let read = 0;
  let last: Request | undefined;
  for (let pages = 0; pages < mostPages && seen.length < shownRequests; pages++) {
    const page = await recent({ ...query, limit: pageSize, ...(last && { after: last }) });
    seen.push(...page.filter(sees));
    read += page.length;
    last = page.at(-1);
    if (page.length < pageSize) break;
  }
  return { requests: seen.slice(0, shownRequests), hasOthers: read > seen.length };
}
