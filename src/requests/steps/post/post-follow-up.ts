import type { Event } from '../../events.ts';
import type { Step } from '../../ports.ts';
import type { Request } from '../../request.ts';
import { limits, postponedUncounted } from '../../retry-policy.ts';
import { postReply, type Reply } from './post-reply.ts';

/** Posts the follow-up in the thread, once: with the same care as the outcome, but with fewer retries. */
export const postFollowUp: Step = (request, ports, claim) =>
  postReply(followUp, noting(request), request, ports, claim);

export function noting({ followUpPost }: Request): Event {
  return { type: 'noting', data: { attempt: followUpPost.attempts + 1 } };
}

const followUp: Reply = {
  message: 'note',
  progress: ({ followUpPost }) => followUpPost,
  find: (messenger, request) => messenger.findFollowUp(request),
  post: (messenger, request) => messenger.postFollowUp(request),
  retry: (failed, attempts, clock) =>
    attempts < limits.followUp.tries ? postponedUncounted(failed, attempts, clock) : null,
  isLeftInDoubt: true,
  done: (_, data) => (current) => (current.followUpPost.done ? [] : [{ type: 'noted', data }]),
  logGivenUp({ id, order, observation }, reason, log) {
    log.warn({ request: id, order, observation, reason }, 'a follow-up could not be posted');
  },
};
