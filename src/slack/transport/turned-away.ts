/** Why a request was not taken, and the status that says so. */
export const turnedAwayStatus = {
  /** The bot is still starting; Slack tells the person to try again. */
  not_ready: 503,
  no_signature: 401,
  bad_signature: 401,
  too_old: 401,
  too_new: 401,
  wrong_type: 415,
  too_large: 413,
  bad_body: 400,
  /** Too much that is not verified at the same time: bodies, or connections. */
  too_many: 503,
} as const;

export type TurnedAwayReason = keyof typeof turnedAwayStatus;
