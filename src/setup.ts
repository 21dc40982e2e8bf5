import type { Policy } from './access/policy.ts';
import { type CampaignClient, createCampaignClient } from './campaign/campaign.ts';
import { createServiceFailureLog, type ServiceCall, type ServiceMonitor } from './campaign/service-failure.ts';
import { fixedToken, imsTokens, type TokenSource } from './campaign/tokens.ts';
import type { Metrics } from './metrics/create-metrics.ts';
import type { TokenInUse } from './metrics/service-metrics.ts';
import type { Configuration, Environment, Settings } from './settings/settings.ts';
import { traceChild } from './tracing/tracing.ts';
import type { TroubleLog } from './trouble-log.ts';

/** The current configuration with its Campaign clients. It is replaced as a whole. */
export type Setup = {
  now(): Configuration & { readonly campaigns: ReadonlyMap<string, CampaignClient> };
  change(configuration: Configuration): void;
  /** To be called when the events of a calendar have changed. */
  renewFreezes(): void;
};

export function setUp({ configuration, campaign }: Settings, { now, troubles, metrics, freezesOf }: Lent): Setup {
  const adobe: Adobe = {
    ...campaign,
    ...{ now, metrics },
    monitorOf: createServiceFailureLog((key, texts) => troubles.watch(key, texts, 0)),
  };
  let sources: TokenSources = new Map();
  const complete = (one: Configuration) => {
    // A token source is kept as long as its credentials are the same.
    sources = tokenSources(one.environments, adobe, sources);
    metrics.environments(one.environments.map(({ name }) => name));
    metrics.watchTokens(() => tokensInUse(one.environments, sources));
    return { ...one, campaigns: campaignsOf(one.environments, adobe, sources) };
  };
  const withFreezes = ({ policy }: Configuration) => ({ policy: { ...policy, freezes: freezesOf(policy.freezes) } });
  let written = configuration;
  let current = { ...complete(written), ...withFreezes(written) };
  return {
    now: () => current,
    change(next) {
      written = next;
      current = { ...complete(written), ...withFreezes(written) };
    },
    renewFreezes() {
      current = { ...current, ...withFreezes(written) };
    },
  };
}

type Lent = {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly troubles: Pick<TroubleLog, 'watch'>;
  readonly metrics: Pick<Metrics, 'environments' | 'adobeCall' | 'watchTokens'>;
  /** The freezes with what is known of their calendars. */
  readonly freezesOf: (planned: Policy['freezes']) => Policy['freezes'];
};

/** The parts that stay when the configuration changes. */
type Adobe = Settings['campaign'] &
  Pick<Lent, 'now' | 'metrics'> & { readonly monitorOf: ReturnType<typeof createServiceFailureLog> };

/** By their credentials. */
type TokenSources = ReadonlyMap<string, TokenSource>;

function tokenSources(environments: readonly Environment[], adobe: Adobe, before: TokenSources): TokenSources {
  const sharing = Map.groupBy(environments, credentialsKey);
  return new Map(
    environments.map((environment) => {
      const key = credentialsKey(environment);
      const names = sharing.get(key)?.map(({ name }) => name) ?? [];
      // Also for a source that is kept: the environments may have other names now.
      const shared = names.join(', ');
      const monitor = adobe.monitorOf('IMS', key, shared);
      return [key, before.get(key) ?? tokensOf(environment, adobe, { name: shared, monitor })];
    }),
  );
}

/** One for each client of IMS whose token is in use. */
function tokensInUse(environments: readonly Environment[], sources: TokenSources): readonly TokenInUse[] {
  const sharing = Map.groupBy(environments, credentialsKey);
  return [...sharing].flatMap(([key, some]) => {
    const inUse = sources.get(key)?.inUse() ?? null;
    return inUse === null ? [] : [{ environment: some.map(({ name }) => name).join(', '), ...inUse }];
  });
}

function credentialsKey({ clientId, credentials }: Environment): string {
  return JSON.stringify([clientId, credentials]);
}

/** A Campaign client for each environment, by its organization. */
function campaignsOf(
  environments: readonly Environment[],
  { apiUrl, now, monitorOf, metrics }: Adobe,
  sources: TokenSources,
): ReadonlyMap<string, CampaignClient> {
  return new Map(
    environments.flatMap((environment) => {
      const { name, organization, clientId: apiKey } = environment;
      const tokens = sources.get(credentialsKey(environment));
      if (tokens === undefined) return [];
      const monitor = monitorOf('Campaign', organization, name);
      const onCall = (call: ServiceCall) => {
        metrics.adobeCall({ service: 'Campaign', environment: name, ...call });
        traceChild('campaign', call.durationMs, {}, call.isOwn ? null : call.result);
      };
      const client = createCampaignClient({ apiUrl, organization, apiKey, tokens, now, monitor, onCall });
      return [[organization, client] as const];
    }),
  );
}

function tokensOf(
  { clientId, credentials }: Environment,
  { imsUrl, now, metrics }: Adobe,
  { name, monitor }: { readonly name: string; readonly monitor: ServiceMonitor },
): TokenSource {
  if (credentials.kind === 'fixed') return fixedToken(credentials.accessToken);
  const { clientSecret, scopes } = credentials;
  const onCall = (call: ServiceCall) => {
    metrics.adobeCall({ service: 'IMS', environment: name, ...call });
    traceChild('ims token', call.durationMs, {}, call.isOwn ? null : call.result);
  };
  return imsTokens({ imsUrl, clientId, clientSecret, scopes, now, monitor, onCall });
}
