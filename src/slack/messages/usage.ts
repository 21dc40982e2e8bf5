import type { CommandWord } from '../../commands/command.ts';
import type { UsageError } from '../../commands/grammar/parse-result.ts';
import { nearestCommands } from '../../commands/suggestions/nearest-name.ts';
import type { Language } from '../../commands/vocabulary/command-names.ts';
import { beginsLikeGivenId } from '../../commands/vocabulary/ids.ts';
import { timeIn } from '../../commands/vocabulary/usual-times.ts';
import type { Vocabulary } from '../../commands/vocabulary/vocabulary.ts';
import { code, foreign, type Phrase, type Piece } from '../../locales/phrase.ts';
import { plain, type Translator } from '../../locales/translator.ts';
import { watchEveryMs } from '../../requests/watches/watch-terms.ts';
import { slashCommand } from '../names.ts';
import { type Message, renderMessage } from '../render.ts';
import { type CommandLine, commandWord, firstOf, type MessageContext, typed } from './message-context.ts';

const option = code('--env');

const exampleDuration = '2h';

/** What is wrong with the typed text, what was probably meant, and what to type instead. */
export function usageMessage(error: UsageError, vocabulary: Vocabulary, context: MessageContext): Message {
  const { translator } = context;
  const problem = describeProblem(error, vocabulary, context);
  if (error.problem === 'no_restart') return renderMessage([problem]);
  if (error.problem === 'several_commands') return renderMessage([problem, ...linesToSend(error, context)]);
  const suggestions = suggestionsFor(error, translator.locale).map((suggestion) => code(suggestion));
  return renderMessage([
    problem,
    ...(suggestions.length === 0
      ? []
      : [translator.translate('usage.did_you_mean', { suggestion: translator.either(suggestions) })]),
    translator.translate('usage.try', {
      example: typed(withReason(example(error, vocabulary), translator), context),
      help: typed(['help'], context),
    }),
  ]);
}

/** Whether the answer reveals an alias or an environment. Without a default environment, its example names one. */
export function namesConfiguration(error: UsageError, { defaultEnvironment }: Vocabulary): boolean {
  // Whether the words behind it are a target depends on the aliases.
  if (error.problem === 'no_restart' || error.problem === 'several_environments') return true;
  // Whether a word is a workflow depends on the aliases.
  if (isOfTwoWorkflows(error))
    return ![...error.first.split(' '), error.second].every(beginsLikeGivenId) || defaultEnvironment === null;
  if (error.problem === 'bad_workflow') return error.suggestion !== null || defaultEnvironment === null;
  return 'known' in error || 'environment' in error || 'aliasEnvironment' in error || defaultEnvironment === null;
}

type TwoWorkflows = UsageError & { problem: 'second_workflow' | 'workflow_behind_reason' | 'watch_of_several' };

function isOfTwoWorkflows(error: UsageError): error is TwoWorkflows {
  const { problem } = error;
  return problem === 'second_workflow' || problem === 'workflow_behind_reason' || problem === 'watch_of_several';
}

/** What does the same: a stop, then a start. */
function describeNoRestart(
  { target, isOfSeveral = false }: NoRestart,
  vocabulary: Vocabulary,
  context: MessageContext,
): Phrase {
  const line = (verb: 'stop' | 'start') =>
    typed(target === undefined ? exampleOf(verb, vocabulary) : [verb, target], context);
  const count = isOfSeveral ? 2 : 1;
  return context.translator.translate('usage.no_restart', { count, stop: [line('stop')], start: [line('start')] });
}

