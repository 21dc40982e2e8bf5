const noMessage =
  'The bot does not start; its log has the reason. If a fault of Slack is on, switch it off: then the bot starts automatically.';

/** The messages of a bot that does not start, one a line, without the JSON lines of its log. */
export function startupProblems(output: string): readonly string[] {
  const messages = output.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
  return messages.length > 0 ? messages : [noMessage];
}
