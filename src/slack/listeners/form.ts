import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Refusal } from '../../access/decision.ts';
import { allWorkflows } from '../../access/patterns.ts';
import { isVerb, nobody } from '../../access/policy.ts';
import { verbs } from '../../commands/command.ts';
import { givesReason } from '../../commands/grammar/read-reason.ts';
import type { Phrase } from '../../locales/phrase.ts';
import { locales, plain } from '../../locales/translator.ts';
import type { Order } from '../../requests/events.ts';
import { canAsk } from '../answers/help.ts';
import { type Invocation, type Rights, rightsOf } from '../answers/invocation.ts';
import { pageSize } from '../answers/status-and-history.ts';
import { choiceLabel, type FormOrigin, formView, mostOptions, type Preset } from '../form/form-view.ts';
import { type Field, type FormProblem, formState, readForm } from '../form/read-form.ts';
import {
  commandChoices,
  environmentChoices,
  optionValue,
  recentChoices,
  type WorkflowOption,
  workflowChoices,
} from '../form/workflow-options.ts';
import { type MessageContext, typed } from '../messages/message-context.ts';
import { describeProblem } from '../messages/usage.ts';
import { fields, requestNamed } from '../names.ts';
import type { LocalizedPorts } from '../ports.ts';
import { type Message, renderMessage } from '../render.ts';
import { workspaceOf } from './pressed-button.ts';
import { describeTooMany, rateOf } from './rates.ts';
import { type OrderDraft, refuseQuery, submit } from './recording.ts';

const noPreset: Preset = { verb: null, workflow: null };

