import { allWorkflows } from '../../access/patterns.ts';
import { isNamed, type ReadAction } from '../../access/policy.ts';
import type { Command } from '../../commands/command.ts';
import { parseCommand } from '../../commands/grammar/parse-command.ts';
import type { UsageError } from '../../commands/grammar/parse-result.ts';
import { endOfFreeze } from '../../commands/grammar/read-freeze.ts';
import type { Vocabulary } from '../../commands/vocabulary/vocabulary.ts';
import { code } from '../../locales/phrase.ts';
import type { PressResult, RepeatedPress } from '../../requests/rules/press.ts';
import { accessMessage } from '../answers/access.ts';
import { helpMessage } from '../answers/help.ts';
import { type Invocation, rightsOf } from '../answers/invocation.ts';
import { historyMessage, statusMessage } from '../answers/status-and-history.ts';
import type { ListenerPorts, LocalizedPorts } from '../listener-ports.ts';
import { describeOrder, type LocalizedMessage, type MessageContext } from '../messages/message-context.ts';
import { describeRefusal } from '../messages/refusal.ts';
import { pressRefused, pressRefusedAgain } from '../messages/replies.ts';
import { namesConfiguration, usageMessage } from '../messages/usage.ts';
import { type Message, renderMessage } from '../render.ts';
import { type RateKind, rateOf, tooMany } from './rates.ts';
import {
  type Decided,
  type Elsewhere,
  type OrderDraft,
  press,
  pressElsewhere,
  refuseElsewhere,
  refuseQuery,
  submit,
  type TimedWrite,
} from './recording.ts';

/** A slash command as Slack delivers it, with `should_escape`. */
export type TypedCommand = {
  readonly text: string;
  readonly user: string;
  readonly team: string;
  readonly channel: string;
  readonly interaction: string;
};

/** What a person gets, and nobody else. */
export type CommandReply =
  /** Known already: it goes with the acknowledgement. */
  | { readonly now: LocalizedMessage }
  /** Has to be looked up first. */
  | { readonly later: (ports: LocalizedPorts) => Promise<Message> };

/** From what was typed to what is answered. Only parsing and one write come before the acknowledgement. */
export async function answerCommand(typed: TypedCommand, ports: ListenerPorts): Promise<CommandReply> {
  const vocabulary = ports.vocabulary();
  const parsed = parseCommand(asTyped(typed.text), vocabulary);
  const exceeded = await ports.rates(typed.user, parsed.ok ? kindOf(parsed.command) : 'read');
  if (exceeded !== null) return { now: tooMany(exceeded) };
  const { user: person, team, channel, interaction } = typed;
  const asking = { person, team, channel, interaction };
  if (!parsed.ok) return answerUsage(parsed.error, vocabulary, asking);
  const { command } = parsed;
  switch (command.kind) {
    case 'help':
      return { later: (spoken) => helpMessage(asking, spoken) };
    case 'access':
      return {
        later: (spoken) =>
          command.person === null ? accessMessage(null, asking, spoken) : read(command, asking, spoken),
      };
    case 'status':
    case 'history':
      return { later: (spoken) => read(command, asking, spoken) };
    case 'change': {
      const { verb, workflow, environment, reason } = command;
      return order({ verb, workflowId: workflow.id, alias: workflow.alias, environment, reason }, asking, ports);
    }
    case 'freeze': {
      const until = endOfFreeze(command.until, ports.now());
      if (until !== null) return order({ ...ofEnvironment(command), until }, asking, ports);
      return {
        now: usage({ problem: 'bad_until', environment: command.environment, typed: command.until.typed }, vocabulary),
      };
    }
    case 'unfreeze':
      return order(ofEnvironment(command), asking, ports);
    case 'decide':
      return decide(command, typed, ports);
    default:
      return command satisfies never;
  }
}

function kindOf(command: Command): RateKind {
  switch (command.kind) {
    case 'change':
      return rateOf(command.verb);
    case 'freeze':
    case 'unfreeze':
      return rateOf(command.kind);
    case 'decide':
      return 'decision';
    default:
      return 'read';
  }
}

/** What is ordered is written down before it is acknowledged, except where nobody may order anything. */
async function order(wanted: OrderDraft, asking: Invocation, ports: ListenerPorts): Promise<CommandReply> {
  if (isNamed(ports.policy(), asking.channel)) return { now: await submit(wanted, asking, ports) };
  return { later: (spoken) => refuseElsewhere(wanted, asking, spoken) };
}

