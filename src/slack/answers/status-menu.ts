import { isWorkflowId } from '../../commands/vocabulary/ids.ts';
import { aliasOf, type Vocabulary } from '../../commands/vocabulary/vocabulary.ts';
import { foreign } from '../../locales/phrase.ts';
import { plain } from '../../locales/translator.ts';
import type { AnswerPorts } from '../listener-ports.ts';
import { commandWord, typed } from '../messages/message-context.ts';
import { statusAction } from '../names.ts';
import { type Button, type Message, renderMessage } from '../render.ts';
import type { Invocation, Rights } from './invocation.ts';
import type { StatusCommand } from './status.ts';
import { type WorkflowHere, workflowsHere } from './workflows-here.ts';

/** The most buttons: on a phone each takes a line. */
const mostButtons = 10;

/** The workflows of this channel whose status this person may see, as buttons. */
export async function statusMenu(
  environment: string | null,
  invocation: Invocation,
  rights: Rights,
  sources: AnswerPorts,
): Promise<Message> {
  const workflows = await workflowsHere({ actions: ['status'], environment }, invocation, rights, sources);
  const context = sources.plainContext;
  const { translator } = context;
  const example = typed(['status', 'WKF110', ...option(environment, sources)], context);
  if (workflows.length === 0) {
    const command = commandWord('status', context);
    return renderMessage([
      translator.translate('usage.missing_workflow', { command }),
      translator.translate('status.type', { example }),
    ]);
  }
  const isNamed = sources.environments().length > 1;
  const more = workflows.length - mostButtons;
  return renderMessage(
    [
      translator.translate('status.which'),
      ...(more > 0 ? [translator.translate('status.more', { count: more, example })] : []),
    ],
    { buttons: workflows.slice(0, mostButtons).map((one, index) => statusButton(one, index, isNamed)) },
  );
}

function option(environment: string | null, { vocabulary }: AnswerPorts): readonly string[] {
  const { defaultEnvironment, environments } = vocabulary();
  const named = environment ?? defaultEnvironment ?? environments[0] ?? '';
  return named === defaultEnvironment ? [] : ['--env', named];
}

function statusButton(
  { workflowId, environment, alias, label }: WorkflowHere,
  index: number,
  isNamed: boolean,
): Button {
  const name = plain([foreign(label ?? alias ?? workflowId)]);
  return {
    actionId: statusAction(index),
    value: `${workflowId} ${environment}`,
    label: shortened(isNamed ? `${name} · ${environment}` : name),
  };
}

/** Slack's limit for the label of a button. */
const longestLabel = 75;

function shortened(text: string): string {
  const characters = [...text];
  return characters.length > longestLabel ? `${characters.slice(0, longestLabel - 1).join('')}…` : text;
}

/** The workflow that a button's value stands for; null if the configuration has no such environment any more. */
export function readStatusButton(value: string, vocabulary: Vocabulary): StatusCommand | null {
  const [id = '', ...name] = value.split(' ');
  const environment = vocabulary.environments.find((one) => one === name.join(' ')) ?? null;
  if (environment === null || !isWorkflowId(id)) return null;
  const alias = aliasOf({ workflowId: id, environment }, vocabulary)?.name ?? null;
  return { kind: 'status', workflow: { id, alias }, environment };
}
