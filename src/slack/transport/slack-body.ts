import type { IncomingMessage } from 'node:http';
import { parse } from 'node:querystring';
import bolt from '@slack/bolt';
import { isObject } from './is-object.ts';

const { bufferIncomingMessage, isRawBodyError, parseHTTPRequestBody } = bolt.HTTPModuleFunctions;

type Buffered = Awaited<ReturnType<typeof bufferIncomingMessage>>;

/**
 * Reads the body and leaves it with the request, where Bolt's receiver finds it. Gives the status to answer at
 * once, or null when the receiver can go on: it takes for granted that what it decodes is an object, and the
 * error that it throws otherwise would end the process. What people do has somebody who did it, and a form its view:
 * without them no listener would be called, and Bolt would call it a fault of ours.
 */
export async function takeBody(request: IncomingMessage, limitBytes: number): Promise<400 | 413 | null> {
  try {
    const buffered = await bufferIncomingMessage(request, limitBytes);
    return isSslCheck(buffered) || isSound(parseHTTPRequestBody(buffered)) ? null : 400;
  } catch (error) {
    return isRawBodyError(error) && error.statusCode === 413 ? 413 : 400;
  }
}

/** What people do, as Slack calls it. */
const withUser: ReadonlySet<unknown> = new Set([
  'block_actions',
  'block_suggestion',
  'message_action',
  'shortcut',
  'view_closed',
  'view_submission',
]);
const withView: ReadonlySet<unknown> = new Set(['view_closed', 'view_submission']);

function isSound(body: unknown): boolean {
  if (!isObject(body)) return false;
  const { type, user, view } = body;
  return (!withUser.has(type) || isObject(user)) && (!withView.has(type) || isObject(view));
}

/** The receiver answers it without a look at the rest. */
function isSslCheck({ headers, rawBody }: Buffered): boolean {
  const isForm = headers['content-type'] === 'application/x-www-form-urlencoded';
  return isForm && parse(rawBody.toString()).ssl_check === '1';
}
