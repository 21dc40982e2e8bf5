import { classifySlackError, failureReason, isSlackError, platformError } from '../../slack/slack-error.ts';
import { type Finding, found } from '../finding.ts';
import type { SlackSession } from '../slack-session.ts';
import type { CheckContext, Report } from './check.ts';

/** The session for checks that need the bot's token. Null: `slack` says why there is none, and the report says that. */
export async function slackFor({ slack, known }: CheckContext, report: Report): Promise<SlackSession | null> {
  if (known.slack === null || known.adobe === null) {
    report(found('warning', 'not_checked', { because: 'settings' }));
    return null;
  }
  const session = await slack()?.catch(() => null);
  if (session) return session;
  report(found('warning', 'not_checked', { because: 'slack' }));
  return null;
}

/** Slack cannot be asked: it limits this app's calls, or does not answer. */
export function slackFailure(error: unknown): Finding {
  const failure = isSlackError(error) ? classifySlackError(error) : null;
  if (failure?.kind !== 'rate_limited') return found('failure', 'slack_unreachable', { problem: failureReason(error) });
  return found('failure', 'slack_limits', { seconds: Math.ceil(failure.retryAfterMs / 1000) });
}

/** A look-up that Slack does not permit for want of a scope, which `slack` reports. */
export function lacksScope(error: unknown): boolean {
  return platformError(error) === 'missing_scope';
}
