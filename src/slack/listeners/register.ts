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
import type { Choice } from '../../commands/command.ts';
import { code, type Phrase } from '../../locales/phrase.ts';
import { plain } from '../../locales/words.ts';
import type { Log, Posted } from '../../requests/ports.ts';
import type { Asking } from '../answers/asking.ts';
import { typed } from '../messages/voice.ts';
import { actionIds, fields, formId, shortcutId, slashCommand } from '../names.ts';
import type { Asker } from '../private-answer.ts';
import { type Message, renderMessage } from '../render.ts';
import type { Answer } from './answer.ts';
import {
  actOnMessage,
  type FormAnswer,
  type FormPorts,
  openEmptyForm,
  shortcutBody,
  submitForm,
  submittedBody,
  suggestionBody,
  suggestWorkflows,
} from './form.ts';
import type { InFlight } from './in-flight.ts';
import { answerPress, type PressedBody, pressedBody, workspaceOf } from './pressed-button.ts';
import { answerCommand, type TypedCommand } from './typed-command.ts';

export type ListenerPorts = FormPorts & {
  readonly inFlight: InFlight;
  readonly log: Log;
  readonly count: { arrived(what: 'command' | 'press' | 'form'): void; fault(where: 'interaction'): void };
  /** Answers somebody privately, one way or another. */
  readonly answer: (asker: Asker, message: Message) => Promise<Posted>;
  /** Names a fault, so that a person can tell it and an engineer find it. */
  readonly faultId: () => string;
};

type ShortcutArgs = SlackShortcutMiddlewareArgs<MessageShortcut> & AllMiddlewareArgs;
type OptionsArgs = SlackOptionsMiddlewareArgs<'block_suggestion'> & AllMiddlewareArgs;
type ViewArgs = SlackViewMiddlewareArgs<ViewSubmitAction> & AllMiddlewareArgs;
type CommandArgs = SlackCommandMiddlewareArgs & AllMiddlewareArgs;
type PressArgs = SlackActionMiddlewareArgs<BlockAction> & AllMiddlewareArgs;

/** Buttons that are not ours, or no longer: of an older version's message. */
const otherActions = new RegExp(`^(?!(?:${Object.values(actionIds).join('|')})$)`);

/** Connects the app's listeners: whatever arrives is answered, whatever fails is told and logged. */
export function registerListeners(app: App, ports: ListenerPorts): void {
  app.command(slashCommand, (args) => ports.inFlight.track(onCommand(args, ports)));
  for (const choice of ['approve', 'cancel'] as const) {
    app.action<BlockAction>(actionIds[choice], (args) => ports.inFlight.track(onPress(choice, args, ports)));
  }
  app.action<BlockAction>(actionIds.newRequest, (args) => ports.inFlight.track(onNewRequest(args, ports)));
  app.shortcut<MessageShortcut>({ type: 'message_action', callback_id: shortcutId }, (args) =>
    ports.inFlight.track(onShortcut(args, ports)),
  );
  app.options(fields.workflow, (args) => ports.inFlight.track(onSuggestion(args, ports)));
  app.view<ViewSubmitAction>({ type: 'view_submission', callback_id: formId }, (args) =>
    ports.inFlight.track(onSubmission(args, ports)),
  );
  app.action<BlockAction>(otherActions, (args) => ports.inFlight.track(onPress(null, args, ports)));
}

async function onCommand({ command, ack }: CommandArgs, ports: ListenerPorts): Promise<void> {
  ports.count.arrived('command');
  const { team_id: team, channel_id: channel, user_id: user, trigger_id: interaction } = command;
  ports.replies.remember(interaction, command.response_url);
  const typed = { text: command.text ?? '', team, channel, user, interaction };
  const { now, later } = await answered(typed, ports);
  await acknowledged(() => ack(now && { response_type: 'ephemeral', ...now }), ports);
  if (later === undefined) return;
  const message = await later().catch((error: unknown) => fault(error, ports).now);
  await deliver({ person: user, interaction }, message, ports);
}

async function answered(command: TypedCommand, ports: ListenerPorts): Promise<Answer> {
  if (ports.inFlight.isDraining()) return say(decides(command) ? 'ack.decision_restarting' : 'ack.restarting', ports);
  return answerCommand(command, ports).catch((error: unknown) => fault(error, ports));
}

/** To somebody who decides on a request, "nothing was sent" could be false. */
function decides({ text }: TypedCommand): boolean {
  return /^\s*(approve|cancel)\b/i.test(text);
}

async function onPress(choice: Choice | null, { body, ack }: PressArgs, ports: ListenerPorts): Promise<void> {
  ports.count.arrived('press');
  const { trigger_id: interaction, user, response_url } = body;
  if (response_url) ports.replies.remember(interaction, response_url);
  const message = await judgeLater(choice, body, ports).catch((error: unknown) => fault(error, ports).now);
  await acknowledged(ack, ports);
  if (message !== null) await deliver({ person: user.id, interaction }, message, ports);
}

