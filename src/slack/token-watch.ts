import { refusesToken } from './slack-error.ts';

/** How soon Slack is asked again whether it accepts a token that it has refused. */
const askAgainMs = 5_000;

/** Whether Slack accepts the bot's token, by the last that it said. */
export type TokenWatch = {
  /** @param refusal Slack's name for why it refused a call; null: it carried the call out */
  heard(refusal: string | null): void;
  /** While it is refused, asks Slack again now and then: there may be nobody else who does. */
  isAccepted(ask: () => Promise<unknown>): boolean;
};

/** @param clock milliseconds from any beginning */
export function createTokenWatch(clock = () => performance.now()): TokenWatch {
  let accepted = true;
  let askedAt = Number.NEGATIVE_INFINITY;
  return {
    heard(refusal) {
      accepted = refusal === null || !refusesToken(refusal);
    },
    isAccepted(ask) {
      if (!accepted && clock() - askedAt >= askAgainMs) {
        askedAt = clock();
        ask().catch(() => {});
      }
      return accepted;
    },
  };
}
