const noMessage =
  'The bot does not come up; its log says why. If Slack is broken, switch that off: then the bot starts by itself.';

/** The messages of a bot that does not start, one a line, without the JSON lines of its log. */
export function startupProblems(output: string): readonly string[] {
  const messages = output.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
  return messages.length > 0 ? messages : [noMessage];
}
