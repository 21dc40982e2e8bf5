import { covers } from '../../access/workflow-pattern.ts';
import { mostSlips, nearestName } from '../../commands/nearest-name.ts';
import { sameName } from '../../commands/vocabulary.ts';
import { isGivenWorkflowId, isWorkflowId } from '../../commands/workflow-id.ts';
import { plain, type Translator } from '../../locales/words.ts';
import type { FileIssue, Path } from './flaw.ts';
import type { LooseContent } from './loose-content.ts';

/** Entries of lists of workflows that are neither an alias nor an ID, or are an alias but for a slip. */
export function workflowFlaws(content: LooseContent, words: Translator): readonly FileIssue[] {
  const aliases = [...content.workflows.keys()];
  const inList = (path: Path, entries: readonly (string | null)[], isEntry: (text: string) => boolean) =>
    entries.flatMap((entry, position) => {
      const what = entry === null ? null : entryFlaw(entry, aliases, isEntry, words);
      return what === null ? [] : [{ path: [...path, position], what }];
    });
  return [
    ...content.access.flatMap(({ workflows }, index) => inList(['access', index, 'workflows'], workflows, isPattern)),
    ...inList(['protected_workflows'], content.protected_workflows, isWorkflowId),
  ];
}

function entryFlaw(
  entry: string,
  aliases: readonly string[],
  isEntry: (text: string) => boolean,
  words: Translator,
): string | null {
  if (aliases.some((name) => sameName(name, entry))) return null;
  if (isEntry === isPattern && aliases.some((name) => covers(entry, name))) return null;
  const suggestion =
    entry.includes('*') || isGivenWorkflowId(entry) ? null : nearestName(entry, aliases, slipsIn(entry));
  if (suggestion !== null) return plain(words.translate('settings.file.did_you_mean', { typed: entry, suggestion }));
  if (isEntry(entry)) return null;
  const said =
    isEntry === isPattern
      ? words.translate('settings.file.not_a_pattern', { star: '*' })
      : words.translate('settings.file.not_protectable');
  return plain(said);
}

/** As where people type it: what nobody can type need not be permitted. */
function slipsIn(entry: string): number {
  return Math.min(mostSlips, Math.ceil(entry.length / 3) - 1);
}

function isPattern(text: string): boolean {
  return isWorkflowId(text.replaceAll('*', '_'));
}
