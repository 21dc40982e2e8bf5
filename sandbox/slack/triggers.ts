import { randomId } from './random-id.ts';

/** https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses */
const LIFETIME_MS = 3000;

/** Its person, and the workspace of the interaction. null: the app's own. */
export type TriggerHolder = { user: string; teamId: string | null };

export type TriggerExchange =
  | ({ ok: true } & TriggerHolder)
  | { ok: false; error: 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id' };

/** Opens a modal: proves a recent interaction of the person. */
export type Triggers = {
  /** An ID that was issued before is not renewed, even if it is used or expired. */
  issue: (holder: TriggerHolder, given?: string) => string;
  /** Valid for one modal, for three seconds. */
  exchange: (id: string) => TriggerExchange;
};

type Issued = TriggerHolder & { at: number; exchanged: boolean };

export function createTriggers(now: () => number): Triggers {
  const issued = new Map<string, Issued>();
  return {
    issue: (holder, given) => {
      // Opaque, in the format of Slack's.
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
