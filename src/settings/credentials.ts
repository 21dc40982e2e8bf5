import { nearestName } from '../commands/suggestions/nearest-name.ts';
import { plain, type Translator } from '../locales/translator.ts';
import { type CredentialSuffix, credentialSuffixes, ownPrefixIn, plainPrefix, prefixOf } from './credential-names.ts';
import type { VariableProblem, Warning } from './problem.ts';
import type { Environment } from './settings.ts';
import { headerValue } from './variables.ts';

type Variables = Readonly<Record<string, string>>;
type Opening = Pick<Environment, 'clientId' | 'credentials'>;
type CredentialSet = { readonly prefix: 'CAMPAIGN_' | `CAMPAIGN_${string}_`; readonly values: Values };
type Values = { readonly [S in CredentialSuffix]: string | undefined };

/** The credentials of an environment. Its own variables replace the plain ones as a set, even if only one is set. */
export function openingOf(environment: string, variables: Variables): Opening {
  const {
    CLIENT_ID: clientId = '',
    CLIENT_SECRET: clientSecret,
    SCOPES: scopes,
    ACCESS_TOKEN: accessToken = '',
  } = setOf(environment, variables).values;
  // OAuth credentials have precedence over a fixed token, which expires.
  if (clientSecret && scopes) return { clientId, credentials: { kind: 'ims', clientSecret, scopes } };
  return { clientId, credentials: { kind: 'fixed', accessToken } };
}

/** The problems of the sets that these environments use; for an environment without a name (null), of the plain set. */
export function credentialProblems(
  environments: readonly (string | null)[],
  variables: Variables,
  translator: Translator,
): readonly VariableProblem[] {
  const used = new Map(environments.map((name) => setOf(name, variables)).map((set) => [set.prefix, set]));
  return [...used.values()].flatMap((set) => [...incomplete(set, translator), ...unsendable(set, translator)]);
}

/** Variables that look like those of an environment that does not exist: misspelled, or left over. */
export function strayCredentials(
  environments: readonly string[],
  variables: Variables,
  translator: Translator,
): readonly Warning[] {
  const prefixes = environments.map(prefixOf);
  return Object.keys(variables).flatMap((name) => {
    const own = ownPrefixIn(name);
    if (own === null || prefixes.includes(own.prefix)) return [];
    const meant = nearestName(own.prefix, prefixes);
    const what =
      meant === null
        ? translator.translate('settings.no_environment_for')
        : translator.translate('settings.environment_misspelled', { suggestion: `${meant}${own.suffix}` });
    return [{ name: `${own.prefix}${own.suffix}` as const, what: plain(what), complete: true as const }];
  });
}

function setOf(environment: string | null, variables: Variables): CredentialSet {
  if (environment === null) return readSet(plainPrefix, variables);
  const own = readSet(prefixOf(environment), variables);
  return Object.values(own.values).some((value) => value !== undefined) ? own : readSet(plainPrefix, variables);
}

function readSet(prefix: CredentialSet['prefix'], variables: Variables): CredentialSet {
  const values = credentialSuffixes.map((suffix) => [suffix, variables[`${prefix}${suffix}`]]);
  return { prefix, values: Object.fromEntries(values) as Values };
}

function incomplete({ prefix, values }: CredentialSet, translator: Translator): readonly VariableProblem[] {
  const problems: VariableProblem[] = [];
  const [secret, scopes, token] = [`${prefix}CLIENT_SECRET`, `${prefix}SCOPES`, `${prefix}ACCESS_TOKEN`] as const;
  if (!values.CLIENT_ID) {
    const what =
      prefix === plainPrefix
        ? translator.translate('settings.missing')
        : translator.translate('settings.missing_in_set');
    problems.push({ name: `${prefix}CLIENT_ID`, what: plain(what) });
  }
  if (!values.CLIENT_SECRET !== !values.SCOPES) {
    const what = plain(translator.translate('settings.half_credentials', { secret, scopes }));
    problems.push({ name: values.CLIENT_SECRET ? scopes : secret, what });
  } else if (!values.CLIENT_SECRET && !values.ACCESS_TOKEN) {
    problems.push({ name: secret, what: plain(translator.translate('settings.no_credentials', { scopes, token })) });
  }
  return problems;
}

/** The plain variables are checked with all other variables, even if they are unused. */
function unsendable({ prefix, values }: CredentialSet, translator: Translator): readonly VariableProblem[] {
  if (prefix === plainPrefix) return [];
  return (['CLIENT_ID', 'ACCESS_TOKEN'] as const)
    .filter((suffix) => values[suffix] !== undefined && !headerValue.test(values[suffix]))
    .map((suffix) => ({ name: `${prefix}${suffix}`, what: plain(translator.translate('settings.not_sendable')) }));
}
