import type {
  AllMiddlewareArgs,
  App,
  BlockAction,
  MessageShortcut,
  SlackActionMiddlewareArgs,
  SlackCommandMiddlewareArgs,
  SlackOptionsMiddlewareArgs,
  SlackShortcutMiddlewareArgs,
  SlackViewMiddlewareArgs,
  ViewSubmitAction,
} from '@slack/bolt';
import { alertAnswers } from '../../access/policy.ts';
import { type CommandWord, type PressChoice, verbs } from '../../commands/command.ts';
import { meaningAtStart } from '../../commands/grammar/parse-command.ts';
import type { Phrase } from '../../locales/phrase.ts';
import { plain } from '../../locales/translator.ts';
import { traced } from '../../tracing/tracing.ts';
import { waitingMessage } from '../answers/waiting.ts';
import type { ListenerPorts, LocalizedPorts } from '../listener-ports.ts';
import type { LocalizedMessage } from '../messages/message-context.ts';
import { unknownButton } from '../messages/replies.ts';
import {
  actionIds,
  alertActions,
  decidingFields,
  emergencyFormId,
  fields,
  formId,
  reasonFormId,
  reviewFormId,
  shortcutId,
  slashCommand,
  statusActions,
} from '../names.ts';
import { type Message, renderMessage } from '../render.ts';
import { askOnAlert } from './answer-alert.ts';
import { leavePaused, resumePaused } from './answer-pause.ts';
import {
  acknowledged,
  deliver,
  describeFault,
  fault,
  inKnownLanguageOf,
  inLanguageOf,
  logFault,
  sendReply,
} from './answering.ts';
import { askAgain } from './ask-again.ts';
import { askWhy, reasonSubmitted } from './ask-why.ts';
import { chosenStatus } from './chosen-status.ts';
import type { CommandReply } from './command-reply.ts';
import { createOnHomeOpened, decideInHome, newRequestInHome, pressedInHome } from './home.ts';
import {
  chosenBody,
  invocationOf,
  type PressedBody,
  pressedBody,
  shortcutBody,
  submittedBody,
  suggestionBody,
} from './interaction.ts';
import { olderHistory } from './older-history.ts';
import { onStatement, onStatementSent } from './on-statement.ts';
import { actOnMessage, openEmptyForm } from './open-form.ts';
import { answerPress } from './pressed-button.ts';
import { tooMany } from './rates.ts';
import { showTermsOfChoice } from './show-terms.ts';
import { type FormAnswer, submitForm } from './submit-form.ts';
import { suggestWorkflows } from './suggest-workflows.ts';
import { answerCommand, type TypedCommand } from './typed-command.ts';

type ShortcutArgs = SlackShortcutMiddlewareArgs<MessageShortcut> & AllMiddlewareArgs;
type OptionsArgs = SlackOptionsMiddlewareArgs<'block_suggestion'> & AllMiddlewareArgs;
type ViewArgs = SlackViewMiddlewareArgs<ViewSubmitAction> & AllMiddlewareArgs;
type CommandArgs = SlackCommandMiddlewareArgs & AllMiddlewareArgs;
type PressArgs = SlackActionMiddlewareArgs<BlockAction> & AllMiddlewareArgs;

/** Buttons that this version does not know: those of an older version's messages. */
const otherActions = new RegExp(
  `^(?!(?:${[...Object.values({ ...actionIds, ...alertActions }), ...decidingFields].join('|')})$|${statusActions.source})`,
);

