import type { Call } from '../../events.ts';
import type { Step } from '../../ports.ts';
import { postponedWhileAsked } from '../../retry-policy.ts';
import { postReply, type Reply } from './post-reply.ts';

/** Says in the thread whom a reminder reminds, or a stage asks: once each, for as long as the question waits. */
export const callInThread: Step = async (request, ports, claim) => {
  const { calls, callPost } = request.escalation;
  const [call] = calls;
  if (call === undefined) return undefined;
  const intent = { type: 'calling', data: { call, attempt: callPost.attempts + 1 } } as const;
  return postReply(replyWith(call), intent, request, ports, claim);
};

function replyWith(call: Call): Reply {
  return {
    message: 'call',
    progress: ({ escalation }) => escalation.callPost,
    find: (messenger, request) => messenger.findCall(request, call),
    post: (messenger, request) => messenger.postCall(request, call),
    retry: postponedWhileAsked,
    isLeftInDoubt: true,
    done:
      (_, posted) =>
      ({ escalation }) =>
        isSame(escalation.calls[0], call) ? [{ type: 'called', data: { call, ...posted } }] : [],
    logGivenUp({ id, channel }, reason, log) {
      log.warn({ request: id, channel, call, reason }, 'nobody was told in the thread who is asked');
    },
  };
}

function isSame(one: Call | undefined, { kind, number }: Call): boolean {
  return one?.kind === kind && one.number === number;
}
