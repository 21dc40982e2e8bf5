import { setTimeout as wait } from 'node:timers/promises';
import type { types, webApi } from '@slack/bolt';
import { LRUCache } from 'lru-cache';
import type { Log } from '../../requests/ports.ts';
import { failureReason, platformError } from '../slack-error.ts';

/** An open view, in one of its versions. `at`: the time of the choice in it, in seconds since the epoch. */
export type OpenView = { readonly id: string; readonly hash: string; readonly at: number };

/**
 * Updates an open form after a choice in it. Only the newest choice of a form counts: the update for an earlier one is left
 * out, and so is one that Slack refuses because the form shows something newer. It never fails.
 *
 * @param viewFor the form as it should be; null: as it is
 * @param settleMs for how long it is left alone: an earlier choice than another one within that time is not looked at
 */
export type UpdateForm = (
  open: OpenView,
  viewFor: () => Promise<types.ModalView | null>,
  settleMs?: number,
) => Promise<void>;

type State = {
  /** The time of the newest choice. */
  at: number;
  /** The last update. */
  sent: Promise<void>;
  /** The versions that our updates have replaced, and the newest one. */
  readonly replaced: Set<string>;
  hash: string;
};

/** The forms whose choices are kept in order. One that is forgotten is updated as Slack last said. */
const mostForms = 1_000;

/**
 * @param update updates the view where it still is the version of this hash; returns the new hash, or null
 * @param pass resolves when so many milliseconds have passed
 */
export function createFormUpdates(
  update: (id: string, hash: string, view: types.ModalView) => Promise<string | null>,
  pass: (ms: number) => Promise<unknown> = (ms) => wait(ms, null, { ref: false }),
): UpdateForm {
  const forms = new LRUCache<string, State>({ max: mostForms });
  return async ({ id, hash, at }, viewFor, settleMs = 0) => {
    const form = forms.get(id) ?? { at: Number.NEGATIVE_INFINITY, sent: Promise.resolve(), replaced: new Set(), hash };
    if (at <= form.at) return;
    form.at = at;
    forms.set(id, form);
    if (settleMs > 0) await pass(settleMs);
    if (form.at !== at) return;
    const view = await viewFor();
    if (view === null) return;
    form.sent = form.sent.then(async () => {
      if (form.at !== at) return;
      // A choice can be made before an update that is under way is shown.
      const base = form.replaced.has(hash) ? form.hash : hash;
      const next = await update(id, base, view);
      if (next === null) return;
      form.replaced.add(base);
      form.hash = next;
    });
    await form.sent;
  };
}

/** Errors of an update that came too late: the form was sent or closed, or shows something newer. */
const overtaken: ReadonlySet<string> = new Set(['not_found', 'hash_conflict']);

export async function updateView(
  client: webApi.WebClient,
  { id, hash, view }: { readonly id: string; readonly hash: string; readonly view: types.ModalView },
  log: Pick<Log, 'warn'>,
): Promise<string | null> {
  try {
    return (await client.views.update({ view_id: id, hash, view })).view?.hash ?? null;
  } catch (error) {
    if (!overtaken.has(platformError(error) ?? ''))
      log.warn({ reason: failureReason(error) }, 'a form could not be updated');
    return null;
  }
}
