import type { ApprovalChoice } from '../commands/command.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Request } from './request.ts';
import type { State } from './state.ts';
import { isUndecided, isUnsent } from './transition.ts';

/** Somebody pressed a button, or typed what it does. */
export type Pressed = {
  readonly request: string;
  readonly channel: string;
  readonly team: string;
  readonly by: string;
  /** The workspace of whoever pressed, where it is another one. */
  readonly fromTeam?: string;
  readonly choice: ApprovalChoice;
  /** Slack's `trigger_id`. */
  readonly interaction: string;
};

export type PressResult =
  | { readonly kind: 'recorded' | 'repeated'; readonly request: Request }
  /** No request by that name in this workspace and channel. */
  | { readonly kind: 'no_such_request' }
  /** The request is of another channel; or of this one, and the channel had another ID then. */
  | { readonly kind: 'elsewhere'; readonly request: Request }
  /** The time to confirm it is over; whether somebody was in time is still being judged. */
  | { readonly kind: 'over'; readonly request: Request }
  | { readonly kind: 'too_late'; readonly request: Request; readonly state: State };

/** Writes a press down before it is acknowledged; it is judged afterwards, by the rights of that moment. */
export function recordPress(
  ledger: Ledger,
  pressed: Pressed,
  now: () => number,
  signal: AbortSignal,
): Promise<PressResult> {
  const { choice, by, interaction, fromTeam } = pressed;
  return ledger.transaction(async (tx) => {
    const request = await tx.load(pressed.request);
    if (request === null || request.team !== pressed.team) return { kind: 'no_such_request' };
    if (request.channel !== pressed.channel) return { kind: 'elsewhere', request };
    if (isRepeated(request, interaction) || isPending(request, pressed, now())) return { kind: 'repeated', request };
    if (choice === 'approve' && isApprovalOver(request, now())) return { kind: 'over', request };
    const recorded = await tx.append(request, {
      type: 'pressed',
      data: { by, choice, interaction, ...(fromTeam && { team: fromTeam }) },
    });
    return recorded === null
      ? { kind: 'too_late', request, state: request.state }
      : { kind: 'recorded', request: recorded };
  }, signal);
}

/** Slack delivers some interactions twice; only the first counts. */
function isRepeated({ presses, judged }: Request, interaction: string): boolean {
  return judged.includes(interaction) || presses.some((press) => press.interaction === interaction);
}

/** For so long a press that is not judged yet stands for the same one of the same person. */
const standsForMs = 5_000;

function isPending({ presses, shown }: Request, { by, choice, fromTeam }: Pressed, now: number): boolean {
  const turn = shown?.questionRevision ?? 0;
  return presses.some(
    (one) =>
      one.by === by &&
      one.choice === choice &&
      one.team === fromTeam &&
      one.questionRevision === turn &&
      now < one.at + standsForMs,
  );
}

/** Whether it is a new press on a request, here, that can still be decided on. */
export function decidesOn(request: Request, pressed: Pressed, now: number): boolean {
  const isElsewhere = request.team !== pressed.team || request.channel !== pressed.channel;
  if (isElsewhere || isRepeated(request, pressed.interaction) || !isUnsent(request.state)) return false;
  return pressed.choice === 'cancel' || (isUndecided(request.state) && !isApprovalOver(request, now));
}

/** A confirmation has to come in time. To keep it running is never too late before it is sent. */
function isApprovalOver({ state, grant }: Request, now: number): boolean {
  return state === 'awaiting_approval' && grant?.expiresAt != null && now >= grant.expiresAt;
}
