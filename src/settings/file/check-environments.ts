import { nearestName } from '../../commands/suggestions/nearest-name.ts';
import { foreign } from '../../locales/phrase.ts';
import { plain, type Translator } from '../../locales/translator.ts';
import { prefixOf } from '../credential-names.ts';
import type { FileIssue, Path } from './issue.ts';
import type { LooseContent } from './loose-content.ts';

export const environmentNameShape = /^[a-z0-9][a-z0-9_-]{0,31}$/;

/** Problems of the environments themselves. */
export function environmentFlaws(
  { environments }: LooseContent,
  isGiven: boolean,
  translator: Translator,
): readonly FileIssue[] {
  const names = [...environments.keys()];
  if (isGiven && names.length === 0) {
    return [{ path: ['environments'], what: plain(translator.translate('settings.file.no_environments')) }];
  }
  return names.flatMap((name, index) => {
    const before = names.slice(0, index);
    return [...nameFlaws(name, before, translator), ...organizationFlaws(environments, name, before, translator)];
  });
}

function nameFlaws(name: string, before: readonly string[], translator: Translator): readonly FileIssue[] {
  const path = ['environments', name];
  if (!environmentNameShape.test(name)) {
    return [{ path, what: plain(translator.translate('settings.file.not_an_environment')), touches: [] }];
  }
  const prefix = prefixOf(name);
  const other = before.find((one) => prefixOf(one) === prefix);
  if (other === undefined) return [];
  const what = plain(translator.translate('settings.file.prefix_twice', { environment: other, prefix }));
  return [{ path, what, touches: [] }];
}

function organizationFlaws(
  environments: LooseContent['environments'],
  name: string,
  before: readonly string[],
  translator: Translator,
): readonly FileIssue[] {
  const organization = environments.get(name)?.organization;
  const other = before.find((one) => environments.get(one)?.organization === organization);
  if (organization === undefined || other === undefined) return [];
  const what = plain(translator.translate('settings.file.organization_twice', { environment: other }));
  return [{ path: ['environments', name, 'organization'], what }];
}

/** References to environments that do not exist. Reports nothing if no environment is known. */
export function unknownEnvironments(
  content: LooseContent,
  known: readonly string[],
  translator: Translator,
): readonly FileIssue[] {
  if (known.length === 0) return [];
  return references(content).flatMap(({ path, name }) => {
    if (typeof name !== 'string' || known.includes(name)) return [];
    const suggestion = nearestName(name, known);
    const what =
      suggestion === null
        ? translator.translate('settings.file.environment_unknown', {
            known: translator.all(known.map((one) => foreign(one))),
          })
        : translator.translate('settings.file.did_you_mean', { typed: name, suggestion });
    return [{ path, what: plain(what) }];
  });
}

type Reference = { readonly path: Path; readonly name: string | null | undefined };

function references(content: LooseContent): readonly Reference[] {
  const inLists = (['access', 'freezes', 'watch'] as const).flatMap((part) =>
    content[part].flatMap(({ environments }, index) =>
      environments.map((name, position) => ({ path: [part, index, 'environments', position], name })),
    ),
  );
  const ofAliases = [...content.workflows].map(([alias, { environment }]) => ({
    path: ['workflows', alias, 'environment'],
    name: environment,
  }));
  return [{ path: ['default_environment'], name: content.default_environment }, ...ofAliases, ...inLists];
}
