import { problemLine } from '../../settings/problem.ts';
import type { SlackMode } from '../../settings/settings.ts';
import { createClients } from '../../slack/clients.ts';
import { missingScopes, SlackRefusedError } from '../../slack/identity.ts';
import { type Scope, scopes } from '../../slack/names.ts';
import { platformError, refusesToken } from '../../slack/slack-error.ts';
import { startProblem } from '../../start-problem.ts';
import { found, told } from '../finding.ts';
import { silent } from '../slack-session.ts';
import type { Check, CheckContext, Report } from './check.ts';
import { slackFailure } from './slack-access.ts';

/** The bot's token and scopes, how Slack reaches the bot, and what no API tells. */
export const checkSlack: Check = async (context, report) => {
  report(found('warning', 'messages_tab_unknown', {}));
  report(found('warning', 'home_tab_unknown', { event: 'app_home_opened' }));
  await Promise.all([checkToken(context, report), checkMode(context, report)]);
};

async function checkToken(context: CheckContext, report: Report): Promise<void> {
  const session = context.slack();
  if (session === null) return report(found('warning', 'not_checked', { because: 'settings' }));
  try {
    const { identity, scopes: granted } = await session;
    const workspace = identity.workspace ?? identity.team;
    report(found('ok', 'slack_token_accepted', { bot: identity.name, workspace }));
    checkScopes(granted, report);
  } catch (error) {
    reportRefusal(error, context, report);
  }
}

/** Without these the bot works, and less well. */
const optional: ReadonlySet<Scope> = new Set(['channels:history', 'groups:history']);

export function checkScopes(granted: readonly string[] | null, report: Report): void {
  if (granted === null) return void report(found('warning', 'scopes_unknown', {}));
  const missing = missingScopes(granted);
  for (const scope of missing) {
    report(found(optional.has(scope) ? 'warning' : 'failure', 'scope_missing', { scope }));
  }
  if (missing.length === 0) report(found('ok', 'scopes_granted', { count: Object.keys(scopes).length }));
}

async function checkMode(context: CheckContext, report: Report): Promise<void> {
  const { slack, mode } = context.known;
  if (mode === null) return report(found('warning', 'not_checked', { because: 'settings' }));
  if (mode.kind === 'http') return report(found('warning', 'signing_secret_unknown', {}));
  try {
    // The address that Slack returns is not used, so no connection is opened.
    await openSocket(mode, slack?.apiUrl ?? 'https://slack.com/api/');
    report(found('ok', 'socket_mode_works', {}));
  } catch (error) {
    const refusal = platformError(error);
    const isFinal = refusal !== null && (refusesToken(refusal) || refusal === 'missing_scope');
    reportRefusal(isFinal ? new SlackRefusedError('SLACK_APP_TOKEN', refusal) : error, context, report);
  }
}

function openSocket({ appToken }: SlackMode & { kind: 'socket' }, apiUrl: string): Promise<unknown> {
  const clock = { begin: () => () => {} };
  return createClients({ token: appToken, apiUrl, logger: silent, clock }).reader.apps.connections.open({});
}

function reportRefusal(error: unknown, { translator }: CheckContext, report: Report): void {
  const problem = startProblem(error, translator);
  if (problem === null) return void report(slackFailure(error));
  const isApps = error instanceof SlackRefusedError && error.setting === 'SLACK_APP_TOKEN';
  report(told('failure', isApps ? 'app_token_refused' : 'slack_refused', problemLine(problem, translator)));
}
