import type { Step } from '../../ports.ts';
import { holdOnRateLimit, recording } from '../../record.ts';
import { isTransient, limits, postponedUncounted } from '../../retry-policy.ts';

/** Replies privately why a press did not count. The reply is sent before it is recorded, so a crash in between repeats it. */
export const replyToPress: Step = async (request, ports, { attempts }) => {
  const [refused] = request.pendingNotices;
  if (refused === undefined) return undefined;
  const posted = attempts < limits.pressReply.tries ? await ports.messenger.replyToPress(request, refused) : null;
  if (posted !== null && isTransient(posted)) {
    await holdOnRateLimit(posted, refused.by, ports);
    return postponedUncounted(posted, attempts, ports);
  }
  const isDelivered = posted?.kind === 'posted';
  if (!isDelivered) {
    const reason = posted?.kind === 'refused' ? posted.reason : (posted?.kind ?? 'too_many_tries');
    const { by, interaction, refusal } = refused;
    const fields = { request: request.id, by, interaction, refusal, reason };
    ports.log.warn(fields, 'the reply to a refused press could not be delivered');
  }
  return recording({ type: 'press_answered', data: { interaction: refused.interaction, told: isDelivered } });
};
