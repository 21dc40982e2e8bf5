import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { Action } from '../../../sandbox/page/actions.ts';
import type { RecordedRequest, Result, Snapshot } from '../../../sandbox/page/snapshot.ts';

type Answer = { readonly status: number; readonly type: string; readonly body: string };

/** A client of the page: receives snapshots from `/events`, and posts actions. */
export type Visitor = {
  /** Waits for the first snapshot that matches. */
  see(matches: (snapshot: Snapshot) => boolean): Promise<Snapshot>;
  do(action: ActionOf<Action>): Promise<Result>;
  leave(): void;
};

/** An action without its person. */
type ActionOf<D> = D extends { as: string } ? Omit<D, 'as'> : D;

/** Actions without a person. */
const withoutPerson: ReadonlySet<Action['type']> = new Set([
  'break',
  'expire tokens',
  'let days pass',
  'turn clock',
  'kill',
  'set rules',
]);

/** The time limit for a matching snapshot. */
const timeoutMs = 60_000;

export async function visit(url: string, as: string): Promise<Visitor> {
  const stream = await open(`${url}/events?as=${as}`);
  const listeners = new Set<(snapshot: Snapshot) => void>();
  let last: Snapshot | null = null;
  const lines = createInterface(stream);
  // The server may end before the client.
  lines.on('error', () => {});
  lines.on('line', (line) => {
    if (!line.startsWith('data: ')) return;
    const snapshot = JSON.parse(line.slice('data: '.length)) as Snapshot;
    last = snapshot;
    for (const listener of [...listeners]) listener(snapshot);
  });
  return {
    see(matches) {
      const { promise, resolve, reject } = Promise.withResolvers<Snapshot>();
      const listener = (snapshot: Snapshot) => {
        if (matches(snapshot)) resolve(snapshot);
      };
      const timer = setTimeout(
        () => reject(new Error(`no matching snapshot; last: ${JSON.stringify(last?.entries)}`)),
        timeoutMs,
      );
      listeners.add(listener);
      if (last !== null) listener(last);
      return promise.finally(() => {
        clearTimeout(timer);
        listeners.delete(listener);
      });
    },
    async do(action) {
      const { status, body } = await post(url, withoutPerson.has(action.type) ? action : { as, ...action });
      if (status !== 200) throw new Error(`${status}: ${body}`);
      return JSON.parse(body) as Result;
    },
    leave: () => stream.destroy(),
  };
}

export async function readRecordAt(url: string): Promise<readonly RecordedRequest[]> {
  const { body } = await send(`${url}/record`);
  return (JSON.parse(body) as { requests: readonly RecordedRequest[] }).requests;
}

export function post(url: string, action: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return send(`${url}/actions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof action === 'string' ? action : JSON.stringify(action),
  });
}

type RequestOptions = { method?: string; headers?: Record<string, string>; body?: string };

/** Not with `fetch`, which cannot set `Host`. */
export async function send(
  url: string,
  { method = 'GET', headers = {}, body = '' }: RequestOptions = {},
): Promise<Answer> {
  const sent = request(url, { method, headers, agent: false });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const type = response.headers['content-type'] ?? '';
  return { status: response.statusCode ?? 0, type, body: await text(response) };
}

async function open(url: string): Promise<IncomingMessage> {
  const sent = request(url, { agent: false });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.on('error', () => {});
  return response;
}
