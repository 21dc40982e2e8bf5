/** Campaign Standard stops what is paused for seven days, and people are told after five: the same share of any other time. */
const share = 5 / 7;

/** How often the setting of that time is read again, while a pause stands. */
const lookEveryMs = 6 * 3_600_000;

export function nextReminderLook(due: number, now: number): number {
  return Math.min(due, now + lookEveryMs);
}

/** When people are reminded that a workflow is paused. All times in milliseconds since the epoch. */
export function reminderAt(pausedAt: number, endsAt: number): number {
  return pausedAt + Math.round((endsAt - pausedAt) * share);
}
