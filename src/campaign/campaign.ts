import { setTimeout as wait } from 'node:timers/promises';
import { classify } from './classify.ts';
import {
  type CampaignCommand,
  checkHeaderValue,
  commandRequest,
  type DocumentedRequest,
  documentedHeaders,
  executionUrl,
  stateRequest,
} from './documented-request.ts';
import { errorFamily, isCampaignsNotFound } from './error-format.ts';
import { isMarkup } from './expected-body.ts';
import { type HttpOutcome, type HttpResponse, sendRequest } from './http-client.ts';
import { noResponse, summarizeHead, summarizeResponse } from './response-summary.ts';
import type { AttemptResult, FailureReason, NoToken, SendResult, WorkflowObservation } from './results.ts';
import { type ServiceMonitor, serviceFailureOf } from './service-failure.ts';
import type { TokenSource, TokenVerdict } from './tokens.ts';
import { readState } from './workflow-state.ts';

export type { CampaignCommand } from './documented-request.ts';

/** Adobe Campaign's workflows over HTTP. Failures are results; all reject only with a TypeError, for an impossible ID. */
export type CampaignClient = {
  /** Gets the access token for one attempt, and sends nothing. */
  prepare(workflowId: string, command: CampaignCommand): Promise<PreparedAttempt | NoToken>;
  /** GET the workflow and read its state, best effort. */
  observe(workflowId: string): Promise<WorkflowObservation>;
  /** The same for people who wait: after three seconds the answer is that it takes longer. */
  probe(workflowId: string): Promise<WorkflowObservation | { kind: 'slow' }>;
};

/** The longest that a glance takes, access token included. */
const probeLimitMs = 3_000;

/**
 * `body` is what was answered, empty if nothing was; `token` is what it must not repeat. `isOwnNotFound`: should the
 * status be 404, it is Campaign's own.
 */
type Attempt = { result: AttemptResult; body: string; token: string; isOwnNotFound: boolean };

/** One attempt that needs nothing more than to be sent. */
type PreparedAttempt = {
  kind: 'ready';
  /**
   * At most one POST leaves, at once. Never retries by itself.
   * @param mayLeave asked just before the POST is begun
   */
  send(mayLeave: () => boolean): Promise<SendResult>;
};

/**
 * @param options `apiUrl` as `https://mc.adobe.io`, with or without a slash at its end; `organization` is the tenant
 * slug; `timeoutMs` is for a request, all phases together, 10 000 if absent; `now` in milliseconds since 1970 dates a
 * `Retry-After`
 * @throws TypeError when a URL, an organization or a key cannot be one
 * @example
 * const campaign = createCampaign({ apiUrl, organization: 'acme', apiKey, tokens });
 * const prepared = await campaign.prepare('WKF110', 'stop');
 * const result = prepared.kind === 'ready' ? await prepared.send(() => true) : prepared;
 * if (result.kind === 'unknown') await campaign.observe('WKF110');
 */
