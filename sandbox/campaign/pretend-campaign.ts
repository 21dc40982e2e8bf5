import { type Changes, createChanges } from './changes.ts';
import { createFaultQueue, type FailOptions } from './fault-queue.ts';
import type { Fault } from './faults.ts';
import { startLoopbackServer } from './loopback-server.ts';
import { passThrough, type Tenant } from './pretend-gateway.ts';
import { type Client, createPretendIms, type ImsSettings, type PretendIms } from './pretend-ims.ts';
import type { RecordedRequest } from './recorded-request.ts';
import { oopsReply, type Reply } from './reply.ts';
import { workflowAddress } from './workflow-address.ts';
import { createWorkflowMachine, type PretendWorkflow } from './workflow-machine.ts';
import type { PretendState } from './workflow-states.ts';

export type { Fault } from './faults.ts';
export type { RecordedRequest } from './recorded-request.ts';
export type { PretendWorkflow } from './workflow-machine.ts';

/** Adobe Campaign, its gateway and IMS on 127.0.0.1, as far as they are documented. */
export type PretendCampaign = ImsSettings & {
  apiUrl: string;
  imsUrl: string;
  organization: string;
  /** Every request that arrived at the Campaign side, in order. */
  requests: readonly RecordedRequest[];
  /** Every request that arrived at IMS. */
  tokenRequests: readonly RecordedRequest[];
  /** The POSTs that arrived, all or those to a workflow; `reachedCampaign` says how far. */
  posts(workflowId?: string): RecordedRequest[];
  workflow(id: string): PretendWorkflow | undefined;
  /** Also puts an existing one into a state, and forgets its commands. Default `started`, in the first organization. */
  addWorkflow(id: string, state?: PretendState, organization?: string): void;
  /** The next matching requests meet this fault. */
  fail(fault: Fault, options?: FailOptions): void;
  clearFaults(): void;
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
  others?: readonly (Client & { organization: string })[];
  /** How long a command takes to become effective. Default 150. */
  settleMs?: number;
  /**
   * Asked when a request has had its effect and before it is answered. Where it says no, the connection ends without
   * an answer. Default: always.
   */
  mayAnswer?: (request: RecordedRequest) => boolean;
};

const SEEDS: readonly [string, PretendState][] = [
  ['WKF110', 'started'],
  ['WKF111', 'editing'],
  ['WKF112', 'paused'],
  ['WKF113', 'erroneous'],
  ...['WKF200', 'WKF201', 'WKF202', 'WKF203', 'WKF204', 'WKF205'].map((id): [string, PretendState] => [id, 'started']),
];

export async function startPretendCampaign(options: PretendCampaignOptions = {}): Promise<PretendCampaign> {
  const settings = { ...DEFAULTS, ...options };
  const requests: RecordedRequest[] = [];
  const tokenRequests: RecordedRequest[] = [];
  const changes = createChanges(() => summaryOf([...tokenRequests, ...requests]));
  const faults = createFaultQueue();
  const tenantOf = ({ organization, ...client }: Client & { organization: string }): Tenant => ({
    organization,
    clientId: client.clientId,
    ims: createPretendIms({ ...client, tokenSeconds: settings.tokenSeconds }),
    machine: createWorkflowMachine(settings.settleMs, changes.announce),
  });
  const { organization, clientId, clientSecret, scopes } = settings;
  const first = tenantOf({ organization, clientId, clientSecret, scopes });
  const tenants: readonly Tenant[] = [first, ...settings.others.map(tenantOf)];
  const { ims, machine } = first;
  for (const [id, state] of SEEDS) machine.add(id, state);

  function hear(request: RecordedRequest): Reply {
    const atIms = request.path.startsWith('/ims/');
    (atIms ? tokenRequests : requests).push(request);
    const reply = atIms ? imsReply(request) : campaignReply(request);
    changes.announce();
    return settings.mayAnswer(request) ? reply : { kind: 'drop' };
  }

  function imsReply(request: RecordedRequest): Reply {
    const fault = faults.meet('ims', request.method, undefined);
    return fault === undefined ? imsOf(request, tenants).answer(request) : fault.reply(oopsReply(500));
  }

  function campaignReply(request: RecordedRequest): Reply {
    const fault = faults.meet('campaign', request.method, workflowAddress(request.path)?.workflowId);
    if (fault !== undefined && fault.effect !== 'usual') {
      request.reachedCampaign = fault.effect === 'reaches_campaign';
      return fault.reply(oopsReply(500));
    }
    const { reply, reachedCampaign } = passThrough(request, tenants);
    request.reachedCampaign = reachedCampaign;
    return fault?.reply(reply) ?? reply;
  }

  const server = await startLoopbackServer(settings.port, hear, changes.announce);

  return {
    ...settings,
    apiUrl: server.url,
    imsUrl: server.url,
    requests,
    tokenRequests,
    posts: (workflowId) => requests.filter((request) => isPostTo(request, workflowId)),
    workflow: machine.get,
    addWorkflow: (id, state = 'started', organization = settings.organization) => {
      const tenant = tenants.find((one) => one.organization === organization);
      if (tenant === undefined) throw new Error(`there is no organization ${organization}`);
      tenant.machine.add(id, state);
    },
    fail: (fault, failOptions = {}) => faults.add(fault, failOptions),
    clearFaults: faults.clear,
    revokeTokens: () => {
      for (const tenant of tenants) tenant.ims.revokeAll();
    },
    issueToken: ims.issue,
    setTokenLifetime: ims.setLifetime,
    on: changes.on,
    waitFor: changes.waitFor,
    async close() {
      for (const tenant of tenants) tenant.machine.close();
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
  mayAnswer: () => true,
};

/** By the client that asks; a client that nobody knows is told so by the first. */
function imsOf({ body }: RecordedRequest, tenants: readonly Tenant[]): PretendIms {
  const id = new URLSearchParams(body).get('client_id');
  const known = tenants.find(({ clientId }) => clientId === id) ?? tenants[0];
  if (known === undefined) throw new Error('there is no organization');
  return known.ims;
}

function isPostTo({ method, path }: RecordedRequest, workflowId: string | undefined): boolean {
  return method === 'POST' && (workflowId === undefined || workflowAddress(path)?.workflowId === workflowId);
}

function summaryOf(requests: readonly RecordedRequest[]): string {
  const lines = requests.slice(-20).map(({ method, path, status }) => `  ${method} ${path} → ${status ?? 'no answer'}`);
  return ['Arrived so far:', ...(lines.length > 0 ? lines : ['  nothing'])].join('\n');
}
