import { allWorkflows } from '../../access/patterns.ts';
import { isNamed } from '../../access/policy.ts';
import type { Command, Verb } from '../../commands/command.ts';
import { parseCommand } from '../../commands/grammar/parse-command.ts';
import type { UsageError } from '../../commands/grammar/parse-result.ts';
import { endOfFreeze } from '../../commands/grammar/read-freeze.ts';
import { masksSecrets } from '../../commands/grammar/read-reason.ts';
import type { Vocabulary } from '../../commands/vocabulary/vocabulary.ts';
import { code, user } from '../../locales/phrase.ts';
import { limits } from '../../requests/retry-policy.ts';
import type { PressResult, RepeatedPress } from '../../requests/rules/press.ts';
import { accessMessage, rightsMessage } from '../answers/access.ts';
import { helpMessage } from '../answers/help.ts';
import { historyMessage } from '../answers/history.ts';
import { type Invocation, rightsOf } from '../answers/invocation.ts';
import { listMessage } from '../answers/list.ts';
import { statusMessage } from '../answers/status.ts';
import { waitingMessage } from '../answers/waiting.ts';
import { watchesMessage } from '../answers/watches.ts';
import type { ListenerPorts, LocalizedPorts } from '../listener-ports.ts';
import { askedOrder } from '../messages/batch.ts';
import { describeOrder, type LocalizedMessage, type MessageContext, self } from '../messages/message-context.ts';
import { describeRefusal } from '../messages/refusal.ts';
import { pressRefused, pressRefusedAgain } from '../messages/replies.ts';
import { namesConfiguration, usageMessage } from '../messages/usage.ts';
import { type Message, renderMessage } from '../render.ts';
import { offerStatus } from './chosen-status.ts';
import type { CommandReply } from './command-reply.ts';
import { askToRead, type Query } from './query.ts';
import { type RateKind, rateOf, tooMany } from './rates.ts';
import {
  type Decided,
  type Elsewhere,
  type OrderDraft,
  press,
  pressElsewhere,
  refuseElsewhere,
  submit,
  type TimedWrite,
} from './recording.ts';

/** A slash command as Slack delivers it, with `should_escape`. */
export type TypedCommand = {
  readonly text: string;
  readonly user: string;
  /** What Slack calls the person. */
  readonly name?: string;
  readonly team: string;
  readonly channel: string;
  readonly interaction: string;
};

/** Parses a typed command and answers it. Only parsing and one write come before the acknowledgement. */
export async function answerCommand(typed: TypedCommand, ports: ListenerPorts): Promise<CommandReply> {
  const vocabulary = ports.vocabulary();
  const parsed = parseCommand(unescaped(typed.text), vocabulary);
  const exceeded = await ports.rates(typed.user, parsed.ok ? rateKindOf(parsed.command) : 'read');
  if (exceeded !== null) return { now: tooMany(exceeded), unrecorded: true };
  const { user: person, text, ...where } = typed;
  const invocation = { person, ...where };
  if (!parsed.ok) return answerUsage(parsed.error, vocabulary, invocation);
  const { command } = parsed;
  switch (command.kind) {
    case 'help':
      return { later: (localized) => helpMessage(invocation, localized) };
    case 'waiting':
      return { later: (localized) => waitingMessage(invocation, localized) };
    case 'list':
      return { later: (localized) => listMessage(command.environment, invocation, localized) };
    case 'access':
      return {
        later: (localized) =>
          command.person === null ? accessMessage(null, invocation, localized) : read(command, invocation, localized),
      };
    case 'choose_status':
      return { later: (localized) => offerStatus(command.environment, invocation, localized) };
    case 'status':
    case 'history':
      return { later: (localized) => read(command, invocation, localized) };
    case 'change': {
      const { kind: _, workflow, ...order } = command;
      return recordOrder({ ...order, workflowId: workflow.id, alias: workflow.alias }, invocation, ports);
    }
    case 'change_several':
      return recordOrder(severalAtOnce(command), invocation, ports);
    case 'freeze': {
      const until = endOfFreeze(command.until, ports.now());
      if (until !== null) return recordOrder({ ...ofEnvironment(command), until }, invocation, ports);
      return {
        now: usage({ problem: 'bad_until', environment: command.environment, typed: command.until.typed }, vocabulary),
      };
    }
    case 'unfreeze':
      return recordOrder(ofEnvironment(command), invocation, ports);
    case 'watch': {
      const { choice: verb, workflow, environment, reason } = command;
      const draft = { verb, workflowId: workflow.id, alias: workflow.alias, environment, reason };
      return recordOrder(draft, invocation, ports);
    }
    case 'watches':
      return { later: (localized) => watchesMessage(command.environment, invocation, localized) };
    case 'decide':
      return decide(command, typed, ports);
    default:
      return command satisfies never;
  }
}

