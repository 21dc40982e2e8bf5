import type { EventOf, RecordedEvent } from './events.ts';
import { landsWithinMs } from './post-progress.ts';
import type { Emergency, PostProgress, Request } from './request.ts';

/**
 * What was recorded ahead of the clock counts from this event on. Otherwise a question would wait, and a reminder rest, until
 * that time comes again. When it was asked for stays as it was recorded.
 */
export function turnedBack(
  request: Request,
  { at, data: { expiresAt } }: RecordedEvent<EventOf<'clock_turned_back'>>,
): Partial<Request> {
  const notAfter = (time: number) => Math.min(time, at);
  const orNull = (time: number | null) => (time === null ? null : notAfter(time));
  const post = <Post extends PostProgress>(progress: Post): Post => ({
    ...progress,
    arrivesBy: Math.min(progress.arrivesBy, at + landsWithinMs),
  });
  const { grant, approval, dispatch, emergency, escalation, questionRevision } = request;
  return {
    askedAt: orNull(request.askedAt),
    firstAskedAt: orNull(request.firstAskedAt),
    presses: request.presses.map((press) => ({ ...press, at: notAfter(press.at) })),
    approval: approval && { ...approval, at: notAfter(approval.at) },
    dispatch: { ...dispatch, retryAt: orNull(dispatch.retryAt) },
    end: endedBefore(request.end, at),
    emergency: emergency && ofEmergency(emergency, notAfter, post),
    announcement: post(request.announcement),
    outcomePost: post(request.outcomePost),
    followUpPost: post(request.followUpPost),
    pauseReminder: post(request.pauseReminder),
    escalation: { ...escalation, callPost: post(escalation.callPost) },
    // The announcement says until when.
    ...(grant && expiresAt !== undefined && { grant: { ...grant, expiresAt }, questionRevision: questionRevision + 1 }),
  };
}

/** Campaign ends a pause so long after it has begun. */
function endedBefore(end: Request['end'], at: number): Request['end'] {
  if (end === null || end.at <= at) return end;
  const { pauseEndsAt } = end;
  return { ...end, at, ...(pauseEndsAt !== undefined && { pauseEndsAt: pauseEndsAt - (end.at - at) }) };
}

function ofEmergency(
  emergency: Emergency,
  notAfter: (time: number) => number,
  post: (told: Emergency['told']) => Emergency['told'],
): Emergency {
  const { review, told } = emergency;
  return {
    ...emergency,
    at: notAfter(emergency.at),
    review: review && { ...review, at: notAfter(review.at) },
    told: { ...post(told), at: told.at === null ? null : notAfter(told.at) },
  };
}
