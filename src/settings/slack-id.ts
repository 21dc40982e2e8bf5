/** The letters that the IDs of Slack begin with. */
export const slackLetters = { channel: 'CGD', user: 'UW', group: 'S' } as const;

/** Slack's IDs are "a letter and at least two capitals or digits"; Slack promises no length. */
export function slackId(letters: string): RegExp {
  return new RegExp(`^[${letters}][A-Z0-9]{2,}$`);
}
