import type { IncomingMessage } from 'node:http';
import { parse } from 'node:querystring';
import bolt from '@slack/bolt';
import { isObject } from './is-object.ts';
import type { UnverifiedBodies } from './unverified-bodies.ts';

const { bufferIncomingMessage, parseHTTPRequestBody } = bolt.HTTPModuleFunctions;

/** A request with its whole body, where Bolt's receiver looks for it. */
type Buffered = Awaited<ReturnType<typeof bufferIncomingMessage>>;

/** `gone`: the connection ended before the body did. */
export type ReadBody = Buffer | 'too_large' | 'too_many' | 'gone';

/** Even in the smallest packets the largest body has a thousand; a piece of one byte costs hundreds in memory. */
const mostChunks = 2_000;

/** Reads the body, and nothing beyond the limit or the budget of all bodies. */
export function readBody(request: IncomingMessage, limitBytes: number, bodies: UnverifiedBodies): Promise<ReadBody> {
  const { promise, resolve } = Promise.withResolvers<ReadBody>();
  const chunks: Buffer[] = [];
  const share = bodies.begin(() => resolve('too_many'));
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > limitBytes || chunks.length >= mostChunks) return resolve('too_large');
    chunks.push(chunk);
    share.add(chunk.length);
  });
  request.once('end', () => resolve(Buffer.concat(chunks)));
  for (const ending of ['error', 'close']) request.once(ending, () => resolve('gone'));
  return promise.finally(() => {
    // What still comes is dropped: a stream that is paused would keep it.
    request.removeAllListeners('data').resume();
    share.end();
  });
}

/**
 * Whether Bolt's receiver can go on with it: it takes for granted that what it decodes is an object, and the error that
 * it throws otherwise would end the process. What people do has somebody who did it, and a form its view: without them
 * no listener would be called, and Bolt would call it a fault of ours.
 */
export function isTakeable(request: Buffered): boolean {
  try {
    return isSslCheck(request) || isSound(parseHTTPRequestBody(request));
  } catch {
    return false;
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
