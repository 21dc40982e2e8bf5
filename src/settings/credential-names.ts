import type { SettingName } from './variables.ts';

/** The credentials of an organization: variables that form one set. */
export const credentialSuffixes = ['CLIENT_ID', 'CLIENT_SECRET', 'SCOPES', 'ACCESS_TOKEN'] as const;
export type CredentialSuffix = (typeof credentialSuffixes)[number];

/** `CAMPAIGN_CLIENT_ID`, or `CAMPAIGN_STAGE_CLIENT_ID` for the environment `stage`. */
export type CredentialName = `CAMPAIGN_${CredentialSuffix}` | `CAMPAIGN_${string}_${CredentialSuffix}`;

const shape = new RegExp(`^CAMPAIGN_(?:(?<environment>.+)_)?(?<suffix>${credentialSuffixes.join('|')})$`);

/** The variables for all environments without their own. */
export const plainPrefix = 'CAMPAIGN_';

/** The prefix of an environment's variables: `CAMPAIGN_STAGE_`. */
export function prefixOf(environment: string): `CAMPAIGN_${string}_` {
  return `CAMPAIGN_${environment.toUpperCase().replaceAll('-', '_')}_`;
}

/** The prefix of a variable that belongs to one environment; null for any other variable. */
export function ownPrefixIn(name: string): { prefix: `CAMPAIGN_${string}_`; suffix: CredentialSuffix } | null {
  const { environment, suffix } = shape.exec(name)?.groups ?? {};
  if (environment === undefined || suffix === undefined) return null;
  return { prefix: `CAMPAIGN_${environment}_`, suffix: suffix as CredentialSuffix };
}

/** The setting of a variable's name. A variable of one environment has the setting of the plain variable. */
export function settingBehind(name: SettingName | CredentialName): SettingName {
  const own = ownPrefixIn(name);
  return own === null ? (name as SettingName) : `CAMPAIGN_${own.suffix}`;
}
