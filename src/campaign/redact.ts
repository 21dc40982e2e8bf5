/** Replaces secrets, also as a URL or a JSON text would spell them, by `[secret]`. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets.flatMap(spellings).reduce((clean, secret) => clean.replaceAll(secret, '[secret]'), text);
}

function spellings(secret: string): string[] {
  if (secret === '') return [];
  return [secret, encodeURIComponent(secret), secret.replaceAll('/', '\\/')];
}
