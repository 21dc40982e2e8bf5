import type { CommandWord } from '../../commands/command.ts';
import type { Language } from '../../commands/command-names.ts';
import { nearestCommands } from '../../commands/nearest-command.ts';
import type { UsageError } from '../../commands/usage-error.ts';
import type { Vocabulary } from '../../commands/vocabulary.ts';
import { code, foreign, type Phrase, type Piece } from '../../locales/phrase.ts';
import { plain, type Translator } from '../../locales/words.ts';
import { slashCommand } from '../names.ts';
import { type Message, renderMessage } from '../render.ts';
import { commandWord, firstOf, type Line, typed, type MessageContext } from './voice.ts';

const option = code('--env');

const exampleDuration = '2h';

/** What is wrong with what was typed, what was perhaps meant, and what to type instead. */
export function usageMessage(error: UsageError, vocabulary: Vocabulary, voice: MessageContext): Message {
  const { translator: words } = voice;
  const problem = sayProblem(error, voice);
  if (error.problem === 'several_commands') return renderMessage([problem, ...separately(error, voice)]);
  const suggestions = suggested(error, words.locale).map((suggestion) => code(suggestion));
  return renderMessage([
    problem,
    ...(suggestions.length === 0 ? [] : [words.translate('usage.did_you_mean', { suggestion: words.either(suggestions) })]),
    words.translate('usage.try', {
      example: typed(withReason(example(error, vocabulary), words), voice),
      help: typed(['help'], voice),
    }),
  ]);
}

/** Whether the answer tells an alias or an environment. Without a default environment, its example names one. */
export function namesConfiguration(error: UsageError, { defaultEnvironment }: Vocabulary): boolean {
  if (error.problem === 'bad_workflow') return error.suggestion !== null || defaultEnvironment === null;
  return 'known' in error || 'environment' in error || 'aliasEnvironment' in error || defaultEnvironment === null;
}

export function sayProblem(error: UsageError, voice: MessageContext): Phrase {
  const { translator: words } = voice;
  switch (error.problem) {
    case 'unknown_command':
      return words.translate('usage.unknown_command', { typed: error.typed });
    case 'doubtful_command': {
      const meanings = words.either(error.meanings.map((command) => commandWord(command, voice)));
      return words.translate('usage.doubtful_command', { typed: error.typed, meanings });
    }
    case 'missing_workflow':
      return words.translate('usage.missing_workflow', { command: commandWord(error.command, voice) });
    case 'missing_environment':
      return words.translate('usage.missing_environment', {
        command: commandWord(error.command, voice),
        known: sayKnown(error.known, words),
      });
    case 'bare_environment':
      return words.translate('usage.bare_environment', {
        typed: error.typed,
        option,
        otherwise: error.otherwise,
        keep: code(`--env ${error.otherwise}`),
      });
    case 'environment_as_workflow':
      return words.translate('usage.environment_as_workflow', { typed: error.typed });
    case 'missing_until':
      return words.translate('usage.missing_until', {
        command: commandWord('freeze', voice),
        example: code(exampleDuration),
      });
    case 'bad_until':
      return words.translate('usage.bad_until', {
        typed: error.typed,
        duration: code(exampleDuration),
        moment: code('2026-12-24T18:00+01:00'),
      });
    case 'missing_reason':
      return words.translate('usage.missing_reason', { command: commandWord('freeze', voice) });
    case 'bad_person':
      return words.translate('usage.bad_person', { typed: error.typed });
    case 'bad_workflow':
      return words.translate('usage.bad_workflow', { typed: error.typed });
    case 'second_workflow':
      return words.translate('usage.second_workflow', { first: error.first, second: error.second });
    case 'several_commands':
      return error.first === null
        ? words.translate('usage.command_in_reason', { others: words.all(firstOf(error.others.map(pasted), voice)) })
        : words.translate('usage.several_commands', { count: error.others.length + 1 });
    case 'unknown_option':
      return words.translate('usage.unknown_option', { typed: error.typed, option });
    case 'option_in_reason':
      return words.translate('usage.option_in_reason', { typed: error.typed });
    case 'missing_option_value':
      return words.translate('usage.missing_option_value', { option });
    case 'repeated_option':
      return words.translate('usage.repeated_option', { option });
    case 'unknown_environment':
      return words.translate('usage.unknown_environment', { typed: error.typed, known: sayKnown(error.known, words) });
    case 'contradicts_alias':
      return words.translate('usage.contradicts_alias', error);
    case 'too_many_words':
      return words.translate('usage.too_many_words', { command: commandWord(error.command, voice), extra: error.extra });
    case 'missing_request':
      return words.translate('usage.missing_request', { command: commandWord(error.choice, voice) });
    case 'bad_request':
      return words.translate('usage.bad_request', { typed: error.typed });
    case 'reason_too_long':
      return words.translate('usage.reason_too_long', { length: error.length, most: error.most });
    default:
      return error satisfies never;
  }
}

