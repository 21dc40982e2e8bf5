import { mayOnlyConfirmOthers } from '../../access/approvals.ts';
import type { Phrase } from '../../locales/phrase.ts';
import { allAsked, type Request } from '../../requests/request.ts';
import { isKnownHere } from '../../requests/rules/authorization.ts';
import { itemsOf } from '../../requests/rules/batch.ts';
import type { ListenerPorts, LocalizedPorts } from '../listener-ports.ts';
import { describeMoments } from '../messages/announcement-status.ts';
import { itemRefusals } from '../messages/batch-refusal.ts';
import { type MessageContext, mention } from '../messages/message-context.ts';
import { forRequester } from '../messages/replies.ts';
import { referencedRequests } from '../references.ts';
import { type Message, renderMessage } from '../render.ts';

/** One message tells that an order is recorded, and where. If it has ended without an announcement, its outcome tells that. */
export async function askedMessage(
  request: Request,
  isMasked: boolean,
  ports: LocalizedPorts,
): Promise<Message | null> {
  const isToldElsewhere = request.end !== null && request.announcement.ts === null;
  const lines = [
    ...(isToldElsewhere ? [] : await describeAsked(request, ports)),
    ...(isMasked ? [ports.plainContext.translator.translate('ack.masked')] : []),
  ];
  return lines.length === 0 ? null : renderMessage(lines);
}

/** Where it is asked, when it is sent, who else has to confirm it, and why some of several workflows are not asked about. */
async function describeAsked(request: Request, ports: LocalizedPorts): Promise<readonly Phrase[]> {
  const { ledger, contextFor } = ports;
  const items = await itemsOf(request, ledger);
  const others = items.flatMap(({ end }) => (end === null ? [] : referencedRequests(end.because)));
  const loaded = await Promise.all(others.map((id) => ledger.load(id)));
  const context = contextFor([request, ...loaded.filter((one) => one !== null)]);
  const isPermitted = request.grant !== null;
  return [
    context.translator.translate('ack.asked', { request: context.refer(request.id) }),
    ...describeMoments(request, context),
    ...describeOthers(request, context, ports),
    ...(isPermitted ? itemRefusals({ ...context, items: items.map((one) => readableItem(one, ports)) }) : []),
  ];
}

function readableItem(item: Request, ports: ListenerPorts): Request {
  return forRequester(item, (requester) => isKnownHere(requester, ports));
}

/** Approvers who may not confirm their own request are told at once that somebody else has to. */
function describeOthers(
  request: Request,
  context: MessageContext,
  { policy, directory }: LocalizedPorts,
): readonly Phrase[] {
  const { requester, grant, approval: decided, end } = request;
  const asked = grant?.asked;
  const approval = policy().rules.find(({ name }) => name === grant?.rule)?.approval ?? null;
  if (asked === undefined || approval === null || decided !== null || end !== null) return [];
  const isIn = (group: string) => directory.lastKnownMembers(group)?.has(requester) ?? asked.except.includes(requester);
  if (!mayOnlyConfirmOthers(approval, requester, isIn)) return [];
  return [context.translator.translate('ack.not_yourself', { people: mention(allAsked(request), context) })];
}
