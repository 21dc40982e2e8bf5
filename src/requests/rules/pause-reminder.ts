/** Campaign Standard stops what is paused for seven days, and people are told after five: the same share of any other time. */
const share = 5 / 7;

/** When people are reminded that a workflow is paused. All times in milliseconds since the epoch. */
export function reminderAt(pausedAt: number, endsAt: number): number {
  return pausedAt + Math.round((endsAt - pausedAt) * share);
}
