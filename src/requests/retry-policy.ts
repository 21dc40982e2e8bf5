import type { Refusal } from '../access/decision.ts';
import type { DispatchResult, Postponement, PostResult } from './attempt-results.ts';
import type { PostProblem } from './outcome.ts';
import type { Request } from './request.ts';

/** All limits on retries and waiting, and the file that uses each. A name without a unit is a number of tries. */
export const limits = {
  /** The pause between tries doubles up to `mostMs`. For everything that is retried without a `Retry-After`. */
  backoff: { firstMs: 1_000, mostMs: 60_000 },
  /** How long no other process can claim a task (`app.ts`), and the longest that one side effect takes (`record.ts`). */
  lease: { ms: 30_000, sideEffectMs: 20_000 },
  /** The runner's longest sleep, and how long a step that is not urgent lets people be acknowledged first (`runner.ts`). */
  runner: { sleepMs: 1_000, yieldMs: 250 },

  /**
   * A command is sent within `withinMs` of the last decision that it needed, or never; `sendingMs` is the longest that
   * look-ups, the access token and the connection take before it arrives (`steps/send/dispatch.ts`).
   */
  dispatch: { withinMs: 120_000, sendingMs: 20_000, resends: 3, recheckMs: 250, rightsHoldMs: 5_000 },
  /** How long a press of *Keep running* that is not judged yet delays the dispatch: a press of an approver, and of somebody else (`rules/press-hold.ts`). */
  pressHold: { askedMs: 15_000, unknownMs: 3_000 },
  /**
   * Judging presses. While a look-up takes long, new presses are loaded every `reloadMs`; after `withinMs`, or a pause of
   * at most `mostPauseMs`, those that are left are judged again, and after `blockedMs` where another command to the workflow has to
   * end first (`steps/decide/judge-presses.ts`).
   */
  judge: { retryMs: 100, blockedMs: 500, mostPauseMs: 5_000, withinMs: 3_000, reloadMs: 250 },
  /** An expired question waits for presses that arrived in time: two minutes for those of approvers, three seconds for others (`steps/perform.ts`). */
  expiry: { recheckMs: 250, rechecks: 480, rechecksForOthers: 12 },
  /** How often a command that is due looks whether what is being sent to its workflow has ended (`steps/decide/release.ts`). */
  release: { recheckMs: 1_000 },
  /** The back-off of look-ups in Slack; short, because a person waits for them (`nextLookUpAt`). A question is delayed by `approversMs` for those of its approvers (`nextApproverLookUpAt`). */
  lookUp: { mostPauseMs: 5_000, approversMs: 3_000 },
  /** A repeated press is judged again `holdsMs` after its refusal. If it cannot be judged within `withinMs`, it is recorded (`rules/press.ts`). */
  repeatedPress: { holdsMs: 5_000, withinMs: 500, pendingMs: 5_000 },
  /** How long the reply to a typed decision, or to one on a private message or the App Home, waits for its judgement after the acknowledgement: what does not count is not told as recorded first (`slack/listeners/typed-command.ts`, `private-press.ts`). */
  answeredDecision: { judgedWithinMs: 800 },

  /** How often a batch looks at its items: until all have ended, and until the effect on each was observed (`steps/send/follow-batch.ts`). */
  batch: { endingMs: 200, mostEndingMs: 2_000, observingMs: 2_000, mostObservingMs: 15_000 },

  /** Reading a workflow's state: after a dispatch whose result is unknown, and while people wait (`steps/send/probe.ts`). */
  probe: { tries: 3, forPeopleMs: 3_000 },

  /** Slack's `Retry-After` is honoured up to an hour (`postponed`, `ledger/pacing.ts`). */
  slackRetryAfter: { mostMs: 3_600_000 },
  /** Posting in a channel that Slack has rate-limited, until `pacedMs` after the last limit or the last message that waited; updates likewise, in all channels together (`ledger/pacing.ts`). */
  pacing: { betweenPostsMs: 1_100, betweenUpdatesMs: 1_250, pacedMs: 30_000 },
  /** After this time, an update that only repeats the outcome in the thread is given up for Slack's limit (`steps/post/announce.ts`). */
  update: { withinMs: 600_000 },
  /** Posting an outcome is retried without a limit: after `often` tries every `seldomMs`, after `directMs` also as a direct message (`steps/post/post-outcome.ts`). */
  outcome: { recheckMs: 1_000, often: 10, seldomMs: 300_000, directMs: 600_000 },
  /** Posting a follow-up is given up after about half an hour (`steps/post/post-follow-up.ts`). */
  followUp: { tries: 30 },
  /** Telling those who are asked, for as long as the question waits: how many get a direct message at once (`steps/post/page.ts`), and after how many tries there is one at most every `seldomMs` (`postponedWhileAsked`). */
  paging: { atOnce: 10, often: 30, seldomMs: 300_000 },
  /** When a stage that cannot ask anybody yet, because of a freeze, a failed look-up or the state of the channel, is tried again; where the rules of now name nobody, after the back-off if that is longer (`steps/decide/escalate.ts`). */
  escalation: { recheckMs: 5_000 },
  /** The messages about an emergency: how often its review is asked for (`due.ts`). */
  emergency: { remindMs: 86_400_000 },
  /** How long a press of *Keep running* may take to be judged so that Slack still opens the dialog for its reason, three seconds after the press (`slack/listeners/ask-why.ts`). */
  reasonDialog: { withinMs: 2_000, everyMs: 100 },
  /** A reminder of a pause (`steps/post/remind-of-pause.ts`): where a resume is scheduled, it waits until that was due for `afterResumeMs`; the longest pause between tries to post. */
  pauseReminder: { afterResumeMs: 300_000, mostPauseMs: 300_000 },
  /** *Ask again* (`slack/listeners/ask-again.ts`): how long after its end a new request stands for further clicks of the same person, and how many follow each other. */
  askAgain: { sameWithinMs: 10_000, most: 20 },
  /** The reply to a refused press (`steps/post/reply-to-press.ts`). */
  pressReply: { tries: 10 },
  /** After this many faults of campaign-wf in a row, an outcome is logged instead and an announcement is not updated (`steps/perform.ts`). */
  faults: { tries: 10 },
  /** Retries while a person waits: of a private answer, and of looking up a moved channel (`retryBriefly` in `slack/private-replies.ts`). */
  privateAnswer: { pausesMs: [1_000, 3_000, 6_000], mostPauseMs: 10_000 },

  /**
   * How many changes of a channel's ID are followed at once (`recovery/moved-channel.ts`), and how long Slack's answer is
   * remembered, so that presses in the wrong channel cannot make it ask more often (`slack/directory.ts`).
   */
  movedChannel: { changes: 5, freshMs: 5_000 },

  /** Comparing open requests with their threads at the start of the process (`recovery/channel-comparison.ts`). */
  reconciliation: { holdMs: 250, mostWaitMs: 15_000 },
  /** Comparing a channel's newest messages with the ledger (`recovery/ledger-age.ts`). */
  ledgerAge: { tries: 20 },

  /**
   * Watches (`watches/watcher.ts`): how often each process asks what is due, how many looks it makes at once, how long a claim
   * of a look or a post excludes other processes, the pause after a refusal of Slack, after how many tries a message in doubt
   * is posted although it cannot be searched for, the pauses while Slack's limit applies and after a fault, how often the
   * channels of typed watches are looked up, and how long an alert is muted. A `Retry-After` is honoured up to
   * `mostRetryAfterMs` (`ledger/watches/looks.ts`): a longer one is more likely a mistake than a wish.
   */
  watch: {
    tickMs: 1_000,
    atOnce: 8,
    leaseMs: 60_000,
    refusedMs: 3_600_000,
    searches: 4,
    pacedMs: 5_000,
    faultMs: 10_000,
    followMs: 3_600_000,
    muteMs: 4 * 3_600_000,
    mostRetryAfterMs: 3_600_000,
  },
  /** The checkpoint of the day (`daily-checkpoint.ts`): how often it is looked for, how long a claim excludes other processes, and the pause after a refusal. */
  dailyCheckpoint: { everyMs: 60_000, leaseMs: 60_000, refusedMs: 3_600_000 },
  /** The witness file (`ledger/log/witness.ts`): how long the start waits for it, when an append counts as failing, and how long the end waits for the last one. */
  witness: { openMs: 5_000, slowMs: 10_000, closeMs: 2_000 },

  /** A transaction that failed transiently is retried: reads for two seconds, writes without a caller's limit for a minute (`ledger/retry.ts`, `ledger/open-ledger.ts`). */
  ledger: { firstPauseMs: 25, mostPauseMs: 400, readMs: 2_000, writeMs: 60_000 },
} as const;

