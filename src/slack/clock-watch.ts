import type { Log } from '../requests/ports.ts';

/** Slack's requests are refused when their signature is five minutes off. */
const warnFromMs = 30_000;
const errorFromMs = 240_000;

/** An offset near a limit must not fill the log. */
const marginMs = 10_000;

/** How soon Slack is asked for its time again. */
const askAgainMs = 60_000;

/** How far this machine's clock is from Slack's. */
export type ClockOffset = { readonly seconds: number; readonly direction: 'ahead' | 'behind' };

/** Compares this machine's clock with Slack's, by the header `Date` of its answers. */
export type ClockWatch = {
  /** Called before a request to Slack; what it gives is called with the `Date` of the answer. */
  begin(): (date: string | null) => void;
  /** Null as long as the difference does not matter. */
  offset(): ClockOffset | null;
  /** Has Slack asked for something, unless it was a minute ago: the answer brings the time. */
  ask(ask: () => Promise<unknown>): void;
};

type State = 'right' | 'off' | 'far_off';

export type ClockWatchOptions = {
  readonly log: Log;
  /** Milliseconds since the epoch, by the clock that is watched. */
  readonly now: () => number;
  /** Milliseconds from any beginning, by one that nobody sets. */
  readonly steady?: () => number;
};

export function createClockWatch({ log, now, steady = () => performance.now() }: ClockWatchOptions): ClockWatch {
  let state: State = 'right';
  let current: ClockOffset = { seconds: 0, direction: 'ahead' };
  let askedAt = Number.NEGATIVE_INFINITY;

  function compare(ahead: number): void {
    current = { seconds: Math.round(Math.abs(ahead) / 1000), direction: ahead > 0 ? 'ahead' : 'behind' };
    const before = state;
    state = stateOf(Math.abs(ahead), before);
    if (state !== before) logChange(log, state, current);
  }

  return {
    begin() {
      const sentAt = now();
      return (date) => {
        const slackMs = Date.parse(date ?? '');
        if (!Number.isNaN(slackMs)) compare(aheadMs(sentAt, now(), slackMs));
      };
    },
    offset: () => (state === 'right' ? null : current),
    ask(ask) {
      if (steady() - askedAt < askAgainMs) return;
      askedAt = steady();
      ask().catch(() => {});
    },
  };
}

/**
 * How far the clock is ahead at the least; negative: behind. The answer was written at some time between the two of ours,
 * and `Date` leaves the fraction of the second out.
 */
export function aheadMs(sentAt: number, receivedAt: number, slackMs: number): number {
  if (sentAt >= slackMs + 1000) return sentAt - slackMs - 1000;
  return Math.min(0, receivedAt - slackMs);
}

function stateOf(offsetMs: number, before: State): State {
  if (offsetMs >= errorFromMs - (before === 'far_off' ? marginMs : 0)) return 'far_off';
  return offsetMs >= warnFromMs - (before === 'right' ? 0 : marginMs) ? 'off' : 'right';
}

function logChange(log: Log, state: State, { seconds, direction }: ClockOffset): void {
  const what = `this machine’s clock is ${direction === 'ahead' ? 'ahead of' : 'behind'} Slack’s`;
  const fields = { seconds, direction };
  switch (state) {
    case 'right':
      log.info({}, 'this machine’s clock agrees with Slack’s again');
      break;
    case 'off':
      log.warn(fields, `${what}: set it, and keep it right with NTP`);
      break;
    case 'far_off':
      log.error(fields, `${what}: set it. From five minutes on, all of Slack’s HTTP requests are refused`);
      break;
    default:
      state satisfies never;
  }
}
