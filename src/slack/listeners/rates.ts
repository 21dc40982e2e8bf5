import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { type Action, isHalting } from '../../access/policy.ts';
import type { Phrase } from '../../locales/phrase.ts';
import type { LocalizedMessage } from '../messages/message-context.ts';
import { renderMessage } from '../render.ts';

/** What a person can send. Stops, pauses and freezes are counted apart: nothing else uses up their share. */
export type RateKind = 'read' | 'start' | 'stop' | 'decision';

/** How much of each a person can send within a minute: far more than people do by hand, also in an incident. */
const mostPerMinute: Readonly<Record<RateKind, number>> = { read: 300, start: 1_000, stop: 1_000, decision: 300 };

/** As what an order counts. */
export function rateOf(action: Action): RateKind {
  return isHalting(action) ? 'stop' : 'start';
}

/** One thing too many. `isFirst`: the first within the minute. */
export type TooMany = { readonly retryInSeconds: number; readonly isFirst: boolean };

/** Takes something that a person sent, or says that it is too much. */
export type Rates = (person: string, kind: RateKind) => Promise<TooMany | null>;

/** Kept in memory: with several replicas, each of them takes so much. @param count counts what was not taken */
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

/** What is answered to what was too much. */
export function tooMany(exceeded: TooMany): LocalizedMessage {
  return (context) => renderMessage([describeTooMany(exceeded, context)]);
}

export function describeTooMany(
  { retryInSeconds: seconds }: TooMany,
  { translator }: Parameters<LocalizedMessage>[0],
): Phrase {
  return translator.translate('ack.too_many', { seconds });
}
