import type { Phrase } from '../../locales/phrase.ts';
import type { ProbeResult } from '../../requests/events.ts';
import { confirmers, type Request } from '../../requests/request.ts';
import type { MessageContext } from './message-context.ts';

/** What was not read before the command was sent. For a start without confirmations: nobody was asked whether it may do more than start. */
export function unread(request: Request, { translator }: MessageContext): Phrase | null {
  const { approval, grant, order } = request;
  if (approval === null) return null;
  if (grant?.dueAt !== undefined || confirmers(request).length > 0) return notCompared(request, translator);
  const isUnseenStart = order.verb === 'start' && isUnread(grant?.seen ?? null);
  return isUnseenStart ? translator.translate('announce.sent_unseen') : null;
}

/** Says that the workflow's state was not compared: after a failed or slow probe of any confirmation, also once the request has ended. */
export function notCompared(request: Request, translator: MessageContext['translator']): Phrase | null {
  const { confirmations, approval, grant } = request;
  const last = grant?.dueAt === undefined ? (approval?.seen ?? null) : null;
  const isUncompared = [...confirmations.map(({ seen }) => seen), last].some(isUnread);
  return isUncompared ? translator.translate('announce.not_compared') : notComparable(request, translator);
}

/** Says of a command for later that a change goes unnoticed, because the state was not read when it was asked for, or when it was due. */
export function notComparable(
  { grant, order, approval }: Request,
  translator: MessageContext['translator'],
): Phrase | null {
  if (grant?.dueAt === undefined) return null;
  // When the end of a pause is recorded, Campaign need not show the pause yet.
  const isAskedUnread = order.after === undefined && isUnread(grant.seen);
  if (!isAskedUnread && !isUnread(approval?.seen ?? null)) return null;
  return translator.translate('announce.not_comparable', { when: isAskedUnread ? 'asked' : 'due' });
}

/** A probe that took too long or failed. */
function isUnread(seen: ProbeResult | null): boolean {
  return seen?.kind === 'slow' || seen?.kind === 'failed';
}
