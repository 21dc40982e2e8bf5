import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { Action } from '../../../sandbox/page/actions.ts';
import type { RecordedRequest, Result, Snapshot } from '../../../sandbox/page/snapshot.ts';

type Answer = { readonly status: number; readonly type: string; readonly body: string };

/** Somebody with the page open: sees what comes over `/events`, and posts actions. */
export type Visitor = {
  /** The first snapshot of which that is true, as soon as it comes. */
  see(isSo: (snapshot: Snapshot) => boolean): Promise<Snapshot>;
  do(action: ActionOf<Action>): Promise<Result>;
  leave(): void;
};

/** Who does it need not be said. */
type ActionOf<D> = D extends { as: string } ? Omit<D, 'as'> : D;

/** It does not matter who does these. */
const nobodys: ReadonlySet<Action['type']> = new Set(['break', 'expire tokens', 'let days pass', 'kill', 'set rules']);

/** How long something may take to be seen. */
const timeoutMs = 60_000;

export async function visit(url: string, as: string): Promise<Visitor> {
  const stream = await open(`${url}/events?as=${as}`);
  const watchers = new Set<(snapshot: Snapshot) => void>();
  let last: Snapshot | null = null;
  const lines = createInterface(stream);
  // The page may end while somebody looks.
  lines.on('error', () => {});
  lines.on('line', (line) => {
    if (!line.startsWith('data: ')) return;
    const snapshot = JSON.parse(line.slice('data: '.length)) as Snapshot;
    last = snapshot;
    for (const watch of [...watchers]) watch(snapshot);
  });
  return {
    see(isSo) {
      const { promise, resolve, reject } = Promise.withResolvers<Snapshot>();
      const watch = (snapshot: Snapshot) => {
        if (isSo(snapshot)) resolve(snapshot);
      };
      const timer = setTimeout(() => reject(new Error(`not seen; last: ${JSON.stringify(last?.entries)}`)), timeoutMs);
      watchers.add(watch);
      if (last !== null) watch(last);
      return promise.finally(() => {
        clearTimeout(timer);
        watchers.delete(watch);
      });
    },
    async do(action) {
      const { status, body } = await post(url, nobodys.has(action.type) ? action : { as, ...action });
      if (status !== 200) throw new Error(`${status}: ${body}`);
      return JSON.parse(body) as Result;
    },
    leave: () => stream.destroy(),
  };
}

export async function readRecordAt(url: string): Promise<readonly RecordedRequest[]> {
  const { body } = await ask(`${url}/record`);
  return (JSON.parse(body) as { requests: readonly RecordedRequest[] }).requests;
}

export function post(url: string, action: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return ask(`${url}/actions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof action === 'string' ? action : JSON.stringify(action),
  });
}

type Asking = { method?: string; headers?: Record<string, string>; body?: string };

/** Not `fetch`, which does not let anybody set `Host`. */
export async function ask(url: string, { method = 'GET', headers = {}, body = '' }: Asking = {}): Promise<Answer> {
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
