import { type Alias, findAlias, sameName, type Vocabulary } from '../../commands/vocabulary/vocabulary.ts';
import type { WatchTerms } from '../../requests/watches/watch-terms.ts';
import { durationMs } from '../formats.ts';
import type { Environment } from '../settings.ts';
import type { FileContent } from './file-schema.ts';
import { windowsOfWeek } from './to-policy.ts';

type FileWatch = FileContent['watch'][number];

/** A watch, and its place in the file. */
type Placed = { readonly terms: WatchTerms; readonly path: readonly ['watch', number, 'workflows', number] };

type Environments = readonly Pick<Environment, 'name' | 'organization' | 'pausesEndAfterMs'>[];

/** The watches of the file, one for each workflow, environment and channel. Where two entries name the same, the first counts. */
export function watchesOf(
  content: Pick<FileContent, 'watch'>,
  environments: Environments,
  vocabulary: Vocabulary,
): readonly WatchTerms[] {
  const all = placedWatches(content, environments, vocabulary).map(({ terms }) => terms);
  return all.filter((one, index) => firstOf(all, one) === index);
}

/** The places of workflows that an earlier entry watches for the same channel in other words, or in another way. */
export function watchedTwice(
  content: Pick<FileContent, 'watch'>,
  environments: Environments,
  vocabulary: Vocabulary,
): readonly Placed['path'][] {
  const placed = placedWatches(content, environments, vocabulary);
  const all = placed.map(({ terms }) => terms);
  const again = placed.filter(({ terms }, index) => firstOf(all, terms) !== index).map(({ path }) => path);
  return again.filter((path, index) => again.findIndex((other) => String(other) === String(path)) === index);
}

function placedWatches(
  { watch }: Pick<FileContent, 'watch'>,
  environments: Environments,
  vocabulary: Vocabulary,
): readonly Placed[] {
  return watch.flatMap((entry, index) => {
    const common = commonTerms(entry);
    return entry.workflows.flatMap((named, position) => {
      const alias = findAlias(vocabulary, named);
      return environments
        .filter(({ name }) => isWatchedIn(name, alias, entry))
        .map(({ name, organization, pausesEndAfterMs }): Placed => {
          const workflow = { workflowId: alias?.workflowId ?? named, alias: alias?.name ?? null };
          const terms = { ...workflow, environment: name, organization, pausesEndAfterMs, ...common };
          return { terms, path: ['watch', index, 'workflows', position] };
        });
    });
  });
}

function firstOf(all: readonly WatchTerms[], one: WatchTerms): number {
  return all.findIndex((other) => isSame(one, other));
}

function isWatchedIn(environment: string, alias: Alias | null, { environments }: FileWatch): boolean {
  if (environments !== undefined && !environments.includes(environment)) return false;
  return alias?.environment == null || alias.environment === environment;
}

function commonTerms({ channel, every, quiet, longer_than, expected_by, timezone }: FileWatch) {
  return {
    channel,
    everyMs: checked(durationMs(every)),
    timezone: timezone ?? null,
    quiet: quiet === undefined ? [] : windowsOfWeek(quiet),
    longerThanMs: longer_than === undefined ? null : checked(durationMs(longer_than)),
    expectedBy: expected_by ?? null,
  };
}

function isSame(one: WatchTerms, other: WatchTerms): boolean {
  const { organization, workflowId, channel } = other;
  return one.channel === channel && one.organization === organization && sameName(one.workflowId, workflowId);
}

/** The file was validated: a null here is a bug. */
function checked<T>(value: T | null): T {
  if (value === null) throw new Error('the configuration file was not checked');
  return value;
}
