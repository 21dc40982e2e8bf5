const nothingSaid =
  'The bot does not come up; its log says why. If Slack is broken, switch that off: then the bot starts by itself.';

/** What a bot that does not come up says to people, a line each. Its log, which is lines of JSON, is shown elsewhere. */
export function complaintsIn(output: string): readonly string[] {
  const said = output.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
  return said.length > 0 ? said : [nothingSaid];
}