/** Names of the configuration are told to nobody who may do nothing here. */
function answerUsage(error: UsageError, vocabulary: Vocabulary, asking: Invocation): CommandReply {
  const say = usage(error, vocabulary);
  if (!namesConfiguration(error, vocabulary)) return { now: say };
  return {
    later: async (spoken) => {
      const { here } = await rightsOf(asking, spoken);
      return here.kind === 'none' ? accessMessage(null, asking, spoken) : say(spoken.plainContext);
    },
  };
}

function usage(error: UsageError, vocabulary: Vocabulary): LocalizedMessage {
  return (context) => usageMessage(error, vocabulary, context);
}

/** Slack escapes these three and nothing else; undone once. */
function asTyped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function ofEnvironment({ kind, environment, reason }: Command & { kind: 'freeze' | 'unfreeze' }): OrderDraft {
  return { verb: kind, workflowId: allWorkflows, alias: null, environment, reason };
}

type Query = Command & { kind: ReadAction };

/** Answers what only reads; who may not is told why, and that is written down. */
async function read(command: Query, asking: Invocation, ports: LocalizedPorts): Promise<Message> {
  const rights = await rightsOf(asking, ports);
  const wanted = wantedBy(command);
  const { environment, workflowId } = wanted;
  const decision = rights.may({
    action: command.kind,
    environment: environment === '' ? null : environment,
    workflowId: workflowId === allWorkflows ? null : workflowId,
    hasReason: false,
  });
  if (!decision.permitted) return refuseQuery(wanted, decision.refusal, asking, ports);
  switch (command.kind) {
    case 'access':
      return accessMessage(command.person, asking, ports);
    case 'status':
      return statusMessage(command, asking, rights, ports);
    case 'history':
      return historyMessage(command, asking, rights, ports);
    default:
      return command satisfies never;
  }
}

function wantedBy(command: Query): OrderDraft {
  if (command.kind === 'access') {
    const { kind: verb, person } = command;
    const about = { verb, workflowId: allWorkflows, alias: null, environment: '', reason: '' };
    return person === null ? about : { ...about, person };
  }
  const { kind: verb, workflow, environment } = command;
  const { id: workflowId = allWorkflows, alias = null } = workflow ?? {};
  return { verb, workflowId, alias, environment: environment ?? '', reason: '' };
}

async function decide(
  command: Command & { kind: 'decide' },
  { user: by, team: from, channel, interaction }: TypedCommand,
  ports: ListenerPorts,
): Promise<CommandReply> {
  const { choice, request } = command;
  const decided = { request, choice, by, from, channel, interaction };
  return answerDecision(await press(decided, ports), { ...decided, messageTs: null }, ports);
}

/** Whether a request of another channel is of this one after all is asked behind the acknowledgement. */
export function answerDecision(
  pressed: TimedWrite<PressResult | RepeatedPress>,
  decided: Decided & { readonly messageTs: string | null },
  ports: ListenerPorts,
): CommandReply {
  const id = decided.request;
  if (!pressed.ok || pressed.written.kind !== 'elsewhere')
    return { now: (context) => pressMessage(pressed, id, context) };
  const { request } = pressed.written;
  return {
    later: async ({ plainContext: plainVoice }) =>
      elsewhereMessage(await pressElsewhere(decided, request, ports), id, plainVoice),
  };
}

function elsewhereMessage(result: Elsewhere, id: string, context: MessageContext): Message {
  const { translator } = context;
  switch (result) {
    case 'channel_gone':
      return renderMessage([translator.translate('press.channel_gone', { id: code(id) })]);
    case 'channel_unknown': {
      const why = describeRefusal({ reason: 'lookup_failed', failed: 'channel' }, null, context);
      return renderMessage([translator.translate('press.refused', { id: code(id), why })]);
    }
    default:
      return pressMessage(result, id, context);
  }
}

/** What a decision is answered with at once; how it was judged follows. */
export function pressMessage(
  pressed: TimedWrite<PressResult | RepeatedPress>,
  id: string,
  context: MessageContext,
): Message {
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
        describeOrder(result.request.order, context),
        context.translator.translate('ack.pressed', { id: code(id) }),
      ]);
    case 'no_such_request':
    case 'elsewhere':
      return renderMessage([context.translator.translate('press.no_such_request', { id: code(id) })]);
    case 'over':
      return renderMessage([
        describeOrder(result.request.order, context),
        context.translator.translate('press.over', { id: code(id) }),
      ]);
    case 'too_late':
      return pressRefused(result.request, { kind: 'too_late', state: result.state }, context);
    case 'refused_again':
      return pressRefusedAgain(result.request, result.refusal, context);
    default:
      return result satisfies never;
  }
}
