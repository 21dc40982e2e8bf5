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

export type Page = { ok: true; messages: Message[]; nextCursor: string };

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

/** The cursor names the first message of the next page, so that new messages do not shift the pages. */
export function cutPage(messages: Message[], { limit, cursor }: PageArgs): Page | Failure {
  const start = cursor ? messages.findIndex(({ ts }) => cursorOf(ts) === cursor) : 0;
  if (start < 0) return failure('invalid_cursor');
  const next = messages[start + limit];
  return { ok: true, messages: messages.slice(start, start + limit), nextCursor: next ? cursorOf(next.ts) : '' };
}

function cursorOf(ts: string): string {
  return Buffer.from(`next_ts:${ts.replace('.', '')}`).toString('base64');
}
