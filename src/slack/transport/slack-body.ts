import type { IncomingMessage } from 'node:http';
import { parse } from 'node:querystring';
import bolt from '@slack/bolt';

const { bufferIncomingMessage, parseHTTPRequestBody } = bolt.HTTPModuleFunctions;

/** A request with its whole body, in the property that Bolt's receiver reads. */
type Buffered = Awaited<ReturnType<typeof bufferIncomingMessage>>;

/** `gone`: the connection ended before the body did. */
export type ReadBody = Buffer | 'too_large' | 'too_many' | 'gone';

/** Even in the smallest packets the largest body has a thousand chunks. A chunk of one byte needs hundreds of bytes of memory. */
const mostChunks = 2_000;

/** Reads the body, up to its limit and the shared budget of all bodies. */
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
    // Later chunks are dropped: a paused stream would buffer them.
    request.removeAllListeners('data').resume();
    share.end();
  });
}

/**
 * Whether Bolt's receiver can process the request. It expects an object, and otherwise throws an error that would end the
 * process. An interaction must have its user, and a form its view: without them Bolt calls no listener and reports a
 * fault of ours.
 */
export function isAcceptedByBolt(request: Buffered): boolean {
  try {
    return isWellFormed(parseHTTPRequestBody(request));
  } catch {
    return false;
  }
}

/** Slack's types of interactions, which have a user. */
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

const sslCheck = Buffer.from('ssl_check=1');

/** The body as it is passed on. With Slack's check of the certificate comes nothing that is read (docs.slack.dev/interactivity/implementing-slash-commands). */
export function passedOn(type: string, body: Buffer): Buffer {
  const isForm = type === 'application/x-www-form-urlencoded';
  return isForm && body.includes(sslCheck) && parse(body.toString()).ssl_check === '1' ? sslCheck : body;
}

/** The limit on the memory of all bodies whose signature is not verified yet. */
const budgetBytes = 20_000_000;

/** The memory overhead of a chunk. It is counted so that bodies in tiny chunks cannot exceed the budget. */
const chunkCostBytes = 256;

export type UnverifiedBodies = {
  /** @param drop called when this body must be discarded to make room */
  begin(drop: () => void): { add(bytes: number): void; end(): void };
};

type Body = { bytes: number; readonly drop: () => void };

/** All bodies share one budget. When it is exceeded, the largest body is dropped: Slack's are a few kilobytes, so they are not affected. */
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

/** Whether a value is an object in the sense of JSON. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
