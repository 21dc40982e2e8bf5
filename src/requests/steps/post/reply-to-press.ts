import type { Step } from '../../ports.ts';
import { holdOnRateLimit, record } from '../../record.ts';
import { isTransient, limits, postponedUncounted } from '../../retry-policy.ts';

/** Tells one person why a press did not count. The reply comes before its record: if the process dies between, it is told again. */
export const replyToPress: Step = async (request, ports, { attempts }) => {
  const [refused] = request.pendingNotices;
  if (refused === undefined) return undefined;
  const posted = attempts < limits.pressReply.tries ? await ports.messenger.replyToPress(request, refused) : null;
  if (posted !== null && isTransient(posted)) {
    await holdOnRateLimit(posted, refused.by, ports);
    return postponedUncounted(posted, attempts, ports);
  }
  const told = posted?.kind === 'posted';
  if (!told) ports.log.warn({ ...refused, request: request.id }, 'nobody could be told that a press did not count');
  await record(request, ports, { type: 'press_answered', data: { interaction: refused.interaction, told } });
  return undefined;
};