async function onNewRequest({ body, ack }: PressArgs, ports: ListenerPorts): Promise<void> {
  ports.count.arrived('form');
  if (body.response_url) ports.replies.remember(body.trigger_id, body.response_url);
  await acknowledged(ack, ports);
  await openedOrTold(body, ports, async () => openEmptyForm(askingBy(pressedBody.parse(body), ports), ports));
}

async function onShortcut({ shortcut, ack }: ShortcutArgs, ports: ListenerPorts): Promise<void> {
  ports.count.arrived('form');
  ports.replies.remember(shortcut.trigger_id, shortcut.response_url);
  await acknowledged(ack, ports);
  await openedOrTold(shortcut, ports, async () => actOnMessage(shortcutBody.parse(shortcut), ports));
}

async function openedOrTold(
  { trigger_id: interaction, user }: { readonly trigger_id: string; readonly user: { readonly id: string } },
  ports: ListenerPorts,
  open: () => Promise<Message | null>,
): Promise<void> {
  const message = await open().catch((error: unknown) => fault(error, ports).now);
  if (message !== null) await deliver({ person: user.id, interaction }, message, ports);
}

/** In a form, nothing to choose from is all that can be said of a failure; the log says the rest. */
async function onSuggestion({ body, ack }: OptionsArgs, ports: ListenerPorts): Promise<void> {
  const options = await suggested(body, ports).catch((error: unknown) => {
    fault(error, ports);
    return [];
  });
  await acknowledged(() => ack({ options }), ports);
}

async function suggested(body: unknown, ports: ListenerPorts) {
  return suggestWorkflows(suggestionBody.parse(body), ports);
}

async function onSubmission({ body, ack }: ViewArgs, ports: ListenerPorts): Promise<void> {
  ports.count.arrived('form');
  const answer = await submitted(body, ports);
  if (answer.kind === 'wrong') {
    await acknowledged(() => ack({ response_action: 'errors', errors: { ...answer.errors } }), ports);
    return;
  }
  await acknowledged(ack, ports);
  await deliver(answer.asking, answer.message, ports);
}

/** While it stops, the form stays open, with what was filled in. */
async function submitted(body: unknown, ports: ListenerPorts): Promise<FormAnswer> {
  const atTop = (message: Phrase): FormAnswer => ({ kind: 'wrong', errors: { [fields.workflow]: plain(message) } });
  if (ports.inFlight.isDraining()) return atTop(ports.plainVoice.words.say('ack.restarting'));
  try {
    return await submitForm(submittedBody.parse(body), ports);
  } catch (error) {
    return atTop(sayFault(error, ports));
  }
}

function askingBy({ user, team, channel, trigger_id }: PressedBody, { team: own }: ListenerPorts): Asking {
  return { person: user.id, team: workspaceOf({ team, user }, own), channel: channel.id, interaction: trigger_id };
}

/** Writes the press down, unless it is plain at once that it cannot count. Null: nothing to say yet. */
async function judgeLater(choice: Choice | null, body: unknown, ports: ListenerPorts): Promise<Message | null> {
  const pressed = pressedBody.parse(body);
  if (choice === null) return unknownButton(ports);
  if (ports.inFlight.isDraining()) return say('ack.decision_restarting', ports).now;
  return answerPress(choice, pressed, ports);
}

/** Slack may have given up on the acknowledgement; what was recorded goes on, and the answer still finds its person. */
async function acknowledged(ack: () => Promise<unknown>, { log }: ListenerPorts): Promise<void> {
  await ack().catch((error: unknown) => log.warn({ reason: String(error) }, 'an acknowledgement did not reach Slack'));
}

async function deliver(asker: Asker, message: Message, { answer, log, count }: ListenerPorts): Promise<void> {
  const posted = await answer(asker, message);
  if (posted.kind === 'posted') return;
  count.fault('interaction');
  log.error({ person: asker.person, posted }, 'somebody could not be answered');
}

type Said = 'ack.restarting' | 'ack.decision_restarting';

function say(key: Said, { plainVoice }: ListenerPorts): { now: Message } {
  return { now: renderMessage([plainVoice.words.say(key)]) };
}

function unknownButton({ plainVoice: { words } }: ListenerPorts): Message {
  return renderMessage([words.say('press.unknown_button', { help: typed('help') })]);
}

/** Something went wrong in a way that nobody planned for: the person gets its number, the log the rest. */
function fault(error: unknown, ports: ListenerPorts): { now: Message } {
  return { now: renderMessage([sayFault(error, ports)]) };
}

function sayFault(error: unknown, { log, count, faultId, plainVoice: { words } }: ListenerPorts): Phrase {
  const id = faultId();
  count.fault('interaction');
  log.error({ err: error, fault: id }, 'an interaction could not be answered');
  return words.say('fault', { id: code(id), command: typed('history') });
}
