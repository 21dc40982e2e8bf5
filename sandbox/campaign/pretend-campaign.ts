import { startLoopbackServer } from '../http/loopback-server.ts';
import { answerRequest, isForIms } from './answer-request.ts';
import { type Changes, createChanges } from './changes.ts';
import { createControl, isForControl } from './control.ts';
import { createFaultQueue, type FailOptions, type PlannedFault } from './fault-queue.ts';
import type { Fault } from './faults.ts';
import { createPretendClock } from './pretend-clock.ts';
import type { ImsSettings } from './pretend-ims.ts';
import { createRecordingHandler } from './record-requests.ts';
import { type RecordedRequest, statusOf } from './recorded-request.ts';
import type { Reply } from './reply.ts';
import { createTenants, type ListedWorkflow, type NamedClient, tenantNamed, workflowsOf } from './tenants.ts';
import { workflowAddress } from './workflow-address.ts';
import type { PretendWorkflow } from './workflow-machine.ts';
import type { PretendState } from './workflow-states.ts';

export type { Fault } from './faults.ts';
export type { RecordedRequest } from './recorded-request.ts';
export type { ListedWorkflow } from './tenants.ts';
export type { PretendWorkflow } from './workflow-machine.ts';

/** A simulation of Adobe Campaign, its gateway and IMS on 127.0.0.1, as far as they are documented. */
export type PretendCampaign = ImsSettings & {
  apiUrl: string;
  imsUrl: string;
  organization: string;
  /** The requests that arrived at the Campaign side, in order: the latest `remembered` of them. */
  requests: readonly RecordedRequest[];
  /** The same for IMS. */
  tokenRequests: readonly RecordedRequest[];
  /** The received POSTs, all or those to one workflow. `reachedCampaign` says how far they got. */
  posts(workflowId?: string): RecordedRequest[];
  /** Of the first organization. */
  workflow(id: string): PretendWorkflow | undefined;
  /** Those of all organizations. */
  workflows(): ListedWorkflow[];
  /** Also puts an existing one into a state, and forgets its commands. Default `started`, in the first organization. */
  addWorkflow(id: string, state?: PretendState, organization?: string): void;
  /** Applies this fault to the next matching requests. Returns a function that removes it. */
  fail(fault: Fault, options?: FailOptions): () => void;
  /** The active faults, in the order in which they apply. */
  faults(): PlannedFault[];
  /** Removes all, or all of one name. */
  clearFaults(fault?: Fault): void;
  /** Milliseconds since 1970 by Campaign's clock. IMS and `at` of a request keep real time. */
  now(): number;
  /** Moves Campaign's clock forward. Commands still settle in real time. */
  letPass(ms: number): void;
  /** Every token issued so far is refused from now on, with the gateway's 401013. */
  revokeTokens(): void;
  /** A valid token, without asking IMS. */
  issueToken(): string;
  setTokenLifetime(seconds: number): void;
  /** Called after a request, a response or a change of state. Returns the unsubscribe function. */
  on: Changes['on'];
  /** Resolves when the predicate returns a value; it is called at each change. Rejects after a time limit. */
  waitFor: Changes['waitFor'];
  close(): Promise<void>;
};

export type PretendCampaignOptions = Partial<ImsSettings> & {
  /** Default 0: a free one. */
  port?: number;
  organization?: string;
  /** Other organizations behind the same gateway, each with its own client. */
  others?: readonly NamedClient[];
  /** How long a command takes to become effective. Default 150. */
  settleMs?: number;
  /** A workflow that is paused or failed for longer is stopped. Default 7 days; Campaign v8 takes about a month. */
  autoStopMs?: number;
  /** How many requests of each side are kept; older ones are dropped. Default 10000. */
  remembered?: number;
  /**
   * Refuses requests that differ from the documentation by a byte, to check our own client. Default: false, because Adobe
   * accepts more than that.
   */
  strict?: boolean;
  /** Also answers under `/pretend/`: see `control.ts`. Default false. */
  control?: boolean;
  /**
   * Called when a request has had its effect, before the response. If it returns false, the connection is closed without
   * a response. Default: always true.
   */
  mayAnswer?: (request: RecordedRequest) => boolean;
};

export async function startPretendCampaign(options: PretendCampaignOptions = {}): Promise<PretendCampaign> {
  const settings = { ...DEFAULTS, ...options };
  const arrived: RecordedRequest[] = [];
  const requests: RecordedRequest[] = [];
  const tokenRequests: RecordedRequest[] = [];
  const changes = createChanges(() => summaryOf(arrived));
  const faults = createFaultQueue();
  const clock = createPretendClock();
  const tenants = createTenants(settings, clock, changes.announce);
  const [{ ims, machine }] = tenants;
  const control = createControl({
    workflows: () => workflowsOf(tenants),
    putWorkflow: machine.add,
    requests: () => arrived,
    faults,
    clock,
  });

  function respond(request: RecordedRequest): Reply {
    if (settings.control && isForControl(request)) return control(request);
    for (const list of [arrived, isForIms(request) ? tokenRequests : requests]) {
      list.push(request);
      if (list.length > settings.remembered) list.shift();
    }
    const reply = answerRequest(request, { tenants, faults, isStrict: settings.strict });
    changes.announce();
    return settings.mayAnswer(request) ? reply : { kind: 'drop' };
  }

  const server = await startLoopbackServer(settings.port);
  server.serve(createRecordingHandler(respond, changes.announce));

  return {
    ...settings,
    apiUrl: server.url,
    imsUrl: server.url,
    requests,
    tokenRequests,
    posts: (workflowId) => requests.filter((request) => isPostTo(request, workflowId)),
    workflow: machine.get,
    workflows: () => workflowsOf(tenants),
    addWorkflow: (id, state = 'started', organization = settings.organization) =>
      tenantNamed(organization, tenants).machine.add(id, state),
    fail: (fault, failOptions = {}) => faults.add(fault, failOptions),
    faults: faults.list,
    clearFaults: faults.clear,
    now: clock.now,
    letPass: clock.letPass,
    revokeTokens: () => {
      for (const tenant of tenants) tenant.ims.revokeAll();
    },
    issueToken: ims.issue,
    setTokenLifetime: ims.setLifetime,
    on: changes.on,
    waitFor: changes.waitFor,
    async close() {
      for (const tenant of tenants) tenant.machine.close();
      clock.close();
      await server.close();
    },
  };
}

const DEFAULTS = {
  port: 0,
  organization: 'acme',
  clientId: 'pretend-client',
  clientSecret: 'pretend-secret',
  scopes: 'openid,AdobeID,pretend_campaign',
  tokenSeconds: 86_399,
  others: [],
  settleMs: 150,
  autoStopMs: 7 * 24 * 60 * 60 * 1000,
  remembered: 10_000,
  strict: false,
  control: false,
  mayAnswer: () => true,
};

function isPostTo({ method, path }: RecordedRequest, workflowId: string | undefined): boolean {
  return method === 'POST' && (workflowId === undefined || workflowAddress(path)?.workflowId === workflowId);
}

function summaryOf(requests: readonly RecordedRequest[]): string {
  const lines = requests.slice(-20).map((it) => `  ${it.method} ${it.path} → ${statusOf(it) ?? 'no answer'}`);
  return ['Arrived so far:', ...(lines.length > 0 ? lines : ['  nothing'])].join('\n');
}
