import { parse } from 'yaml';

/** The language of the channel in a valid `campaign-wf.yml`. */
export function languageIn(rules: string): string {
  const content: unknown = parse(rules, { logLevel: 'silent' });
  const isFile = typeof content === 'object' && content !== null && 'locale' in content;
  return isFile && typeof content.locale === 'string' ? content.locale : 'en';
}
