// Each takes linear time. What a lookbehind matches stays.
const value = `(?:"[^"]{1,200}"|'[^']{1,200}'|“[^”]{1,200}”|«[^»]{1,200}»|["']?[^\\s"',;&]{3,})`;
const is = `["'”»]?\\s{0,2}[=:＝：]{1,2}[>\\s]{0,2}`;
const passwords =
  'passw(?:or)?d|passwort|passphrase|passcode|pwd|kennwort|mot de passe|mdp|contrase[nñ]a|senha|l[oö]senord|parola d.ordine';
const keys = 'secret|api[_ -]?key|access[_ -]?key|private[_ -]?key|signing[_ -]?key';

/** What looks like a secret. */
const secrets: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/gs,
  // Slack, GitHub, GitLab, AWS, Google, Stripe, npm, SendGrid, Adobe.
  /(?<![A-Za-z0-9])(?:xoxe\.)?(?:xox[abcdeprs]-|xapp-|xwfp-|gh[pousr]_|github_pat_|glpat-|AIza|ya29\.|[sr]k_live_|npm_|SG\.|[ps]8e-)[A-Za-z0-9_.-]{8,}/g,
  /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{12,}/g,
  /(?<![A-Za-z0-9-])sk-[A-Za-z0-9_-]{12,}/g,
  /(?<=hooks\.slack\.com\/)[\w/]{10,}/g,
  // A JSON web token.
  /(?<![A-Za-z0-9])eyJ[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){0,2}/g,
  // "Bearer of bad news" is none.
  /(?<=(?<!\p{L})bearer[\s:]{1,2})(?:(?=\S{0,100}[\d.])[A-Za-z0-9._~+/=-]{8,}|[A-Za-z0-9._~+/=-]{20,})/giu,
  // A user and a password in Base64, which mixes capitals and small letters.
  /(?<=(?<!\p{L})[Bb](?:asic|ASIC)[\s:]{1,2})(?=\S{0,100}[a-z]\S{0,3}[A-Z])[A-Za-z0-9+/]{8,}={0,2}/gu,
  new RegExp(`(?<=(?:${passwords}|${keys})${is})${value}`, 'gi'),
  new RegExp(`(?<=authorization${is})["']?(?:(?:bearer|basic|token|digest)\\s)?[^\\s"',;&]{3,}`, 'gi'),
  // "Token: expired" and "pass: failed" are none.
  new RegExp(`(?<=(?:token["']?\\s?=|token["']\\s?:|(?<!\\p{L})(?:pass|pw)\\s?=)\\s?)${value}`, 'giu'),
  /(?<=token:?\s)(?=\S{0,100}\d)[A-Za-z0-9._~+/=-]{10,}/gi,
  /(?<=[?&](?:sig|signature|key|code|auth|x-amz-signature)=)[^\s&#]{6,}/gi,
  // https://user:password@host
  /(?<=:\/\/[^\s/:@]{0,100}:)[^\s/@]{1,200}(?=@)/g,
];

const mask = '•••';

/** The text with what looks like a secret in it masked. */
export function maskSecrets(text: string): string {
  return secrets.reduce((masked, secret) => masked.replace(secret, mask), text);
}