type SeveralCommands = UsageError & { problem: 'several_commands' };

/** Each command as a line to send. */
function separately({ first, others }: SeveralCommands, voice: MessageContext): readonly Phrase[] {
  const lines = first === null ? others : [first, ...others];
  return firstOf(lines.map(pasted), voice).map((line) => [line]);
}

function pasted(line: string): Piece {
  return code(`${slashCommand} ${line}`);
}

function sayKnown(environments: readonly string[], words: Translator): Phrase {
  return words.either(environments.map((name) => foreign(name)));
}

function suggested(error: UsageError, language: Language): readonly string[] {
  // In whatever language it was typed, it is taken for a slip in that of the reader first.
  if (error.problem === 'unknown_command') return nearestCommands(error.typed, language);
  if (error.problem === 'bare_environment' || error.problem === 'environment_as_workflow') {
    return [`--env ${error.environment}`];
  }
  if (!('suggestion' in error) || error.suggestion == null) return [];
  if (error.problem === 'missing_environment') return [`--env ${error.suggestion}`];
  return [error.problem === 'unknown_option' ? `--${error.suggestion}` : error.suggestion];
}

/** A line that is understood by this configuration, and changes nothing unless a change was typed. */
function example(error: UsageError, vocabulary: Vocabulary): Line {
  const { defaultEnvironment, environments } = vocabulary;
  switch (error.problem) {
    case 'missing_workflow':
    case 'too_many_words':
      return exampleOf(error.command, vocabulary);
    case 'missing_environment':
      return exampleIn(error.command, error.suggestion ?? error.known[0]);
    case 'bare_environment':
      return [error.command, error.workflow, '--env', error.environment];
    case 'environment_as_workflow':
      return ['history', '--env', error.environment];
    case 'missing_until':
    case 'bad_until':
    case 'missing_reason':
      return exampleIn('freeze', error.environment);
    case 'missing_request':
    case 'bad_request':
      // It lists the requests with their ids.
      return ['history'];
    case 'unknown_environment':
      return exampleIn('status', defaultEnvironment ?? environments[0]);
    default:
      return exampleOf('status', vocabulary);
  }
}

/** A freeze needs a reason. */
function withReason(line: Line, words: Translator): Line {
  return line[0] === 'freeze' ? [...line, plain(words.translate('help.example_reason'))] : line;
}

function exampleIn(command: CommandWord, environment = ''): Line {
  if (command === 'freeze') return [command, environment, exampleDuration];
  if (command === 'unfreeze') return [command, environment];
  return [command, 'WKF110', '--env', environment];
}

function exampleOf(command: CommandWord, { defaultEnvironment, environments }: Vocabulary): Line {
  switch (command) {
    case 'freeze':
    case 'unfreeze':
      return ['help'];
    case 'history':
    case 'access':
    case 'help':
      return [command];
    case 'approve':
    case 'cancel':
      return ['history'];
    default:
      return defaultEnvironment === null ? exampleIn(command, environments[0]) : [command, 'WKF110'];
  }
}