function rateKindOf(command: Command): RateKind {
  switch (command.kind) {
    case 'change':
    case 'change_several':
      return rateOf(command.verb);
    case 'freeze':
    case 'unfreeze':
      return rateOf(command.kind);
    case 'watch':
      return rateOf(command.choice);
    case 'decide':
      return 'decision';
    default:
      return 'read';
  }
}

/** Records an order before the acknowledgement, except in a channel that no rule names. */
export async function recordOrder(
  draft: OrderDraft,
  invocation: Invocation,
  ports: ListenerPorts,
): Promise<CommandReply> {
  if (isNamed(ports.policy(), invocation.channel)) return submit(draft, invocation, ports);
  return { later: (localized) => refuseElsewhere(draft, invocation, localized) };
}

/** Names of the configuration are not shown to people without any rights here. */
function answerUsage(error: UsageError, vocabulary: Vocabulary, invocation: Invocation): CommandReply {
  const message = usage(error, vocabulary);
  if (!namesConfiguration(error, vocabulary)) return { now: message };
  return {
    later: async (localized) => {
      const rights = await rightsOf(invocation, localized);
      return rights.here.kind === 'none'
        ? rightsMessage({ ...invocation, subject: self }, rights, localized)
        : message(localized.plainContext);
    },
  };
}

function usage(error: UsageError, vocabulary: Vocabulary): LocalizedMessage {
  return (context) => usageMessage(error, vocabulary, context);
}

/** Undoes Slack's escaping, once: Slack escapes only these three characters. */
function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** An order for several workflows. Its own ID names them all, because nothing is sent for it. */
export function severalAtOnce({
  verb,
  workflows,
  environment,
  reason,
  due,
}: Omit<Command & { kind: 'change_several' }, 'kind'>): OrderDraft & { readonly verb: Verb } {
  const workflowId = workflows.map(({ id }) => id).join(',');
  return { verb, workflowId, alias: null, environment, reason, several: workflows, ...(due && { due }) };
}

function ofEnvironment({ kind, environment, reason }: Command & { kind: 'freeze' | 'unfreeze' }): OrderDraft {
  return { verb: kind, workflowId: allWorkflows, alias: null, environment, reason };
}

/** Answers a query. A refused query is recorded, and the person gets the reason. */
async function read(command: Query, invocation: Invocation, ports: LocalizedPorts): Promise<Message> {
  const asked = await askToRead(command, invocation, ports);
  if (!asked.permitted) return asked.message;
  const { rights } = asked;
  switch (command.kind) {
    case 'access':
      return accessMessage(command.person, invocation, ports);
    case 'status':
      return statusMessage(command, invocation, rights, ports);
    case 'history':
      return historyMessage(command, invocation, rights, ports);
    default:
      return command satisfies never;
  }
}

