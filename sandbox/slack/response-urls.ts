import { z } from 'zod';
import type { Reply } from '../http/message.ts';
import { checkContent } from './content.ts';
import type { SlackContext } from './context.ts';
import type { Fields } from './fields.ts';
import {
  addMessage,
  addMistake,
  addPrivateReply,
  editMessage,
  editPrivateReply,
  ourBot,
  removeMessage,
  removePrivateReply,
} from './messages.ts';
import { randomId } from './random-id.ts';
import { findMessage, findPrivateReply } from './workspace.ts';

const MOST_USES = 5;
const LIFETIME_MS = 30 * 60 * 1000;

/** The person of an interaction, and the message (or private reply) of the button, if any. */
export type Origin = { channel: string; user: string; message: { ts: string; threadTs: string | null } | null };

export type ResponseUrls = {
  issue: (origin: Origin) => string;
  use: (id: string, fields: Fields) => Reply;
};

type Issued = { origin: Origin; url: string; expiresAt: number; usesLeft: number };

export function createResponseUrls(context: SlackContext): ResponseUrls {
  const issued = new Map<string, Issued>();
  return {
    issue: (origin) => {
      const id = randomId(18);
      const url = `${context.baseUrl}/response/${id}`;
      issued.set(id, { origin, url, expiresAt: context.now() + LIFETIME_MS, usesLeft: MOST_USES });
      return url;
    },
    use: (id, fields) => {
      const known = issued.get(id);
      if (!known) return { status: 404, body: 'no_service' };
      if (context.now() >= known.expiresAt) return { status: 404, body: 'expired_url' };
      if (known.usesLeft === 0) return { status: 404, body: 'used_url' };
      const reply = respond(context, known, fields);
      if (reply.status === 200) known.usesLeft -= 1;
      return reply;
    },
  };
}

const response = z.object({
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  response_type: z.enum(['ephemeral', 'in_channel']).default('ephemeral'),
  replace_original: z.boolean().default(false),
  delete_original: z.boolean().default(false),
  thread_ts: z.string().optional(),
});

type Response = z.output<typeof response>;

function respond(context: SlackContext, { origin, url }: Issued, fields: Fields): Reply {
  const given = response.safeParse(fields);
  if (!given.success) return { status: 400, body: 'invalid_payload' };
  if (given.data.delete_original) return removeOriginal(context, origin);
  const checked = checkContent(given.data);
  if (!checked.ok) return { status: 400, body: checked.error };
  if (checked.mistake) addMistake(context, `response_url: ${checked.mistake}`);
  return say(context, origin, url, { ...given.data, content: checked.content });
}

const DONE: Reply = { status: 200, body: 'ok' };
const GONE: Reply = { status: 404, body: 'message_not_found' };

type Said = Response & { content: Parameters<typeof editMessage>[2]['content'] };

function say(context: SlackContext, origin: Origin, responseUrl: string, { content, ...how }: Said): Reply {
  const { channel, user } = origin;
  if (how.replace_original && origin.message) return replaceOriginal(context, origin, content);
  if (how.response_type === 'in_channel') {
    addMessage(context, { channel, content, threadTs: how.thread_ts, author: ourBot(context) });
    return DONE;
  }
  const threadTs = how.thread_ts ?? null;
  addPrivateReply(context, { channel, user, threadTs, via: 'response_url', responseUrl, content });
  return DONE;
}

function replaceOriginal(context: SlackContext, origin: Origin, content: Said['content']): Reply {
  const { message, reply } = originalOf(context, origin);
  if (message) editMessage(context, message, { content });
  if (reply) editPrivateReply(context, reply, content);
  return message || reply ? DONE : GONE;
}

function removeOriginal(context: SlackContext, origin: Origin): Reply {
  const { message, reply } = originalOf(context, origin);
  if (message) removeMessage(context, message);
  if (reply) removePrivateReply(context, reply);
  return message || reply ? DONE : GONE;
}

/** No two of them have the same `ts`. */
function originalOf({ workspace }: SlackContext, { channel, message }: Origin) {
  if (!message) return {};
  return {
    message: findMessage(workspace, channel, message.ts),
    reply: findPrivateReply(workspace, channel, message.ts),
  };
}
