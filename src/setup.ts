import type { Policy } from './access/policy.ts';
import { type CampaignClient, createCampaignClient } from './campaign/campaign.ts';
import { createServiceFailureLog, type ServiceMonitor } from './campaign/service-failure.ts';
import { fixedToken, imsTokens, type TokenSource } from './campaign/tokens.ts';
import type { Configuration, Environment, Settings } from './settings/settings.ts';
import type { TroubleLog } from './trouble-log.ts';

/** The current configuration with its Campaign clients. It is replaced as a whole. */
export type Setup = {
  now(): Configuration & { readonly campaigns: ReadonlyMap<string, CampaignClient> };
  change(configuration: Configuration): void;
  /** To be called when the events of a calendar have changed. */
  renewFreezes(): void;
};

export function setUp({ configuration, campaign }: Settings, { now, troubles, freezesOf }: Lent): Setup {
  const adobe: Adobe = {
    ...campaign,
    now,
    monitorOf: createServiceFailureLog((key, texts) => troubles.watch(key, texts, 0)),
  };
  let sources: TokenSources = new Map();
  const complete = (one: Configuration) => {
    // A token source is kept as long as its credentials are the same.
    sources = tokenSources(one.environments, adobe, sources);
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
  /** The freezes with what is known of their calendars. */
  readonly freezesOf: (planned: Policy['freezes']) => Policy['freezes'];
};

/** The parts that stay when the configuration changes. */
type Adobe = Settings['campaign'] &
  Pick<Lent, 'now'> & { readonly monitorOf: ReturnType<typeof createServiceFailureLog> };

/** By their credentials. */
type TokenSources = ReadonlyMap<string, TokenSource>;

function tokenSources(environments: readonly Environment[], adobe: Adobe, before: TokenSources): TokenSources {
  const sharing = Map.groupBy(environments, credentialsKey);
  return new Map(
    environments.map((environment) => {
      const key = credentialsKey(environment);
      const names = sharing.get(key)?.map(({ name }) => name) ?? [];
      // Also for a source that is kept: the environments may have other names now.
      const monitor = adobe.monitorOf('IMS', key, names.join(', '));
      return [key, before.get(key) ?? tokensOf(environment, adobe, monitor)];
    }),
  );
}

function credentialsKey({ clientId, credentials }: Environment): string {
  return JSON.stringify([clientId, credentials]);
}

/** A Campaign client for each environment, by its organization. */
function campaignsOf(
  environments: readonly Environment[],
  { apiUrl, now, monitorOf }: Adobe,
  sources: TokenSources,
): ReadonlyMap<string, CampaignClient> {
  return new Map(
    environments.flatMap((environment) => {
      const { name, organization, clientId: apiKey } = environment;
      const tokens = sources.get(credentialsKey(environment));
      if (tokens === undefined) return [];
      const monitor = monitorOf('Campaign', organization, name);
      return [[organization, createCampaignClient({ apiUrl, organization, apiKey, tokens, now, monitor })] as const];
    }),
  );
}

function tokensOf(
  { clientId, credentials }: Environment,
  { imsUrl, now }: Adobe,
  monitor: ServiceMonitor,
): TokenSource {
  if (credentials.kind === 'fixed') return fixedToken(credentials.accessToken);
  const { clientSecret, scopes } = credentials;
  return imsTokens({ imsUrl, clientId, clientSecret, scopes, now, monitor });
}
