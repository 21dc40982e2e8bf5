import { randomId } from './random-id.ts';

/** https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses */
const LIFETIME_MS = 3000;

/** Whose it is, and the workspace in which they did something; null: the app's own. */
export type TriggerHolder = { user: string; teamId: string | null };

export type TriggerExchange =
  | ({ ok: true } & TriggerHolder)
  | { ok: false; error: 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id' };

/** What a modal is opened with: the proof that the person has just done something. */
export type Triggers = {
  /** An id that was given before stays as it is, used or old. */
  issue: (holder: TriggerHolder, given?: string) => string;
  /** Good for one modal, for three seconds. */
  exchange: (id: string) => TriggerExchange;
};

type Issued = TriggerHolder & { at: number; exchanged: boolean };

export function createTriggers(now: () => number): Triggers {
  const issued = new Map<string, Issued>();
  return {
    issue: (holder, given) => {
      // Slack's are opaque, but this is how they look.
      const id = given ?? `${now()}.1200000000.${randomId(16)}`;
      if (!issued.has(id)) issued.set(id, { ...holder, at: now(), exchanged: false });
      return id;
    },
    exchange: (id) => {
      const known = issued.get(id);
      if (!known) return { ok: false, error: 'invalid_trigger_id' };
      if (known.exchanged) return { ok: false, error: 'exchanged_trigger_id' };
      if (now() - known.at > LIFETIME_MS) return { ok: false, error: 'expired_trigger_id' };
      known.exchanged = true;
      return { ok: true, user: known.user, teamId: known.teamId };
    },
  };
}