type Clock = { readonly now: () => number; readonly random: () => number };

/** The pause after a number of failed attempts: doubles up to a minute, with up to 50 % jitter so that replicas do not retry together. */
export function backoffMs(attempts: number, random: number, mostMs: number = limits.backoff.mostMs): number {
  const full = Math.min(mostMs, limits.backoff.firstMs * 2 ** Math.min(attempts, 10));
  return Math.round(full * (0.5 + random / 2));
}

/** The time of the last decision: the approval, or the command itself if no approval was needed. Of a command for later: when it is due. */
export function decidedAt(request: Request): number {
  const { due } = request.order;
  const dueAt = request.grant?.dueAt ?? (due?.kind === 'moment' ? due.at : null);
  if (dueAt !== null) return dueAt;
  return request.approval?.by != null ? request.approval.at : request.requestedAt;
}

/** The last moment to start the dispatch of a command that was decided at that time. */
export function lastDispatchAt(decidedAt: number): number {
  return decidedAt + limits.dispatch.withinMs - limits.dispatch.sendingMs;
}

/** When an update of the announcement may be given up; null: never, because its buttons have to go. */
export function updateBy({ grant, end }: Pick<Request, 'grant' | 'end'>): number | null {
  return end === null || grant?.expiresAt != null || grant?.dueAt != null ? null : end.at + limits.update.withinMs;
}

