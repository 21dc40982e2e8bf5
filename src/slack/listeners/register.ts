import type {
  AllMiddlewareArgs,
  App,
  BlockAction,
  SlackActionMiddlewareArgs,
  SlackCommandMiddlewareArgs,
} from '@slack/bolt';
import type { Choice } from '../../commands/command.ts';
import { code } from '../../locales/phrase.ts';
import type { Log, Posted } from '../../requests/ports.ts';
import { typed } from '../messages/voice.ts';
import { actionIds, slashCommand } from '../names.ts';
import type { Asker } from '../private-answer.ts';
import { type Message, renderMessage } from '../render.ts';
import type { Replies } from '../replies.ts';
import type { Answer } from './answer.ts';
import type { InFlight } from './in-flight.ts';
import { answerPress, type PressedBody, pressedBody } from './pressed-button.ts';
import { answerCommand, type CommandPorts, type TypedCommand } from './typed-command.ts';

export type ListenerPorts = CommandPorts & {
  readonly team: string;
  readonly replies: Replies;
  readonly inFlight: InFlight;
  readonly log: Log;
  readonly count: { arrived(what: 'command' | 'press'): void; fault(where: 'interaction'): void };
  /** Answers somebody privately, one way or another. */
  readonly answer: (asker: Asker, message: Message) => Promise<Posted>;
  /** Names a fault, so that a person can tell it and an engineer find it. */
  readonly faultId: () => string;
};

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
  if (command.team !== ports.team) return say('ack.other_workspace', ports);
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

/** Writes the press down, unless it is plain at once that it cannot count. Null: nothing to say yet. */
async function judgeLater(choice: Choice | null, body: unknown, ports: ListenerPorts): Promise<Message | null> {
  const pressed = pressedBody.parse(body);
  const foreign = fromElsewhere(pressed, ports);
  if (foreign !== null) return foreign.now;
  if (choice === null) return unknownButton(ports);
  if (ports.inFlight.isDraining()) return say('ack.decision_restarting', ports).now;
  return answerPress(choice, pressed, ports.team, ports);
}

/** In a shared channel the other organization's people see our buttons, too. */
function fromElsewhere({ team, user }: PressedBody, ports: ListenerPorts): { now: Message } | null {
  const from = team?.id ?? user.team_id;
  if (from === undefined || from === ports.team) return null;
  return say(user.team_id === from ? 'refusal.stranger' : 'ack.other_workspace', ports);
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

type Said = 'ack.restarting' | 'ack.decision_restarting' | 'ack.other_workspace' | 'refusal.stranger';

function say(key: Said, { plainVoice }: ListenerPorts): { now: Message } {
  return { now: renderMessage([plainVoice.words.say(key)]) };
}

function unknownButton({ plainVoice: { words } }: ListenerPorts): Message {
  return renderMessage([words.say('press.unknown_button', { help: typed('help') })]);
}

/** Something went wrong in a way that nobody planned for: the person gets its number, the log the rest. */
function fault(error: unknown, { log, count, faultId, plainVoice: { words } }: ListenerPorts): { now: Message } {
  const id = faultId();
  count.fault('interaction');
  log.error({ err: error, fault: id }, 'an interaction could not be answered');
  return { now: renderMessage([words.say('fault', { id: code(id), command: typed('history') })]) };
}
