import type { Environment } from '../../settings/settings.ts';
import { found } from '../finding.ts';
import type { Check, CheckContext, Report } from './check.ts';

/** A token for each environment: whether IMS issues one, for which scopes, and when it ends. */
export const checkIms: Check = async (context, report) => {
  const { adobe } = context.known;
  if (adobe === null) return report(found('warning', 'not_checked', { because: 'settings' }));
  await Promise.all(adobe.configuration.environments.map((environment) => checkLogin(environment, context, report)));
};

async function checkLogin(environment: Environment, { adobe }: CheckContext, report: Report): Promise<void> {
  const { name, credentials } = environment;
  const login = await adobe(environment);
  if (login.kind === 'fixed' || credentials.kind === 'fixed') {
    return report(found('warning', 'token_fixed', { environment: name }));
  }
  const { issue } = login;
  if (!issue.ok) {
    const { reason, answer } = issue;
    const more = { reason, ...(answer.status !== null && { status: answer.status }) };
    return report(found('failure', 'token_not_issued', { environment: name }, more));
  }
  const asked = credentials.scopes.split(/[\s,]+/).filter(Boolean);
  const missing = asked.filter((scope) => issue.scopes !== null && !issue.scopes.includes(scope));
  const minutes = Math.round(issue.lifetimeMs / 60_000);
  if (missing.length > 0) {
    report(found('warning', 'token_scopes_missing', { environment: name, scopes: missing.join(', ') }));
  } else report(found('ok', 'token_issued', { environment: name }, { minutes }));
}
