import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import type { RecordedEvent } from '../requests/events.ts';
import { endReason } from '../requests/log-end.ts';
import type { Request } from '../requests/request.ts';

type Attributes = Readonly<Record<string, string | number>>;

/** A span that is over. Times in milliseconds since the epoch. `parent`: null for that of the whole request. */
export type FinishedSpan = {
  readonly name: string;
  readonly trace: string;
  readonly id: string;
  readonly parent: string | null;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: Attributes;
  /** Why it failed; null: it did not. */
  readonly problem: string | null;
};

/** Where spans go. */
export type SpanSink = {
  emit(span: FinishedSpan): void;
  /** Exports what is left. */
  end(): Promise<void>;
};

/** The work on one request that is going on: an interaction, or a step. Its request may become known later. */
type Scope = {
  readonly id: string;
  name: string;
  request: { readonly id: string; readonly trace: string; readonly root: string } | null;
  readonly children: Omit<FinishedSpan, 'trace' | 'parent'>[];
};

const scopes = new AsyncLocalStorage<Scope>();
let sink: SpanSink | null = null;

/** From now on spans go there. Without it, nothing below costs anything. */
export function exportSpans(given: SpanSink | null): void {
  sink = given;
}

export async function endTracing(): Promise<void> {
  await sink?.end();
}

/** The IDs follow from the digest of the first event: so every process that works on a request knows its trace. */
function identify({ id, firstDigest }: Pick<Request, 'id' | 'firstDigest'>): NonNullable<Scope['request']> {
  return { id, trace: firstDigest.slice(0, 32), root: firstDigest.slice(32, 48) };
}

const newSpanId = () => randomBytes(8).toString('hex');

/** Runs work as one span of the request that it turns out to be about; without one there is none. */
export async function traced<T>(name: string, work: () => Promise<T>): Promise<T> {
  if (sink === null) return work();
  const scope: Scope = { id: newSpanId(), name, request: null, children: [] };
  const startedAt = Date.now();
  let problem: string | null = null;
  try {
    return await scopes.run(scope, work);
  } catch (error) {
    problem = Error.isError(error) ? error.name : 'error';
    throw error;
  } finally {
    close(scope, startedAt, problem);
  }
}

function close({ id, name, request, children }: Scope, startedAt: number, problem: string | null): void {
  if (request === null || sink === null) return;
  const { trace, root } = request;
  const attributes = { 'campaign_wf.request': request.id };
  sink.emit({ name, trace, id, parent: root, startedAt, endedAt: Date.now(), attributes, problem });
  for (const child of children)
    sink.emit({ ...child, trace, parent: id, attributes: { ...child.attributes, ...attributes } });
}

/** The work that is going on is about this request. */
export function traceRequest(request: Pick<Request, 'id' | 'firstDigest'>, name?: string): void {
  const scope = sink === null ? undefined : scopes.getStore();
  if (scope === undefined) return;
  scope.request ??= identify(request);
  if (name !== undefined) scope.name = name;
}

/** Something within the work that is going on has just ended. */
export function traceChild(name: string, durationMs: number, attributes: Attributes, problem: string | null): void {
  const scope = sink === null ? undefined : scopes.getStore();
  const endedAt = Date.now();
  const startedAt = endedAt - durationMs;
  scope?.children.push({ name, id: newSpanId(), startedAt, endedAt, attributes, problem });
}

/** A new request is known from its first event; the span of the whole request is emitted with its outcome. */
export function traceEvent(event: RecordedEvent, request: Request): void {
  if (sink === null) return;
  if (event.type === 'requested' && request.batch === null) traceRequest(request);
  if (event.type === 'pressed') traceRequest(request, 'press');
  if (event.type !== 'ended' && event.type !== 'reconciled') return;
  const { end, order, requestedAt, batch } = request;
  if (end === null) return;
  const { id, trace, root } = identify(request);
  const attributes = {
    ...{ 'campaign_wf.request': id, 'campaign_wf.verb': order.verb, 'campaign_wf.workflow': order.workflowId },
    ...{ 'campaign_wf.environment': order.environment, 'campaign_wf.outcome': end.outcome },
    ...{ 'campaign_wf.reason': endReason(end.because), ...(batch !== null && { 'campaign_wf.batch': batch }) },
  };
  const problem = end.outcome === 'unknown' || end.outcome === 'not_sent' ? end.outcome : null;
  const times = { startedAt: requestedAt, endedAt: Math.max(requestedAt, end.at) };
  sink.emit({ name: `request ${order.verb}`, trace, id: root, parent: null, ...times, attributes, problem });
}

/** For the lines of the log that are written meanwhile. */
export function traceFields(line: object): object {
  const scope = sink === null ? undefined : scopes.getStore();
  if (scope?.request == null) return {};
  const isOther = 'request' in line && line.request !== scope.request.id;
  return isOther ? {} : { trace_id: scope.request.trace, span_id: scope.id };
}
