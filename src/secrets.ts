import { proxySecrets } from './proxies.ts';
import { secretValues } from './settings/secret-names.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** Every secret among the variables, also of variables that are wrong or unused. Some may be empty. */
export function secretsIn(variables: Variables): readonly string[] {
  return [...secretValues(variables), ...proxySecrets(variables), ...databasePasswords(variables.DATABASE_URL ?? '')];
}

/** As it is written, decoded, and as a parameter of the URL. */
function databasePasswords(url: string): readonly string[] {
  const written = /^\w+:\/\/[^:@/]*:(.*)@/.exec(url.trim())?.[1] ?? '';
  return [written, decoded(written), URL.parse(url)?.searchParams.get('password') ?? ''];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
