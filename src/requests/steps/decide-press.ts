import { ownConfirmation } from '../../access/policy.ts';
import type { Event, Glance, PressRefusal, Reading } from '../events.ts';
import type { LedgerTransaction } from '../ledger/ledger.ts';
import type { Ports, Step } from '../ports.ts';
import type { PendingPress, Request } from '../request.ts';
import { isUndecided, isUnsent } from '../transition.ts';
import { end } from './authorize.ts';
import { glance } from './glance.ts';
import { record } from './record.ts';
import { type Judgement, mayDecide, recordedRefusal } from './rights.ts';
import { supersedeOthers } from './supersede.ts';

/** How soon a press is looked at again that came early, or that somebody else was quicker than. */
const againMs = 100;

/** A look-up that failed is tried again this often, a second apart, before it refuses whoever pressed. */
const mostLookups = 3;
const betweenLookupsMs = 1_000;

/** Judges what was pressed, each by itself: a press that takes long to judge, or does not count, holds up no other. */
export const decidePressed: Step = async (request, ports, { attempts }) => {
  const ready = request.presses.filter((press) => !isEarly(request, press));
  const judged = await Promise.all(ready.map((press) => judge(request, press, ports, attempts)));
  const left = (await ports.ledger.load(request.id))?.presses ?? [];
  if (left.length === 0) return undefined;
  return { notBefore: ports.now() + (judged.includes('unknowable') ? betweenLookupsMs : againMs) };
};

/** Pressed as soon as Slack showed it, before it is on record that it does: judged when it is. */
function isEarly({ state }: Request, { choice }: PendingPress): boolean {
  return choice === 'approve' && isUndecided(state) && state !== 'awaiting_approval';
}

async function judge(
  request: Request,
  press: PendingPress,
  ports: Ports,
  attempts: number,
): Promise<'done' | 'unknowable'> {
  if (!inTime(request, press)) return refusePress(request, press, { kind: 'too_late', state: request.state }, ports);
  const judgement = await mayDecide(request, press, ports);
  if (isUnknowable(judgement) && attempts < mostLookups) return 'unknowable';
  if (isPastHelp(judgement, press)) {
    await end(request, 'refused', { kind: 'access', refusal: recordedRefusal(judgement.asked.refusal) }, ports);
    return 'done';
  }
  if (!judgement.press.permitted) {
    const refusal = recordedRefusal(judgement.press.refusal);
    return refusePress(request, press, { kind: 'access', refusal }, ports);
  }
  await (press.choice === 'cancel' ? takeBack(request, press, ports) : confirm(request, press, judgement, ports));
  return 'done';
}

function inTime({ state }: Request, { choice }: PendingPress): boolean {
  return choice === 'approve' ? state === 'awaiting_approval' : isUnsent(state);
}

function isUnknowable({ press }: Judgement): boolean {
  return !press.permitted && press.refusal.reason === 'lookup_failed';
}

/** What may be otherwise before the question is over. */
const passing: ReadonlySet<string> = new Set(['lookup_failed', 'frozen', 'bot_not_in_channel', 'archived_channel']);

type PastHelp = Judgement & { readonly asked: { readonly permitted: false } };

/** Somebody who was asked said yes, and nobody may ask for it any more: the question is over, and all are told why. */
function isPastHelp(judgement: Judgement, { choice }: PendingPress): judgement is PastHelp {
  const { asked, wasAsked } = judgement;
  return choice === 'approve' && wasAsked && !asked.permitted && !passing.has(asked.refusal.reason);
}

async function refusePress(
  request: Request,
  { by, interaction }: PendingPress,
  refusal: PressRefusal,
  ports: Ports,
): Promise<'done'> {
  await record(request, ports, { type: 'press_refused', data: { by, interaction, refusal } });
  return 'done';
}

async function takeBack(request: Request, { by, interaction }: PendingPress, ports: Ports): Promise<void> {
  const because = { kind: 'decided', by, interaction } as const;
  await record(request, ports, { type: 'ended', data: { outcome: 'cancelled', because, answer: null } });
}

async function confirm(request: Request, press: PendingPress, { asked }: Judgement, ports: Ports): Promise<void> {
  const seen = await glance(request, ports);
  const { count, withinMs } = (asked.permitted ? asked.approval : null) ?? ownConfirmation;
  const terms = { needed: count, seen, expiresAt: ports.now() + withinMs };
  await ports.ledger.transaction((tx) => carryOut(tx, request.id, press, terms));
}

type Terms = { readonly needed: number; readonly seen: Glance | null; readonly expiresAt: number };

/** Where somebody else was quicker nothing is written, and the press is judged again in the new state. */
async function carryOut(tx: LedgerTransaction, id: string, press: PendingPress, terms: Terms): Promise<void> {
  const request = await tx.load(id);
  if (request === null || !request.presses.some(({ interaction }) => interaction === press.interaction)) return;
  const after = await tx.append(request, confirmation(request, press, terms));
  if (after?.state === 'approved' && after.order.verb === 'stop') await supersedeOthers(tx, after);
}

/** What a confirmation comes to: one of several, the last of them, or a question that has to be asked anew. */
function confirmation(request: Request, { by, interaction, turn }: PendingPress, terms: Terms): Event {
  const { needed, seen, expiresAt } = terms;
  const { changed } = request;
  if (changed !== null && turn < changed.turn) {
    const { before, now } = changed;
    return { type: 'press_refused', data: { by, interaction, refusal: { kind: 'changed', before, now } } };
  }
  const change = changed === null ? changeOf(request.grant?.seen ?? null, seen) : null;
  if (change !== null && seen !== null) {
    return { type: 'changed', data: { by, interaction, ...change, seen, expiresAt } };
  }
  const { confirmations } = request;
  const missing = needed - confirmations.length;
  // Where the rule asks for fewer by now, whoever has confirmed already may be the last.
  if (missing > 0 && confirmations.some((one) => one.by === by)) {
    return { type: 'press_refused', data: { by, interaction, refusal: { kind: 'counted_already', missing } } };
  }
  if (missing > 1) return { type: 'confirmed', data: { by, interaction, needed, seen } };
  return { type: 'approved', data: { by, interaction, seen } };
}

/** Only what Campaign showed both times can be held against each other. */
function changeOf(before: Glance | null, now: Glance | null): { before: Reading; now: Reading } | null {
  const [was, is] = [readingOf(before), readingOf(now)];
  return was === null || is === null || was === is ? null : { before: was, now: is };
}

function readingOf(seen: Glance | null): Reading | null {
  return seen?.kind === 'seen' ? seen.reading : null;
}
