import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { type Action, type AlertAnswer, isAlertAnswer, isHalting } from '../../access/policy.ts';
import type { Phrase } from '../../locales/phrase.ts';
import type { LocalizedMessage } from '../messages/message-context.ts';
import { renderMessage } from '../render.ts';

/** The kinds of interactions with limits of their own. Stops, pauses and freezes are `stop`: nothing else uses up their limit. */
export type RateKind = 'read' | 'start' | 'stop' | 'decision';

/** The limit of each kind, for one person and minute: far more than people send by hand, even in an incident. */
const mostPerMinute: Readonly<Record<RateKind, number>> = { read: 300, start: 1_000, stop: 1_000, decision: 300 };

/** The kind that an order counts as. */
export function rateOf(action: Action | AlertAnswer): RateKind {
  if (isAlertAnswer(action)) return 'decision';
  return isHalting(action) ? 'stop' : 'start';
}

/** A limit was exceeded. `isFirst`: for the first time in this minute. */
export type TooMany = { readonly retryInSeconds: number; readonly isFirst: boolean };

/** Counts an interaction. Returns null if it is within the limit. */
export type Rates = (person: string, kind: RateKind) => Promise<TooMany | null>;

/**
 * Limits in memory: each replica has its own.
 *
 * @param count called for each interaction over the limit
 */
export function createRates(count: (kind: RateKind) => void): Rates {
  const limiter = (kind: RateKind) => new RateLimiterMemory({ points: mostPerMinute[kind], duration: 60 });
  const limiters = {
    read: limiter('read'),
    start: limiter('start'),
    stop: limiter('stop'),
    decision: limiter('decision'),
  };
  return async (person, kind) => {
    try {
      await limiters[kind].consume(person);
      return null;
    } catch (used) {
      if (!(used instanceof RateLimiterRes)) throw used;
      count(kind);
      const retryInSeconds = Math.max(1, Math.ceil(used.msBeforeNext / 1_000));
      return { retryInSeconds, isFirst: used.consumedPoints === mostPerMinute[kind] + 1 };
    }
  };
}

/** The reply to an interaction over the limit. */
export function tooMany(exceeded: TooMany): LocalizedMessage {
  return (context) => renderMessage([describeTooMany(exceeded, context)]);
}

export function describeTooMany(
  { retryInSeconds: seconds }: TooMany,
  { translator }: Parameters<LocalizedMessage>[0],
): Phrase {
  return translator.translate('ack.too_many', { seconds });
}
