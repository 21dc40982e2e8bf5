import { type Action, isEnvironmentWide, isReadAction, isVerb, type Rule } from '../../access/policy.ts';
import { allWorkflows, covers, isIn } from '../../access/workflow-pattern.ts';
import { parseCommand } from '../../commands/parse-command.ts';
import type { Vocabulary } from '../../commands/vocabulary.ts';
import type { Line } from '../messages/voice.ts';
import type { Rights } from './asking.ts';

/** Beyond this nobody looks: with many rules and a freeze on all of them, help would take too long. */
const mostTries = 1_000;

/** A command's words that would be carried out if they were typed now, or null where nothing of the kind would. */
export function exampleOf(
  action: Action,
  { asks, may, declared }: Pick<Rights, 'may' | 'declared'> & { readonly asks: readonly Rule[] },
  vocabulary: Vocabulary,
  reason: string,
): Line | null {
  for (const { environment, workflowId } of candidates(action, asks, vocabulary).take(mostTries)) {
    if (action === 'unfreeze' && !declared.has(environment)) continue;
    const hasReason =
      action === 'freeze' ||
      action === 'stop' ||
      may({ action, environment, workflowId, hasReason: false }).permitted === false;
    const decision = may({ action, environment, workflowId, hasReason });
    if (!decision.permitted) continue;
    const format = asks.find(({ name }) => name === decision.rule)?.reasonFormat;
    const because = hasReason && !isReadAction(action) ? [format === undefined ? reason : `[${format.hint}]`] : [];
    const words: Line = [action, ...named(action, { environment, workflowId }, vocabulary), ...because];
    // An ID that resembles an alias is taken for a slip.
    if (parseCommand(words.join(' '), vocabulary).ok) return words;
  }
  return null;
}

type Candidate = { readonly environment: string; readonly workflowId: string };

/** What stands for a `*`: several, for one of them may be protected. */
const numbers = ['10', '27', '43', '68', '81'];

/** What the rules name, the default environment first: a name as it stands, and what its `*` stands for. */
function* candidates(
  action: Action,
  rules: readonly Rule[],
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

/** An ID as Campaign gives them where any would do. */
function concrete(pattern: string, number: string): string {
  const usual = `WKF1${number}`;
  return covers(pattern, usual) ? usual : pattern.replaceAll('*', number).slice(0, 64);
}

/** By the alias where there is one, and with the environment where it is not the default. */
function named(action: Action, { environment, workflowId }: Candidate, vocabulary: Vocabulary): readonly string[] {
  if (action === 'freeze') return [environment, '2h'];
  if (action === 'unfreeze') return [environment];
  if (!isVerb(action) && action !== 'status') return [];
  const alias = vocabulary.aliases.find(
    (one) => one.workflowId === workflowId && (one.environment === null || one.environment === environment),
  );
  if (alias?.environment != null) return [alias.name];
  const option = environment === vocabulary.defaultEnvironment ? [] : ['--env', environment];
  return [alias?.name ?? workflowId, ...option];
}
