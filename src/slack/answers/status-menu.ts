import { commandName } from '../../commands/vocabulary/command-names.ts';
import { isWorkflowId } from '../../commands/vocabulary/ids.ts';
import { aliasOf, type Vocabulary } from '../../commands/vocabulary/vocabulary.ts';
import { foreign } from '../../locales/phrase.ts';
import { plain } from '../../locales/translator.ts';
import type { AnswerPorts } from '../listener-ports.ts';
import { commandWord, type MessageContext, spokenLabel, typed } from '../messages/message-context.ts';
import { statusAction, statusMenuAction } from '../names.ts';
import { type Button, type Message, renderMessage } from '../render.ts';
import type { Invocation, Rights } from './invocation.ts';
import type { StatusCommand } from './status.ts';
import { type WorkflowHere, workflowsHere } from './workflows-here.ts';

/** The most buttons: on a phone each takes a line. More workflows are in a menu, as many as Slack takes. */
const mostButtons = 10;
const mostOptions = 100;

/** The workflows of this channel whose status this person may see, as buttons or as a menu. */
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
  const which = translator.translate('status.which');
  const isNamed = sources.environments().length > 1;
  const choices = workflows.slice(0, mostOptions).map((one) => choiceOf(one, isNamed));
  if (choices.length <= mostButtons) {
    return renderMessage([which], { buttons: choices.map((one, index) => statusButton(one, index, context)) });
  }
  const more = workflows.length - choices.length;
  return renderMessage([which, ...(more > 0 ? [translator.translate('status.more', { count: more, example })] : [])], {
    menu: { actionId: statusMenuAction, placeholder: plain(which), options: choices },
  });
}

function option(environment: string | null, { vocabulary }: AnswerPorts): readonly string[] {
  const { defaultEnvironment, environments } = vocabulary();
  const named = environment ?? defaultEnvironment ?? environments[0] ?? '';
  return named === defaultEnvironment ? [] : ['--env', named];
}

type Choice = Pick<Button, 'value' | 'label'>;

function choiceOf({ workflowId, environment, alias, label }: WorkflowHere, isNamed: boolean): Choice {
  const name = plain([foreign(label ?? alias ?? workflowId)]);
  return { value: `${workflowId} ${environment}`, label: shortened(isNamed ? `${name} · ${environment}` : name) };
}

function statusButton(choice: Choice, index: number, context: MessageContext): Button {
  const status = commandName('status', context.translator.locale);
  return { actionId: statusAction(index), ...choice, spoken: spokenLabel(status, [foreign(choice.label)], context) };
}

/** Slack's limit for the label of a button or an option. */
const longestLabel = 75;

function shortened(text: string): string {
  const characters = [...text];
  return characters.length > longestLabel ? `${characters.slice(0, longestLabel - 1).join('')}…` : text;
}

/** The workflow that the value of a button or an option stands for; null if the configuration has no such environment any more. */
export function readStatusButton(value: string, vocabulary: Vocabulary): StatusCommand | null {
  const [id = '', ...name] = value.split(' ');
  const environment = vocabulary.environments.find((one) => one === name.join(' ')) ?? null;
  if (environment === null || !isWorkflowId(id)) return null;
  const alias = aliasOf({ workflowId: id, environment }, vocabulary)?.name ?? null;
  return { kind: 'status', workflow: { id, alias }, environment };
}
