import type { IncomingMessage } from 'node:http';
import { parse } from 'node:querystring';
import bolt from '@slack/bolt';

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
export function isAcceptedByBolt(request: Buffered): boolean {
  try {
    return isSslCheck(request) || isWellFormed(parseHTTPRequestBody(request));
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

function isWellFormed(body: unknown): boolean {
  if (!isObject(body)) return false;
  const { type, user, view } = body;
  return (!withUser.has(type) || isObject(user)) && (!withView.has(type) || isObject(view));
}

/** The receiver answers it without a look at the rest. */
function isSslCheck({ headers, rawBody }: Buffered): boolean {
  const isForm = headers['content-type'] === 'application/x-www-form-urlencoded';
  return isForm && parse(rawBody.toString()).ssl_check === '1';
}

/** All that has been read of requests whose signature is not verified yet, in memory at the same time. */
const budgetBytes = 20_000_000;

/** What a chunk costs beside its bytes, so that bodies in tiny chunks cannot hold many times what they count for. */
const chunkCostBytes = 256;

export type UnverifiedBodies = {
  /** @param drop called when this body has to make room; nothing of it may be kept then */
  begin(drop: () => void): { add(bytes: number): void; end(): void };
};

type Body = { bytes: number; readonly drop: () => void };

/** Shares one budget. Over it, the largest body makes room: Slack's are a few kilobytes, and so never wait for those of others. */
export function createUnverifiedBodies(limitBytes = budgetBytes): UnverifiedBodies {
  const bodies = new Set<Body>();
  let total = 0;

  function end(body: Body): void {
    if (bodies.delete(body)) total -= body.bytes;
  }

  function makeRoom(): void {
    while (total > limitBytes) {
      const largest = [...bodies].reduce((one, other) => (other.bytes > one.bytes ? other : one));
      end(largest);
      largest.drop();
    }
  }

  return {
    begin(drop) {
      const body = { bytes: 0, drop };
      bodies.add(body);
      return {
        add(bytes) {
          if (!bodies.has(body)) return;
          body.bytes += bytes + chunkCostBytes;
          total += bytes + chunkCostBytes;
          makeRoom();
        },
        end: () => end(body),
      };
    },
  };
}

/** What JSON calls an object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