async function decide(
  command: Command & { kind: 'decide' },
  { user: by, name, team: from, channel, interaction }: TypedCommand,
  ports: ListenerPorts,
): Promise<CommandReply> {
  const { choice, request, reason } = command;
  const decided = { request, choice, by, ...(name && { name }), from, channel, interaction, reason };
  const judged = ports.judged(interaction, limits.answeredDecision.judgedWithinMs);
  const pressed = await press(decided, ports);
  const answer = { ...decided, messageTs: null };
  if (!pressed.ok || pressed.written.kind !== 'recorded') return answerDecision(pressed, answer, ports);
  return {
    later: async ({ plainContext }) =>
      (await judged) === 'refused' ? maskedNote(reason, plainContext) : pressMessage(pressed, answer, plainContext),
  };
}

/** Why a decision does not count is told by itself (`replyToPress`). */
function maskedNote(reason: string | undefined, { translator }: MessageContext): Message | null {
  return masksSecrets(reason ?? '') ? renderMessage([translator.translate('ack.masked')]) : null;
}

/** Replies to a decision. For a request of another channel, the look-up of its channel follows the acknowledgement. */
export function answerDecision(
  pressed: TimedWrite<PressResult | RepeatedPress>,
  decided: Decided & { readonly messageTs: string | null },
  ports: ListenerPorts,
): CommandReply {
  if (!pressed.ok || pressed.written.kind !== 'elsewhere')
    return { now: (context) => pressMessage(pressed, decided, context) };
  const { request } = pressed.written;
  return {
    later: async ({ plainContext }) =>
      elsewhereMessage(await pressElsewhere(decided, request, ports), decided, plainContext),
  };
}

function elsewhereMessage(result: Elsewhere, decided: Decided, context: MessageContext): Message {
  const { translator } = context;
  const id = decided.request;
  switch (result) {
    case 'channel_gone':
      return renderMessage([translator.translate('press.channel_gone', { id: code(id) })]);
    case 'channel_unknown': {
      const why = describeRefusal({ reason: 'lookup_failed', failed: 'channel' }, null, context);
      return renderMessage([translator.translate('press.refused', { id: code(id), why })]);
    }
    default:
      return pressMessage(result, decided, context);
  }
}

/** The first reply to a decision. How it was judged follows later. */
export function pressMessage(
  pressed: TimedWrite<PressResult | RepeatedPress>,
  { request: id, reason = '', choice }: Pick<Decided, 'request' | 'reason' | 'choice'>,
  context: MessageContext,
): Message {
  const masked = masksSecrets(reason) ? [context.translator.translate('ack.masked')] : [];
  if (!pressed.ok) {
    return renderMessage([
      context.translator.translate(pressed.inDoubt ? 'ack.decision_in_doubt' : 'ack.decision_not_recorded'),
    ]);
  }
  const result = pressed.written;
  switch (result.kind) {
    case 'recorded':
    case 'repeated':
      return renderMessage([
        describeOrder(askedOrder(result.request), context),
        context.translator.translate(choice === 'review' ? 'ack.reviewed' : 'ack.pressed', { id: code(id) }),
        ...masked,
      ]);
    case 'reason_given':
      return renderMessage([context.translator.translate('ack.reason_given', { id: code(id) }), ...masked]);
    case 'no_such_request':
    case 'elsewhere':
      return renderMessage([context.translator.translate('press.no_such_request', { id: code(id) })]);
    case 'nothing_to_review':
      return renderMessage([context.translator.translate('press.nothing_to_review', { id: code(id) })]);
    case 'reviewed_already':
      return renderMessage([
        context.translator.translate('press.reviewed_already', { id: code(id), by: user(result.by) }),
      ]);
    case 'over':
      return renderMessage([
        describeOrder(askedOrder(result.request), context),
        context.translator.translate('press.over', { id: code(id) }),
      ]);
    case 'one_of_several':
      return renderMessage([
        describeOrder(askedOrder(result.request), context),
        context.translator.translate('press.one_of_several', { id: code(id), batch: code(result.batch) }),
      ]);
    case 'too_late':
      return pressRefused(result.request, { kind: 'too_late', state: result.state }, context);
    case 'refused_again':
      return pressRefusedAgain(result.request, result.refusal, context);
    default:
      return result satisfies never;
  }
}
