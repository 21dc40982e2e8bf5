/** A mention in Slack's format: `<@U012|bob>`. */
const mention = /^<@(?<person>[UW][A-Z0-9]{2,})(?:\|[^>]*)?>$/;

/** The Slack ID of the person whom the text mentions; null if it is no mention of a person. */
export function personMentioned(text: string): string | null {
  return mention.exec(text)?.groups?.person ?? null;
}
