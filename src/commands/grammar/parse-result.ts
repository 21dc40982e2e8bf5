import type { CommandWord, PressChoice, WatchChoice } from '../command.ts';
import type { Vocabulary } from '../vocabulary/vocabulary.ts';
import type { Word } from './text.ts';

/** The result of one part of the grammar. */
export type ParseResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: UsageError };

export function parsed<Value>(value: Value): ParseResult<Value> {
  return { ok: true, value };
}

export function refuse(error: UsageError): { readonly ok: false; readonly error: UsageError } {
  return { ok: false, error };
}

/**
 * Why a text is not a command: the first problem from left to right. Typed text is cut by `excerpt`. Suggestions are for
 * the reader and are never executed.
 */
export type UsageError =
  | { readonly problem: 'unknown_command'; readonly typed: string }
  /** A restart, which does not exist. `target`: the workflows and their environment, as typed, if they can be used. */
  | { readonly problem: 'no_restart'; readonly target?: string; readonly isOfSeveral?: boolean }
  | { readonly problem: 'doubtful_command'; readonly typed: string; readonly meanings: readonly CommandWord[] }
  | { readonly problem: 'missing_workflow'; readonly command: CommandWord }
  /** There are several environments and no default. */
  | {
      readonly problem: 'missing_environment';
      readonly command: CommandWord;
      readonly known: readonly string[];
      /** The one that was named, without the option. */
      readonly suggestion?: string;
      /** All that were named, if there are several. */
      readonly workflows?: readonly string[];
    }
  /** An environment at the beginning of the reason. Without the option, the command would go to another environment. */
  | {
      readonly problem: 'bare_environment';
      readonly command: CommandWord;
      readonly workflow: string;
      /** All that were named, if there are several. */
      readonly workflows?: readonly string[];
      readonly typed: string;
      readonly environment: string;
      readonly otherwise: string;
    }
  /** An environment instead of a workflow. */
  | { readonly problem: 'environment_as_workflow'; readonly typed: string; readonly environment: string }
  /** Words that may be meant as a time, or as a reason. The suggestions are times, and the reason in quotation marks. */
  | {
      readonly problem: 'doubtful_time';
      readonly command: CommandWord;
      readonly typed: string;
      readonly suggestions: readonly string[];
    }
  /** Words that say for what a command should wait, or its reason. The suggestion is the reason in quotation marks. */
  | {
      readonly problem: 'condition';
      readonly command: CommandWord;
      readonly typed: string;
      readonly suggestions: readonly string[];
    }
  /** Sooner than a minute, or later than 30 days from now. */
  | { readonly problem: 'time_out_of_range'; readonly typed: string }
  /** Only a pause lasts until a time. */
  | { readonly problem: 'until_without_pause'; readonly command: CommandWord; readonly typed: string }
  /** Of several workflows, each needs a pause of its own to end by itself. */
  | { readonly problem: 'until_of_several'; readonly typed: string }
  /** A watch lasts until somebody ends it. */
  | { readonly problem: 'time_of_watch'; readonly command: WatchChoice; readonly typed: string }
  /** Each has a watch of its own. */
  | {
      readonly problem: 'watch_of_several';
      readonly command: WatchChoice;
      readonly first: string;
      readonly second: string;
    }
  | { readonly problem: 'missing_until'; readonly environment: string }
  | { readonly problem: 'bad_until'; readonly environment: string; readonly typed: string }
  | { readonly problem: 'missing_reason'; readonly environment: string }
  | { readonly problem: 'bad_person'; readonly typed: string }
  /** A person of a history who is not mentioned in Slack's format. */
  | { readonly problem: 'unknown_person'; readonly typed: string }
  /** How far back a history goes. The suggestion is a duration. */
  | { readonly problem: 'bad_period'; readonly typed: string; readonly suggestion: string | null }
  /** The suggestion is an alias, or the ID without surrounding punctuation or inner space. */
  | { readonly problem: 'bad_workflow'; readonly typed: string; readonly suggestion: string | null }
  /** Two workflows where only one can be named, or where it is doubtful which are meant. */
  | { readonly problem: 'second_workflow'; readonly first: string; readonly second: string }
  /** A workflow behind the reason. `first`: those before it. */
  | { readonly problem: 'workflow_behind_reason'; readonly first: string; readonly second: string }
  | { readonly problem: 'too_many_workflows'; readonly most: number }
  /** The workflows are in different environments, by their aliases or by the default. */
  | { readonly problem: 'several_environments'; readonly first: PlacedName; readonly second: PlacedName }
  /** The text contains further commands. `first` is the one before them; null if they are in the reason of a form. */
  | { readonly problem: 'several_commands'; readonly first: string | null; readonly others: readonly string[] }
  | { readonly problem: 'unknown_option'; readonly typed: string; readonly suggestion: 'env' | null }
  | { readonly problem: 'option_in_reason'; readonly typed: string }
  | { readonly problem: 'missing_option_value'; readonly option: 'env' }
  | { readonly problem: 'repeated_option'; readonly option: 'env' }
  | {
      readonly problem: 'unknown_environment';
      readonly typed: string;
      readonly suggestion: string | null;
      readonly known: readonly string[];
    }
  | {
      readonly problem: 'contradicts_alias';
      readonly alias: string;
      readonly aliasEnvironment: string;
      readonly typed: string;
    }
  | { readonly problem: 'too_many_words'; readonly command: CommandWord; readonly extra: string }
  | { readonly problem: 'missing_request'; readonly choice: PressChoice }
  /** An emergency without its reason, or a review without its comment. */
  | {
      readonly problem: 'missing_statement';
      readonly choice: Extract<PressChoice, 'emergency' | 'review'>;
      readonly request: string;
    }
  | { readonly problem: 'bad_request'; readonly typed: string }
  /** In code points, like `most`. */
  | { readonly problem: 'reason_too_long'; readonly length: number; readonly most: number };

/** A workflow as it was named, and its environment. */
export type PlacedName = { readonly workflow: string; readonly environment: string };

const longestExcerpt = 80;

/** At most 80 code points, well-formed; an ellipsis marks a cut. */
export function excerpt(typed: string): string {
  const points = [...typed.slice(0, 2 * (longestExcerpt + 1))];
  const shown = points.length > longestExcerpt ? [...points.slice(0, longestExcerpt - 1), '…'] : points;
  return shown.join('').toWellFormed();
}

/** The words after the command, and the whole text. */
export type CommandText = { readonly text: string; readonly words: readonly Word[]; readonly vocabulary: Vocabulary };

export function noMoreWords(command: CommandWord, [extra]: readonly Word[]): ParseResult<never> | null {
  return extra === undefined ? null : refuse({ problem: 'too_many_words', command, extra: excerpt(extra.text) });
}
