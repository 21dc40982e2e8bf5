import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { LRUCache } from 'lru-cache';
import type { Policy } from '../../access/policy.ts';
import type { PressChoice } from '../../commands/command.ts';
import type { Event, PrivateSurface } from '../events.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RecordedRefusal, State } from '../outcome.ts';
import type { Ports } from '../ports.ts';
import { askedStages, cancellationOf, type Request } from '../request.ts';
import { limits } from '../retry-policy.ts';
import { isUndecided, isUnsent } from '../transition.ts';
import { mayDecide, recordedRefusal } from './authorization.ts';

/** A decision on a request, by button or typed. */
export type Pressed = {
  readonly request: string;
  readonly channel: string;
  readonly team: string;
  readonly by: string;
  /** What Slack calls the person now. */
  readonly name?: string;
  /** The person's workspace, if it is another one than the bot's. */
  readonly fromTeam?: string;
  readonly choice: PressChoice;
  /** Where the button was, if not on the announcement. `channel` is the request's all the same. */
  readonly surface?: PrivateSurface;
  /** Slack's `trigger_id`. */
  readonly interaction: string;
  /** Why the person says no, or declares an emergency, or the comment of a review, without secrets. */
  readonly reason?: string;
};

export type PressResult =
  | { readonly kind: 'recorded' | 'repeated'; readonly request: Request }
  /** The person has cancelled the request before, and now says why. */
  | { readonly kind: 'reason_given'; readonly request: Request }
  /** There is no request with this ID in this workspace and channel. */
  | { readonly kind: 'no_such_request' }
  /** The request belongs to another channel, or to this one under its former ID. */
  | { readonly kind: 'elsewhere'; readonly request: Request }
  /** The request is an item of a batch, which is decided on as a whole. */
  | { readonly kind: 'one_of_several'; readonly request: Request; readonly batch: string }
  /** No emergency was declared, so there is nothing to review. */
  | { readonly kind: 'nothing_to_review'; readonly request: Request }
  | { readonly kind: 'reviewed_already'; readonly request: Request; readonly by: string }
  /** The question has expired; an earlier press may still be judged. */
  | { readonly kind: 'over'; readonly request: Request }
  | { readonly kind: 'too_late'; readonly request: Request; readonly state: State };

/** Records a press before it is acknowledged. It is judged afterwards, by the rights at that time. */
export function recordPress(
  ledger: Ledger,
  pressed: Pressed,
  now: () => number,
  signal: AbortSignal,
): Promise<PressResult> {
  return ledger.transaction(async (tx) => {
    const request = await tx.load(pressed.request);
    if (request === null) return { kind: 'no_such_request' };
    const before = resultBefore(request, pressed, now());
    if (before !== null) return before;
    const explains = pressed.choice === 'cancel' && lacksReasonOf(request, pressed.by) && Boolean(pressed.reason);
    const recorded = await tx.append(request, explains ? reasonGiven(pressed) : pressOf(pressed));
    if (recorded === null) return { kind: 'too_late', request, state: request.state };
    return { kind: explains ? 'reason_given' : 'recorded', request: recorded };
  }, signal);
}

/** Why nothing is recorded of a press; null if it has to be. */
function resultBefore(request: Request, pressed: Pressed, now: number): PressResult | null {
  if (request.team !== pressed.team) return { kind: 'no_such_request' };
  if (request.channel !== pressed.channel) return { kind: 'elsewhere', request };
  if (isRepeated(request, pressed.interaction) || isPending(request, pressed, now))
    return { kind: 'repeated', request };
  if (request.batch !== null && isUndecided(request.state))
    return { kind: 'one_of_several', request, batch: request.batch };
  if (pressed.choice === 'review') return resultOfReview(request);
  if (pressed.choice !== 'cancel') return isApprovalOver(request, now) ? { kind: 'over', request } : null;
  return isToldAlready(request, pressed) ? { kind: 'reason_given', request } : null;
}

function resultOfReview(request: Request): PressResult | null {
  const { emergency, batch } = request;
  if (batch !== null) return { kind: 'one_of_several', request, batch };
  if (emergency === null) return { kind: 'nothing_to_review', request };
  return emergency.review === null ? null : { kind: 'reviewed_already', request, by: emergency.review.by };
}

function pressOf({ by, name, choice, interaction, fromTeam, surface, reason }: Pressed): Event {
  return {
    type: 'pressed',
    data: {
      ...{ by, choice, interaction },
      ...(name && { name }),
      ...(fromTeam && { team: fromTeam }),
      ...(surface && { surface }),
      ...(reason && { reason }),
    },
  };
}

function reasonGiven({ by, interaction, reason = '' }: Pressed): Event {
  return { type: 'reason_given', data: { by, interaction, reason } };
}

