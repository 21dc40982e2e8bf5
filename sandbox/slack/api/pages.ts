import { z } from 'zod';
import type { Message } from '../workspace.ts';
import { type Failure, failure } from './answer.ts';
import { flag } from './method.ts';

/** The paging arguments of a list of messages. */
export const pageArgs = {
  oldest: z.string().optional(),
  latest: z.string().optional(),
  inclusive: flag,
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().optional(),
};

export type PageArgs = {
  oldest?: string | undefined;
  latest?: string | undefined;
  inclusive: boolean;
  limit: number;
  cursor?: string | undefined;
};

export type Page<Item> = { ok: true; items: Item[]; nextCursor: string };

/** Between `oldest` and `latest`, without the two themselves unless `inclusive`. */
export function inWindow(messages: Message[], { oldest = '0', latest, inclusive }: PageArgs): Message[] | Failure {
  const [from, to] = [Number(oldest), Number(latest ?? Number.POSITIVE_INFINITY)];
  if (Number.isNaN(from)) return failure('invalid_ts_oldest');
  if (Number.isNaN(to)) return failure('invalid_ts_latest');
  return messages.filter(({ ts }) => {
    const at = Number(ts);
    return (at > from && at < to) || (inclusive && (at === from || at === to));
  });
}

/**
 * The cursor names the first item of the next page, so that new items do not shift the pages.
 *
 * @param limit null: all that are left
 */
export function cutPage<Item>(
  items: readonly Item[],
  cursorOf: (item: Item) => string,
  { limit, cursor }: { limit: number | null; cursor?: string | undefined },
): Page<Item> | Failure {
  const start = cursor ? items.findIndex((item) => cursorOf(item) === cursor) : 0;
  if (start < 0) return failure('invalid_cursor');
  const end = limit === null ? items.length : start + limit;
  const next = items[end];
  return { ok: true, items: items.slice(start, end), nextCursor: next === undefined ? '' : cursorOf(next) };
}

/** Slack's cursors look like this one, and mean nothing to its callers: `dXNlcjpVMDYxTkZUVDI=` is `user:U061NFTT2`. */
export function cursorTo(kind: string, id: string): string {
  return Buffer.from(`${kind}:${id}`).toString('base64');
}

export function messageCursor({ ts }: Message): string {
  return cursorTo('next_ts', ts.replace('.', ''));
}
