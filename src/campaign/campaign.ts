import { setTimeout as wait } from 'node:timers/promises';
import { classify, retryAfterMs } from './classify.ts';
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
import type {
  AttemptResult,
  FailureReason,
  NoToken,
  SendResult,
  WorkflowLook,
  WorkflowObservation,
} from './results.ts';
import { type ServiceCall, type ServiceMonitor, serviceFailureOf } from './service-failure.ts';
import type { TokenSource, TokenVerdict } from './tokens.ts';
import { readNextProcessing, readState } from './workflow-state.ts';

export type { CampaignCommand } from './documented-request.ts';

/** Adobe Campaign's workflows over HTTP. Failures are results. Each method rejects only with a TypeError, for an invalid ID. */
export type CampaignClient = {
  /** Gets the access token for one attempt. Sends nothing to Campaign. */
  prepare(workflowId: string, command: CampaignCommand): Promise<PreparedAttempt | NoToken>;
  /** Reads the state of the workflow, as a best effort. */
  probe(workflowId: string): Promise<WorkflowObservation>;
  /** The same for people who wait: `slow` if it takes longer than `limitMs`, access token included. */
  probe(workflowId: string, limitMs: number): Promise<WorkflowObservation | Slow>;
  /** The same with what else a watch needs. */
  look(workflowId: string): Promise<WorkflowLook>;
};

type Slow = { readonly kind: 'slow' };

/**
 * `body` is the body of the response, empty without one. `token` is the secret to redact from it. `isOwnNotFound`: a
 * 404 was written by Campaign itself.
 */
type Attempt = {
  readonly result: AttemptResult;
  readonly body: string;
  readonly token: string;
  readonly isOwnNotFound: boolean;
  /** How long whoever answered asks not to be called, in milliseconds; null: they do not. */
  readonly retryAfterMs: number | null;
};

/** One attempt that is ready to be sent. */
type PreparedAttempt = {
  readonly kind: 'ready';
  /**
   * Sends at most one POST, immediately. Never retries.
   * @param mayLeave called just before the POST; nothing is sent if it returns false
   */
  send(mayLeave: () => boolean): Promise<SendResult>;
};

/**
 * @param options `apiUrl` as `https://mc.adobe.io`, with or without a trailing slash; `organization` is the tenant
 * slug; `timeoutMs` limits one request, all phases together (10 000 by default); `now`, in milliseconds since 1970, is
 * the reference for a `Retry-After` that is a date
 * @throws TypeError for an invalid URL, organization or key
 * @example
 * const campaign = createCampaignClient({ apiUrl, organization: 'acme', apiKey, tokens });
 * const prepared = await campaign.prepare('WKF110', 'stop');
 * const result = prepared.kind === 'ready' ? await prepared.send(() => true) : prepared;
 * if (result.kind === 'unknown') await campaign.probe('WKF110');
 */
