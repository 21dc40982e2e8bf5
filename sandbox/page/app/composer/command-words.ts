import type { CommandWord } from '../../../../src/commands/command.ts';

/** One line about each command. */
export const aboutCommands: Readonly<Record<CommandWord, string>> = {
  start: 'Start a workflow',
  pause: 'Begin nothing new; what is in progress goes on',
  resume: 'Go on after a pause',
  stop: 'Stop it for good, after a confirmation',
  status: 'What Campaign says of a workflow',
  history: 'The last requests of this channel',
  access: 'What you may do here, or somebody else',
  help: 'What can be typed here, with examples',
  approve: 'Confirm a request, like the button',
  cancel: 'Take a request back, like the button',
  freeze: 'Hold everything that starts in an environment',
  unfreeze: 'Lift a freeze',
};

/** The commands that take a workflow. */
export const commandsOnWorkflows: ReadonlySet<string> = new Set<CommandWord>([
  'start',
  'pause',
  'resume',
  'stop',
  'status',
  'history',
]);
