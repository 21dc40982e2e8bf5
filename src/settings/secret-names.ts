import { ownPrefixIn } from './credential-names.ts';

/** The variables whose values are secrets, or contain one. Each can be given as a file: `SLACK_BOT_TOKEN_FILE`. */
export const secretNames = [
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'CAMPAIGN_CLIENT_SECRET',
  'CAMPAIGN_ACCESS_TOKEN',
  'DATABASE_URL',
  'CAMPAIGN_WF_LOG_KEY',
  'HTTPS_PROXY',
  'HTTP_PROXY',
] as const;

/** Their secrets are the passwords of URLs. */
const urls: readonly string[] = ['DATABASE_URL', 'HTTPS_PROXY', 'HTTP_PROXY'];

const fileSuffix = '_FILE';

/** The name of the variable that names the file with this secret. */
export function fileNameOf(name: string): string {
  return `${name}${fileSuffix}`;
}

/** The variable whose value the variable `…_FILE` names a file for; null for a name without that ending. */
export function givenByFile(name: string): string | null {
  return name.endsWith(fileSuffix) ? name.slice(0, -fileSuffix.length) : null;
}

/** Whether a variable is a secret, also one of a single environment. */
export function isSecretName(name: string): boolean {
  const own = ownPrefixIn(name);
  return (secretNames as readonly string[]).includes(own === null ? name : `CAMPAIGN_${own.suffix}`);
}

/**
 * The secrets that are whole values, also unused ones: a configuration that is reloaded later may use them. The passwords
 * in URLs are not among them.
 */
export function secretValues(variables: Readonly<Record<string, string | undefined>>): readonly string[] {
  const isWhole = (name: string) => isSecretName(name) && !urls.includes(name);
  return Object.entries(variables).flatMap(([name, value]) => (isWhole(name) ? (value?.trim() ?? []) : []));
}
