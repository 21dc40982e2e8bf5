import { z } from 'zod';
import { jsonIn } from './control-input.ts';
import type { PretendIms } from './pretend-ims.ts';
import type { RecordedRequest } from './recorded-request.ts';
import { campaignError, gatewayReply, jsonReply, oopsReply, type Reply, textReply } from './reply.ts';
import { type WorkflowAddress, workflowAddress } from './workflow-address.ts';
import type { PretendWorkflow, WorkflowMachine } from './workflow-machine.ts';
import { isPretendCommand, type PretendCommand } from './workflow-states.ts';

/** An organization with its workflows and its API client. */
export type Tenant = { organization: string; clientId: string; ims: PretendIms; machine: WorkflowMachine };

/** The usual path of a request: the gateway, the entry, Campaign. */
export type Passage = { reply: Reply; reachedCampaign: boolean };

/** @param isStrict refuses what differs from the documented request by a byte, even where Adobe takes it */
export function passThrough(request: RecordedRequest, tenants: readonly Tenant[], isStrict: boolean): Passage {
  const tenant = tenants.find(({ clientId }) => clientId === request.headers['x-api-key']);
  const refusal = gatewayRefusal(request, tenant, tenants) ?? (isStrict ? strictRefusal(request) : undefined);
  if (refusal !== undefined) return { reply: refusal, reachedCampaign: false };
  const address = workflowAddress(request.path);
  if (tenant === undefined || address?.organization !== tenant.organization || !isMethodOf(address, request)) {
    return { reply: oopsReply(500), reachedCampaign: false };
  }
  return { reply: campaignReply(request, address, tenant.machine), reachedCampaign: true };
}

/** A token is valid only together with the client that it was issued to. */
function gatewayRefusal(
  { headers }: RecordedRequest,
  tenant: Tenant | undefined,
  tenants: readonly Tenant[],
): Reply | undefined {
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  const issuers = tenants.filter(({ ims }) => token !== undefined && ims.isValid(token));
  if (issuers.length === 0) return gatewayReply('401013', 'Oauth token is not valid');
  if (tenant === undefined || !issuers.includes(tenant)) return gatewayReply('403000', 'Api Key is invalid');
  return undefined;
}

/** Adobe's own SDK sends no Cache-Control, and no Content-Type with a GET; others put spaces into the body. */
function strictRefusal({ headers, method, body }: RecordedRequest): Reply | undefined {
  const hasHeaders = headers['content-type'] === 'application/json' && headers['cache-control'] === 'no-cache';
  const hasBody = method !== 'POST' || /^\{"method":"[a-z]+"\}$/.test(body);
  return hasHeaders && hasBody ? undefined : textReply(400, 'Headers and body have to be as documented');
}

function isMethodOf(address: WorkflowAddress, request: RecordedRequest): boolean {
  return request.method === (address.isCommand ? 'POST' : 'GET');
}

function campaignReply(
  request: RecordedRequest,
  { workflowId, isCommand }: WorkflowAddress,
  machine: WorkflowMachine,
): Reply {
  const workflow = machine.get(workflowId);
  if (workflow === undefined) return campaignError(404);
  if (!isCommand) return jsonReply(200, shownWorkflow(workflow));
  const command = commandIn(request);
  if (command === undefined) return textReply(400, 'Bad Request');
  machine.take(workflowId, command);
  // The success body is not documented, so a client has to accept an empty one.
  return textReply(200, '');
}

const CommandBody = z.object({ method: z.custom<PretendCommand>(isPretendCommand) });

function commandIn({ headers, body }: RecordedRequest): PretendCommand | undefined {
  const [mediaType = ''] = (headers['content-type'] ?? '').split(';');
  if (mediaType.trim().toLowerCase() !== 'application/json') return undefined;
  return CommandBody.safeParse(jsonIn(body)).data?.method;
}

function shownWorkflow({ id, logicalStatus }: PretendWorkflow): unknown {
  return {
    PKey: `@pretend-${id}`,
    activities: { activity: { scheduler: { PKey: `@pretend-${id}-scheduler`, name: 'scheduler' } } },
    nextProcessingDate: '2030-01-01 06:30:00.000Z',
    logicalStatus,
  };
}
