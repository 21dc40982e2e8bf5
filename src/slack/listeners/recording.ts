import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Refusal } from '../../access/decision.ts';
import { isHalting, isNamed, mayBeNamed } from '../../access/policy.ts';
import { givesReason, maskSecrets } from '../../commands/grammar/read-reason.ts';
import { newRequestId } from '../../commands/vocabulary/ids.ts';
import { code, type Phrase } from '../../locales/phrase.ts';
import type { Order } from '../../requests/events.ts';
import type { Submission, TooManyOpen } from '../../requests/ledger/ledger.ts';
import { LedgerUnavailableError } from '../../requests/ledger/retry.ts';
import type { ChannelStatus } from '../../requests/ports.ts';
import { endRequest } from '../../requests/record.ts';
import { followChannel } from '../../requests/recovery/moved-channel.ts';
import { recordRefusedQuery } from '../../requests/refuse-reading.ts';
import type { Request } from '../../requests/request.ts';
import { limits } from '../../requests/retry-policy.ts';
import { isKnownHere, recordedRefusal } from '../../requests/rules/authorization.ts';
import { type Pressed, type PressResult, type RepeatedPress, recordPress } from '../../requests/rules/press.ts';
import { isUnsent } from '../../requests/transition.ts';
import { type Invocation, rightsOf } from '../answers/invocation.ts';
import type { ListenerPorts, LocalizedPorts } from '../listener-ports.ts';
import {
  type LocalizedMessage,
  type MessageContext,
  typed,
  typedOrder,
  withoutConfiguration,
  workflowName,
} from '../messages/message-context.ts';
import { describeRefusal } from '../messages/refusal.ts';
import { forRequester } from '../messages/replies.ts';
import { type Message, renderMessage } from '../render.ts';

/** "If it cannot be written within two seconds": Slack waits three for the acknowledgement. */
const recordWithinMs = 2_000;

/** What is ordered, before it is known whose environment that is. */
export type OrderDraft = Omit<Order, 'organization' | 'production'>;

/** Writes an order down. What becomes of it shows in the channel, or to whoever asked. */
export async function submit(asTyped: OrderDraft, asking: Invocation, ports: ListenerPorts): Promise<LocalizedMessage> {
  const wanted = { ...asTyped, reason: maskSecrets(asTyped.reason) };
  const submission = submissionOf(wanted, asking, ports);
  const most = ports.openPerPerson();
  const recorded = await withinTimeLimit(ports, (signal) => ports.ledger.submitWithin(most, submission, signal));
  if (!recorded.ok) {
    return ({ translator }) =>
      renderMessage([translator.translate(recorded.inDoubt ? 'ack.in_doubt' : 'ack.not_recorded')]);
  }
  if (recorded.written.kind === 'too_many_open') {
    ports.tooManyOpen();
    return tooManyOpen(recorded.written, wanted, most);
  }
  const { id, order } = recorded.written.request;
  return (context) => {
    const masked = wanted.reason === asTyped.reason ? [] : [context.translator.translate('ack.masked')];
    return renderMessage([describeRecorded(id, readable(order, asking, ports), context), ...masked]);
  };
}

function describeRecorded(id: string, order: Order, context: MessageContext): Phrase {
  const { translator } = context;
  const { verb, environment } = order;
  if (environment === '') {
    return translator.translate('ack.recorded_as_typed', { id: code(id), command: [typedOrder(order, context)] });
  }
  const workflow = workflowName({ ...order, alias: null }, context);
  return translator.translate('ack.recorded', { id: code(id), verb, workflow, environment });
}

/** The order as whoever typed it may read it. */
function readable(order: Order, asking: Invocation, ports: ListenerPorts): Order {
  return isKnownHere(asking, ports) ? order : withoutConfiguration(order);
}

function tooManyOpen({ oldest }: TooManyOpen, { verb }: OrderDraft, most: number): LocalizedMessage {
  const kind = isHalting(verb) ? 'halt' : 'other';
  return (context) =>
    renderMessage([
      context.translator.translate('ack.too_many_open', { most, kind, command: [typed(['cancel', oldest], context)] }),
    ]);
}

function submissionOf(
  wanted: OrderDraft,
  { person, team, channel, interaction }: Invocation,
  { environments, policy, directory }: ListenerPorts,
): Submission {
  const known = environments().find(({ name }) => name === wanted.environment);
  const { organization = '', production = false } = known ?? {};
  const order: Order = { ...wanted, organization, production };
  const isUnnamed = !mayBeNamed(policy(), { person, channel }, directory.lastKnownMembers);
  const requested = { requester: person, team, channel, interaction, order };
  return { id: newRequestId(randomBytes(5)), requested, isUnnamed };
}

/** Refuses an order from a channel that no rule names; that is not written down, or anybody could fill the record from anywhere. */
export async function refuseElsewhere(wanted: OrderDraft, asking: Invocation, ports: LocalizedPorts): Promise<Message> {
  const { verb: action, environment, workflowId, reason } = wanted;
  const { may } = await rightsOf(asking, ports);
  const decision =
    action === 'form' ? null : may({ action, environment, workflowId, hasReason: givesReason(reason), reason });
  // The configuration has changed since.
  if (decision === null || decision.permitted) return (await submit(wanted, asking, ports))(ports.plainContext);
  return refuseQuery(wanted, decision.refusal, asking, ports);
}

