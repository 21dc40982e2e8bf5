import { covers, hasWorkflow } from '../../access/patterns.ts';
import { technicalWorkflows } from '../../access/simple-policy.ts';
import { mostSlips, nearestName } from '../../commands/suggestions/nearest-name.ts';
import { isGivenWorkflowId, isWorkflowId } from '../../commands/vocabulary/ids.ts';
import { type Alias, findAlias, sameName, type Vocabulary } from '../../commands/vocabulary/vocabulary.ts';
import { foreign, type Phrase } from '../../locales/phrase.ts';
import { plain, type Translator } from '../../locales/translator.ts';
import type { FileContent } from './file-schema.ts';
import type { FileIssue, Path } from './issue.ts';
import type { LooseContent } from './loose-content.ts';
import { aliasesOf, patternsOf } from './to-policy.ts';

/** Entries of workflow lists that are neither an alias nor an ID, or are a misspelled alias. */
export function workflowFlaws(content: LooseContent, translator: Translator): readonly FileIssue[] {
  const aliases = [...content.workflows.keys()];
  const inList = (path: Path, entries: readonly (string | null)[], isEntry: (text: string) => boolean) =>
    entries.flatMap((entry, position) => {
      const what = entry === null ? null : entryFlaw(entry, aliases, isEntry, translator);
      return what === null ? [] : [{ path: [...path, position], what }];
    });
  return [
    ...content.access.flatMap(({ workflows }, index) => inList(['access', index, 'workflows'], workflows, isPattern)),
    ...inList(['protected_workflows'], content.protected_workflows, isWorkflowId),
    ...content.watch.flatMap(({ workflows }, index) => inList(['watch', index, 'workflows'], workflows, isWatchable)),
  ];
}

function entryFlaw(
  entry: string,
  aliases: readonly string[],
  isEntry: (text: string) => boolean,
  translator: Translator,
): string | null {
  if (aliases.some((name) => sameName(name, entry))) return null;
  if (isEntry === isPattern && aliases.some((name) => covers(entry, name))) return null;
  const suggestion =
    entry.includes('*') || isGivenWorkflowId(entry) ? null : nearestName(entry, aliases, slipsIn(entry));
  if (suggestion !== null)
    return plain(translator.translate('settings.file.did_you_mean', { typed: entry, suggestion }));
  if (isEntry(entry)) return null;
  return plain(notAnEntry(isEntry, translator));
}

function notAnEntry(isEntry: (text: string) => boolean, translator: Translator): Phrase {
  if (isEntry === isPattern) return translator.translate('settings.file.not_a_pattern', { star: '*' });
  return isEntry === isWatchable
    ? translator.translate('settings.file.not_watchable', { star: '*' })
    : translator.translate('settings.file.not_protectable');
}

/** Campaign lists no workflows, so a pattern cannot be looked at. */
function isWatchable(text: string): boolean {
  return isWorkflowId(text);
}

/** The same check as for typed names: an untypable name need not be permitted. */
function slipsIn(entry: string): number {
  return Math.min(mostSlips, Math.ceil(entry.length / 3) - 1);
}

function isPattern(text: string): boolean {
  return isWorkflowId(text.replaceAll('*', '_'));
}

type FileRule = FileContent['access'][number];

/** Entries that probably match no workflow, and patterns that match aliases that are not listed. */
export function workflowWarnings(
  { access, protected_workflows, watch }: FileContent,
  vocabulary: Vocabulary,
  translator: Translator,
): readonly FileIssue[] {
  const unmatched = (entry: string) =>
    matchesNothing(entry, vocabulary) ? plain(translator.translate('settings.file.matches_nothing')) : null;
  const inRules = access.flatMap((rule, index) =>
    (rule.workflows ?? []).map((entry, position) => ({
      path: ['access', index, 'workflows', position],
      what: unmatched(entry) ?? widened(entry, rule, vocabulary, translator),
    })),
  );
  const inList = (path: Path, entries: readonly string[]) =>
    entries.map((entry, position) => ({ path: [...path, position], what: unmatched(entry) }));
  const inWatches = watch.flatMap(({ workflows }, index) => inList(['watch', index, 'workflows'], workflows));
  return [...inRules, ...inList(['protected_workflows'], protected_workflows), ...inWatches].flatMap(
    ({ path, what }) => (what === null ? [] : [{ path, what }]),
  );
}

function matchesNothing(entry: string, vocabulary: Vocabulary): boolean {
  const isKnown = aliasesOf(entry, vocabulary).length > 0 || technicalWorkflows.some((id) => covers(entry, id));
  return !isKnown && !(entry.includes('*') ? mayCoverGivenId(entry) : isGivenWorkflowId(entry));
}

/** Whether the text between the asterisks can occur in `WKF110`, in this order. */
function mayCoverGivenId(pattern: string): boolean {
  return /^W?K?F?\d*$/i.test(pattern.replaceAll('*', ''));
}

/** Earlier versions matched patterns against IDs only. No warning if the alias is listed beside the pattern. */
function widened(entry: string, rule: FileRule, vocabulary: Vocabulary, translator: Translator): string | null {
  if (!entry.includes('*')) return null;
  const added = aliasesOf(entry, vocabulary).filter((alias) => isAdded(alias, rule, vocabulary));
  if (added.length === 0) return null;
  const aliases = translator.all(added.map(({ name }) => foreign(name)));
  return plain(translator.translate('settings.file.also_aliases', { count: added.length, aliases, star: '*' }));
}

/** Whether the rule covers the workflow only because a pattern matches its alias. */
function isAdded({ workflowId, environment }: Alias, rule: FileRule, vocabulary: Vocabulary): boolean {
  const listed = (rule.workflows ?? []).flatMap((entry) =>
    findAlias(vocabulary, entry) === null ? [{ id: entry, environment: null }] : patternsOf(entry, vocabulary),
  );
  return (rule.environments ?? vocabulary.environments)
    .filter((one) => environment === null || environment === one)
    .some((one) => !listed.some((pattern) => hasWorkflow(pattern, workflowId, one)));
}