/** Whether it is too late to start the dispatch. */
export function isTooLate(request: Request, now: number): boolean {
  return now > lastDispatchAt(decidedAt(request)) || isOver(request, now);
}

/** Whether it is a pause whose end has come. */
export function isOver({ grant }: Pick<Request, 'grant'>, now: number): boolean {
  return grant?.resumesAt !== undefined && grant.resumesAt <= now;
}

/** Whether the time limit of the dispatch has passed, including the time that sending takes. */
export function isPastDeadline(request: Request, now: number): boolean {
  return now > decidedAt(request) + limits.dispatch.withinMs || isOver(request, now);
}

/**
 * When to resend a command that certainly did not reach Campaign; null for never. With a new access token at once, but
 * only one time; otherwise after `Retry-After` or the back-off, three times, and before the time limit.
 */
export function resendAt(
  request: Request,
  sent: DispatchResult & { kind: 'not_reached' },
  { now, random }: Clock,
): number | null {
  const before = request.dispatch.notReached;
  if (sent.reason === 'token_expired') return before.includes('token_expired') ? null : now();
  const resends = before.filter((reason) => reason !== 'token_expired').length;
  const at = now() + (sent.retryAfterMs ?? backoffMs(resends, random()));
  return resends < limits.dispatch.resends && !isTooLate(request, at) ? at : null;
}

/**
 * When to retry a look-up that failed in Slack; null if the refusal is final: it has another reason, no retry helps,
 * or the retry would be too late for the dispatch.
 *
 * @param since when the command, or the press, was decided
 */
export function nextLookUpAt(
  refusal: Refusal,
  { since, attempts }: { readonly since: number; readonly attempts: number },
  clock: Clock,
): number | null {
  if (refusal.reason !== 'lookup_failed' || refusal.retryAfterMs === null) return null;
  const at = lookUpAgainAt(refusal.retryAfterMs, attempts, clock);
  return at < lastDispatchAt(since) ? at : null;
}

/**
 * When to look up the approvers again, because Slack did not say whether anybody can confirm; null if the question can
 * be put: that is known, or cannot be known soon.
 */
export function nextApproverLookUpAt(
  found: { readonly retryAfterMs: number | null } | null,
  { since, attempts }: { readonly since: number; readonly attempts: number },
  clock: Clock,
): number | null {
  if (found === null || found.retryAfterMs === null) return null;
  const at = lookUpAgainAt(found.retryAfterMs, attempts, clock);
  return at <= since + limits.lookUp.approversMs ? at : null;
}

/** After Slack's `Retry-After`, or after the back-off if that is longer. */
function lookUpAgainAt(retryAfterMs: number, attempts: number, { now, random }: Clock): number {
  return now() + Math.max(retryAfterMs, backoffMs(attempts, random(), limits.lookUp.mostPauseMs));
}

/** Problems that can be solved while a message waits: Slack is unavailable, or does not accept the token. */
const unavailable: ReadonlySet<PostProblem> = new Set(['unreachable', 'token_revoked']);

/** Whether all other calls to Slack would fail now for the same reason. */
export function isSlackUnavailable(problem: PostProblem | null): boolean {
  return problem !== null && unavailable.has(problem);
}

/** Whether to retry a message that was not posted, or is in doubt. */
export function isTransient(posted: PostResult): boolean {
  if (posted.kind === 'refused') return isSlackUnavailable(posted.reason);
  return posted.kind !== 'posted';
}

/** When to retry a post: after Slack's `Retry-After`, or after the back-off. */
export function postponed(posted: PostResult, attempts: number, { now, random }: Clock): Postponement {
  const waitMs =
    posted.kind === 'rate_limited'
      ? Math.min(posted.retryAfterMs, limits.slackRetryAfter.mostMs)
      : backoffMs(attempts, random());
  return { notBefore: now() + waitMs };
}

/** The same for messages with a limited number of tries. A rate limit does not count as a try: Slack did not process the message. */
export function postponedUncounted(posted: PostResult, attempts: number, clock: Clock): Postponement {
  return { ...postponed(posted, attempts, clock), isUncounted: posted.kind === 'rate_limited' };
}

/** The same for messages that matter for as long as a question waits: tried until then, and seldom after about twenty minutes. */
export function postponedWhileAsked(posted: PostResult, attempts: number, clock: Clock): Postponement {
  const { notBefore, ...rest } = postponedUncounted(posted, attempts, clock);
  if (attempts < limits.paging.often) return { notBefore, ...rest };
  const seldom = clock.now() + backoffMs(attempts, clock.random(), limits.paging.seldomMs);
  return { notBefore: Math.max(notBefore, seldom), ...rest };
}
