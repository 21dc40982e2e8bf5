import type { CommandWord } from '../../../../src/commands/command.ts';
import { commandsOnWorkflows, commandTexts } from './command-texts.ts';
import type { KnownName, KnownNames } from './known-names.ts';

/** A completion, and the composer's text with it. */
export type Completion = KnownName & { readonly completed: string };

const slashCommand = '/campaign-wf';

/** The completions. None outside a command, or where its word is complete. */
export function completionsOf(text: string, known: KnownNames): readonly Completion[] {
  if (!text.startsWith('/')) return [];
  const typed = text.split(/\s+/).at(-1) ?? '';
  const before = text.slice(0, text.length - typed.length);
  return nextWords(before.trim().split(/\s+/), typed, known)
    .filter(({ name }) => startsWith(name, typed))
    .map((word) => ({ ...word, completed: `${before}${word.name} ` }));
}

function startsWith(name: string, typed: string): boolean {
  return name.toLowerCase().startsWith(typed.toLowerCase()) && name.length > typed.length;
}

function nextWords([slash = '', command, ...more]: readonly string[], typed: string, known: KnownNames) {
  if (slash === '') return [{ name: slashCommand, about: 'Start, pause, resume or stop a Campaign workflow' }];
  if (slash !== slashCommand) return [];
  if (command === undefined) return known.offers.commands.map((name) => ({ name, about: commandTexts[name] }));
  if (more.at(-1) === '--env') return known.environments;
  if (commandsOnWorkflows.has(command) && typed.startsWith('-')) {
    return more.includes('--env') ? [] : [{ name: '--env', about: 'The environment' }];
  }
  return argumentsOf(command, more.length, known);
}

/** The completions of the nth word after the command. */
function argumentsOf(command: string, nth: number, known: KnownNames): readonly KnownName[] {
  if (command === 'freeze' && nth === 1) return durations;
  if (nth > 0) return [];
  if (commandsOnWorkflows.has(command)) return workflowsFor(command as CommandWord, known);
  switch (command) {
    case 'freeze':
    case 'unfreeze':
      return known.offers.commands.includes(command) ? known.environments : [];
    case 'approve':
    case 'cancel':
      return known.offers.commands.includes(command) ? known.open : [];
    case 'access':
      return known.offers.workflows.access?.length ? known.people : [];
    default:
      return [];
  }
}

/** Those that the person may command. */
function workflowsFor(command: CommandWord, { offers, workflows }: KnownNames): readonly KnownName[] {
  const able = offers.workflows[command] ?? [];
  return workflows.filter(({ name }) => able.includes(name));
}

const durations: readonly KnownName[] = [
  { name: '30m', about: 'Half an hour' },
  { name: '2h', about: 'Two hours' },
  { name: '1d', about: 'A day' },
];
