/** What looks like a secret: what stands before it stays. None of these takes more than linear time. */
const secrets: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/gs,
  // Slack, GitHub, GitLab, AWS, Google, Stripe, Adobe.
  /(?<![A-Za-z0-9])(?:xox[a-z]-|xapp-|gh[pousr]_|github_pat_|glpat-|AKIA|ASIA|AIza|sk_live_|rk_live_|sk-|p8e-)[A-Za-z0-9_.-]{8,}/g,
  // A JSON web token.
  /(?<![A-Za-z0-9])eyJ[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){0,2}/g,
  // "Bearer of bad news" is none.
  /(?<=(?<!\p{L})(?:bearer|basic)\s)(?:(?=\S{0,100}\d)[A-Za-z0-9._~+/=-]{8,}|[A-Za-z0-9._~+/=-]{20,})/giu,
  // `password=…`, `"client_secret": "…"`
  /(?<=(?:passw(?:or)?d|passwort|passphrase|pwd|secret|api[_ -]?key|access[_ -]?key|private[_ -]?key|authorization)["']?\s?[=:]\s?)["']?[^\s"',;&]{3,}/gi,
  /(?<=token["']?\s?=\s?)["']?[^\s"',;&]{3,}/gi,
  // https://user:password@host
  /(?<=:\/\/[^\s/:@]{0,100}:)[^\s/@]{1,200}(?=@)/g,
];

const mask = '•••';

/** The text with what looks like a secret in it masked. */
export function maskSecrets(text: string): string {
  return secrets.reduce((masked, secret) => masked.replace(secret, mask), text);
}
