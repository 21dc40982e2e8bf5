import { technicalWorkflows } from '../../access/simple-policy.ts';
import { isOptionLike } from '../../commands/grammar/option-word.ts';
import { splitWords } from '../../commands/grammar/text.ts';
import { isButtonWord, meaningOf } from '../../commands/vocabulary/command-names.ts';
import { beginsLikeGivenId, isWorkflowId } from '../../commands/vocabulary/ids.ts';
import { sameName } from '../../commands/vocabulary/vocabulary.ts';
import { plain, type Translator } from '../../locales/translator.ts';
import { quietOf } from './check-watches.ts';
import type { FileIssue, Path } from './issue.ts';
import type { LooseContent } from './loose-content.ts';

const longestName = 64;

/** Problems of the aliases: each must be a name that can be typed and has no other meaning. */
export function aliasFlaws(
  content: LooseContent,
  environments: readonly string[],
  translator: Translator,
): readonly FileIssue[] {
  const names = [...content.workflows.keys()];
  const closed = closedIds(content, names);
  return names.flatMap((name, index) => {
    const what = nameFlaw(name, names.slice(0, index), environments, translator);
    const ofName: FileIssue[] = what === null ? [] : [{ path: ['workflows', name], what, touches: [] }];
    return [...ofName, ...idFlaws(name, content.workflows.get(name)?.id, closed, translator)];
  });
}

function nameFlaw(
  name: string,
  before: readonly string[],
  environments: readonly string[],
  translator: Translator,
): string | null {
  const same = before.find((other) => sameName(other, name));
  if (same !== undefined) return plain(translator.translate('settings.file.alias_twice', { other: same }));
  if (!isTypable(name)) return plain(translator.translate('settings.file.not_an_alias', { most: longestName }));
  if (beginsLikeGivenId(name)) return plain(translator.translate('settings.file.alias_like_id'));
  const means = (names: readonly string[]) => names.some((other) => sameName(other, name));
  if (meaningOf(name).length > 0 && !isButtonWord(name))
    return plain(translator.translate('settings.file.alias_of_command'));
  if (means(environments)) return plain(translator.translate('settings.file.alias_of_environment'));
  return means(technicalWorkflows) ? plain(translator.translate('settings.file.alias_technical')) : null;
}

/** One word that begins with a letter or digit, so that it cannot contain a quotation mark, dash or bracket of the sentence. */
function isTypable(name: string): boolean {
  const [word, ...more] = splitWords(name);
  const isWord = word?.text === name && more.length === 0 && name.length <= longestName;
  return isWord && /^[\p{L}\p{N}]/u.test(name) && !isOptionLike(name);
}

function idFlaws(
  name: string,
  id: string | undefined,
  closed: ReadonlySet<string>,
  translator: Translator,
): readonly FileIssue[] {
  const path = ['workflows', name, 'id'];
  if (id === undefined) return [];
  if (!isWorkflowId(id)) return [{ path, what: plain(translator.translate('settings.file.not_a_workflow')) }];
  return closed.has(id.toLowerCase())
    ? [{ path, what: plain(translator.translate('settings.file.alias_of_protected')) }]
    : [];
}

/** IDs that are protected by ID. An ID that is protected through its alias may have that alias. */
function closedIds({ protected_workflows }: LooseContent, aliases: readonly string[]): ReadonlySet<string> {
  const byId = protected_workflows.filter((entry) => entry !== null && !aliases.some((name) => sameName(name, entry)));
  return new Set([...technicalWorkflows, ...byId.map((entry) => String(entry).toLowerCase())]);
}

type Entries = readonly (string | null)[];
type List = { readonly path: Path; readonly entries: Entries };

/** Duplicate entries of a list: usually, one of them was meant to be another. */
export function repeatedEntries(content: LooseContent, translator: Translator): readonly FileIssue[] {
  return lists(content).flatMap(({ path, entries }) =>
    entries.flatMap((entry, position) => {
      const isRepeated = entry !== null && entries.indexOf(entry) < position;
      return isRepeated
        ? [{ path: [...path, position], what: plain(translator.translate('settings.file.repeated')) }]
        : [];
    }),
  );
}

function lists(content: LooseContent): readonly List[] {
  const { access, freezes, watch, protected_workflows, guests, shared_channels } = content;
  return [
    ...under([], { protected_workflows, guests, shared_channels }),
    ...freezes.flatMap(({ environments, commands, days }, index) =>
      under(['freezes', index], { environments, commands, days: entriesOf(days) }),
    ),
    ...watch.flatMap(({ workflows, environments, quiet }, index) => [
      ...under(['watch', index], { workflows, environments }),
      ...under(['watch', index, 'quiet'], { days: entriesOf(quietOf({ quiet })?.days) }),
    ]),
    ...access.flatMap(({ channels, environments, workflows, commands, people, approval, emergency }, index) => [
      ...under(['access', index], { channels, environments, workflows, commands }),
      ...under(['access', index, 'people'], people),
      ...under(['access', index, 'approval', 'from'], typeof approval?.from === 'object' ? approval.from : {}),
      ...(approval?.escalate ?? []).flatMap(({ to }, stage) => {
        const { users = [], groups = [], on_call } = to ?? {};
        const path = ['access', index, 'approval', 'escalate', stage, 'to'];
        return [...under(path, { users, groups }), ...under([...path, 'on_call'], { users: on_call?.users ?? [] })];
      }),
      ...under(['access', index, 'emergency'], emergency === undefined ? {} : { commands: emergency.commands }),
      ...under(['access', index, 'emergency', 'people'], emergency?.people ?? {}),
      ...under(['access', index, 'emergency', 'review_by'], emergency?.review_by ?? {}),
    ]),
  ];
}

function entriesOf(days: unknown): Entries {
  return Array.isArray(days) ? days.map((day) => (typeof day === 'string' ? day : null)) : [];
}

function under(path: Path, named: Readonly<Record<string, Entries>>): readonly List[] {
  return Object.entries(named).map(([key, entries]) => ({ path: [...path, key], entries }));
}
