import { type Action, isReading, isVerb, type Rule } from '../../access/policy.ts';
import { hasWorkflow } from '../../access/workflow-pattern.ts';
import { parseCommand } from '../../commands/parse-command.ts';
import type { Vocabulary } from '../../commands/vocabulary.ts';
import type { Rights } from './asking.ts';

/** A command's words that would be carried out if they were typed now, or null where nothing of the kind would. */
export function exampleOf(
  action: Action,
  { asks, may }: { readonly asks: readonly Rule[]; readonly may: Rights['may'] },
  vocabulary: Vocabulary,
  reason: string,
): readonly string[] | null {
  for (const { environment, workflowId } of candidates(action, asks, vocabulary)) {
    const hasReason =
      action === 'freeze' ||
      action === 'stop' ||
      may({ action, environment, workflowId, hasReason: false }).permitted === false;
    if (!may({ action, environment, workflowId, hasReason }).permitted) continue;
    const because = hasReason && !isReading(action) ? [reason] : [];
    const words = [action, ...named(action, { environment, workflowId }, vocabulary), ...because];
    // An ID that resembles an alias is taken for a slip.
    if (parseCommand(words.join(' '), vocabulary).ok) return words;
  }
  return null;
}

type Candidate = { readonly environment: string; readonly workflowId: string };

/** What the rules name, the default environment first: a name as it stands, and something that its `*` stands for. */
function candidates(action: Action, rules: readonly Rule[], { defaultEnvironment }: Vocabulary): readonly Candidate[] {
  const one = (environment: string, id: string): Candidate => ({
    environment,
    workflowId: isAboutAll(action) ? '*' : concrete(id),
  });
  return rules
    .filter(({ actions }) => actions.has(action))
    .flatMap(({ environments, workflows }) => {
      const ordered = [...environments].sort(
        (a, b) => Number(b === defaultEnvironment) - Number(a === defaultEnvironment),
      );
      return ordered.flatMap((environment) =>
        workflows
          .filter((pattern) => pattern.environment === null || pattern.environment === environment)
          .map(({ id }) => one(environment, id)),
      );
    });
}

function isAboutAll(action: Action): boolean {
  return action === 'freeze' || action === 'unfreeze';
}

const usualId = 'WKF110';

/** An ID as Campaign gives them where any would do. */
function concrete(pattern: string): string {
  const isUsual = hasWorkflow({ id: pattern, environment: null }, usualId, '');
  return isUsual ? usualId : pattern.replaceAll('*', '10').slice(0, 64);
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
