import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Refusal } from '../../access/decision.ts';
import { isHalting, isNamed, mayBeNamed } from '../../access/policy.ts';
import type { WorkflowName } from '../../commands/command.ts';
import { givesReason, maskSecrets } from '../../commands/grammar/read-reason.ts';
import { newRequestId } from '../../commands/vocabulary/ids.ts';
import type { Order } from '../../requests/events.ts';
import type { Submission, TooManyOpen } from '../../requests/ledger/ledger.ts';
import { LedgerUnavailableError, within } from '../../requests/ledger/retry.ts';
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
import { type LocalizedMessage, typed, withoutConfiguration } from '../messages/message-context.ts';
import { describeRefusal } from '../messages/refusal.ts';
import { forRequester } from '../messages/replies.ts';
import { retryBriefly } from '../private-replies.ts';
import { type Message, renderMessage } from '../render.ts';
import { askedMessage } from './asked-message.ts';
import { type CommandReply, messageFrom } from './command-reply.ts';

/** The time limit for recording: Slack waits three seconds for the acknowledgement. */
const recordWithinMs = 2_000;

/** An order before its environment has been looked up in the configuration. */
export type OrderDraft = Omit<Order, 'organization' | 'production' | 'reason' | 'workflows'> & {
  readonly reason: string;
  /** The workflows of a batch, in place of one. */
  readonly several?: readonly WorkflowName[];
};

/** How long somebody waits to be told that their order is recorded, so that it can be told with its announcement. */
const announcedWithinMs = 2_000;

/** Records an order. Its outcome is posted later, in the channel or to the requester. */
export async function submit(
  typedDraft: OrderDraft,
  invocation: Invocation,
  ports: ListenerPorts,
): Promise<CommandReply> {
  const draft = { ...typedDraft, reason: maskSecrets(typedDraft.reason) };
  const submission = submissionOf(draft, invocation, ports);
  const most = ports.openPerPerson();
  const recorded = await withinTimeLimit(ports, (signal) => ports.ledger.submitWithin(most, submission, signal));
  if (!recorded.ok) {
    const key = recorded.inDoubt ? 'ack.in_doubt' : 'ack.not_recorded';
    return { now: ({ translator }) => renderMessage([translator.translate(key)]), unrecorded: true };
  }
  if (recorded.written.kind === 'too_many_open') {
    ports.tooManyOpen();
    return { now: tooManyOpen(recorded.written, draft, most), unrecorded: true };
  }
  const { request, isNew } = recorded.written;
  // Slack can deliver a command twice.
  const progress = isNew ? ports.announcedOrEnded(request.id, announcedWithinMs) : null;
  const isMasked = draft.reason !== typedDraft.reason;
  return {
    async later(localized) {
      await progress;
      const now = await localized.ledger.load(request.id);
      return now && askedMessage(now, isMasked, localized);
    },
  };
}

/** The order with only what its author may see. */
function readable(order: Order, invocation: Invocation, ports: ListenerPorts): Order {
  return isKnownHere(invocation, ports) ? order : withoutConfiguration(order);
}

function tooManyOpen({ oldest }: TooManyOpen, { verb }: OrderDraft, most: number): LocalizedMessage {
  const kind = isHalting(verb) ? 'halt' : 'other';
  return (context) =>
    renderMessage([
      context.translator.translate('ack.too_many_open', { most, kind, command: [typed(['cancel', oldest], context)] }),
    ]);
}

function submissionOf(
  { several, ...draft }: OrderDraft,
  { person, name, team, channel, interaction }: Invocation,
  { environments, policy, directory }: ListenerPorts,
): Submission {
  const known = environments().find(({ name }) => name === draft.environment);
  const { organization = '', production = false } = known ?? {};
  const isUnnamed = !mayBeNamed(policy(), { person, channel }, directory.lastKnownMembers);
  const id = newId();
  const requested = (order: OrderDraft, at: string) => {
    return {
      requester: person,
      ...(name && { name }),
      team,
      channel,
      interaction: at,
      order: { ...order, organization, production },
    };
  };
  if (several === undefined) return { id, requested: requested(draft, interaction), isUnnamed };
  // Lists show what was asked at the same time by its ID, the greatest first: here, in the order of the command.
  const ids = several.map(newId).toSorted().toReversed();
  const items = several.map(({ id: workflowId, alias }, index) => {
    return { request: ids[index] ?? newId(), workflowId, alias };
  });
  const batch = { ...requested(draft, interaction) };
  return {
    id,
    requested: { ...batch, order: { ...batch.order, workflows: items } },
    isUnnamed,
    items: items.map(({ request, workflowId, alias }) => ({
      id: request,
      requested: { ...requested({ ...draft, workflowId, alias }, `${interaction} ${workflowId}`), batch: id },
    })),
  };
}

function newId(): string {
  return newRequestId(randomBytes(5));
}

/** Refuses an order from a channel that no rule names. It is not recorded: otherwise anybody could fill the ledger from any channel. */
export async function refuseElsewhere(
  draft: OrderDraft,
  invocation: Invocation,
  ports: LocalizedPorts,
): Promise<Message | null> {
  const { verb: action, environment, several, reason } = draft;
  const workflowId = several?.[0]?.id ?? draft.workflowId;
  const { may } = await rightsOf(invocation, ports);
  const decision =
    action === 'form' ? null : may({ action, environment, workflowId, hasReason: givesReason(reason), reason });
  // The configuration has changed in the meantime.
  if (decision === null || decision.permitted) return messageFrom(await submit(draft, invocation, ports), ports);
  return refuseQuery(draft, decision.refusal, invocation, ports);
}

