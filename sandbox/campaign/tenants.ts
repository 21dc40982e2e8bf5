import type { PretendClock } from './pretend-clock.ts';
import type { Tenant } from './pretend-gateway.ts';
import { type Client, createPretendIms, type ImsSettings } from './pretend-ims.ts';
import { createWorkflowMachine, type PretendWorkflow } from './workflow-machine.ts';
import type { PretendState } from './workflow-states.ts';

export type NamedClient = Client & { organization: string };
export type TenantSettings = ImsSettings & {
  organization: string;
  others: readonly NamedClient[];
  settleMs: number;
  autoStopMs: number;
};

/** A workflow among those of all organizations. */
export type ListedWorkflow = PretendWorkflow & { organization: string };

const SEEDS: readonly [string, PretendState][] = [
  ['WKF110', 'started'],
  ['WKF111', 'editing'],
  ['WKF112', 'paused'],
  ['WKF113', 'erroneous'],
  ...['WKF200', 'WKF201', 'WKF202', 'WKF203', 'WKF204', 'WKF205'].map((id): [string, PretendState] => [id, 'started']),
];

/** The first has workflows from the beginning. */
export function createTenants(
  settings: TenantSettings,
  clock: PretendClock,
  changed: () => void,
): readonly [Tenant, ...Tenant[]] {
  const { tokenSeconds, settleMs, autoStopMs } = settings;
  const tenantOf = ({ organization, clientId, clientSecret, scopes }: NamedClient): Tenant => ({
    organization,
    clientId,
    ims: createPretendIms({ clientId, clientSecret, scopes, tokenSeconds }),
    machine: createWorkflowMachine({ settleMs, autoStopMs, clock, changed }),
  });
  const first = tenantOf(settings);
  for (const [id, state] of SEEDS) first.machine.add(id, state);
  return [first, ...settings.others.map(tenantOf)];
}

export function workflowsOf(tenants: readonly Tenant[]): ListedWorkflow[] {
  return tenants.flatMap(({ organization, machine }) => machine.list().map((one) => ({ ...one, organization })));
}

/** Throws where there is no such organization. */
export function tenantNamed(organization: string, tenants: readonly Tenant[]): Tenant {
  const tenant = tenants.find((one) => one.organization === organization);
  if (tenant === undefined) throw new Error(`there is no organization ${organization}`);
  return tenant;
}
