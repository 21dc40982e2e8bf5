import { technicalWorkflows } from '../../access/simple-policy.ts';
import { meaningOf } from '../../commands/command-names.ts';
import { isOptionLike } from '../../commands/option-word.ts';
import { sameName } from '../../commands/vocabulary.ts';
import { splitWords } from '../../commands/words.ts';
import { beginsLikeGivenId, isWorkflowId } from '../../commands/workflow-id.ts';
import { plain, type Translator } from '../../locales/words.ts';
import type { FileIssue } from './flaw.ts';
import type { LooseContent } from './loose-content.ts';

const longestName = 64;

/** What is wrong with the aliases: each must be a name that can be typed and means nothing else. */
export function aliasFlaws(content: LooseContent, environments: readonly string[], words: Translator): readonly FileIssue[] {
  const names = [...content.workflows.keys()];
  const closed = closedIds(content, names);
  return names.flatMap((name, index) => {
    const what = nameFlaw(name, names.slice(0, index), environments, words);
    const ofName: FileIssue[] = what === null ? [] : [{ path: ['workflows', name], what, touches: [] }];
    return [...ofName, ...idFlaws(name, content.workflows.get(name)?.id, closed, words)];
  });
}

function nameFlaw(
  name: string,
  before: readonly string[],
  environments: readonly string[],
  words: Translator,
): string | null {
  const same = before.find((other) => sameName(other, name));
  if (same !== undefined) return plain(words.translate('settings.file.alias_twice', { other: same }));
  if (!isTypable(name)) return plain(words.translate('settings.file.not_an_alias', { most: longestName }));
  if (beginsLikeGivenId(name)) return plain(words.translate('settings.file.alias_like_id'));
  const means = (names: readonly string[]) => names.some((other) => sameName(other, name));
  if (meaningOf(name).length > 0) return plain(words.translate('settings.file.alias_of_command'));
  if (means(environments)) return plain(words.translate('settings.file.alias_of_environment'));
  return means(technicalWorkflows) ? plain(words.translate('settings.file.alias_technical')) : null;
}

/** One word that begins with a letter or digit, so that no quotation mark, dash or bracket of a sentence belongs to it. */
function isTypable(name: string): boolean {
  const [word, ...more] = splitWords(name);
  const isWord = word?.text === name && more.length === 0 && name.length <= longestName;
  return isWord && /^[\p{L}\p{N}]/u.test(name) && !isOptionLike(name);
}

function idFlaws(name: string, id: string | undefined, closed: ReadonlySet<string>, words: Translator): readonly FileIssue[] {
  const path = ['workflows', name, 'id'];
  if (id === undefined) return [];
  if (!isWorkflowId(id)) return [{ path, what: plain(words.translate('settings.file.not_a_workflow')) }];
  return closed.has(id.toLowerCase()) ? [{ path, what: plain(words.translate('settings.file.alias_of_protected')) }] : [];
}

/** IDs that are protected as such; that of an alias which is protected by name may well have that alias. */
function closedIds({ protected_workflows }: LooseContent, aliases: readonly string[]): ReadonlySet<string> {
  const byId = protected_workflows.filter((entry) => entry !== null && !aliases.some((name) => sameName(name, entry)));
  return new Set([...technicalWorkflows, ...byId.map((entry) => String(entry).toLowerCase())]);
}
