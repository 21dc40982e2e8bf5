import type { Log } from '../requests/ports.ts';

/** Slack's requests are refused once the clocks differ by five minutes. */
export const warnFromMs = 30_000;
export const errorFromMs = 240_000;

/** Hysteresis: an offset near a limit must not fill the log. */
const marginMs = 10_000;

/** The interval between two calls for Slack's time. */
const checkEveryMs = 60_000;

/** How far this machine's clock is from Slack's. */
export type ClockOffset = { readonly seconds: number; readonly direction: 'ahead' | 'behind' };

/** Compares this machine's clock with Slack's, by the header `Date` of its answers. */
export type ClockWatch = {
  /** Call it before a request to Slack, and the returned function with the `Date` of the answer. */
  begin(): (date: string | null) => void;
  /** Null while the offset does not matter. */
  offset(): ClockOffset | null;
  /** Makes a call to Slack, at most one a minute: its answer contains the time. */
  check(call: () => Promise<unknown>): void;
};

type State = 'right' | 'off' | 'far_off';

export type ClockWatchOptions = {
  readonly log: Log;
  /** The clock that is compared, in milliseconds since the epoch. */
  readonly now: () => number;
  /** A monotonic clock, in milliseconds. */
  readonly monotonic?: () => number;
};

export function createClockWatch({ log, now, monotonic = () => performance.now() }: ClockWatchOptions): ClockWatch {
  let state: State = 'right';
  let current: ClockOffset = { seconds: 0, direction: 'ahead' };
  let checkedAt = Number.NEGATIVE_INFINITY;

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
    check(call) {
      if (monotonic() - checkedAt < checkEveryMs) return;
      checkedAt = monotonic();
      call().catch(() => {});
    },
  };
}

/**
 * By how much the clock is ahead at least; negative: behind. Slack wrote the answer at some time between `sentAt` and
 * `receivedAt`, and `Date` omits the fraction of the second.
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
  const message = `this machine’s clock is ${direction === 'ahead' ? 'ahead of' : 'behind'} Slack’s`;
  const fields = { seconds, direction };
  switch (state) {
    case 'right':
      log.info({}, 'this machine’s clock agrees with Slack’s again');
      break;
    case 'off':
      log.warn(fields, `${message}: set it, and keep it right with NTP`);
      break;
    case 'far_off':
      log.error(fields, `${message}: set it. From five minutes on, all of Slack’s HTTP requests are refused`);
      break;
    default:
      state satisfies never;
  }
}