/** Registers the app's listeners. Every interaction is acknowledged and answered; every failure is reported to the person and logged. */
export function registerListeners(app: App, ports: ListenerPorts): void {
  const tracked =
    <Args extends { readonly ack: (...response: never[]) => Promise<void> }>(
      on: (args: Args, ports: ListenerPorts) => Promise<void>,
    ) =>
    (args: Args) =>
      traced('command', () => ports.inFlight.track(args.ack, (ack) => on({ ...args, ack }, ports)));
  app.command(slashCommand, tracked(onCommand));
  for (const choice of ['approve', 'cancel'] as const) {
    app.action<BlockAction>(
      actionIds[choice],
      tracked((args: PressArgs) => onPress(choice, args, ports)),
    );
  }
  app.action<BlockAction>(actionIds.askAgain, tracked(onOrderingPress(askAgain)));
  app.action<BlockAction>(actionIds.resumePaused, tracked(onOrderingPress(resumePaused)));
  app.action<BlockAction>(actionIds.leavePaused, tracked(onOrderingPress(leavePaused)));
  for (const verb of [...verbs, ...alertAnswers])
    app.action<BlockAction>(alertActions[verb], tracked(onOrderingPress(askOnAlert(verb))));
  for (const statement of ['emergency', 'review'] as const) {
    app.action<BlockAction>(
      actionIds[statement],
      tracked((args: PressArgs) => onStatement(statement, args, ports, () => onPress(statement, args, ports))),
    );
    const callback_id = statement === 'review' ? reviewFormId : emergencyFormId;
    app.view<ViewSubmitAction>(
      { type: 'view_submission', callback_id },
      tracked((args: ViewArgs) => onStatementSent(statement, args, ports)),
    );
  }
  app.action<BlockAction>(actionIds.newRequest, tracked(onNewRequest));
  app.action<BlockAction>(actionIds.olderRequests, tracked(onOlder));
  app.action<BlockAction>(statusActions, tracked(onQuery(chosenStatus)));
  app.action<BlockAction>(actionIds.showWaiting, tracked(onQuery(waitingHere)));
  app.shortcut<MessageShortcut>({ type: 'message_action', callback_id: shortcutId }, tracked(onShortcut));
  app.options(fields.workflow, tracked(onSuggestion));
  for (const field of decidingFields) app.action<BlockAction>(field, tracked(onChoice));
  app.view<ViewSubmitAction>({ type: 'view_submission', callback_id: formId }, tracked(onSubmission));
  app.view<ViewSubmitAction>({ type: 'view_submission', callback_id: reasonFormId }, tracked(onReason));
  const onHomeOpened = createOnHomeOpened(ports);
  app.event('app_home_opened', ({ body }) => onHomeOpened(body));
  app.action<BlockAction>(
    otherActions,
    tracked((args: PressArgs) => onPress(null, args, ports)),
  );
}

async function onCommand({ command, ack }: CommandArgs, ports: ListenerPorts): Promise<void> {
  ports.count.arrived('command');
  const { team_id: team, channel_id: channel, user_id: user, trigger_id: interaction } = command;
  ports.replies.remember(interaction, command.response_url);
  const name = command.user_name;
  const typed = { text: command.text ?? '', team, channel, user, ...(name && { name }), interaction };
  const answer = await replyTo(typed, ports);
  const language = ports.languages.language(user) ?? ('unrecorded' in answer ? ports.locale : null);
  if ('now' in answer && language !== null) {
    const message = answer.now(ports.localize(language).plainContext);
    await acknowledged(() => ack({ response_type: 'ephemeral', ...message }), ports);
    return;
  }
  await acknowledged(ack, ports);
  await sendReply({ person: user, interaction }, answer, ports);
}

async function replyTo(command: TypedCommand, ports: ListenerPorts): Promise<CommandReply> {
  if (ports.inFlight.isDraining()) {
    return { now: messageOf(decides(command) ? 'ack.decision_restarting' : 'ack.restarting'), unrecorded: true };
  }
  return answerCommand(command, ports).catch((error: unknown) => ({ now: fault(error, ports), unrecorded: true }));
}

const decisions: ReadonlySet<CommandWord> = new Set<PressChoice>(['approve', 'cancel', 'emergency', 'review']);

/** Decisions have a text of their own while the bot stops: "nothing was sent" could be false of their request. */
function decides({ text }: TypedCommand): boolean {
  return meaningAtStart(text).some((command) => decisions.has(command));
}

