import { readAtOnce } from '../answers/history-page.ts';
import { rightsOf } from '../answers/invocation.ts';
import { choiceLabel, mostOptions } from '../form/form-view.ts';
import { optionValue, recentChoices, workflowChoices } from '../form/workflow-options.ts';
import type { LocalizedPorts } from '../listener-ports.ts';
import { type SuggestionBody, workspaceOf } from './interaction.ts';

/** The options that match the text typed into the workflow field. */
export async function suggestWorkflows({ user, team, value, view }: SuggestionBody, ports: LocalizedPorts) {
  const { channel, interaction } = view.private_metadata;
  const invocation = { person: user.id, team: workspaceOf({ team, user }, ports.team), channel, interaction };
  const [rights, requests] = await Promise.all([
    rightsOf(invocation, ports),
    ports.ledger.recent({ channel, workflowKey: null, refused: false, limit: readAtOnce }),
  ]);
  if (rights.here.kind === 'none') return [];
  const { asks } = rights.here;
  const recent = recentChoices(requests, ports.environments());
  return workflowChoices(value, { asks, may: rights.may }, ports.vocabulary(), recent)
    .slice(0, mostOptions)
    .map((choice) => ({
      text: { type: 'plain_text' as const, text: choiceLabel(choice, ports.plainContext) },
      value: optionValue(choice),
    }));
}
