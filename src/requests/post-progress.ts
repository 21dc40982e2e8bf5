import type { PostProblem } from './outcome.ts';
import { arrivesWithinMs, type PostProgress } from './request.ts';

/** The longest that one attempt to post takes: the time limit of the Slack client. */
const postingTakesMs = 10_000;

/** An attempt that begins now has ended by then, and its message has arrived. */
export const landsWithinMs = postingTakesMs + arrivesWithinMs;

export const unposted: PostProgress = { attempts: 0, inDoubt: false, arrivesBy: 0 };

/** An attempt has begun. */
export function attempted({
  data,
  at,
}: {
  readonly data: { readonly attempt: number };
  readonly at: number;
}): PostProgress {
  return { attempts: data.attempt, inDoubt: true, arrivesBy: at + landsWithinMs };
}

/** A fault in campaign-wf tells nothing about earlier attempts, so their doubt remains. */
export function afterProblem(
  { inDoubt, arrivesBy }: PostProgress,
  reason: PostProblem,
  at: number,
): Pick<PostProgress, 'inDoubt' | 'arrivesBy'> {
  if (reason === 'fault') return { inDoubt, arrivesBy };
  return reason === 'doubt' ? { inDoubt: true, arrivesBy: at + arrivesWithinMs } : { inDoubt: false, arrivesBy: 0 };
}
