import type { FaultQueue } from './fault-queue.ts';
import { passThrough, type Tenant } from './pretend-gateway.ts';
import type { PretendIms } from './pretend-ims.ts';
import type { RecordedRequest } from './recorded-request.ts';
import { oopsReply, type Reply } from './reply.ts';
import { workflowAddress } from './workflow-address.ts';

export type AnsweredBy = { tenants: readonly Tenant[]; faults: FaultQueue; isStrict: boolean };

export function isForIms({ path }: Pick<RecordedRequest, 'path'>): boolean {
  return path.startsWith('/ims/');
}

/** Applies the fault of this request, or answers it as usual. Records in the request how far it got. */
export function answerRequest(request: RecordedRequest, by: AnsweredBy): Reply {
  return isForIms(request) ? imsReply(request, by) : campaignReply(request, by);
}

function imsReply(request: RecordedRequest, { tenants, faults }: AnsweredBy): Reply {
  const fault = faults.meet('ims', request.method, undefined);
  return fault === undefined ? imsOf(request, tenants).answer(request) : fault.reply(oopsReply(500));
}

function campaignReply(request: RecordedRequest, { tenants, faults, isStrict }: AnsweredBy): Reply {
  const fault = faults.meet('campaign', request.method, workflowAddress(request.path)?.workflowId);
  if (fault !== undefined && fault.effect !== 'usual') {
    request.reachedCampaign = fault.effect === 'reaches_campaign';
    return fault.reply(oopsReply(500));
  }
  const { reply, reachedCampaign } = passThrough(request, tenants, isStrict);
  request.reachedCampaign = reachedCampaign;
  return fault?.reply(reply) ?? reply;
}

/** The tenant of the client. An unknown client is answered by the first tenant. */
function imsOf({ body }: RecordedRequest, tenants: readonly Tenant[]): PretendIms {
  const id = new URLSearchParams(body).get('client_id');
  const known = tenants.find(({ clientId }) => clientId === id) ?? tenants[0];
  if (known === undefined) throw new Error('there is no organization');
  return known.ims;
}
