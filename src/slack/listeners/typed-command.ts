import { randomBytes } from 'node:crypto';
import type { Command } from '../../commands/command.ts';
import { parseCommand } from '../../commands/parse-command.ts';
import { newRequestId } from '../../commands/request-id.ts';
import type { Vocabulary } from '../../commands/vocabulary.ts';
import { code, foreign } from '../../locales/phrase.ts';
import type { EventOf } from '../../requests/events.ts';
import { LedgerUnavailableError } from '../../requests/ledger/patience.ts';
import { type Pressed, type PressResult, recordPress } from '../../requests/press.ts';
import type { Sources } from '../answers/asking.ts';
import { accessMessage, helpMessage } from '../answers/help.ts';
import { historyMessage, statusMessage } from '../answers/reading.ts';
import { pressRefused } from '../messages/report.ts';
import { usageMessage } from '../messages/usage.ts';
import type { Voice } from '../messages/voice.ts';
import { type Message, renderMessage } from '../render.ts';
import type { Answer } from './answer.ts';

/** A slash command as Slack delivers it, with `should_escape`. */
export type TypedCommand = {
  readonly text: string;
  readonly user: string;
  readonly team: string;
  readonly channel: string;
  readonly interaction: string;
};

export type CommandPorts = Sources & {
  readonly vocabulary: () => Vocabulary;
  readonly now: () => number;
  /** Something may be due. */
  readonly wake: () => void;
  readonly plainVoice: Voice;
  /** Logs and counts that something could not be written in time. */
  readonly notRecorded: (error: unknown) => void;
};

/** "If it cannot be written within two seconds": Slack waits three for the acknowledgement. */
const recordWithinMs = 2_000;

/** From what was typed to what is answered. Only parsing and one write come before the acknowledgement. */
export async function answerCommand(typed: TypedCommand, ports: CommandPorts): Promise<Answer> {
  const parsed = parseCommand(asTyped(typed.text), ports.vocabulary());
  if (!parsed.ok) return { now: usageMessage(parsed.error, ports.plainVoice) };
  const { command } = parsed;
  const asking = { person: typed.user, channel: typed.channel };
  switch (command.kind) {
    case 'help':
      return { later: () => helpMessage(asking, ports) };
    case 'access':
      return { later: () => accessMessage(asking, ports) };
    case 'status':
      return { later: () => statusMessage(command, asking, ports) };
    case 'history':
      return { later: () => historyMessage(command, asking, ports) };
    case 'change':
      return { now: await submit(command, typed, ports) };
    case 'decide':
      return { now: await decide(command, typed, ports) };
    default:
      return command satisfies never;
  }
}

/** Slack escapes these three and nothing else; undone once. */
function asTyped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

async function submit(
  command: Command & { kind: 'change' },
  typed: TypedCommand,
  ports: CommandPorts,
): Promise<Message> {
  const { words } = ports.plainVoice;
  const requested = requestedBy(typed, command, ports);
  const submission = { id: newRequestId(randomBytes(5)), requested };
  const recorded = await inTime(ports, (signal) => ports.ledger.submit(submission, signal));
  if (!recorded.ok) return renderMessage([words.say(recorded.inDoubt ? 'ack.in_doubt' : 'ack.not_recorded')]);
  const { request } = recorded.written;
  const { verb, workflowId, environment } = request.order;
  const named = { verb, workflow: [foreign(workflowId)], environment };
  return renderMessage([words.say('ack.recorded', { id: code(request.id), ...named })]);
}

function requestedBy(
  { user, team, channel, interaction }: TypedCommand,
  { verb, workflow, environment, reason }: Command & { kind: 'change' },
  { organizationOf }: CommandPorts,
): EventOf<'requested'>['data'] {
  const organization = organizationOf(environment) ?? '';
  const order = { verb, workflowId: workflow.id, alias: workflow.alias, environment, organization, reason };
  return { requester: user, team, channel, interaction, order };
}

async function decide(
  command: Command & { kind: 'decide' },
  typed: TypedCommand,
  ports: CommandPorts,
): Promise<Message> {
  const { choice, request } = command;
  const { user: by, team, channel, interaction } = typed;
  const pressed = { request, choice, by, team, channel, interaction };
  return pressMessage(await press(pressed, ports), request, ports.plainVoice);
}

/** Writes a decision down. */
export function press(pressed: Pressed, ports: CommandPorts): Promise<InTime<PressResult>> {
  return inTime(ports, (signal) => recordPress(ports.ledger, pressed, ports.now, signal));
}

/** Where it is not `inDoubt`, it was not written, and will not be. */
export type InTime<T> = { readonly ok: true; readonly written: T } | { readonly ok: false; readonly inDoubt: boolean };

/** The one write that comes before an acknowledgement. */
async function inTime<T>(ports: CommandPorts, write: (signal: AbortSignal) => Promise<T>): Promise<InTime<T>> {
  try {
    return { ok: true, written: await write(AbortSignal.timeout(recordWithinMs)) };
  } catch (error) {
    ports.notRecorded(error);
    return { ok: false, inDoubt: error instanceof LedgerUnavailableError && error.inDoubt };
  } finally {
    ports.wake();
  }
}

/** What a decision is answered with at once; how it was judged follows. */
export function pressMessage(pressed: InTime<PressResult>, id: string, voice: Voice): Message {
  if (!pressed.ok) {
    return renderMessage([voice.words.say(pressed.inDoubt ? 'ack.decision_in_doubt' : 'ack.decision_not_recorded')]);
  }
  const result = pressed.written;
  switch (result.kind) {
    case 'recorded':
    case 'repeated':
      return renderMessage([voice.words.say('ack.pressed', { id: code(id) })]);
    case 'no_such_request':
      return renderMessage([voice.words.say('press.no_such_request', { id: code(id) })]);
    case 'over':
      return renderMessage([voice.words.say('press.over', { id: code(id) })]);
    case 'too_late':
      return pressRefused(result.request, { kind: 'too_late', state: result.state }, voice);
    default:
      return result satisfies never;
  }
}
