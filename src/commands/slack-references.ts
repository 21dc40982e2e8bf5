/** `<@U012|bob>`, `<#C012|ops>`, `<!subteam^S012|@leads>`, `<!here>`, `<https://acme.example|label>`, as Slack delivers them. */
const reference = /<(?<kind>[@#!]?)(?<target>[^<>|\s]{1,2000})(?:\|(?<label>[^<>]{0,200}))?>/g;

/** The text as Slack shows it to people: names and addresses, which neither notify anybody nor can be clicked. */
export function withReferencesNamed(text: string): string {
  return text.replace(
    reference,
    (whole, kind: string, target: string, label = '') => shown(kind, target, label) ?? whole,
  );
}

function shown(kind: string, target: string, label: string): string | null {
  if (kind === '@') return `@${label || target}`;
  if (kind === '#') return `#${label || target}`;
  if (kind === '!' && target.startsWith('date^')) return label;
  if (kind === '!') return `@${(label || target.replace(/^subteam\^/, '')).replace(/^@/, '')}`;
  return /^[a-z][a-z0-9+.-]{0,20}:./i.test(target) ? target.replace(/^(?:mailto|tel):/i, '') : null;
}
