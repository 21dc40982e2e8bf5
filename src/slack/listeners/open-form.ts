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
import { commandChoices, environmentChoices, type WorkflowOption } from '../form/workflow-options.ts';
import type { LocalizedPorts } from '../listener-ports.ts';
import { typed } from '../messages/message-context.ts';
import { requestNamed } from '../names.ts';
import { type Message, renderMessage } from '../render.ts';
import { invocationOf, type ShortcutBody } from './interaction.ts';
import { type OrderDraft, refuseQuery } from './recording.ts';

const noPreset: Preset = { verb: null, workflow: null };

/** Opens the form for who may ask for something here; anybody else, and who gets no form, is told why. Null: it is open. */
export async function openForm(asking: Invocation, preset: Preset, ports: LocalizedPorts): Promise<Message | null> {
  const rights = await rightsOf(asking, ports);
  const context = ports.plainContext;
  const { here } = rights;
  if (here.kind === 'none') return refuseQuery(formDraft(preset), here.refusal, asking, ports);
  if (!canAsk(rights)) return refuseQuery(formDraft(preset), whoElseMay(rights), asking, ports);
  const vocabulary = ports.vocabulary();
  const { channel, interaction } = asking;
  const view = formView(
    {
      origin: { channel, interaction },
      commands: commandChoices(here.asks),
      environments: environmentChoices(here.asks, vocabulary),
      preset,
    },
    vocabulary,
    context,
  );
  const opened = await ports.openForm(interaction, view);
  return opened
    ? null
    : renderMessage([context.translator.translate('form.not_opened', { command: typed(['help'], context) })]);
}

/** The form, and the workflow that it would have begun with. */
function formDraft({ workflow }: Preset): OrderDraft {
  return {
    verb: 'form',
    workflowId: workflow?.workflowId ?? allWorkflows,
    alias: workflow?.kind === 'alias' ? workflow.name : null,
    environment: workflow?.environment ?? '',
    reason: '',
  };
}

/** Who may change something here, for who may not: of the first command that anybody may ask for. */
function whoElseMay({ may }: Rights): Refusal {
  const about = { environment: null, workflowId: null, hasReason: true };
  const refusals = verbs
    .map((action) => may({ action, ...about }))
    .flatMap((one) => (one.permitted ? [] : one.refusal));
  const helpful = refusals.find((one) => one.reason !== 'not_permitted' || one.channels.length > 0);
  return helpful ?? { reason: 'not_permitted', permitted: nobody, channels: [] };
}

export function openEmptyForm(asking: Invocation, ports: LocalizedPorts): Promise<Message | null> {
  return openForm(asking, noPreset, ports);
}

/** Opens the form with what an announcement was about. */
export async function actOnMessage(body: ShortcutBody, ports: LocalizedPorts): Promise<Message | null> {
  const { channel, message } = body;
  const id = message.blocks.map(({ block_id }) => requestNamed(block_id)).find((one) => one !== null);
  const request = id === undefined ? null : await ports.ledger.load(id ?? '');
  const preset = request?.channel === channel.id ? presetOf(request.order, ports) : null;
  if (preset === null) return renderMessage([ports.plainContext.translator.translate('form.not_ours')]);
  return openForm(invocationOf(body, ports.team), preset, ports);
}

function presetOf({ verb, alias, workflowId, organization }: Order, ports: LocalizedPorts): Preset | null {
  const environment = ports.environments().find((one) => one.organization === organization)?.name;
  if (!isVerb(verb) || environment === undefined) return null;
  const known = ports.vocabulary().aliases.find(({ name }) => name === alias);
  const isSame = known?.workflowId === workflowId && known.environment === environment;
  const workflow: WorkflowOption = isSame ? { kind: 'alias', ...known } : { kind: 'id', workflowId, environment };
  return { verb, workflow };
}

/** Slack opens a form within three seconds of what somebody did, or not at all; then the person tries again. */
export async function showForm(
  client: webApi.WebClient,
  trigger: string,
  view: types.ModalView,
  log: Pick<Log, 'warn'>,
): Promise<boolean> {
  try {
    await client.views.open({ trigger_id: trigger, view });
    return true;
  } catch (error) {
    log.warn({ reason: String(error) }, 'a form could not be opened');
    return false;
  }
}