/** Records a refused query or form, and returns the reason for the person. */
export async function refuseQuery(
  draft: OrderDraft,
  refusal: Refusal,
  invocation: Invocation,
  ports: LocalizedPorts,
): Promise<Message> {
  const recorded = recordedRefusal(refusal);
  const submission = submissionOf(draft, invocation, ports);
  if (isNamed(ports.policy(), invocation.channel)) {
    await withinTimeLimit(ports, (signal) => recordRefusedQuery(ports.ledger, submission, recorded, signal));
  } else {
    ports.unnamedChannel();
  }
  const { order: recordedOrder } = submission.requested;
  const order = readable({ ...recordedOrder, reason: draft.reason }, invocation, ports);
  return renderMessage([describeRefusal(recorded, order, ports.plainContext)]);
}

/** A decision, and the workspace of the person who decides. */
export type Decided = Omit<Pressed, 'team' | 'fromTeam'> & { readonly from: string };

/**
 * Records a decision. In a shared channel the other organization's people also see our buttons: their presses are
 * recorded, judged and refused.
 */
export async function press(
  { from, reason, ...decided }: Decided,
  ports: ListenerPorts,
): Promise<TimedWrite<PressResult | RepeatedPress>> {
  const { team } = ports;
  const pressed = {
    ...decided,
    team,
    ...(reason && { reason: maskSecrets(reason) }),
    ...(from !== team && { fromTeam: from }),
  };
  const repeated = await ports.repeatedPress(pressed);
  if (repeated !== null) return { ok: true, written: readableResult(repeated, ports) };
  const result = await withinTimeLimit(ports, (signal) => recordPress(ports.ledger, pressed, ports.now, signal));
  return result.ok ? { ok: true, written: readableResult(result.written, ports) } : result;
}

/** The result with the request as its requester may read it. A request of another channel is not shown at all. */
function readableResult<T extends PressResult | RepeatedPress>(result: T, ports: ListenerPorts): T {
  if (result.kind === 'no_such_request' || result.kind === 'elsewhere') return result;
  return { ...result, request: forRequester(result.request, (requester) => isKnownHere(requester, ports)) };
}

/** The result of a decision from a channel other than the request's. */
export type Elsewhere = TimedWrite<PressResult | RepeatedPress> | 'channel_gone' | 'channel_unknown';

/**
 * The request's channel may have a new ID; only Slack's confirmation counts. If Slack does not show the channel any more,
 * nobody can decide on the request: it ends, if the button was on its own announcement.
 */
export async function pressElsewhere(
  decided: Decided & { readonly messageTs: string | null },
  request: Request,
  ports: ListenerPorts,
): Promise<Elsewhere> {
  const { messageTs, ...again } = decided;
  // A button of the announcement itself proves that the channel has a new ID.
  const isOwn = messageTs !== null && messageTs === request.announcement.ts;
  const now = await (isOwn ? channelWithRetries(request, ports, 0) : channelSincePress(request, ports));
  if (now.kind === 'unknown') return 'channel_unknown';
  if (now.kind === 'moved' && now.to === decided.channel) return press(again, ports);
  if (now.kind !== 'gone') return { ok: true, written: { kind: 'elsewhere', request } };
  if (isOwn && isUnsent(request.state)) {
    await endRequest(request, 'not_sent', { kind: 'slack', reason: 'channel_not_found' }, ports);
    ports.wake();
  }
  return 'channel_gone';
}

/** Slack's cached answer may be older than the channel's new ID: Slack is called again once it has expired. */
async function channelSincePress(request: Request, ports: ListenerPorts): Promise<ChannelStatus> {
  const now = await channelWithRetries(request, ports, undefined);
  if (!('isEarlier' in now)) return now;
  await wait(limits.movedChannel.freshMs);
  return channelWithRetries(request, ports, undefined);
}

/** Looks the channel up with a few short retries, because the person waits for the reply. */
function channelWithRetries(
  request: Request,
  ports: ListenerPorts,
  oldestMs: number | undefined,
): Promise<ChannelStatus> {
  return retryBriefly(
    () => followChannel(request, ports, oldestMs),
    (status) => (status.kind === 'unknown' ? status.retryAfterMs : null),
  );
}

/** If a failed write is not `inDoubt`, it was not committed and will not be. */
export type TimedWrite<T> =
  | { readonly ok: true; readonly written: T }
  | { readonly ok: false; readonly inDoubt: boolean };

/** The only write before an acknowledgement, with its time limit. */
async function withinTimeLimit<T>(
  ports: ListenerPorts,
  write: (signal: AbortSignal) => Promise<T>,
): Promise<TimedWrite<T>> {
  try {
    return { ok: true, written: await within(recordWithinMs, write) };
  } catch (error) {
    ports.notRecorded(error);
    return { ok: false, inDoubt: error instanceof LedgerUnavailableError && error.inDoubt };
  } finally {
    ports.wake();
  }
}