export function describeProblem(error: UsageError, vocabulary: Vocabulary, context: MessageContext): Phrase {
  const { translator } = context;
  switch (error.problem) {
    case 'unknown_command':
      return translator.translate('usage.unknown_command', { typed: error.typed });
    case 'no_restart':
      return describeNoRestart(error, vocabulary, context);
    case 'doubtful_command': {
      const meanings = translator.either(error.meanings.map((command) => commandWord(command, context)));
      return translator.translate('usage.doubtful_command', { typed: error.typed, meanings });
    }
    case 'missing_workflow':
      return translator.translate('usage.missing_workflow', { command: commandWord(error.command, context) });
    case 'missing_environment':
      return translator.translate('usage.missing_environment', {
        command: commandWord(error.command, context),
        known: describeKnown(error.known, translator),
      });
    case 'bare_environment':
      return translator.translate('usage.bare_environment', {
        typed: error.typed,
        option,
        otherwise: error.otherwise,
        keep: code(`--env ${error.otherwise}`),
      });
    case 'environment_as_workflow':
      return translator.translate('usage.environment_as_workflow', { typed: error.typed });
    case 'doubtful_time':
      return translator.translate('usage.doubtful_time', {
        typed: error.typed,
        times: translator.either(exampleTimes(error.command, translator.locale).map((time) => code(time))),
      });
    case 'condition':
      return translator.translate('usage.condition', {
        typed: error.typed,
        times: translator.either(exampleTimes(error.command, translator.locale).map((time) => code(time))),
      });
    case 'time_out_of_range':
      return translator.translate('usage.time_out_of_range', { typed: error.typed });
    case 'watch_of_several': {
      const { command, first, second } = error;
      return translator.translate('usage.watch_of_several', { command: commandWord(command, context), first, second });
    }
    case 'until_of_several':
      return translator.translate('usage.until_of_several', { typed: error.typed });
    case 'until_without_pause':
      return translator.translate('usage.until_without_pause', {
        typed: error.typed,
        pause: commandWord('pause', context),
        at: code(timeIn(translator.locale, 'at 18:00')),
      });
    case 'time_of_watch':
      return translator.translate('usage.time_of_watch', {
        typed: error.typed,
        every: translator.lasting(watchEveryMs.usual),
        unwatch: commandWord('unwatch', context),
      });
    case 'missing_until':
      return translator.translate('usage.missing_until', {
        command: commandWord('freeze', context),
        example: code(exampleDuration),
      });
    case 'bad_until':
      return translator.translate('usage.bad_until', {
        typed: error.typed,
        duration: code(exampleDuration),
        moment: code('2026-12-24T18:00+01:00'),
      });
    case 'missing_reason':
      return translator.translate('usage.missing_reason', { command: commandWord('freeze', context) });
    case 'bad_person':
      return translator.translate('usage.bad_person', { typed: error.typed });
    case 'unknown_person':
      return translator.translate('usage.unknown_person', { typed: error.typed });
    case 'bad_period':
      return translator.translate('usage.bad_period', {
        typed: error.typed,
        durations: translator.either(['30m', '12h', '7d'].map(code)),
      });
    case 'bad_workflow':
      return translator.translate('usage.bad_workflow', { typed: error.typed });
    case 'second_workflow':
      return translator.translate('usage.second_workflow', { first: error.first, second: error.second });
    case 'workflow_behind_reason':
      return translator.translate('usage.workflow_behind_reason', { first: error.first, second: error.second });
    case 'too_many_workflows':
      return translator.translate('usage.too_many_workflows', { most: error.most });
    case 'several_environments':
      return translator.translate('usage.several_environments', {
        first: error.first.workflow,
        firstEnvironment: error.first.environment,
        second: error.second.workflow,
        secondEnvironment: error.second.environment,
      });
    case 'several_commands':
      return error.first === null
        ? translator.translate('usage.command_in_reason', {
            others: translator.all(firstOf(error.others.map(commandLine), context)),
          })
        : translator.translate('usage.several_commands', { count: error.others.length + 1 });
    case 'unknown_option':
      return translator.translate('usage.unknown_option', { typed: error.typed, option });
    case 'option_in_reason':
      return translator.translate('usage.option_in_reason', { typed: error.typed });
    case 'missing_option_value':
      return translator.translate('usage.missing_option_value', { option });
    case 'repeated_option':
      return translator.translate('usage.repeated_option', { option });
    case 'unknown_environment':
      return translator.translate('usage.unknown_environment', {
        typed: error.typed,
        known: describeKnown(error.known, translator),
      });
    case 'contradicts_alias':
      return translator.translate('usage.contradicts_alias', error);
    case 'too_many_words':
      return translator.translate('usage.too_many_words', {
        command: commandWord(error.command, context),
        extra: error.extra,
      });
    case 'missing_request':
      return translator.translate('usage.missing_request', { command: commandWord(error.choice, context) });
    case 'missing_statement':
      return translator.translate('usage.missing_statement', {
        choice: error.choice,
        command: typed([error.choice, error.request], context),
      });
    case 'bad_request':
      return translator.translate('usage.bad_request', { typed: error.typed });
    case 'reason_too_long':
      return translator.translate('usage.reason_too_long', { length: error.length, most: error.most });
    default:
      return error satisfies never;
  }
}

