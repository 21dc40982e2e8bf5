import { mayPass, waitMs } from '../passing.ts';
import type { Step } from '../ports.ts';
import { toShow } from '../request.ts';
import { record } from './record.ts';

/** Brings the announcement up to date. An edit can be repeated, so doubt is no trouble here. */
export const show: Step = async (request, ports, { attempts }) => {
  const state = toShow(request);
  const posted = await ports.messenger.show(request, state);
  if (mayPass(posted)) return { notBefore: ports.now() + waitMs(posted, attempts, ports.random()) };
  const problem = posted.kind === 'refused' ? posted.reason : null;
  await record(request, ports, { type: 'shown', data: { state, problem } });
  return undefined;
};
