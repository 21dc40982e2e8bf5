import { type CampaignClient, createCampaignClient } from '../../campaign/campaign.ts';
import type { WorkflowObservation } from '../../campaign/results.ts';
import { fixedToken, type TokenSource } from '../../campaign/tokens.ts';
import type { Alias } from '../../commands/vocabulary/vocabulary.ts';
import type { Environment } from '../../settings/settings.ts';
import { found } from '../finding.ts';
import { forEachConcurrently } from '../limited-concurrency.ts';
import type { Check, CheckContext, Report } from './check.ts';

/** Where no alias is defined. Campaign's own 404 shows that the organization and the credentials are right. */
const nobodysWorkflow = 'campaign-wf-no-such-workflow';

const mostAliases = 20;
const atOnce = 4;
const limitMs = 10_000;

/** Each organization and each alias, with requests that read a workflow and change nothing. */
export const checkCampaign: Check = async (context, report) => {
  const { adobe } = context.known;
  if (adobe === null) return report(found('warning', 'not_checked', { because: 'settings' }));
  const { environments, vocabulary } = adobe.configuration;
  const look = async (environment: Environment) => {
    const client = await clientFor(environment, adobe.campaign.apiUrl, context);
    if (client === null) return report(found('warning', 'not_checked', { because: 'token' }));
    await lookAtOrganization(environment, vocabulary.aliases, client, report);
  };
  await Promise.all(environments.map(look));
};

async function clientFor(
  environment: Environment,
  apiUrl: string,
  { adobe }: CheckContext,
): Promise<CampaignClient | null> {
  const login = await adobe(environment);
  if (login.kind === 'asked' && !login.issue.ok) return null;
  const tokens = login.kind === 'fixed' ? fixedToken(login.token) : newToken(login.issue.ok ? login.issue.token : '');
  const { organization, clientId: apiKey } = environment;
  return createCampaignClient({ apiUrl, organization, apiKey, tokens });
}

/** One that IMS has just issued. If Campaign refuses it, it has not ended: the credentials are the cause. */
function newToken(token: string): TokenSource {
  return { get: async () => ({ ok: true, token }), recordVerdict: () => false, inUse: () => null };
}

export async function lookAtOrganization(
  { name: environment, organization }: Pick<Environment, 'name' | 'organization'>,
  allAliases: readonly Alias[],
  client: Pick<CampaignClient, 'probe'>,
  report: Report,
): Promise<void> {
  const own = allAliases.filter((alias) => alias.environment === null || alias.environment === environment);
  const [first, ...others] = own;
  const observation = await look(client, first?.workflowId ?? nobodysWorkflow);
  if (observation.kind === 'failed') {
    const more = { reason: observation.reason, status: observation.answer.status ?? 0 };
    return report(found('failure', 'organization_unusable', { environment, organization }, more));
  }
  report(found('ok', 'organization_answers', { environment, organization }));
  if (first === undefined) return;
  let known = 0;
  const judge = (alias: Alias, { kind, ...seen }: WorkflowObservation) => {
    if (kind === 'not_found') {
      const named = { environment, alias: alias.name, workflow: alias.workflowId };
      report(found('failure', 'alias_unknown', named));
    } else if (kind === 'failed') {
      const problem = 'reason' in seen ? seen.reason : '';
      report(found('warning', 'workflow_unread', { environment, workflow: alias.workflowId, problem }));
    } else known += 1;
  };
  judge(first, observation);
  await forEachConcurrently(others.slice(0, mostAliases), atOnce, async (alias) =>
    judge(alias, await look(client, alias.workflowId)),
  );
  if (others.length > mostAliases) report(found('warning', 'not_all_checked', { left: others.length - mostAliases }));
  if (known > 0) report(found('ok', 'aliases_known', { environment, count: known }));
}

/** A time-out is a failure like any other. */
async function look(client: Pick<CampaignClient, 'probe'>, workflow: string): Promise<WorkflowObservation> {
  const seen = await client.probe(workflow, limitMs);
  return seen.kind === 'slow' ? { kind: 'failed', reason: 'timeout', answer: noAnswer } : seen;
}

const noAnswer = { status: null, text: null, adobeRequestId: null };
