import type { Decision, Refusal } from '../../../access/decision.ts';
import { allWorkflows } from '../../../access/patterns.ts';
import { mostSlips, nearestName } from '../../../commands/suggestions/nearest-name.ts';
import type { KnownWorkflow } from '../../outcome.ts';
import type { Ports } from '../../ports.ts';
import type { Request } from '../../request.ts';
import { mayAsk } from '../../rules/authorization.ts';
import { probeWorkflow } from '../send/probe.ts';

type Needs = Pick<
  Ports,
  'campaign' | 'directory' | 'environmentOf' | 'environments' | 'ledger' | 'now' | 'policy' | 'team' | 'vocabulary'
>;

/** Each of them is probed in Campaign. */
const mostEnvironments = 8;

/** How many requests of the channel are searched for a similar workflow. */
const mostRequests = 50;

/**
 * What was probably meant by a workflow that does not exist: the same ID in another environment, or a similar name.
 * Only what exists and what the requester may ask for, since others must not learn the configuration's names.
 */
export async function nearestWorkflow(request: Request, needs: Needs): Promise<KnownWorkflow | null> {
  const elsewhere = sameElsewhere(request, needs).map((workflow) => confirmed(workflow, request, needs));
  const found = (await Promise.all(elsewhere)).find((workflow) => workflow !== null);
  if (found !== undefined) return found;
  const similar = await similarTo(request, needs);
  return similar === null ? null : confirmed(similar, request, needs);
}

function sameElsewhere({ order }: Request, needs: Needs): readonly KnownWorkflow[] {
  return needs
    .environments()
    .filter(({ organization }) => organization !== order.organization)
    .slice(0, mostEnvironments)
    .map(({ name }) => knownAs(order.workflowId, name, needs));
}

function knownAs(workflowId: string, environment: string, { vocabulary }: Needs): KnownWorkflow {
  const alias = vocabulary().aliases.find(
    (one) => one.workflowId === workflowId && (one.environment ?? environment) === environment,
  );
  return { workflowId, alias: alias?.name ?? null, environment };
}

/** By its ID first, then by its alias. */
async function similarTo(request: Request, needs: Needs): Promise<KnownWorkflow | null> {
  const { workflowId, alias } = request.order;
  const known = await knownWorkflows(request, needs);
  const id = similarName(
    workflowId,
    known.map((one) => one.workflowId),
  );
  const name = similarName(
    alias ?? workflowId,
    known.flatMap((one) => one.alias ?? []),
  );
  return known.find((one) => one.workflowId === id) ?? known.find((one) => one.alias === name) ?? null;
}

/** Stricter than for commands: `WKF110` and `WKF300` are not similar. */
function similarName(typed: string, names: readonly string[]): string | null {
  return nearestName(typed, names, Math.min(mostSlips, Math.ceil(typed.length / 3) - 1));
}

/** What the configuration names, and what Campaign took commands for lately. */
async function knownWorkflows({ order, channel }: Request, needs: Needs): Promise<readonly KnownWorkflow[]> {
  const here = needs.environmentOf(order.organization) ?? order.environment;
  const named = needs.vocabulary().aliases.map(({ name, workflowId, environment }) => ({
    workflowId,
    alias: name,
    environment: environment ?? here,
  }));
  const recent = await needs.ledger.recent({ channel, workflowKey: null, refused: false, limit: mostRequests });
  const accepted = recent
    .filter(({ state, order: { workflowId } }) => state === 'accepted' && workflowId !== allWorkflows)
    .filter((one) => one.order.organization === order.organization)
    .map((one) => knownAs(one.order.workflowId, here, needs));
  return [...named, ...accepted].filter((one) => one.workflowId !== order.workflowId);
}

/** The workflow, if it exists and the requester may ask for it. */
async function confirmed(workflow: KnownWorkflow, request: Request, needs: Needs): Promise<KnownWorkflow | null> {
  const { environment } = workflow;
  const organization = needs.environments().find(({ name }) => name === environment)?.organization;
  if (organization === undefined) return null;
  const order = { ...request.order, ...workflow, organization };
  if (!isAllowed(await mayAsk({ ...request, order }, needs))) return null;
  const seen = await probeWorkflow({ order }, needs);
  return seen?.kind === 'seen' || seen?.kind === 'not_shown' ? workflow : null;
}

/** Refusals of a person whom a rule lets ask: with another reason, or after the freeze. */
const surmountable: ReadonlySet<Refusal['reason']> = new Set(['reason_required', 'reason_mismatch', 'frozen']);

function isAllowed(decision: Decision): boolean {
  return decision.permitted || surmountable.has(decision.refusal.reason);
}