export function createCampaignClient(options: {
  readonly apiUrl: string;
  readonly organization: string;
  readonly apiKey: string;
  readonly tokens: TokenSource;
  readonly timeoutMs?: number;
  readonly now?: () => number;
  readonly monitor?: ServiceMonitor;
  /** Called after each request. */
  readonly onCall?: (call: ServiceCall) => void;
}): CampaignClient {
  const { apiKey, tokens, timeoutMs = 10_000, now = Date.now, monitor = () => {}, onCall = () => {} } = options;
  const executions = executionUrl(options.apiUrl, options.organization);
  checkHeaderValue('API key', apiKey);

  async function attempt(request: DocumentedRequest, token: string): Promise<Attempt> {
    const begun = performance.now();
    const outcome = await sendRequest({ ...request, headers: documentedHeaders(apiKey, token), timeoutMs });
    const result = sendResult(outcome, token, now());
    const verdict = tokenVerdict(outcome, result);
    const isRenewed = verdict !== null && tokens.recordVerdict(token, verdict);
    const response = outcome.kind === 'responded' ? outcome.response : null;
    const isOwnNotFound = response !== null && isCampaignsNotFound(response);
    const failure = failureOf(result, isOwnNotFound);
    const durationMs = performance.now() - begun;
    onCall({ result: result.kind === 'accepted' ? 'ok' : result.reason, isOwn: failure === null, durationMs });
    // The end of a token is no failure of the service as long as there is a new one.
    const isTokenRenewal = verdict === 'expired' && isRenewed;
    if (!isTokenRenewal) monitor(failure === null ? null : serviceFailureOf(failure, outcome, request.url));
    return { result, body: response?.body ?? '', token, isOwnNotFound, retryAfterMs: askedWait(response, now()) };
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

  function probe(workflowId: string): Promise<WorkflowObservation>;
  function probe(workflowId: string, limitMs: number): Promise<WorkflowObservation | Slow>;
  function probe(workflowId: string, limitMs?: number): Promise<WorkflowObservation | Slow> {
    const observation = look(workflowId).then((seen) => seen.observation);
    return limitMs === undefined ? observation : Promise.race([observation, slowAfter(limitMs)]);
  }

  /** Reading changes nothing, so it is repeated with a new token when the first one has expired. */
  async function look(workflowId: string): Promise<WorkflowLook> {
    const first = await lookOnce(workflowId);
    const { observation } = first;
    return observation.kind === 'failed' && observation.reason === 'token_expired' ? lookOnce(workflowId) : first;
  }

  async function lookOnce(workflowId: string): Promise<WorkflowLook> {
    const request = stateRequest(executions, workflowId);
    const access = await tokens.get();
    if (!access.ok) {
      const { reason, answer } = access;
      return { observation: { kind: 'failed', reason, answer }, nextProcessingAt: null, retryAfterMs: null };
    }
    const attempted = await attempt(request, access.token);
    const { result, body, retryAfterMs } = attempted;
    return {
      observation: observationOf(attempted),
      nextProcessingAt: result.kind === 'accepted' ? readNextProcessing(body) : null,
      retryAfterMs,
    };
  }

  return { prepare, probe, look };
}

/** Whoever limits the calls counts, and not only the gateway in its own format: reading can wait. */
function askedWait(response: HttpResponse | null, now: number): number | null {
  const isLimit = response?.status === 429 || response?.status === 503;
  return isLimit ? retryAfterMs(response.headers['retry-after'], now) : null;
}

/** The timer does not keep the process alive. */
function slowAfter(ms: number): Promise<Slow> {
  return wait(ms, { kind: 'slow' }, { ref: false });
}

/** Why Campaign cannot be used; null if the response is Campaign's own, even if it is a rejection. */
function failureOf(result: AttemptResult, isOwnNotFound: boolean): FailureReason | null {
  if (result.kind === 'accepted' || result.reason === 'campaign_error') return null;
  return result.reason === 'workflow_not_found' && isOwnNotFound ? null : result.reason;
}

/** Null: the response says nothing about the token. */
function tokenVerdict(outcome: HttpOutcome, result: AttemptResult): TokenVerdict | null {
  if (result.kind === 'accepted') return 'accepted';
  if (result.kind === 'not_reached' && result.reason === 'token_expired') return 'expired';
  return isTokenRefused(outcome) ? 'refused' : null;
}

/** A 401 from anybody, even with an incomplete body, or a gateway error whose code begins with 401. */
function isTokenRefused(outcome: HttpOutcome): boolean {
  if (outcome.kind === 'interrupted') return outcome.head?.status === 401;
  if (outcome.kind !== 'responded') return false;
  const family = errorFamily(outcome.response.body ?? '');
  return outcome.response.status === 401 || (family.name === 'gateway' && family.code.startsWith('401'));
}

function sendResult(outcome: HttpOutcome, token: string, now: number): AttemptResult {
  switch (outcome.kind) {
    case 'responded':
      return responseResult(outcome.response, token, now);
    case 'never_connected':
      return { kind: 'not_reached', reason: outcome.reason, retryAfterMs: null, answer: noResponse };
    case 'interrupted':
      return { kind: 'unknown', reason: outcome.reason, answer: summarizeHead(outcome.head, [token]) };
    default:
      return outcome satisfies never;
  }
}

function responseResult(response: HttpResponse, token: string, now: number): AttemptResult {
  const verdict = classify(response, now);
  // The HTML of a sign-in page is useless to people.
  const isPage = verdict.kind === 'unknown' && verdict.reason === 'unexpected_answer' && isMarkup(response.body ?? '');
  return { ...verdict, answer: isPage ? summarizeHead(response, [token]) : summarizeResponse(response, [token]) };
}

function observationOf({ result, body, token, isOwnNotFound }: Attempt): WorkflowObservation {
  if (result.kind === 'accepted') return readState(body, [token]);
  const { reason, answer } = result;
  if (reason !== 'workflow_not_found') return { kind: 'failed', reason, answer };
  return isOwnNotFound ? { kind: 'not_found', answer } : { kind: 'failed', reason: 'server_error', answer };
}
