import type { Verb } from '../../commands/command.ts';
import { reminderAt } from '../rules/pause-reminder.ts';
import type { Condition } from './condition.ts';

/** What a watch remembers. Times in milliseconds since the epoch. */
export type WatchMemory = {
  /** What the channel knows; null: nothing yet. */
  readonly told: Condition | null;
  /** What the last look showed, and since when; null: nothing yet. */
  readonly seen: Condition | null;
  readonly seenSince: number;
  /** The number of the newest alert; 0: none. Its message is edited, and has the replies. */
  readonly alert: number;
  /** What its message shows, and whether that is still a problem. */
  readonly shown: Condition | null;
  readonly isOpen: boolean;
  /** When changes were told lately. */
  readonly changes: readonly number[];
  readonly isFlapping: boolean;
  /** The request whose command explained the last change that needed no alert. */
  readonly explainedBy: string | null;
  /**
   * Since when it is seen as paused, whether the channel needs no reminder of that any more, and who leaves it, by which
   * request; null: it is not.
   */
  readonly paused: {
    readonly since: number;
    readonly isReminded: boolean;
    readonly leftBy?: string;
    readonly leftRequest?: string;
  } | null;
  /** Where the last look showed `late`, and that was on a later day: the moment by which a run has not begun. */
  readonly missedAt?: number;
};

export const nothingSeen: WatchMemory = {
  told: null,
  seen: null,
  seenSince: 0,
  alert: 0,
  shown: null,
  isOpen: false,
  changes: [],
  isFlapping: false,
  explainedBy: null,
  paused: null,
};

/** The newest command that Campaign accepted, or may have, and when. */
export type KnownCommand = { readonly request: string; readonly verb: Verb; readonly at: number };

export type Circumstances = {
  readonly now: number;
  /** Quiet hours, or muted: nothing is posted. */
  readonly isSilent: boolean;
  readonly everyMs: number;
  /** After how long Campaign ends a pause by itself; null: nobody is reminded of that. */
  readonly pausesEndAfterMs: number | null;
  readonly command: KnownCommand | null;
  /** As in `WatchMemory`. */
  readonly missedAt: number | null;
};

/**
 * What is told of a change.
 *
 * - `alert`: a message of its own
 * - `change`: the alert is edited, and a reply in its thread that the channel sees
 * - `normal`: the alert is edited, and a reply in its thread
 * - `flapping`: as a change; from then on the alert is only edited
 * - `reminder`: it is paused still, and Campaign will end that: a reply that the channel sees
 * - `edit`: the alert is edited, and nobody is notified
 */
export type Telling = 'alert' | 'change' | 'normal' | 'flapping' | 'reminder' | 'edit';

export type WatchStep = { readonly memory: WatchMemory; readonly telling: Telling | null };

const minutes = 60_000;

/** Commands are asynchronous: for so long a change can be the effect of one. It explains one change. */
const explainsWithinMs = 30 * minutes;

/** The third change that is told within this time, or within six looks, says that it flaps. */
const flapWithinMs = 15 * minutes;
const flapLooks = 6;
const flapChanges = 3;

/** What the channel is told once one more look has shown this. Pure: the same look again tells nothing. */
export function watchStep(before: WatchMemory, condition: Condition, known: Circumstances): WatchStep {
  const seen = noticed(before, condition, known);
  if (seen.told === null) return firstStep(seen, condition, known);
  if (isExplained(before, condition, known)) {
    const explained = { ...seen, told: condition, explainedBy: known.command?.request ?? null };
    return edited({ ...explained, paused: ofCommand(seen.paused) }, condition);
  }
  if (condition === seen.told) return isReminderDue(seen, condition, known) ? reminder(seen) : edited(seen, condition);
  if (known.isSilent) return edited(condition === 'normal' ? { ...seen, told: condition } : seen, condition);
  return changed(seen, condition, known);
}

/** A pause that the bot sent has a reminder of its own. */
function ofCommand(paused: WatchMemory['paused']): WatchMemory['paused'] {
  return paused === null ? null : { ...paused, isReminded: true };
}

