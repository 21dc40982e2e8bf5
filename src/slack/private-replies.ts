import type { webApi } from '@slack/bolt';
import { LRUCache } from 'lru-cache';
import type { PostResult } from '../requests/attempt-results.ts';
import type { Request } from '../requests/request.ts';
import { proxiedFetch } from './fetch.ts';
import { outcomeMetadata } from './messages/replies.ts';
import { metadataTypes } from './names.ts';
import type { Message } from './render.ts';
import { classifySlackError } from './slack-error.ts';

/** Whom to answer, and what they did. */
export type Asker = { readonly person: string; readonly interaction: string };

type Means = { readonly replies: Replies; readonly poster: webApi.WebClient };

/** Answers one person alone: beside what was typed or pressed while Slack takes that, otherwise as a direct message. */
export async function answerPrivately(
  { replies, poster }: Means,
  { person, interaction }: Asker,
  message: Message,
  asDirect: () => Promise<PostResult> = () => direct(poster, person, message, null),
): Promise<PostResult> {
  const replied = await replies.reply(interaction, message);
  return replied?.kind === 'posted' ? replied : asDirect();
}

/** A message to the person's own channel with the bot; `outcome` names the request whose outcome it tells. */
export function direct(
  poster: webApi.WebClient,
  person: string,
  message: Message,
  outcome: Request | null,
): Promise<PostResult> {
  const metadata = outcome ? outcomeMetadata(outcome) : { event_type: metadataTypes.followUp, event_payload: {} };
  return post(poster, { channel: person, ...message, metadata });
}

/**
 * Without previews of links, and without markup in the fallback. A reply to a message that was deleted is posted in the
 * channel itself, which Slack says only by a `thread_ts` that is missing or null.
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

/** What became of a call that posts or edits. An answer that names no message says nothing for certain. */
export async function posted(call: () => Promise<{ ts?: string }>): Promise<PostResult> {
  try {
    const { ts } = await call();
    return ts ? { kind: 'posted', ts } : { kind: 'doubt' };
  } catch (error) {
    return classifySlackError(error);
  }
}

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
