import type { webApi } from '@slack/bolt';
import type { PostResult } from '../requests/ports.ts';
import type { Request } from '../requests/request.ts';
import { outcomeMetadata } from './messages/report.ts';
import { metadataTypes } from './names.ts';
import type { Message } from './render.ts';
import type { Replies } from './replies.ts';
import { troubleOf } from './slack-error.ts';

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
  const metadata = outcome ? outcomeMetadata(outcome) : { event_type: metadataTypes.note, event_payload: {} };
  return post(poster, { channel: person, ...message, metadata });
}

/**
 * Without previews of links, and without markup in the fallback. A reply to a message that was deleted is posted in the
 * channel itself, which Slack says only by leaving `thread_ts` out.
 */
export async function post(poster: webApi.WebClient, message: webApi.ChatPostMessageArguments): Promise<PostResult> {
  let threaded = !('thread_ts' in message);
  const sent = await posted(async () => {
    const plain = { ...message, unfurl_links: false, unfurl_media: false, mrkdwn: false };
    const answer = await poster.chat.postMessage(plain);
    threaded ||= answer.message?.thread_ts !== undefined;
    return answer;
  });
  return sent.kind === 'posted' && !threaded ? { ...sent, unthreaded: true } : sent;
}

/** What became of a call that posts or edits. An answer that names no message says nothing for certain. */
export async function posted(call: () => Promise<{ ts?: string }>): Promise<PostResult> {
  try {
    const { ts } = await call();
    return ts ? { kind: 'posted', ts } : { kind: 'doubt' };
  } catch (error) {
    return troubleOf(error);
  }
}
