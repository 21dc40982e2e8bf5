import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { CalendarPeriod } from '../access/freeze-windows.ts';
import { type HttpOutcome, sendRequest } from '../campaign/http-client.ts';
import { CalendarError, eventsIn, type Span } from './calendar-events.ts';

/** The events of a calendar, or why they are not known. Holds nothing secret: the address of a calendar often is. */
export type ReadCalendar = KnownCalendar | Failed;
/** `from`: since when its events are known, in milliseconds since the epoch. `digest`: of its text. */
export type KnownCalendar = {
  readonly kind: 'read';
  readonly periods: readonly CalendarPeriod[];
  readonly digest: string;
  readonly from: number;
};
type Failed = { readonly kind: 'failed'; readonly reason: string; readonly status: number | null };

const timeoutMs = 10_000;
const largestFile = 1_000_000;

/** How long the events of a text that has not changed are kept: they recur without end. */
const keptMs = 86_400_000;

/**
 * Reads the events of a span from the `https` address or the path of a calendar.
 *
 * @param known what was read before, which is returned for the same text
 */
export async function readCalendar(
  source: string,
  span: Span,
  known: KnownCalendar | null = null,
): Promise<ReadCalendar> {
  const url = addressOf(source);
  const loaded = url === null ? await fromFile(source) : await fromAddress(url);
  if (typeof loaded !== 'string') return loaded;
  const digest = createHash('sha256').update(loaded).digest('hex');
  if (known?.digest === digest && span.from - known.from < keptMs) return known;
  try {
    return { kind: 'read', periods: await eventsIn(loaded, span), digest, from: span.from };
  } catch (error) {
    if (error instanceof CalendarError) return failed(error.message);
    throw error;
  }
}

/** What the log calls it: an address without its path, which is often secret. */
export function nameOf(source: string): string {
  return addressOf(source)?.host ?? source;
}

function addressOf(source: string): URL | null {
  return /^\w+:\/\//.test(source) ? URL.parse(source) : null;
}

async function fromFile(path: string): Promise<string | Failed> {
  try {
    const found = await stat(path);
    // To read a pipe could take forever.
    if (!found.isFile()) return failed('no file');
    if (found.size > largestFile) return failed('EFBIG');
    return await readFile(path, 'utf8');
  } catch (error) {
    return failed((error as NodeJS.ErrnoException).code ?? 'unreadable');
  }
}

async function fromAddress(url: URL): Promise<string | Failed> {
  const outcome = await sendRequest({ method: 'GET', url, headers: { accept: 'text/calendar' }, timeoutMs });
  if (outcome.kind !== 'responded') return failed(reasonOf(outcome));
  const { status, body } = outcome.response;
  if (status !== 200) return failed('status', status);
  return body ?? failed('undecodable', status);
}

function reasonOf({ reason, cause }: Exclude<HttpOutcome, { readonly kind: 'responded' }>): string {
  return cause.code ?? reason;
}

function failed(reason: string, status: number | null = null): Failed {
  return { kind: 'failed', reason, status };
}
