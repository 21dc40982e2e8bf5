import type { Command } from '../../commands/command.ts';
import type { Phrase } from '../../locales/phrase.ts';
import type { Observation, Order } from '../../requests/events.ts';
import { workflowKey } from '../../requests/request.ts';
import type { AnswerPorts } from '../listener-ports.ts';
import { historyEntry, historyLegend } from '../messages/history-entry.ts';
import { type MessageContext, workflowName } from '../messages/message-context.ts';
import { describeObservation } from '../messages/outcome-text.ts';
import { type Message, renderMessage } from '../render.ts';
import { maySeeRequest, organizationOf } from './history.ts';
import { firstPlaces, readPage } from './history-page.ts';
import type { Invocation, Rights } from './invocation.ts';

export type StatusCommand = Command & { kind: 'status' };

/** The workflow's state in Campaign, and its last requests in this channel that this person may see. */
export async function statusMessage(
  { workflow, environment }: StatusCommand,
  { channel }: Invocation,
  rights: Rights,
  sources: AnswerPorts,
): Promise<Message> {
  const order = { workflowId: workflow.id, alias: workflow.alias };
  const organization = organizationOf(environment, sources);
  const which = { channel, workflowKey: workflowKey({ workflowId: workflow.id, organization }) };
  const shown = { since: 0, matches: () => true, maySee: maySeeRequest(rights, sources) };
  const [seen, { requests, hasOthers }] = await Promise.all([
    sources.campaign(organization)?.probe(workflow.id),
    readPage(which, shown, firstPlaces, sources.ledger),
  ]);
  const context = sources.contextFor(requests);
  const { translator } = context;
  const state = [
    translator.translate('status.title', { workflow: workflowName(order, context), environment }),
    ...(seen ? [describeProbe(seen, order, context)] : []),
  ];
  if (requests.length === 0) {
    return renderMessage([...state, ...(hasOthers ? [translator.translate('status.none_seen')] : [])]);
  }
  return renderMessage(
    [
      ...state,
      translator.translate('status.requests'),
      ...requests.flatMap((one) => historyEntry(one, context, sources.now())),
    ],
    { small: historyLegend(requests, context) },
  );
}

/** Says why a probe failed and what would help. An outcome omits that: it would sound like advice to send the command again. */
function describeProbe(seen: Observation, order: Pick<Order, 'alias' | 'workflowId'>, context: MessageContext): Phrase {
  if (seen.kind !== 'failed') return describeObservation(seen, order, context);
  const { translator } = context;
  return translator.translate('look.failed', {
    workflow: workflowName(order, context),
    why: translator.translate(`campaign.${seen.reason}`),
  });
}
