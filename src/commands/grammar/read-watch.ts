import type { Command, WatchChoice } from '../command.ts';
import { saysUntil } from './condition.ts';
import { type CommandText, excerpt, type ParseResult, parsed, refuse } from './parse-result.ts';
import { readEnvironment } from './read-environment.ts';
import { readReason, severalCommands } from './read-reason.ts';
import { readTarget } from './read-target.ts';
import { readWhen } from './read-when.ts';
import type { Word } from './text.ts';

/** Reads `<workflow> [--env <environment>] [reason …]`. Without a workflow: what is watched. */
export function readWatch(choice: WatchChoice, typed: CommandText): ParseResult<Command> {
  const target = readTarget(typed.words, typed.vocabulary);
  if (!target.ok) return target;
  const { workflow, rest } = target.value;
  if (workflow === null && rest.length === 0) {
    return parsed({ kind: 'watches', environment: target.value.environment?.name ?? null });
  }
  if (workflow === null) return refuse({ problem: 'missing_workflow', command: choice });
  const environment = readEnvironment(choice, target.value, workflow, typed);
  if (!environment.ok) return environment;
  const time = timeAt(rest);
  if (time !== null)
    return severalCommands(typed, rest) ?? refuse({ problem: 'time_of_watch', command: choice, typed: time });
  const reason = readReason(typed, rest, [workflow.name]);
  if (!reason.ok) {
    const { error } = reason;
    if (error.problem !== 'workflow_behind_reason') return reason;
    const { first, second } = error;
    return refuse({ problem: 'watch_of_several', command: choice, first, second });
  }
  return parsed({
    kind: 'watch',
    choice,
    workflow: workflow.name,
    environment: environment.value,
    reason: reason.value,
  });
}

/** The time at the beginning of the words, or what may be meant as one. A watch has none: it must not seem to end by itself. */
function timeAt(words: readonly Word[]): string | null {
  const when = readWhen('start', words);
  // "watch nightly-load if it fails"
  const isReason = !when.ok && when.error.problem === 'condition' && !saysUntil(words);
  if (isReason) return null;
  if (!when.ok) return 'typed' in when.error && typeof when.error.typed === 'string' ? when.error.typed : '';
  const { time } = when.value;
  if (time === null) return null;
  return excerpt('due' in time ? time.due.typed : time.resumes.typed);
}
