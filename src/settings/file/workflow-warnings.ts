import { technicalWorkflows } from '../../access/simple-policy.ts';
import { covers, hasWorkflow } from '../../access/workflow-pattern.ts';
import { type Alias, findAlias, type Vocabulary } from '../../commands/vocabulary.ts';
import { isGivenWorkflowId } from '../../commands/workflow-id.ts';
import { foreign } from '../../locales/phrase.ts';
import { plain, type Translator } from '../../locales/words.ts';
import type { FileIssue } from './flaw.ts';
import type { FileContent } from './schema.ts';
import { aliasesOf, patternsOf } from './to-policy.ts';

type FileRule = FileContent['access'][number];

/** Entries that probably match no workflow, and patterns that match aliases nobody listed. */
export function workflowWarnings(
  { access, protected_workflows }: FileContent,
  vocabulary: Vocabulary,
  words: Translator,
): readonly FileIssue[] {
  const unmatched = (entry: string) =>
    matchesNothing(entry, vocabulary) ? plain(words.translate('settings.file.matches_nothing')) : null;
  const inRules = access.flatMap((rule, index) =>
    (rule.workflows ?? []).map((entry, position) => ({
      path: ['access', index, 'workflows', position],
      what: unmatched(entry) ?? widened(entry, rule, vocabulary, words),
    })),
  );
  const inProtected = protected_workflows.map((entry, position) => ({
    path: ['protected_workflows', position],
    what: unmatched(entry),
  }));
  return [...inRules, ...inProtected].flatMap(({ path, what }) => (what === null ? [] : [{ path, what }]));
}

function matchesNothing(entry: string, vocabulary: Vocabulary): boolean {
  const isKnown = aliasesOf(entry, vocabulary).length > 0 || technicalWorkflows.some((id) => covers(entry, id));
  return !isKnown && !(entry.includes('*') ? mayCoverGivenId(entry) : isGivenWorkflowId(entry));
}

/** Whether what is written beside the asterisks can stand in `WKF110`, in this order. */
function mayCoverGivenId(pattern: string): boolean {
  return /^W?K?F?\d*$/i.test(pattern.replaceAll('*', ''));
}

/** Earlier versions held patterns against IDs alone. Whoever lists the alias beside the pattern is not warned. */
function widened(entry: string, rule: FileRule, vocabulary: Vocabulary, words: Translator): string | null {
  if (!entry.includes('*')) return null;
  const added = aliasesOf(entry, vocabulary).filter((alias) => isAdded(alias, rule, vocabulary));
  if (added.length === 0) return null;
  const aliases = words.all(added.map(({ name }) => foreign(name)));
  return plain(words.translate('settings.file.also_aliases', { count: added.length, aliases, star: '*' }));
}

/** Whether nothing but a pattern's match with the alias brings its workflow into the rule. */
function isAdded({ workflowId, environment }: Alias, rule: FileRule, vocabulary: Vocabulary): boolean {
  const listed = (rule.workflows ?? []).flatMap((entry) =>
    findAlias(vocabulary, entry) === null ? [{ id: entry, environment: null }] : patternsOf(entry, vocabulary),
  );
  return (rule.environments ?? vocabulary.environments)
    .filter((one) => environment === null || environment === one)
    .some((one) => !listed.some((pattern) => hasWorkflow(pattern, workflowId, one)));
}
