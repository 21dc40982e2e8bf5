import { z } from 'zod';
import type { ClockWatch } from './clock-watch.ts';
import { proxiedFetch } from './proxied-fetch.ts';

/** What every answer of the Web API has, whatever its status. */
const slacksAnswer = z.union([
  z.object({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), error: z.string() }),
]);

/** Somebody else answered in Slack's place: a proxy, an edge, a sign-in page. Nothing of the body is kept. */
class NotSlackError extends Error {
  override name = 'NotSlackError';
}

/**
 * `fetch` for Slack's client, which takes any text for the name of an error, and any JSON for an answer. Whatever is not
 * an answer of the Web API fails here like a lost connection. Every 429 says how long to wait, in seconds: one without
 * would be an error to the client that looks like a fault of ours.
 *
 * @param usualSeconds what is said after a 429 that does not say
 * @param clock learns Slack's time from each answer of its own
 */
export function fetchPolitely(usualSeconds: number, clock: Pick<ClockWatch, 'begin'>): typeof proxiedFetch {
  return async (input, init) => {
    const compareClocks = clock.begin();
    const response = await proxiedFetch(input, init);
    if (response.status !== 429) {
      const own = await slacksOwn(response);
      compareClocks(response.headers.get('date'));
      return own;
    }
    if (saysHowLong(response)) return response;
    await response.body?.cancel();
    return new Response(null, { status: 429, headers: { 'retry-after': String(usualSeconds) } });
  };
}

async function slacksOwn(response: Response): Promise<Response> {
  const { status, statusText, headers } = response;
  const body = await response.text();
  if (!isSlacks(body)) {
    const type = headers.get('content-type') ?? 'no type';
    throw new NotSlackError(`the answer is not Slack's: status ${status}, ${type}`);
  }
  const read = new Headers(headers);
  // The client would unpack it, or not read it as JSON, if the header said so.
  read.set('content-type', 'application/json');
  return new Response(body, { status, statusText, headers: read });
}

function isSlacks(body: string): boolean {
  try {
    return slacksAnswer.safeParse(JSON.parse(body)).success;
  } catch {
    return false;
  }
}

function saysHowLong({ headers }: Response): boolean {
  return !Number.isNaN(Number.parseInt(headers.get('retry-after') ?? '', 10));
}
