/**
 * A workflow's ID as its owner sees it: ASCII letters, digits, `_` and `-`, up to 64. Campaign gives `WKF110`; owners
 * may rename it.
 */
export function isWorkflowId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(text);
}

/** An ID as Campaign gives it, in any case. */
export function isGivenWorkflowId(text: string): boolean {
  return /^WKF\d+$/i.test(text);
}

/** Begins as the IDs that Campaign gives. */
export function beginsLikeGivenId(text: string): boolean {
  return /^WKF\d/i.test(text);
}
