import type { types, webApi } from '@slack/bolt';
import type { Refusal } from '../../access/decision.ts';
import { allWorkflows } from '../../access/patterns.ts';
import { isVerb, nobody } from '../../access/policy.ts';
import { verbs } from '../../commands/command.ts';
import type { Order } from '../../requests/events.ts';
import type { Log } from '../../requests/ports.ts';
import { canAsk } from '../answers/help.ts';
import { type Invocation, type Rights, rightsOf } from '../answers/invocation.ts';
import { formView, type Preset } from '../form/form-view.ts';
import { type FormState, stateWith } from '../form/read-form.ts';
import { commandChoices, environmentChoices, optionValue, type WorkflowOption } from '../form/workflow-options.ts';
import type { LocalizedPorts, OpenedForm } from '../listener-ports.ts';
import { typed } from '../messages/message-context.ts';
import { requestNamed } from '../names.ts';
import { type Message, renderMessage } from '../render.ts';
import { invocationOf, type ShortcutBody } from './interaction.ts';
import { notInChannel } from './not-in-channel.ts';
import { type OrderDraft, refuseQuery } from './recording.ts';
import { showTerms } from './show-terms.ts';

const noPreset: Preset = { verb: null, workflow: null };

/** Opens the form for people who may request something here. Returns a message with the reason if no form was opened, otherwise null. */
export async function openForm(
  invocation: Invocation,
  preset: Preset,
  ports: LocalizedPorts,
  surface?: 'home',
): Promise<Message | null> {
  const rights = await rightsOf(invocation, ports);
  const context = ports.plainContext;
  const { here } = rights;
  if (here.kind === 'none') return refuseQuery(formDraft(preset), here.refusal, invocation, ports);
  if (!canAsk(rights)) return refuseQuery(formDraft(preset), whoElseMay(rights), invocation, ports);
  const vocabulary = ports.vocabulary();
  const { channel, interaction } = invocation;
  const origin = { channel, interaction, ...(surface && { surface }) };
  const view = formView(
    {
      origin,
      commands: commandChoices(here.asks),
      environments: environmentChoices(here.asks, vocabulary),
      preset,
      terms: null,
    },
    vocabulary,
    context,
  );
  const opened = await ports.openForm(interaction, view);
  if (opened === null) {
    return renderMessage([context.translator.translate('form.not_opened', { command: typed(['help'], context) })]);
  }
  // Slack opens a form only within three seconds: what the choice needs is looked up afterwards.
  const form = { open: { ...opened, at: 0 }, origin, state: stateOf(preset), showsTerms: false };
  await showTerms(form, invocation, ports);
  return null;
}

function stateOf({ verb, workflow }: Preset): FormState {
  return stateWith({
    ...(verb && { command: verb }),
    ...(workflow && { workflow: optionValue(workflow) }),
  });
}

/** The refused query: the form, with its preset workflow. */
function formDraft({ workflow }: Preset): OrderDraft {
  return {
    verb: 'form',
    workflowId: workflow?.workflowId ?? allWorkflows,
    alias: workflow?.kind === 'alias' ? workflow.name : null,
    environment: workflow?.environment ?? '',
    reason: '',
  };
}

/** The refusal that says who may request something here: that of the first command that somebody may request. */
function whoElseMay({ may }: Rights): Refusal {
  const about = { environment: null, workflowId: null, hasReason: true };
  const refusals = verbs
    .map((action) => may({ action, ...about }))
    .flatMap((one) => (one.permitted ? [] : one.refusal));
  const helpful = refusals.find((one) => one.reason !== 'not_permitted' || one.channels.length > 0);
  return helpful ?? { reason: 'not_permitted', permitted: nobody, channels: [] };
}

export function openEmptyForm(invocation: Invocation, ports: LocalizedPorts): Promise<Message | null> {
  return openForm(invocation, noPreset, ports);
}

/** Opens the form for a channel that the person of the App Home is a member of. */
export async function openFormFromHome(invocation: Invocation, ports: LocalizedPorts): Promise<Message | null> {
  const problem = await notInChannel(invocation, ports);
  return problem === null
    ? openForm(invocation, noPreset, ports, 'home')
    : renderMessage([ports.plainContext.translator.translate(problem)]);
}

/** Opens the form with the command and workflow of an announcement. */
export async function actOnMessage(body: ShortcutBody, ports: LocalizedPorts): Promise<Message | null> {
  const { channel, message } = body;
  const id = message.blocks.map(({ block_id }) => requestNamed(block_id)).find((one) => one !== null);
  const request = id === undefined ? null : await ports.ledger.load(id ?? '');
  const preset = request?.channel === channel.id ? presetOf(request.order, ports) : null;
  if (preset === null) return renderMessage([ports.plainContext.translator.translate('form.not_ours')]);
  return openForm(invocationOf(body, ports.team), preset, ports);
}

/** The order in today's names; null if there is no such environment any more, or if it is about several workflows. */
export function presetOf(
  { verb, alias, workflowId, workflows, organization }: Order,
  ports: Pick<LocalizedPorts, 'environmentOf' | 'vocabulary'>,
): Preset | null {
  const environment = ports.environmentOf(organization);
  if (!isVerb(verb) || environment === null || workflows !== undefined) return null;
  const known = ports.vocabulary().aliases.find(({ name }) => name === alias);
  const isSame = known?.workflowId === workflowId && known.environment === environment;
  const workflow: WorkflowOption = isSame ? { kind: 'alias', ...known } : { kind: 'id', workflowId, environment };
  return { verb, workflow };
}

/** Slack opens a form only within three seconds of the interaction; after that the person has to try again. */
export async function showForm(
  client: webApi.WebClient,
  trigger: string,
  view: types.ModalView,
  log: Pick<Log, 'warn'>,
): Promise<OpenedForm | null> {
  try {
    const { view: opened } = await client.views.open({ trigger_id: trigger, view });
    return { id: opened?.id ?? '', hash: opened?.hash ?? '' };
  } catch (error) {
    log.warn({ reason: String(error) }, 'a form could not be opened');
    return null;
  }
}
