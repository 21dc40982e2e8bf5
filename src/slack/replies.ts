import { LRUCache } from 'lru-cache';
import type { PostResult } from '../requests/ports.ts';
import { proxiedFetch } from './proxied-fetch.ts';
import type { Message } from './render.ts';

/** Slack takes replies for 30 minutes; a little less, so that none is begun too late. */
const usableMs = 29 * 60_000;
const most = 10_000;
const timeoutMs = 10_000;

/**
 * Private replies through Slack's `response_url`. The addresses are secrets that end after half an hour,
 * so they are kept in memory alone, and whoever comes too late writes a direct message instead.
 */
export type Replies = {
  remember(interaction: string, responseUrl: string): void;
  /** What began with the one goes on as the other, and is answered in the same place. */
  pass(from: string, to: string): void;
  /** Null when there is no address for this interaction (any more). */
  reply(interaction: string, message: Message): Promise<PostResult | null>;
};

/** @param clock milliseconds from any beginning */
export function createReplies(clock = () => performance.now()): Replies {
  const urls = new LRUCache<string, string>({ max: most, ttl: usableMs, ttlResolution: 0, perf: { now: clock } });
  return {
    remember: (interaction, responseUrl) => void urls.set(interaction, responseUrl),
    pass(from, to) {
      const url = urls.get(from);
      if (url !== undefined) urls.set(to, url);
    },
    async reply(interaction, message) {
      const url = urls.get(interaction);
      return url === undefined ? null : postToUrl(url, message);
    },
  };
}

/** No error of this may carry the address, so none is passed on. */
async function postToUrl(url: string, message: Message): Promise<PostResult> {
  try {
    const response = await proxiedFetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...message, response_type: 'ephemeral', replace_original: false }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const body = await response.text();
    if (response.status >= 500) return { kind: 'doubt' };
    if (!response.ok || isRefused(body)) return { kind: 'refused', reason: 'message_refused' };
    return isTaken(body) ? { kind: 'posted', ts: '' } : { kind: 'doubt' };
  } catch {
    return { kind: 'doubt' };
  }
}

/** Slack answers with `ok`, in plain text or as JSON; a page of a proxy is another matter. */
function isTaken(body: string): boolean {
  return /^(ok|\{\s*"ok"\s*:\s*true\b.*)?$/s.test(body.trim());
}

/** `{"ok":false,"error":"expired_url"}`: Slack refuses some replies with status 200. */
function isRefused(body: string): boolean {
  return /^\{(?:.*,)?\s*"ok"\s*:\s*false\b/s.test(body.trim());
}
