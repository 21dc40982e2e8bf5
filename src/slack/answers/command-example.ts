import { allWorkflows, covers, isIn } from '../../access/patterns.ts';
import { type Action, isEnvironmentWide, isOfWatch, isReadAction, isVerb, type Rule } from '../../access/policy.ts';
import { parseCommand } from '../../commands/grammar/parse-command.ts';
import { aliasOf, type Vocabulary } from '../../commands/vocabulary/vocabulary.ts';
import type { CommandLine } from '../messages/message-context.ts';
import type { Rights } from './invocation.ts';

/** The limit on candidates: with many rules, all of them frozen, help would take too long. */
const mostCandidates = 1_000;

/** A command line that would be permitted if it were typed now; null if no line with this action would be. */
export function exampleOf(
  action: Action,
  { asks, may, declared }: Pick<Rights, 'may' | 'declared'> & { readonly asks: readonly Rule[] },
  vocabulary: Vocabulary,
  reason: string,
): CommandLine | null {
  for (const { environment, workflowId } of candidates(action, asks, vocabulary).take(mostCandidates)) {
    if (action === 'unfreeze' && !declared.has(environment)) continue;
    const hasReason =
      action === 'freeze' ||
      action === 'stop' ||
      may({ action, environment, workflowId, hasReason: false }).permitted === false;
    const decision = may({ action, environment, workflowId, hasReason });
    if (!decision.permitted) continue;
    const format = asks.find(({ name }) => name === decision.rule)?.reasonFormat;
    const because = hasReason && !isReadAction(action) ? [format === undefined ? reason : `[${format.hint}]`] : [];
    const line: CommandLine = [action, ...named(action, { environment, workflowId }, vocabulary), ...because];
    // The parser treats an ID that resembles an alias as a typing error.
    if (parseCommand(line.join(' '), vocabulary).ok) return line;
  }
  return null;
}

type Candidate = { readonly environment: string; readonly workflowId: string };

/** Replacements for `*`: several, because a workflow with one of them may be protected. */
const numbers = ['10', '27', '43', '68', '81'];

/** The aliases, then what the rules name. */
function* candidates(
  action: Action,
  rules: readonly Rule[],
  vocabulary: Vocabulary,
): Generator<Candidate, void, undefined> {
  if (!isEnvironmentWide(action)) yield* aliasesOf(vocabulary);
  yield* namedBy(rules, action, vocabulary);
}

/** How many aliases are tried. */
const mostAliases = 200;

function aliasesOf({ defaultEnvironment, environments, aliases }: Vocabulary): readonly Candidate[] {
  const tried = aliases.slice(0, mostAliases);
  return defaultFirst(new Set(environments), defaultEnvironment).flatMap((environment) =>
    tried
      .filter((alias) => alias.environment === null || alias.environment === environment)
      .map(({ workflowId }) => ({ environment, workflowId })),
  );
}

/** The workflows and environments that the rules name, the default environment first. A `*` is replaced by a number. */
function* namedBy(
  rules: readonly Rule[],
  action: Action,
  { defaultEnvironment }: Vocabulary,
): Generator<Candidate, void, undefined> {
  const able = rules.filter(({ actions }) => actions.has(action));
  for (const number of numbers)
    for (const { environments, workflows } of able)
      for (const environment of defaultFirst(environments, defaultEnvironment))
        for (const { id } of workflows.filter((pattern) => isIn(pattern, environment)))
          yield { environment, workflowId: isEnvironmentWide(action) ? allWorkflows : concrete(id, number) };
}

function defaultFirst(environments: ReadonlySet<string>, first: string | null): readonly string[] {
  return [...environments].sort((a, b) => Number(b === first) - Number(a === first));
}

/** An ID as Campaign assigns them if the pattern covers one; otherwise the pattern with the number in place of `*`. */
function concrete(pattern: string, number: string): string {
  const usual = `WKF1${number}`;
  return covers(pattern, usual) ? usual : pattern.replaceAll('*', number).slice(0, 64);
}

/** The alias if there is one, and the environment if it is not the default. */
function named(action: Action, { environment, workflowId }: Candidate, vocabulary: Vocabulary): readonly string[] {
  if (action === 'freeze') return [environment, '2h'];
  if (action === 'unfreeze') return [environment];
  if (!isVerb(action) && !isOfWatch(action) && action !== 'status') return [];
  const alias = aliasOf({ workflowId, environment }, vocabulary);
  if (alias?.environment != null) return [alias.name];
  const option = environment === vocabulary.defaultEnvironment ? [] : ['--env', environment];
  return [alias?.name ?? workflowId, ...option];
}