/** Times of a command, as they can be typed in that language. */
export function exampleTimes(command: CommandWord, language: Language): readonly string[] {
  const times = ['at 02:00', 'in 30m', 'tomorrow 06:15', 'friday 06:15', '2026-12-24 06:15'];
  return (command === 'pause' ? ['until 18:00', 'for 2h', ...times] : times).map((time) => timeIn(language, time));
}

type NoRestart = UsageError & { problem: 'no_restart' };
type SeveralCommands = UsageError & { problem: 'several_commands' };

/** Each command as a line of its own, to be sent separately. */
function linesToSend({ first, others }: SeveralCommands, context: MessageContext): readonly Phrase[] {
  const lines = first === null ? others : [first, ...others];
  return firstOf(lines.map(commandLine), context).map((line) => [line]);
}

function commandLine(line: string): Piece {
  return code(`${slashCommand} ${line}`);
}

function describeKnown(environments: readonly string[], translator: Translator): Phrase {
  return translator.either(environments.map((name) => foreign(name)));
}

function suggestionsFor(error: UsageError, language: Language): readonly string[] {
  // The reader's language is tried first, whatever the language of the typed word.
  if (error.problem === 'unknown_command') return nearestCommands(error.typed, language);
  if (error.problem === 'bare_environment' || error.problem === 'environment_as_workflow') {
    return [`--env ${error.environment}`];
  }
  if (error.problem === 'doubtful_time') return error.suggestions.map((one) => timeIn(language, one));
  if (error.problem === 'condition') return error.suggestions;
  if (!('suggestion' in error) || error.suggestion == null) return [];
  if (error.problem === 'missing_environment') return [`--env ${error.suggestion}`];
  return [error.problem === 'unknown_option' ? `--${error.suggestion}` : error.suggestion];
}

/** A line that this configuration accepts. It changes nothing unless the typed command would. */
function example(error: UsageError, vocabulary: Vocabulary): CommandLine {
  const { defaultEnvironment, environments } = vocabulary;
  switch (error.problem) {
    case 'missing_workflow':
    case 'time_of_watch':
    case 'watch_of_several':
    case 'too_many_words':
      return exampleOf(error.command, vocabulary);
    case 'missing_environment':
      return exampleIn(error.command, error.suggestion ?? error.known[0], error.workflows);
    case 'bare_environment':
      return exampleIn(error.command, error.environment, error.workflows ?? [error.workflow]);
    case 'environment_as_workflow':
      return ['history', '--env', error.environment];
    case 'unknown_person':
      return ['history'];
    case 'bad_period':
      return ['history', '7d'];
    case 'missing_until':
    case 'bad_until':
    case 'missing_reason':
      return exampleIn('freeze', error.environment);
    case 'missing_statement':
    case 'missing_request':
    case 'bad_request':
      // The history shows the requests' IDs.
      return ['history'];
    case 'unknown_environment':
      return exampleIn('status', defaultEnvironment ?? environments[0]);
    default:
      return exampleOf('status', vocabulary);
  }
}

/** A freeze needs a reason. */
function withReason(line: CommandLine, translator: Translator): CommandLine {
  return line[0] === 'freeze' ? [...line, plain(translator.translate('help.example_reason'))] : line;
}

function exampleIn(command: CommandWord, environment = '', workflows: readonly string[] = ['WKF110']): CommandLine {
  if (command === 'freeze') return [command, environment, exampleDuration];
  if (command === 'unfreeze') return [command, environment];
  return [command, ...workflows, '--env', environment];
}

function exampleOf(command: CommandWord, { defaultEnvironment, environments }: Vocabulary): CommandLine {
  switch (command) {
    case 'freeze':
    case 'unfreeze':
      return ['help'];
    case 'history':
    case 'list':
    case 'access':
    case 'waiting':
    case 'help':
      return [command];
    case 'approve':
    case 'cancel':
    case 'emergency':
    case 'review':
      return ['history'];
    default:
      return defaultEnvironment === null ? exampleIn(command, environments[0]) : [command, 'WKF110'];
  }
}