function isReminderDue({ paused, isOpen, isFlapping }: WatchMemory, condition: Condition, known: Circumstances) {
  const { pausesEndAfterMs: afterMs, now, isSilent } = known;
  if (condition !== 'warning' || paused === null || paused.isReminded || afterMs === null) return false;
  return isOpen && !isFlapping && !isSilent && now >= reminderAt(paused.since, paused.since + afterMs);
}

/** The alert shows it already. */
function reminder(memory: WatchMemory): WatchStep {
  const { paused } = memory;
  return { memory: { ...memory, paused: paused && { ...paused, isReminded: true } }, telling: 'reminder' };
}

/** The base. What is wrong already is told, and also what cannot be seen. */
function firstStep(seen: WatchMemory, condition: Condition, known: Circumstances): WatchStep {
  if (condition === 'normal' || condition === 'finished') {
    return { memory: { ...seen, told: condition }, telling: null };
  }
  return known.isSilent ? { memory: seen, telling: null } : changed(seen, condition, known);
}

/** What was seen, and the changes that still count. */
function noticed(memory: WatchMemory, condition: Condition, { now, everyMs, missedAt }: Circumstances): WatchMemory {
  const { missedAt: missedBefore = null, ...before } = memory;
  // The clock may have been turned back.
  const seenSince = Math.min(before.seenSince, now);
  const withinMs = Math.max(flapWithinMs, flapLooks * everyMs);
  const isSame = before.seen === condition;
  const changes = before.changes.filter((at) => at <= now && now - at < withinMs);
  const missed = isSame ? missedBefore : missedAt;
  const isCalm = isSame && now - seenSince >= withinMs;
  return {
    ...before,
    seen: condition,
    seenSince: isSame ? seenSince : now,
    changes: isCalm ? [] : changes,
    isFlapping: before.isFlapping && !isCalm,
    paused: pausedAfter(before.paused, condition, now),
    ...(missed !== null && { missedAt: missed }),
  };
}

/** That a look shows nothing ends no pause. */
function pausedAfter(before: WatchMemory['paused'], condition: Condition, now: number): WatchMemory['paused'] {
  if (condition === 'warning')
    return before === null ? { since: now, isReminded: false } : { ...before, since: Math.min(before.since, now) };
  return condition === 'not_shown' || condition === 'unread' ? before : null;
}

const effects: Readonly<Record<Verb, Condition>> = {
  start: 'normal',
  resume: 'normal',
  pause: 'warning',
  stop: 'finished',
};

/** Whoever asked for it through the bot knows it, and so does the channel. */
function isExplained({ seen, explainedBy }: WatchMemory, condition: Condition, known: Circumstances): boolean {
  const { command, now } = known;
  if (command === null || seen === condition || command.request === explainedBy) return false;
  return effects[command.verb] === condition && now - command.at <= explainsWithinMs;
}

/** The message of the alert shows what is seen, also where nobody is notified. */
function edited(memory: WatchMemory, condition: Condition): WatchStep {
  const isCurrent = memory.alert === 0 || memory.shown === condition || (!memory.isOpen && !memory.isFlapping);
  if (isCurrent) return { memory, telling: null };
  return { memory: { ...memory, shown: condition, isOpen: condition !== 'normal' }, telling: 'edit' };
}

function changed(before: WatchMemory, condition: Condition, { now }: Circumstances): WatchStep {
  // What it is once it is calm is told then, unless the channel knows that.
  if (before.isFlapping) return edited(before, condition);
  const told = { ...before, told: condition };
  // Nothing shows the problem that has ended.
  if (condition === 'normal' && !before.isOpen) return { memory: told, telling: null };
  const changes = [...before.changes, now];
  const isFlapping = changes.length >= flapChanges && before.alert > 0;
  const isNew = !before.isOpen && !isFlapping;
  const memory: WatchMemory = {
    ...told,
    alert: isNew ? before.alert + 1 : before.alert,
    shown: condition,
    isOpen: condition !== 'normal',
    changes,
    isFlapping,
  };
  if (isFlapping) return { memory, telling: 'flapping' };
  if (isNew) return { memory, telling: 'alert' };
  return { memory, telling: condition === 'normal' ? 'normal' : 'change' };
}
