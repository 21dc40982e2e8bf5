import type { Call } from '../events.ts';
import type { Request } from '../request.ts';

/** What is due next of a question that waits, and when (milliseconds since the epoch). */
export type Nudge = Call & { readonly at: number };

/** The next reminder or stage before the question expires; null: there is none. */
export function nextNudge(question: Question): Nudge | null {
  const [first] = nudgesOf(question).toSorted((a, b) => a.at - b.at);
  return first ?? null;
}

/** What is to be done of what is due: of several, a stage first, which says more; then the last reminder. */
export function nudgeAt(question: Question, now: number): Nudge | null {
  const stage = nudgesOf(question).find(({ kind, at }) => kind === 'stage' && at <= now);
  return stage ?? dueReminder(question, now);
}

/** The last reminder that is due, whatever else is; null: none is. */
export function dueReminder(question: Question, now: number): Nudge | null {
  const due = nudgesOf(question).find(({ kind, at }) => kind === 'reminder' && at <= now);
  return due === undefined ? null : { ...due, number: remindersUntil(question, now) };
}

/** Whether the time of the stage after the next one has come as well. */
export function isNextStageDue({ grant, askedAt, escalation }: Question, now: number): boolean {
  const ms = grant?.escalateAfter?.[escalation.stages.length + 1];
  return ms !== undefined && askedAt !== null && askedAt + ms <= now;
}

/** The first time of a reminder or of a stage that is not past. */
export function nextTimeAfter({ grant, askedAt }: Question, now: number): number {
  const { remindAfter = [], escalateAfter = [] } = grant ?? {};
  const times = [...remindAfter, ...escalateAfter].map((ms) => (askedAt ?? now) + ms);
  return Math.min(...times.filter((at) => at > now));
}

type Question = Pick<Request, 'grant' | 'askedAt' | 'escalation'>;

function nudgesOf({ grant, askedAt, escalation }: Question): readonly Nudge[] {
  if (grant === null || askedAt === null) return [];
  const { remindAfter = [], escalateAfter = [], expiresAt } = grant;
  const { stages, reminders } = escalation;
  const nudges: readonly Nudge[] = [
    ...timed('stage', escalateAfter, stages.length, askedAt),
    ...timed('reminder', remindAfter, reminders, askedAt),
  ];
  return nudges.filter(({ at }) => at < (expiresAt ?? 0));
}

function timed(kind: Call['kind'], after: readonly number[], done: number, askedAt: number): readonly Nudge[] {
  const ms = after[done];
  return ms === undefined ? [] : [{ kind, number: done + 1, at: askedAt + ms }];
}

/** How many reminders of the question there have been by that moment. */
export function remindersUntil({ grant, askedAt }: Pick<Request, 'grant' | 'askedAt'>, at: number): number {
  return (grant?.remindAfter ?? []).filter((ms) => (askedAt ?? at) + ms <= at).length;
}