export function createCampaignClient(options: {
  apiUrl: string;
  organization: string;
  apiKey: string;
  tokens: TokenSource;
  timeoutMs?: number;
  now?: () => number;
  watch?: ServiceMonitor;
}): CampaignClient {
  const { apiKey, tokens, timeoutMs = 10_000, now = Date.now, watch = () => {} } = options;
  const executions = executionUrl(options.apiUrl, options.organization);
  checkHeaderValue('API key', apiKey);

  async function attempt(request: DocumentedRequest, token: string): Promise<Attempt> {
    const outcome = await sendRequest({ ...request, headers: documentedHeaders(apiKey, token), timeoutMs });
    const result = sendResult(outcome, token, now());
    const verdict = tokenVerdict(outcome, result);
    const isRenewed = verdict !== null && tokens.recordVerdict(token, verdict);
    const isOwnNotFound = outcome.kind === 'answered' && isCampaignsNotFound(outcome.answer);
    const body = outcome.kind === 'answered' ? (outcome.answer.body ?? '') : '';
    const failure = failureOf(result, isOwnNotFound);
    // That a token ends is usual, and no trouble as long as there is a new one.
    const isUsual = verdict === 'expired' && isRenewed;
    if (!isUsual) watch(failure === null ? null : serviceFailureOf(failure, outcome, request.url));
    return { result, body, token, isOwnNotFound };
  }

  async function prepare(workflowId: string, command: CampaignCommand): Promise<PreparedAttempt | NoToken> {
    const request = commandRequest(executions, workflowId, command);
    const access = await tokens.get();
    if (!access.ok) return { kind: 'no_token', reason: access.reason, answer: access.answer };
    const { token } = access;
    const send = async (mayLeave: () => boolean): Promise<SendResult> =>
      mayLeave() ? (await attempt(request, token)).result : { kind: 'held_up' };
    return { kind: 'ready', send };
  }

  /** A look changes nothing, so one that met an expired token is repeated with a new one. */
  async function observe(workflowId: string): Promise<WorkflowObservation> {
    const first = await observeOnce(workflowId);
    return first.kind === 'failed' && first.reason === 'token_expired' ? observeOnce(workflowId) : first;
  }

  async function observeOnce(workflowId: string): Promise<WorkflowObservation> {
    const request = stateRequest(executions, workflowId);
    const access = await tokens.get();
    if (!access.ok) return { kind: 'failed', reason: access.reason, answer: access.answer };
    return observationOf(await attempt(request, access.token));
  }

  return {
    prepare,
    observe,
    probe: (workflowId) => Promise.race([observe(workflowId), slowAfter(probeLimitMs)]),
  };
}

/** It keeps no process alive. */
function slowAfter(ms: number): Promise<{ kind: 'slow' }> {
  return wait(ms, { kind: 'slow' }, { ref: false });
}

/** Why Campaign cannot be used; null where the answer is Campaign's own, be it a no. */
function failureOf(result: AttemptResult, isOwnNotFound: boolean): FailureReason | null {
  if (result.kind === 'accepted' || result.reason === 'campaign_error') return null;
  return result.reason === 'workflow_not_found' && isOwnNotFound ? null : result.reason;
}

/** Null: the answer says nothing about the token. */
function tokenVerdict(outcome: HttpOutcome, result: AttemptResult): TokenVerdict | null {
  if (result.kind === 'accepted') return 'accepted';
  if (result.kind === 'not_reached' && result.reason === 'token_expired') return 'expired';
  return isTokenRefused(outcome) ? 'refused' : null;
}

/** By a 401 of anybody, even one whose body broke off, or by the code of one. */
function isTokenRefused(outcome: HttpOutcome): boolean {
  if (outcome.kind === 'broken_off') return outcome.head?.status === 401;
  if (outcome.kind !== 'answered') return false;
  const family = errorFamily(outcome.answer.body ?? '');
  return outcome.answer.status === 401 || (family.name === 'gateway' && family.code.startsWith('401'));
}

function sendResult(outcome: HttpOutcome, token: string, now: number): AttemptResult {
  switch (outcome.kind) {
    case 'answered':
      return answeredResult(outcome.answer, token, now);
    case 'never_connected':
      return { kind: 'not_reached', reason: outcome.reason, retryAfterMs: null, answer: noResponse };
    case 'broken_off':
      return { kind: 'unknown', reason: outcome.reason, answer: summarizeHead(outcome.head, [token]) };
    default:
      return outcome satisfies never;
  }
}

function answeredResult(answer: HttpResponse, token: string, now: number): AttemptResult {
  const verdict = classify(answer, now);
  // The source of a sign-in page tells people nothing.
  const isPage = verdict.kind === 'unknown' && verdict.reason === 'unexpected_answer' && isMarkup(answer.body ?? '');
  return { ...verdict, answer: isPage ? summarizeHead(answer, [token]) : summarizeResponse(answer, [token]) };
}

function observationOf({ result, body, token, isOwnNotFound }: Attempt): WorkflowObservation {
  if (result.kind === 'accepted') return readState(body, [token]);
  const { reason, answer } = result;
  if (reason !== 'workflow_not_found') return { kind: 'failed', reason, answer };
  return isOwnNotFound ? { kind: 'not_found', answer } : { kind: 'failed', reason: 'server_error', answer };
}
