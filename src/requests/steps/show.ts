import { holdOnRateLimit, isTransient, postponedByPolicy } from '../passing.ts';
import type { Step } from '../ports.ts';
import { landsWithinMs, announcementState } from '../request.ts';
import { hasMoved } from './follow-channel.ts';
import { record } from './record.ts';

/** Brings the announcement up to date. An edit in doubt is repeated, but not before it can no longer land on the next. */
export const updateAnnouncement: Step = async (request, ports, { attempts }) => {
  const state = announcementState(request);
  const { questionRevision: turn } = request;
  const posted = await ports.messenger.updateAnnouncement(request, state);
  if (isTransient(posted)) {
    await holdOnRateLimit(posted, request.channel, ports, 'edits');
    const landsBy = posted.kind === 'doubt' ? ports.now() + landsWithinMs : 0;
    const later = postponedByPolicy(posted, attempts, ports);
    return { notBefore: Math.max(landsBy, later.notBefore) };
  }
  const problem = posted.kind === 'refused' ? posted.reason : null;
  if (problem !== null && (await hasMoved(request, problem, ports))) return { notBefore: ports.now() };
  await record(request, ports, { type: 'shown', data: { state, turn, problem } });
  return undefined;
};
