import { setTimeout as wait } from 'node:timers/promises';
import type { webApi } from '@slack/bolt';
import { LRUCache } from 'lru-cache';
import type { PostResult } from '../requests/attempt-results.ts';
import { limits } from '../requests/retry-policy.ts';
import { codeOf, isTimeout, noCause, type SlackCall } from './call-result.ts';
import { proxiedFetch } from './fetch.ts';
import type { outcomeMetadata } from './messages/replies.ts';
import { metadataTypes } from './names.ts';
import type { Message } from './render.ts';
import { classifySlackError } from './slack-error.ts';

/**
 * The person to answer, and the ID of the interaction. `replaces`: the answer takes the place of the private message with
 * the pressed button.
 */
export type Asker = { readonly person: string; readonly interaction: string; readonly replaces?: boolean };

type ReplyChannels = { readonly replies: Replies; readonly poster: webApi.WebClient };

/** Answers one person privately: by `response_url` while Slack accepts it, otherwise by direct message. */
export async function answerPrivately(
  { replies, poster }: ReplyChannels,
  { person, interaction, replaces = false }: Asker,
  message: Message,
  asDirect: () => Promise<PostResult> = () => direct(poster, person, message, null),
): Promise<PostResult> {
  const replied = await replies.reply(interaction, message, replaces);
  return replied?.kind === 'posted' ? replied : asDirect();
}

/** Sends a direct message. `metadata`: that of an outcome, if it shows one. */
export function direct(
  poster: webApi.WebClient,
  person: string,
  message: Message,
  metadata: ReturnType<typeof outcomeMetadata> | null,
): Promise<PostResult> {
  const none = { event_type: metadataTypes.followUp, event_payload: {} };
  return post(poster, { channel: person, ...message, metadata: metadata ?? none });
}

/**
 * Posts a message, without link previews and without markup in the fallback. Slack posts a reply to a deleted message in
 * the channel itself, and shows that only by a `thread_ts` that is missing or null.
 */
export async function post(poster: webApi.WebClient, message: webApi.ChatPostMessageArguments): Promise<PostResult> {
  let isUnthreaded = false;
  const sent = await posted(async () => {
    const plain = { ...message, unfurl_links: false, unfurl_media: false, mrkdwn: false };
    const answer = await poster.chat.postMessage(plain);
    // An answer without the message says nothing about its thread.
    isUnthreaded = 'thread_ts' in message && answer.message != null && !answer.message.thread_ts;
    return answer;
  });
  return sent.kind === 'posted' && isUnthreaded ? { ...sent, unthreaded: true } : sent;
}

/** The result of a call that posts or edits. After an answer that names no message it is in doubt. */
export async function posted(call: () => Promise<{ ts?: string }>): Promise<PostResult> {
  try {
    const { ts } = await call();
    return ts ? { kind: 'posted', ts } : { kind: 'doubt' };
  } catch (error) {
    return classifySlackError(error);
  }
}

/** Slack accepts replies for 30 minutes. A little less, so that no reply starts too late. */
const usableMs = 29 * 60_000;
const mostUrls = 10_000;
const timeoutMs = 10_000;

/**
 * Private replies through Slack's `response_url`. The URLs are secrets that expire after half an hour, so they are kept
 * only in memory. After that, a direct message is sent instead.
 */
export type Replies = {
  remember(interaction: string, responseUrl: string): void;
  /** Uses the URL of one interaction for another one that continues it. */
  pass(from: string, to: string): void;
  /** Null if there is no valid URL for this interaction. */
  reply(interaction: string, message: Message, replaces?: boolean): Promise<PostResult | null>;
};

/**
 * @param clock a monotonic clock, in milliseconds
 * @param onCall called after each reply
 */
export function createReplies(clock = () => performance.now(), onCall: (call: SlackCall) => void = () => {}): Replies {
  const urls = new LRUCache<string, string>({ max: mostUrls, ttl: usableMs, ttlResolution: 0, perf: { now: clock } });
  return {
    remember: (interaction, responseUrl) => void urls.set(interaction, responseUrl),
    pass(from, to) {
      const url = urls.get(from);
      if (url !== undefined) urls.set(to, url);
    },
    async reply(interaction, message, replaces = false) {
      const url = urls.get(interaction);
      if (url === undefined) return null;
      const begun = performance.now();
      const { posted, ...rest } = await postToUrl(url, { ...message, replace_original: replaces });
      onCall({ method: 'response_url', durationMs: performance.now() - begun, ...rest });
      return posted;
    },
  };
}

type Reply = { readonly posted: PostResult } & Omit<SlackCall, 'method' | 'durationMs'>;

/** Errors are not passed on: they could contain the URL. */
async function postToUrl(url: string, message: Message & { readonly replace_original: boolean }): Promise<Reply> {
  try {
    const response = await proxiedFetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...message, response_type: 'ephemeral' }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { ...replyOf(response, await response.text()), retryAfterMs: null };
  } catch (error) {
    const result = isTimeout(error) ? 'timeout' : 'no_connection';
    return { posted: { kind: 'doubt' }, result, retryAfterMs: null, cause: { ...noCause, code: codeOf(error) } };
  }
}

function replyOf({ status, ok }: Response, body: string): Pick<Reply, 'posted' | 'result' | 'cause'> {
  const cause = { ...noCause, status };
  if (status >= 500) return { posted: { kind: 'doubt' }, result: 'server_error', cause };
  if (!ok || isRefused(body)) {
    const result = status === 429 ? 'rate_limited' : 'refused';
    return { posted: { kind: 'refused', reason: 'message_refused' }, result, cause };
  }
  if (isAccepted(body)) return { posted: { kind: 'posted', ts: '' }, result: 'ok', cause };
  return { posted: { kind: 'doubt' }, result: 'not_slack', cause };
}

/** Whether Slack accepted the reply: it answers with `ok` in plain text or JSON, unlike a proxy's page. */
function isAccepted(body: string): boolean {
  return /^(ok|\{\s*"ok"\s*:\s*true\b.*)?$/s.test(body.trim());
}

/** `{"ok":false,"error":"expired_url"}`: Slack refuses some replies with status 200. */
function isRefused(body: string): boolean {
  return /^\{(?:.*,)?\s*"ok"\s*:\s*false\b/s.test(body.trim());
}

/**
 * Repeats an attempt a few times while a person waits for its result: after 1, 3 and 6 seconds, or after Slack's
 * `Retry-After` up to ten.
 *
 * @param retryAfterMs how long Slack asks to wait before another try, 0 where it does not say; null: no retry helps
 */
export async function retryBriefly<T>(
  attempt: () => Promise<T>,
  retryAfterMs: (result: T) => number | null,
): Promise<T> {
  const { pausesMs, mostPauseMs } = limits.privateAnswer;
  let result = await attempt();
  for (const pauseMs of pausesMs) {
    const askedMs = retryAfterMs(result);
    if (askedMs === null || askedMs > mostPauseMs) break;
    await wait(Math.max(pauseMs, askedMs));
    result = await attempt();
  }
  return result;
}
