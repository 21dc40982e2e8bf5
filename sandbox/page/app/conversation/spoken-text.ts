import type { Entry, Named, Snapshot } from '../../snapshot.ts';

type Known = Snapshot['known'];

/** A message's fallback text as it is read: names instead of IDs, no markup. */
export function spokenText({ text }: Entry, known: Known): string {
  return text.replace(reference, (_, kind: string, id: string, label?: string) => spoken(kind, id, label, known));
}

/** The start of a message, such as the name of its thread. */
export function firstLine(entry: Entry, known: Known): string {
  return spokenText(entry, known).trim().split('\n')[0] ?? '';
}

/** https://docs.slack.dev/messaging/formatting-message-text#advanced */
const reference = /<(@|#|!subteam\^|!date\^|!|)([^|>]+)(?:\|([^>]*))?>/g;

function spoken(kind: string, id: string, label: string | undefined, { users, channels, groups }: Known): string {
  switch (kind) {
    case '@':
      return `@${nameOf(id, users)}`;
    case '#':
      return `#${nameOf(id, channels)}`;
    case '!subteam^':
      return `@${nameOf(id, groups)}`;
    case '!':
      return `@${id}`;
    default:
      return label ?? id;
  }
}

function nameOf(id: string, named: readonly Named[]): string {
  return named.find((one) => one.id === id)?.name ?? id;
}
