import bolt, { type webApi } from '@slack/bolt';
import { createRateLimits } from '../../sandbox/slack/rate-limits.ts';
import type { VirtualTime } from './virtual-time.ts';

const { WebClient, WebAPIRateLimitedError } = bolt.webApi;

/** A call that Slack has refused with 429. */
export type Refused = {
  readonly method: string;
  /** The channel of a post; empty for a method whose limit is the workspace's. */
  readonly channel: string;
  readonly begunAt: number;
  readonly answeredAt: number;
  /** Slack's `Retry-After`. */
  readonly retryAfterMs: number;
};

export type SlackModel = {
  readonly client: webApi.WebClient;
  readonly refused: readonly Refused[];
  /** How often each method was called, and accepted. */
  readonly accepted: ReadonlyMap<string, number>;
};

type Members = {
  readonly requesters: readonly string[];
  readonly leads: readonly string[];
  readonly channels: readonly string[];
};

export const groups = { requesters: 'S0USERS', leads: 'S0LEADS' } as const;

/** From a call to its arrival, and from there to its answer. */
const callMs = { there: 100, back: 50 } as const;

/** Slack in virtual time: its rate limits, and an answer to every call of the bot. All replicas share the limits. */
export function createSlack(time: VirtualTime, people: Members): SlackModel {
  const limits = createRateLimits(time.now);
  limits.apply(true);
  const refused: Refused[] = [];
  const accepted = new Map<string, number>();
  let messages = 0;

  async function call(method: string, params: Record<string, unknown>): Promise<webApi.WebAPICallResult> {
    const begunAt = time.now();
    await time.wait(callMs.there);
    const fault = limits.take({ method, params });
    await time.wait(callMs.back);
    if (fault?.kind === 'rate_limited') {
      const channel = method === 'chat.postMessage' ? String(params.channel) : '';
      const retryAfterSeconds = fault.retryAfterSeconds ?? 1;
      refused.push({ method, channel, begunAt, answeredAt: time.now(), retryAfterMs: retryAfterSeconds * 1_000 });
      throw new WebAPIRateLimitedError(retryAfterSeconds);
    }
    accepted.set(method, (accepted.get(method) ?? 0) + 1);
    return { ok: true, ...answer(method, params) };
  }

  function answer(method: string, params: Record<string, unknown>): object {
    switch (method) {
      case 'chat.postMessage': {
        messages += 1;
        const ts = `${Math.floor(time.now() / 1_000)}.${String(messages % 1_000_000).padStart(6, '0')}`;
        return { ts, channel: params.channel, message: { ts, thread_ts: params.thread_ts } };
      }
      case 'chat.update':
        return { ts: params.ts, channel: params.channel };
      case 'chat.getPermalink':
        return { permalink: `https://acme.slack.com/archives/${params.channel}/p${params.message_ts}` };
      case 'users.info':
        return { user: { id: params.user, team_id: 'T0ACME', locale: 'en-US' } };
      case 'users.list':
        return { members: [...people.requesters, ...people.leads].map((id) => ({ id, team_id: 'T0ACME' })) };
      case 'users.conversations':
        return { channels: people.channels.map((id) => ({ id, is_archived: false, is_ext_shared: false })) };
      case 'conversations.info':
        return { channel: { id: params.channel, is_member: true } };
      case 'usergroups.users.list':
        return { users: params.usergroup === groups.leads ? people.leads : people.requesters };
      default:
        throw new Error(`the model of Slack has no ${method}`);
    }
  }

  class ModelClient extends WebClient {
    override apiCall(method: string, params: Record<string, unknown> = {}): Promise<webApi.WebAPICallResult> {
      return call(method, params);
    }
  }
  return { client: new ModelClient('xoxb-day'), refused, accepted };
}