/** Opens the form for who may ask for something here; anybody else, and who gets no form, is told why. Null: it is open. */
export async function openForm(asking: Invocation, preset: Preset, ports: LocalizedPorts): Promise<Message | null> {
  const rights = await rightsOf(asking, ports);
  const context = ports.plainContext;
  const { here } = rights;
  if (here.kind === 'none') return refuseQuery(wantedForm(preset), here.refusal, asking, ports);
  if (!canAsk(rights)) return refuseQuery(wantedForm(preset), whoElseMay(rights), asking, ports);
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
function wantedForm({ workflow }: Preset): OrderDraft {
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

/** A message as a shortcut delivers it: ours name their request in a block. */
export const shortcutBody = z.object({
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  team: z.object({ id: z.string() }).nullish(),
  channel: z.object({ id: z.string() }),
  trigger_id: z.string(),
  message: z.object({ blocks: z.array(z.object({ block_id: z.string().default('') })).default([]) }),
});

/** Opens the form with what an announcement was about. */
export async function actOnMessage(
  body: z.output<typeof shortcutBody>,
  ports: LocalizedPorts,
): Promise<Message | null> {
  const { user, team, channel, trigger_id: interaction, message } = body;
  const id = message.blocks.map(({ block_id }) => requestNamed(block_id)).find((one) => one !== null);
  const request = id === undefined ? null : await ports.ledger.load(id ?? '');
  const preset = request?.channel === channel.id ? presetOf(request.order, ports) : null;
  if (preset === null) return renderMessage([ports.plainContext.translator.translate('form.not_ours')]);
  const asking = { person: user.id, team: workspaceOf({ team, user }, ports.team), channel: channel.id, interaction };
  return openForm(asking, preset, ports);
}

function presetOf({ verb, alias, workflowId, organization }: Order, ports: LocalizedPorts): Preset | null {
  const environment = ports.environments().find((one) => one.organization === organization)?.name;
  if (!isVerb(verb) || environment === undefined) return null;
  const known = ports.vocabulary().aliases.find(({ name }) => name === alias);
  const isSame = known?.workflowId === workflowId && known.environment === environment;
  const workflow: WorkflowOption = isSame ? { kind: 'alias', ...known } : { kind: 'id', workflowId, environment };
  return { verb, workflow };
}

const viewContext = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  // What a form is answered with is in its own language, also by a bot that does not know its person yet.
  .pipe(z.object({ channel: z.string(), interaction: z.string(), locale: z.enum(locales).optional() }));

export const suggestionBody = z.object({
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  team: z.object({ id: z.string() }).nullish(),
  value: z.string().default(''),
  view: z.object({ private_metadata: viewContext }),
});

/** What fits the letters typed into the workflow's field. */
export async function suggestWorkflows(
  { user, team, value, view }: z.output<typeof suggestionBody>,
  ports: LocalizedPorts,
) {
  const { channel, interaction } = view.private_metadata;
  const asking = { person: user.id, team: workspaceOf({ team, user }, ports.team), channel, interaction };
  const [rights, requests] = await Promise.all([
    rightsOf(asking, ports),
    ports.ledger.recent({ channel, workflowKey: null, refused: false, limit: pageSize }),
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

export const submittedBody = z.object({
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  team: z.object({ id: z.string() }).nullish(),
  view: z.object({ id: z.string(), private_metadata: viewContext, state: formState }),
});

/** What the form is answered with: messages at its fields, or what its person is told once it is closed. */
export type FormAnswer =
  | { readonly kind: 'wrong'; readonly errors: Readonly<Record<string, string>> }
  | { readonly kind: 'sent'; readonly asking: Invocation; readonly message: Message };

/** Writes down what was filled in, as if it had been typed. A form counts once, however often it is delivered. */
export async function submitForm(body: z.output<typeof submittedBody>, ports: LocalizedPorts): Promise<FormAnswer> {
  const { user, team, view } = body;
  const read = readForm(view.state, ports.vocabulary());
  if (!read.ok) return wrong(read.problem.field, plain(describeFormProblem(read.problem, ports.plainContext)));
  const exceeded = await ports.rates(user.id, rateOf(read.filled.verb));
  if (exceeded !== null) return wrong('workflow', plain(describeTooMany(exceeded, ports.plainContext)));
  const asking = askingIn(view.private_metadata, view.id, user.id, workspaceOf({ team, user }, ports.team));
  const problem = await reasonProblem(read.filled, asking, ports);
  if (problem !== null) return wrong('reason', problem);
  ports.replies.pass(view.private_metadata.interaction, asking.interaction);
  const say = await submit(read.filled, asking, ports);
  return { kind: 'sent', asking, message: say(ports.plainContext) };
}

function describeFormProblem({ error }: FormProblem, context: MessageContext): Phrase {
  if (error.problem !== 'outdated_choice') return describeProblem(error, context);
  const { by, name } = error;
  return context.translator.translate(by === 'change' ? 'form.choice_changed' : 'form.choice_gone', { name });
}

function askingIn({ channel }: FormOrigin, view: string, person: string, team: string): Invocation {
  return { person, team, channel, interaction: `form ${view}` };
}

/** Slack waits three seconds for what becomes of a form. What is not known by then is told afterwards. */
const knownWithinMs = 1_500;

/** The one refusal that the form itself can mend; all others are told and recorded like those of a typed command. */
async function reasonProblem(
  { verb, workflowId, environment, reason }: Parameters<typeof submit>[0],
  asking: Invocation,
  ports: LocalizedPorts,
): Promise<string | null> {
  if (!isVerb(verb)) return null;
  const rights = await Promise.race([rightsOf(asking, ports), wait(knownWithinMs, null, { ref: false })]);
  const what = { action: verb, environment, workflowId, hasReason: givesReason(reason), reason };
  const decision = rights?.may(what) ?? null;
  if (decision === null || decision.permitted) return null;
  const { refusal } = decision;
  if (refusal.reason === 'reason_mismatch')
    return plain(ports.plainContext.translator.translate('form.reason_mismatch', refusal));
  if (refusal.reason !== 'reason_required') return null;
  return plain(ports.plainContext.translator.translate('form.reason_required', { rule: refusal.rule }));
}

function wrong(field: Field, said: string): FormAnswer {
  return { kind: 'wrong', errors: { [fields[field]]: said } };
}
