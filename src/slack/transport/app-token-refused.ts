import type { SettingName } from '../../settings/environment.ts';
import { SlackRefusedError } from '../identity.ts';

/** Slack does not accept the app-level token, so there never was a connection. The message is Slack's name for why. */
export class AppTokenRefusedError extends SlackRefusedError {
  override name = 'AppTokenRefusedError';
  readonly setting: SettingName = 'SLACK_APP_TOKEN';
}
