import type { types, webApi } from '@slack/bolt';
import type { Log } from '../requests/ports.ts';

/** Slack opens a form within three seconds of what somebody did, or not at all; then the person tries again. */
export async function showForm(
  client: webApi.WebClient,
  trigger: string,
  view: types.ModalView,
  log: Pick<Log, 'warn'>,
): Promise<boolean> {
  try {
    await client.views.open({ trigger_id: trigger, view });
    return true;
  } catch (error) {
    log.warn({ reason: String(error) }, 'a form could not be opened');
    return false;
  }
}
