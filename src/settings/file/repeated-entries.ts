import { plain, type Translator } from '../../locales/words.ts';
import type { FileIssue, Path } from './flaw.ts';
import type { LooseContent } from './loose-content.ts';

type Entries = readonly (string | null)[];
type List = { readonly path: Path; readonly entries: Entries };

/** Entries that stand in their list a second time: mostly, one of them was meant to be another. */
export function repeatedEntries(content: LooseContent, words: Translator): readonly FileIssue[] {
  return lists(content).flatMap(({ path, entries }) =>
    entries.flatMap((entry, position) => {
      const isRepeated = entry !== null && entries.indexOf(entry) < position;
      return isRepeated ? [{ path: [...path, position], what: plain(words.translate('settings.file.repeated')) }] : [];
    }),
  );
}

function lists(content: LooseContent): readonly List[] {
  const { access, freezes, protected_workflows, guests, shared_channels } = content;
  return [
    ...under([], { protected_workflows, guests, shared_channels }),
    ...freezes.flatMap(({ environments, commands }, index) => under(['freezes', index], { environments, commands })),
    ...access.flatMap(({ channels, environments, workflows, commands, people, approval }, index) => [
      ...under(['access', index], { channels, environments, workflows, commands }),
      ...under(['access', index, 'people'], people),
      ...under(['access', index, 'approval', 'from'], typeof approval?.from === 'object' ? approval.from : {}),
    ]),
  ];
}

function under(path: Path, named: Readonly<Record<string, Entries>>): readonly List[] {
  return Object.entries(named).map(([key, entries]) => ({ path: [...path, key], entries }));
}
