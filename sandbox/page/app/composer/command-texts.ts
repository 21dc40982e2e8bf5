import type { CommandWord } from '../../../../src/commands/command.ts';

/** A description of each command. */
export const commandTexts: Readonly<Record<CommandWord, string>> = {
  start: 'Start a workflow',
  pause: 'Pause a workflow; running activities finish',
  resume: 'Resume a paused workflow',
  stop: 'Stop a workflow, after a confirmation',
  status: 'The state of a workflow in Campaign',
  history: 'The last requests of this channel',
  list: 'The workflows that you may act on here',
  access: 'What you or another person may do here',
  waiting: 'What waits for your decision, in all your channels',
  help: 'The commands that you can type here, with examples',
  approve: 'Confirm a request, like the button',
  cancel: 'Cancel a request, like the button',
  emergency: 'Send a request without its confirmations, where nobody gave them in time',
  review: 'Review an emergency that somebody declared',
  freeze: 'Block starts and resumes in an environment',
  unfreeze: 'Lift a freeze',
  watch: 'Be told here when a workflow fails, is paused or ends',
  unwatch: 'Be told of it here no more',
};

/** The commands that take a workflow. */
export const commandsOnWorkflows: ReadonlySet<string> = new Set<CommandWord>([
  'start',
  'pause',
  'resume',
  'stop',
  'status',
  'history',
  'watch',
  'unwatch',
]);
