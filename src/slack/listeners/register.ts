import type {
  AllMiddlewareArgs,
  App,
  BlockAction,
  SlackActionMiddlewareArgs,
  SlackCommandMiddlewareArgs,
} from '@slack/bolt';
import type { Choice } from '../../commands/command.ts';
import { code } from '../../locales/phrase.ts';
import type { Log } from '../../requests/ports.ts';
import { typed } from '../messages/voice.ts';
import { actionIds, slashCommand } from '../names.ts';
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
  /** Names a fault, so that a person can tell it and an engineer find it. */
  readonly faultId: () => string;
};

type CommandArgs = SlackCommandMiddlewareArgs & AllMiddlewareArgs;
type PressArgs = SlackActionMiddlewareArgs<BlockAction> & AllMiddlewareArgs;

/** Connects the app's listeners: whatever arrives is answered, whatever fails is told and logged. */
export function registerListeners(app: App, ports: ListenerPorts): void {
  app.command(slashCommand, (args) => ports.inFlight.track(onCommand(args, ports)));
  for (const choice of ['approve', 'cancel'] as const) {
    app.action<BlockAction>(actionIds[choice], (args) => ports.inFlight.track(onPress(choice, args, ports)));
  }
}

async function onCommand({ command, ack }: CommandArgs, ports: ListenerPorts): Promise<void> {
  ports.count.arrived('command');
  const { team_id: team, channel_id: channel, user_id: user, trigger_id: interaction, text } = command;
  ports.replies.remember(interaction, command.response_url);
  const turnedAway = team === ports.team ? whileDraining(ports) : say('ack.other_workspace', ports);
  const { now, later }: Answer = turnedAway ?? (await answered({ text, team, channel, user, interaction }, ports));
  await ack(now && { response_type: 'ephemeral', ...now });
  if (later === undefined) return;
  await ports.replies.reply(interaction, await later().catch((error: unknown) => fault(error, ports).now));
}

function answered(command: TypedCommand, ports: ListenerPorts): Promise<Answer> {
  return answerCommand(command, ports).catch((error: unknown) => fault(error, ports));
}

async function onPress(choice: Choice, { body, ack }: PressArgs, ports: ListenerPorts): Promise<void> {
  ports.count.arrived('press');
  if (body.response_url) ports.replies.remember(body.trigger_id, body.response_url);
  const message = await judgeLater(choice, body, ports).catch((error) => fault(error, ports).now);
  await ack();
  if (message !== null) await ports.replies.reply(body.trigger_id, message);
}

/** Writes the press down, unless it is plain at once that it cannot count. Null: nothing to say yet. */
async function judgeLater(choice: Choice, body: unknown, ports: ListenerPorts): Promise<Message | null> {
  const pressed = pressedBody.parse(body);
  const turnedAway = fromElsewhere(pressed, ports) ?? whileDraining(ports);
  return turnedAway?.now ?? answerPress(choice, pressed, ports.team, ports);
}

/** In a shared channel the other organization's people see our buttons, too. */
function fromElsewhere({ team, user }: PressedBody, ports: ListenerPorts): { now: Message } | null {
  const from = team?.id ?? user.team_id;
  if (from === undefined || from === ports.team) return null;
  return say(user.team_id === from ? 'refusal.stranger' : 'ack.other_workspace', ports);
}

function whileDraining(ports: ListenerPorts): { now: Message } | null {
  return ports.inFlight.isDraining() ? say('ack.restarting', ports) : null;
}

function say(key: 'ack.restarting' | 'ack.other_workspace' | 'refusal.stranger', { plainVoice }: ListenerPorts) {
  return { now: renderMessage([plainVoice.words.say(key)]) };
}

/** Something went wrong in a way that nobody planned for: the person gets its number, the log the rest. */
function fault(error: unknown, { log, count, faultId, plainVoice: { words } }: ListenerPorts): { now: Message } {
  const id = faultId();
  count.fault('interaction');
  log.error({ err: error, fault: id }, 'an interaction could not be answered');
  return { now: renderMessage([words.say('fault', { id: code(id), command: typed('history') })]) };
}
