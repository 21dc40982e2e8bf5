import type { Step } from '../ports.ts';
import { announce } from './announce.ts';
import { authorize, end } from './authorize.ts';
import { dispatch } from './dispatch.ts';
import { mayTakeBack } from './rights.ts';

/** How soon to look again whether a press made in the last moment has been judged. */
const recheckPressMs = 250;

/** And how often: two minutes, after which no press that is still waiting could lead to a sending. */
const mostRechecks = 480;

/** And for a press of somebody who was not asked: three seconds. */
const mostRechecksForOthers = 12;

/** The next step on a request's way from the order to the outcome. */
export const advance: Step = async (request, ports, claim) => {
  switch (request.state) {
    case 'submitted':
      return (request.grant === null ? authorize : announce)(request, ports, claim);
    case 'awaiting_approval':
      return expire(request, ports, claim);
    case 'approved':
      return dispatch(request, ports, claim);
    case 'dispatching':
      // The process that sent it is gone, and nobody knows how far it came.
      return end(request, 'unknown', { kind: 'crashed' }, ports);
    default:
      return undefined;
  }
};

/** Who pressed in time is heard, even if judging the press takes a moment longer: a short one, for who was not asked. */
const expire: Step = async (request, ports, { attempts }) => {
  const wasAsked = request.presses.some((press) => mayTakeBack(request, press, ports.directory) !== false);
  const looks = wasAsked ? mostRechecks : mostRechecksForOthers;
  if (request.presses.length > 0 && attempts < looks) return { notBefore: ports.now() + recheckPressMs };
  return end(request, 'expired', { kind: 'expired' }, ports);
};
