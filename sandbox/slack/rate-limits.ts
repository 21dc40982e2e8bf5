import type { SlackFault } from './faults.ts';
import type { Fields } from './fields.ts';

/** A rate limit: the sustained rate, and the size of a burst. */
type Limit = { readonly perMinute: number; readonly burst: number };

/** chat.postMessage: one message a second in each channel, with short bursts (docs.slack.dev/apis/web-api/rate-limits). */
const posts: Limit = { perMinute: 60, burst: 3 };

/** The same page's tiers, which apply to each method separately. The size of a burst is not documented. */
const tier2: Limit = { perMinute: 20, burst: 20 };
const tier3: Limit = { perMinute: 50, burst: 20 };
const tier4: Limit = { perMinute: 100, burst: 50 };

const methods: ReadonlyMap<string, Limit> = new Map([
  ['chat.postEphemeral', tier4],
  ['chat.update', tier3],
  ['conversations.history', tier3],
  ['conversations.info', tier3],
  ['conversations.members', tier4],
  ['conversations.replies', tier3],
  ['usergroups.list', tier2],
  ['usergroups.users.list', tier2],
  ['users.conversations', tier3],
  ['users.info', tier4],
  ['users.list', tier2],
  ['views.open', tier4],
  ['views.publish', tier4],
  ['views.update', tier4],
]);

export type RateLimits = {
  /** Switches the limits on or off. */
  apply: (on: boolean) => void;
  /** The refusal of a call beyond the limit. */
  take: (call: { readonly method: string; readonly params: Fields }) => SlackFault | undefined;
};

/** Slack's rate limits, off by default. @param now milliseconds since 1970 */
export function createRateLimits(now: () => number): RateLimits {
  let on = false;
  /** The calls left in a burst, and since when. */
  const left = new Map<string, { calls: number; at: number }>();
  return {
    apply: (isOn) => {
      on = isOn;
      left.clear();
    },
    take({ method, params }) {
      const limit = method === 'chat.postMessage' ? posts : methods.get(method);
      if (!on || limit === undefined) return undefined;
      const key = method === 'chat.postMessage' ? `${method} ${params.channel}` : method;
      const { calls, at } = left.get(key) ?? { calls: limit.burst, at: now() };
      const available = Math.min(limit.burst, calls + ((now() - at) * limit.perMinute) / 60_000);
      left.set(key, { calls: available >= 1 ? available - 1 : available, at: now() });
      if (available >= 1) return undefined;
      const retryAfterSeconds = Math.ceil(((1 - available) * 60) / limit.perMinute);
      return { kind: 'rate_limited', retryAfterSeconds };
    },
  };
}
