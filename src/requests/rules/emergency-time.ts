import { isHalting } from '../../access/policy.ts';
import type { Request } from '../request.ts';

type Question = Pick<Request, 'order' | 'askedAt' | 'firstAskedAt'>;

/**
 * The moment after which the time until an emergency counts, in milliseconds since the epoch; null: nobody was asked yet.
 * What halts something is no less urgent because the workflow has changed: it counts from the first question. Anything else
 * is another decision then, for which the approvers get the full time.
 */
export function emergencyRunsFrom({ order, askedAt, firstAskedAt }: Question): number | null {
  return isHalting(order.verb) ? firstAskedAt : askedAt;
}

/** From when on the emergency of a question can be declared; null: it has none, or was not put yet. */
export function emergencyFrom(question: Question & Pick<Request, 'grant'>): number | null {
  const [from, emergency] = [emergencyRunsFrom(question), question.grant?.emergency];
  return from === null || emergency === undefined ? null : from + emergency.afterMs;
}