async function onPress(choice: PressChoice | null, { body, ack }: PressArgs, ports: ListenerPorts): Promise<void> {
  ports.count.arrived('press');
  const inHome = pressedInHome(body);
  if (inHome !== null) return decideInHome(choice, inHome, ack, ports);
  const { trigger_id: interaction, user, response_url } = body;
  if (response_url) ports.replies.remember(interaction, response_url);
  const answer = await recordPress(choice, body, ports).catch((error: unknown) => ({ now: fault(error, ports) }));
  await acknowledged(ack, ports);
  const answered = answer === null ? null : sendReply({ person: user.id, interaction }, answer, ports);
  const asked = choice === 'cancel' && (answer === null || 'later' in answer) ? askWhy(body, ports) : null;
  await Promise.all([answered, asked?.catch((error: unknown) => logFault(error, ports))]);
}

/** Recorded before it is acknowledged, like a typed command. */
function onOrderingPress(order: (body: PressedBody, ports: ListenerPorts) => Promise<CommandReply>) {
  const ordered = async (body: unknown, ports: ListenerPorts): Promise<CommandReply> =>
    ports.inFlight.isDraining() ? { now: messageOf('ack.restarting') } : order(pressedBody.parse(body), ports);
  return async ({ body, ack }: PressArgs, ports: ListenerPorts): Promise<void> => {
    ports.count.arrived('press');
    const { trigger_id: interaction, user, response_url } = body;
    if (response_url) ports.replies.remember(interaction, response_url);
    const answer = await ordered(body, ports).catch((error: unknown) => ({ now: fault(error, ports) }));
    await acknowledged(ack, ports);
    await sendReply({ person: user.id, interaction }, answer, ports);
  };
}

/** The dialog stays open with its contents if the reason could not be recorded. */
async function onReason({ body, ack }: ViewArgs, ports: ListenerPorts): Promise<void> {
  ports.count.arrived('form');
  const { answer, interaction } = await reasonSubmitted(body, body.user.id, ports);
  if (answer.kind === 'wrong') {
    await acknowledged(() => ack({ response_action: 'errors', errors: { ...answer.errors } }), ports);
    return;
  }
  await acknowledged(ack, ports);
  if (answer.message !== null) await deliver({ person: body.user.id, interaction }, answer.message, ports);
}

async function onNewRequest({ body, ack }: PressArgs, ports: ListenerPorts): Promise<void> {
  ports.count.arrived('form');
  if (body.response_url) ports.replies.remember(body.trigger_id, body.response_url);
  await acknowledged(ack, ports);
  const inHome = pressedInHome(body);
  if (inHome !== null) return openOrReply(body, ports, async (localized) => newRequestInHome(inHome, localized));
  await openOrReply(body, ports, async (localized) =>
    openEmptyForm(invocationOf(pressedBody.parse(body), ports.team), localized),
  );
}

async function onOlder({ body, ack }: PressArgs, ports: ListenerPorts): Promise<void> {
  ports.count.arrived('press');
  const { trigger_id: interaction, user, response_url } = body;
  if (response_url) ports.replies.remember(interaction, response_url);
  await acknowledged(ack, ports);
  await openOrReply(body, ports, async (localized) => {
    if (ports.inFlight.isDraining()) return messageOf('ack.restarting')(localized.plainContext);
    const { message, replaces } = await olderHistory(pressedBody.parse(body), localized);
    if (!replaces) return message;
    await deliver({ person: user.id, interaction, replaces }, message, ports);
    return null;
  });
}

/** A button whose answer is private, like that of a typed query. */
function onQuery(answer: (body: PressedBody, localized: LocalizedPorts) => Promise<Message>) {
  return async ({ body, ack }: PressArgs, ports: ListenerPorts): Promise<void> => {
    ports.count.arrived('press');
    if (body.response_url) ports.replies.remember(body.trigger_id, body.response_url);
    await acknowledged(ack, ports);
    await openOrReply(body, ports, async (localized) =>
      ports.inFlight.isDraining()
        ? messageOf('ack.restarting')(localized.plainContext)
        : answer(pressedBody.parse(body), localized),
    );
  };
}

function waitingHere(body: PressedBody, localized: LocalizedPorts): Promise<Message> {
  return waitingMessage(invocationOf(body, localized.team), localized);
}

