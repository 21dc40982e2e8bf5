import { holdIfLimited, mayPass, retryLater } from '../passing.ts';
import type { Step } from '../ports.ts';
import { landsWithinMs, toShow } from '../request.ts';
import { hasMoved } from './follow-channel.ts';
import { record } from './record.ts';

/** Brings the announcement up to date. An edit in doubt is repeated, but not before it can no longer land on the next. */
export const show: Step = async (request, ports, { attempts }) => {
  const state = toShow(request);
  const { turn } = request;
  const posted = await ports.messenger.show(request, state);
  if (mayPass(posted)) {
    await holdIfLimited(posted, request.channel, ports, 'edits');
    const landsBy = posted.kind === 'doubt' ? ports.now() + landsWithinMs : 0;
    const later = retryLater(posted, attempts, ports);
    return { notBefore: Math.max(landsBy, later.notBefore) };
  }
  const problem = posted.kind === 'refused' ? posted.reason : null;
  if (problem !== null && (await hasMoved(request, problem, ports))) return { notBefore: ports.now() };
  await record(request, ports, { type: 'shown', data: { state, turn, problem } });
  return undefined;
};
