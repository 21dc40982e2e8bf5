import type { Event } from '../../events.ts';
import type { Step } from '../../ports.ts';
import { ending } from '../../record.ts';
import { isTooLate } from '../../retry-policy.ts';
import { mayAsk } from '../../rules/authorization.ts';
import { granted, lookUpAgain, refused } from '../decide/authorize.ts';
import { applied } from './dispatching.ts';

/**
 * Judges an answer to an alert, and carries it out. Like a watch, it takes effect with the transaction that records it. It is
 * not announced: the alert and its thread show it.
 */
export const answerAlert: Step = async (request, ports, { attempts }) => {
  if (isTooLate(request, ports.now())) return ending('not_sent', { kind: 'too_late' });
  const decision = await mayAsk(request, ports);
  if (!decision.permitted) return lookUpAgain(decision.refusal, request, ports, attempts);
  const { rule } = decision;
  return {
    async record(current, tx) {
      if (current.state !== 'submitted' || current.grant !== null) return [];
      const facts = { rule, approval: null, approvable: null, seen: null, moments: {}, emergency: null };
      const terms = granted(current, facts, ports.now());
      const obstacle = await tx.answerWatch(current);
      return obstacle === null
        ? [terms, unannounced, ...applied({ grant: facts }, { rule })]
        : [terms, refused(obstacle)];
    },
  };
};

const unannounced: Event = { type: 'approved', data: { by: null, interaction: null, unannounced: true } };