/** Tells who may not read, or not even ask, why not; and writes that down. */
export async function refuseQuery(
  wanted: OrderDraft,
  refusal: Refusal,
  asking: Invocation,
  ports: LocalizedPorts,
): Promise<Message> {
  const recorded = recordedRefusal(refusal);
  const submission = submissionOf(wanted, asking, ports);
  if (isNamed(ports.policy(), asking.channel)) {
    await withinTimeLimit(ports, (signal) => recordRefusedQuery(ports.ledger, submission, recorded, signal));
  } else {
    ports.unnamedChannel();
  }
  const order = readable(submission.requested.order, asking, ports);
  return renderMessage([describeRefusal(recorded, order, ports.plainContext)]);
}

/** A decision, and the workspace of whoever takes it. */
export type Decided = Omit<Pressed, 'team' | 'fromTeam'> & { readonly from: string };

/**
 * Writes a decision down. In a shared channel the other organization's people see our buttons, too: they are heard,
 * judged and refused.
 */
export async function press(
  { from, ...decided }: Decided,
  ports: ListenerPorts,
): Promise<TimedWrite<PressResult | RepeatedPress>> {
  const { team } = ports;
  const pressed = { ...decided, team, ...(from !== team && { fromTeam: from }) };
  const repeated = await ports.repeatedPress(pressed);
  if (repeated !== null) return { ok: true, written: readableResult(repeated, ports) };
  const result = await withinTimeLimit(ports, (signal) => recordPress(ports.ledger, pressed, ports.now, signal));
  return result.ok ? { ok: true, written: readableResult(result.written, ports) } : result;
}

/** With the request as it may be told. Of one from another channel nothing is told. */
function readableResult<T extends PressResult | RepeatedPress>(result: T, ports: ListenerPorts): T {
  if (result.kind === 'no_such_request' || result.kind === 'elsewhere') return result;
  return { ...result, request: forRequester(result.request, (requester) => isKnownHere(requester, ports)) };
}

/** What a decision came to that was taken in another channel than the request's. */
export type Elsewhere = TimedWrite<PressResult | RepeatedPress> | 'channel_gone' | 'channel_unknown';

/**
 * The channel may have got another ID, which Slack confirms or not. Where it does not show the channel any more, nobody
 * can decide on the request: it ends, if the button was one of its own announcement.
 */
export async function pressElsewhere(
  decided: Decided & { readonly messageTs: string | null },
  request: Request,
  ports: ListenerPorts,
): Promise<Elsewhere> {
  const { messageTs, ...again } = decided;
  // Its own announcement's button proves that the channel has another ID.
  const isOwn = messageTs !== null && messageTs === request.announcement.ts;
  const now = await (isOwn ? channelSoon(request, ports, 0) : channelSincePress(request, ports));
  if (now.kind === 'unknown') return 'channel_unknown';
  if (now.kind === 'moved' && now.to === decided.channel) return press(again, ports);
  if (now.kind !== 'gone') return { ok: true, written: { kind: 'elsewhere', request } };
  if (isOwn && isUnsent(request.state)) {
    await endRequest(request, 'not_sent', { kind: 'slack', reason: 'channel_not_found' }, ports);
    ports.wake();
  }
  return 'channel_gone';
}

/** Slack's earlier answer may be older than the channel's new ID: it is asked again once that is not remembered any more. */
async function channelSincePress(request: Request, ports: ListenerPorts): Promise<ChannelStatus> {
  const now = await channelSoon(request, ports, undefined);
  if (!('isEarlier' in now)) return now;
  await wait(limits.movedChannel.freshMs);
  return channelSoon(request, ports, undefined);
}

/** Who pressed waits for an answer, and most troubles of Slack's are short. */
async function channelSoon(
  request: Request,
  ports: ListenerPorts,
  oldestMs: number | undefined,
): Promise<ChannelStatus> {
  const { pausesMs, mostPauseMs } = limits.privateAnswer;
  let now = await followChannel(request, ports, oldestMs);
  for (const pauseMs of pausesMs) {
    if (now.kind !== 'unknown' || now.retryAfterMs === null || now.retryAfterMs > mostPauseMs) break;
    await wait(Math.max(pauseMs, now.retryAfterMs));
    now = await followChannel(request, ports, oldestMs);
  }
  return now;
}

/** Where it is not `inDoubt`, it was not written, and will not be. */
export type TimedWrite<T> =
  | { readonly ok: true; readonly written: T }
  | { readonly ok: false; readonly inDoubt: boolean };

/** The one write that comes before an acknowledgement. */
async function withinTimeLimit<T>(
  ports: ListenerPorts,
  write: (signal: AbortSignal) => Promise<T>,
): Promise<TimedWrite<T>> {
  try {
    return { ok: true, written: await write(AbortSignal.timeout(recordWithinMs)) };
  } catch (error) {
    ports.notRecorded(error);
    return { ok: false, inDoubt: error instanceof LedgerUnavailableError && error.inDoubt };
  } finally {
    ports.wake();
  }
}
