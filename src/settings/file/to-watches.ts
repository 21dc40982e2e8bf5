import { type Alias, findAlias, sameName, type Vocabulary } from '../../commands/vocabulary/vocabulary.ts';
import type { WatchTerms } from '../../requests/watches/watch-terms.ts';
import { durationMs } from '../formats.ts';
import type { Environment } from '../settings.ts';
import type { FileContent } from './file-schema.ts';
import { windowsOfWeek } from './to-policy.ts';

type FileWatch = FileContent['watch'][number];

/** The watches of the file, one for each workflow, environment and channel. Where two entries name the same, the first counts. */
export function watchesOf(
  { watch }: Pick<FileContent, 'watch'>,
  environments: readonly Pick<Environment, 'name' | 'organization' | 'pausesEndAfterMs'>[],
  vocabulary: Vocabulary,
): readonly WatchTerms[] {
  const all = watch.flatMap((entry) => {
    const common = commonTerms(entry);
    return entry.workflows.flatMap((named) => {
      const alias = findAlias(vocabulary, named);
      return environments
        .filter(({ name }) => isWatchedIn(name, alias, entry))
        .map(({ name, organization, pausesEndAfterMs }): WatchTerms => {
          const workflow = { workflowId: alias?.workflowId ?? named, alias: alias?.name ?? null };
          return { ...workflow, environment: name, organization, pausesEndAfterMs, ...common };
        });
    });
  });
  return all.filter((one, index) => all.findIndex((other) => isSame(one, other)) === index);
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
