import type { PretendIms } from './pretend-ims.ts';
import type { RecordedRequest } from './recorded-request.ts';
import { campaignError, gatewayReply, jsonReply, oopsReply, type Reply, textReply } from './reply.ts';
import { type WorkflowAddress, workflowAddress } from './workflow-address.ts';
import type { PretendWorkflow, WorkflowMachine } from './workflow-machine.ts';
import { isPretendCommand, type PretendCommand } from './workflow-states.ts';

export type GatewaySettings = { organization: string; clientId: string };

/** A request on its usual way: the gateway, the entry, Campaign. */
export type Passage = { reply: Reply; reachedCampaign: boolean };

export function passThrough(
  request: RecordedRequest,
  settings: GatewaySettings,
  ims: PretendIms,
  machine: WorkflowMachine,
): Passage {
  const refusal = gatewayRefusal(request, settings, ims);
  if (refusal !== undefined) return { reply: refusal, reachedCampaign: false };
  const address = workflowAddress(request.path);
  if (address === undefined || address.organization !== settings.organization || !isMethodOf(address, request)) {
    return { reply: oopsReply(500), reachedCampaign: false };
  }
  return { reply: campaignReply(request, address, machine), reachedCampaign: true };
}

function gatewayRefusal({ headers }: RecordedRequest, settings: GatewaySettings, ims: PretendIms): Reply | undefined {
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  if (token === undefined || !ims.isValid(token)) return gatewayReply('401013', 'Oauth token is not valid');
  if (headers['x-api-key'] !== settings.clientId) return gatewayReply('403000', 'Api Key is invalid');
  const isDocumented = headers['content-type'] === 'application/json' && headers['cache-control'] === 'no-cache';
  return isDocumented ? undefined : textReply(400, 'Content-Type and Cache-Control have to be as documented');
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
  const command = commandIn(request.body);
  if (command === undefined) return textReply(400, 'Bad Request');
  machine.take(workflowId, command);
  // The success body is not documented; none is what a client has to be ready for.
  return textReply(200, '');
}

/** Only the documented body, byte for byte. */
function commandIn(body: string): PretendCommand | undefined {
  const command = /^\{"method":"([a-z]+)"\}$/.exec(body)?.[1];
  return isPretendCommand(command) ? command : undefined;
}

function shownWorkflow({ id, logicalStatus }: PretendWorkflow): unknown {
  return {
    PKey: `@pretend-${id}`,
    activities: { activity: { scheduler: { PKey: `@pretend-${id}-scheduler`, name: 'scheduler' } } },
    nextProcessingDate: '2030-01-01 06:30:00.000Z',
    logicalStatus,
  };
}