async function onShortcut({ shortcut, ack }: ShortcutArgs, ports: ListenerPorts): Promise<void> {
  ports.count.arrived('form');
  ports.replies.remember(shortcut.trigger_id, shortcut.response_url);
  await acknowledged(ack, ports);
  await openOrReply(shortcut, ports, async (localized) => actOnMessage(shortcutBody.parse(shortcut), localized));
}

async function openOrReply(
  { trigger_id: interaction, user }: { readonly trigger_id: string; readonly user: { readonly id: string } },
  ports: ListenerPorts,
  open: (localized: LocalizedPorts) => Promise<Message | null>,
): Promise<void> {
  const localized = await inLanguageOf(user.id, ports);
  const exceeded = await ports.rates(user.id, 'read');
  if (exceeded !== null && !exceeded.isFirst) return;
  const opened = exceeded === null ? open(localized) : Promise.resolve(tooMany(exceeded)(localized.plainContext));
  const message = await opened.catch((error: unknown) => fault(error, ports)(localized.plainContext));
  if (message !== null) await deliver({ person: user.id, interaction }, message, ports);
}

/** A form cannot show an error in its suggestions: after a failure there are none, and the log has the reason. */
async function onSuggestion({ body, ack }: OptionsArgs, ports: ListenerPorts): Promise<void> {
  const options = await suggested(body, ports).catch((error: unknown) => {
    fault(error, ports);
    return [];
  });
  await acknowledged(() => ack({ options }), ports);
}

async function suggested(body: unknown, ports: ListenerPorts) {
  const suggestion = suggestionBody.parse(body);
  const { user, view } = suggestion;
  return suggestWorkflows(suggestion, inKnownLanguageOf(user.id, ports, view.private_metadata.locale));
}

/** What the choice needs is shown afterwards. Where that fails, the form stays as it is. */
async function onChoice({ body, ack }: PressArgs, ports: ListenerPorts): Promise<void> {
  await acknowledged(ack, ports);
  if (ports.inFlight.isDraining()) return;
  const chosen = chosenBody.safeParse(body);
  if (!chosen.success) return void logFault(chosen.error, ports);
  const { user, view } = chosen.data;
  await showTermsOfChoice(chosen.data, inKnownLanguageOf(user.id, ports, view.private_metadata.locale));
}

async function onSubmission({ body, ack }: ViewArgs, ports: ListenerPorts): Promise<void> {
  ports.count.arrived('form');
  const answer = await submitted(body, ports);
  if (answer.kind === 'wrong') {
    await acknowledged(() => ack({ response_action: 'errors', errors: { ...answer.errors } }), ports);
    return;
  }
  await acknowledged(ack, ports);
  await sendReply(answer.invocation, answer.reply, ports);
}

/** While the bot stops, the form stays open with its contents. */
async function submitted(body: ViewSubmitAction, ports: ListenerPorts): Promise<FormAnswer> {
  const atTop = (message: Phrase): FormAnswer => ({ kind: 'wrong', errors: { [fields.workflow]: plain(message) } });
  let localized = inKnownLanguageOf(body.user.id, ports);
  try {
    const sent = submittedBody.parse(body);
    localized = inKnownLanguageOf(sent.user.id, ports, sent.view.private_metadata.locale);
    if (ports.inFlight.isDraining()) return atTop(localized.plainContext.translator.translate('ack.restarting'));
    return await submitForm(sent, localized);
  } catch (error) {
    return atTop(describeFault(logFault(error, ports), localized.plainContext));
  }
}

/** Records the press, to be judged later, or replies at once if it cannot count. Null: there is no reply yet. */
async function recordPress(
  choice: PressChoice | null,
  body: unknown,
  ports: ListenerPorts,
): Promise<CommandReply | null> {
  const pressed = pressedBody.parse(body);
  if (choice === null) return { now: unknownButton };
  if (ports.inFlight.isDraining()) return { now: messageOf('ack.decision_restarting') };
  return answerPress(choice, pressed, ports);
}

function messageOf(key: 'ack.restarting' | 'ack.decision_restarting'): LocalizedMessage {
  return ({ translator }) => renderMessage([translator.translate(key)]);
}