/** Whether the person has cancelled the request, or the rest of a batch, and has not said why. */
export function lacksReasonOf(request: Request, person: string): boolean {
  return cancellationOf(request)?.by === person && request.decisionReason === null;
}

function isToldAlready(request: Request, { by, reason }: Pressed): boolean {
  const { decisionReason } = request;
  const isTheSame = decisionReason?.by === by && decisionReason.text === reason;
  return Boolean(reason) && cancellationOf(request) !== null && isTheSame;
}

/** Slack delivers some interactions twice. Only the first counts. */
function isRepeated({ presses, judgedInteractions }: Request, interaction: string): boolean {
  return judgedInteractions.includes(interaction) || presses.some((press) => press.interaction === interaction);
}

function isPending(request: Request, { by, choice, fromTeam, reason }: Pressed, now: number): boolean {
  const { presses, shown } = request;
  const turn = shown?.questionRevision ?? 0;
  return presses.some(
    (one) =>
      one.by === by &&
      one.choice === choice &&
      one.team === fromTeam &&
      (!reason || one.reason !== undefined) &&
      one.questionRevision === turn &&
      one.stages === askedStages(request).length &&
      now < one.at + limits.repeatedPress.pendingMs,
  );
}

/** Whether it is a new press, in the request's channel, on a request that can still be decided on. */
export function decidesOn(request: Request, pressed: Pressed, now: number): boolean {
  const isElsewhere = request.team !== pressed.team || request.channel !== pressed.channel;
  if (isElsewhere || isRepeated(request, pressed.interaction)) return false;
  if (pressed.choice === 'review') return request.emergency !== null && request.emergency.review === null;
  if (!isUnsent(request.state)) return false;
  return pressed.choice === 'cancel' || (isUndecided(request.state) && !isApprovalOver(request, now));
}

/** A confirmation has to come before the question expires. *Keep running* counts until the command is sent. */
function isApprovalOver({ state, grant }: Request, now: number): boolean {
  return state === 'awaiting_approval' && grant?.expiresAt != null && now >= grant.expiresAt;
}

/** A press that repeats a refused one, and for which the same refusal still holds. */
export type RepeatedPress = {
  readonly kind: 'refused_again';
  readonly request: Request;
  readonly refusal: RecordedRefusal;
};

type Needs = Parameters<typeof mayDecide>[2] & { readonly ledger: Pick<Ports['ledger'], 'load' | 'lastFreeze'> };

type Judged = { readonly policy: Policy; readonly refusal: Promise<RecordedRefusal | null> };

/**
 * Finds out, without recording anything, whether a press only repeats a refused one. Null where it has to be recorded:
 * it may count, or the answer is not known in time.
 *
 * @param clock milliseconds from any beginning
 */
export function createRepeatedPresses(needs: Needs, repeated: () => void, clock = () => performance.now()) {
  const judgements = new LRUCache<string, Judged>({
    max: 10_000,
    ttl: limits.repeatedPress.holdsMs,
    ttlResolution: 0,
    perf: { now: clock },
  });

  async function refusalNow(
    request: Request,
    { by, choice, fromTeam: team }: Pressed,
  ): Promise<RecordedRefusal | null> {
    const { press } = await mayDecide(request, { by, choice, ...(team !== undefined && { team }) }, needs);
    return press.permitted ? null : recordedRefusal(press.refusal);
  }

  function judged(request: Request, pressed: Pressed): Promise<RecordedRefusal | null> {
    // Whoever is asked by escalation may do more from then on.
    const { stages } = request.escalation;
    const key = [request.id, pressed.by, pressed.choice, pressed.fromTeam, stages.length].join(' ');
    const policy = needs.policy();
    const known = judgements.get(key);
    if (known?.policy === policy) return known.refusal;
    const refusal = refusalNow(request, pressed);
    judgements.set(key, { policy, refusal });
    return refusal;
  }

  async function find(pressed: Pressed): Promise<RepeatedPress | null> {
    const request = await needs.ledger.load(pressed.request);
    if (request === null || !decidesOn(request, pressed, needs.now())) return null;
    const before = request.refusedDecisions.find(({ by, choice }) => by === pressed.by && choice === pressed.choice);
    // A failed look-up is repeated for as long as the press may count.
    if (before === undefined || before.refusal.reason === 'lookup_failed') return null;
    const refusal = await judged(request, pressed);
    return isDeepStrictEqual(refusal, before.refusal)
      ? { kind: 'refused_again', request, refusal: before.refusal }
      : null;
  }

  return async (pressed: Pressed): Promise<RepeatedPress | null> => {
    const found = find(pressed).catch(() => null);
    const known = await Promise.race([found, wait(limits.repeatedPress.withinMs, null, { ref: false })]);
    if (known !== null) repeated();
    return known;
  };
}
