/**
 * The link to a message of a channel, as `chat.getPermalink` returns it (https://docs.slack.dev/reference/methods/chat.getPermalink).
 *
 * @param workspace the address of the workspace, such as `https://acme.slack.com/`
 */
export function permalinkTo(workspace: string, { channel, ts }: { channel: string; ts: string }): string {
  return new URL(`archives/${channel}/p${ts.replace('.', '')}`, workspace).href;
}
