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

/** Adobe Campaign, its gateway and IMS on 127.0.0.1, as far as they are documented. */
export type PretendCampaign = ImsSettings & {
  apiUrl: string;
  imsUrl: string;
  organization: string;
  /** The requests that arrived at the Campaign side, in order: the latest `remembered` of them. */
  requests: readonly RecordedRequest[];
  /** The same of those that arrived at IMS. */
  tokenRequests: readonly RecordedRequest[];
  /** The POSTs that arrived, all or those to a workflow; `reachedCampaign` says how far. */
  posts(workflowId?: string): RecordedRequest[];
  /** Of the first organization. */
  workflow(id: string): PretendWorkflow | undefined;
  /** Those of all organizations. */
  workflows(): ListedWorkflow[];
  /** Also puts an existing one into a state, and forgets its commands. Default `started`, in the first organization. */
  addWorkflow(id: string, state?: PretendState, organization?: string): void;
  /** The next matching requests meet this fault. Gives back how to remove it. */
  fail(fault: Fault, options?: FailOptions): () => void;
  /** Those that are switched on, in the order in which they are met. */
  faults(): PlannedFault[];
  /** Removes all, or all of one name. */
  clearFaults(fault?: Fault): void;
  /** Milliseconds since 1970 by Campaign's clock. IMS and `at` of a request keep real time. */
  now(): number;
  /** Moves Campaign's clock on, at once. Commands settle in real time all the same. */
  letPass(ms: number): void;
  /** Every token issued so far is refused from now on, with the gateway's 401013. */
  revokeTokens(): void;
  /** A valid token, without asking IMS. */
  issueToken(): string;
  setTokenLifetime(seconds: number): void;
  /** Something arrived or was answered, or a state changed. Gives back how to unsubscribe. */
  on: Changes['on'];
  /** Waits until the predicate gives a value, looking again at each change. Default 5000 ms; rejects after. */
  waitFor: Changes['waitFor'];
  close(): Promise<void>;
};

export type PretendCampaignOptions = Partial<ImsSettings> & {
  /** Default 0: a free one. */
  port?: number;
  organization?: string;
  /** Other organizations behind the same gateway, each with a client of its own. */
  others?: readonly NamedClient[];
  /** How long a command takes to become effective. Default 150. */
  settleMs?: number;
  /** A workflow that is paused or failed for longer is stopped. Default 7 days; Campaign v8 takes about a month. */
  autoStopMs?: number;
  /** How many requests are remembered of each side; older ones are forgotten. Default 10000. */
  remembered?: number;
  /**
   * Refuses what differs from the documented request by a byte, as our own client must not. Default: false, since Adobe
   * takes more than that.
   */
  strict?: boolean;
  /** Also answers under `/pretend/`: see `control.ts`. Default false. */
  control?: boolean;
  /**
   * Asked when a request has had its effect and before it is answered. Where it says no, the connection ends without
   * an answer. Default: always.
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
