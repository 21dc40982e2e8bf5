import { proxySecrets } from './proxies.ts';
import { campaignSecrets } from './settings/credentials.ts';

type Variables = Readonly<Record<string, string | undefined>>;

const named = ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET', 'CAMPAIGN_WF_LOG_KEY'] as const;

/** Every secret among the variables, also of variables that are wrong or unused. Some may be empty. */
export function secretsIn(variables: Variables): readonly string[] {
  return [
    ...named.map((name) => variables[name]?.trim() ?? ''),
    ...campaignSecrets(variables),
    ...proxySecrets(variables),
    ...databasePasswords(variables.DATABASE_URL ?? ''),
  ];
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
