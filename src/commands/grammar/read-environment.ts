import type { CommandWord } from '../command.ts';
import { environmentNamed } from '../suggestions/bare-environment.ts';
import type { Vocabulary } from '../vocabulary/vocabulary.ts';
import { type CommandText, excerpt, type ParseResult, parsed, refuse } from './parse-result.ts';
import type { Target } from './read-target.ts';
import type { ResolvedWorkflow } from './resolve-workflow.ts';

/** The environment of the workflow: from the option, the alias, or the default. Never guessed from several. */
export function readEnvironment(
  command: CommandWord,
  { environment: option, rest }: Target,
  { name, environment: bound }: ResolvedWorkflow,
  { text, vocabulary }: CommandText,
): ParseResult<string> {
  if (option !== null) return parsed(option.name);
  const otherwise = bound ?? vocabulary.defaultEnvironment;
  const named = environmentNamed(text.slice(rest[0]?.at ?? text.length), vocabulary);
  if (named === null || named.name === otherwise) {
    return otherwise === null ? refuse(missingEnvironment(command, vocabulary)) : parsed(otherwise);
  }
  if (otherwise === null) return refuse({ ...missingEnvironment(command, vocabulary), suggestion: named.name });
  const typed = excerpt(named.typed);
  if (name.alias !== null && bound !== null) {
    return refuse({ problem: 'contradicts_alias', alias: name.alias, aliasEnvironment: bound, typed });
  }
  const workflow = name.alias ?? name.id;
  return refuse({ problem: 'bare_environment', command, workflow, typed, environment: named.name, otherwise });
}

function missingEnvironment(command: CommandWord, { environments }: Vocabulary) {
  return { problem: 'missing_environment', command, known: environments } as const;
}
