import { weekdays } from '../../access/freeze-windows.ts';
import { sameName } from '../../commands/vocabulary/vocabulary.ts';
import { plain, type Translator } from '../../locales/translator.ts';
import { emptyTimes, zoneFlaws } from './check-freezes.ts';
import type { FileIssue } from './issue.ts';
import type { LooseContent, LooseWatch } from './loose-content.ts';

type Quiet = Readonly<Record<string, unknown>>;

/** Watches with a time and no zone, or the reverse, with no quiet time in `quiet`, or with two, and in no environment. */
export function watchFlaws(
  content: LooseContent,
  known: readonly string[],
  translator: Translator,
): readonly FileIssue[] {
  return content.watch.flatMap((watch, index) =>
    [
      ...halfFlaws(watch, translator),
      ...zoneFlaws(watch, translator),
      ...quietFlaws(quietOf(watch), translator),
      ...elsewhere(watch, content, known, translator),
    ].map((flaw) => ({ ...flaw, path: ['watch', index, ...flaw.path] })),
  );
}

export function quietOf({ quiet }: Pick<LooseWatch, 'quiet'>): Quiet | null {
  return typeof quiet === 'object' && quiet !== null ? (quiet as Quiet) : null;
}

function halfFlaws({ quiet, expected_by, timezone }: LooseWatch, translator: Translator): readonly FileIssue[] {
  const half = quiet === undefined ? 'expected_by' : 'quiet';
  const isTimed = quiet !== undefined || expected_by !== undefined;
  const missing = (key: string, given: string) => [
    { path: [key], what: plain(translator.translate('settings.file.other_half', { half: given })) },
  ];
  if (isTimed && timezone === undefined) return missing('timezone', half);
  return !isTimed && timezone !== undefined ? missing('quiet', 'timezone') : [];
}

function quietFlaws(quiet: Quiet | null, translator: Translator): readonly FileIssue[] {
  if (quiet === null) return [];
  const { daily, days, weekly } = quiet;
  const path = ['quiet'];
  const isOfDays = daily !== undefined || days !== undefined;
  if (isOfDays === (weekly !== undefined)) {
    return [{ path, what: plain(translator.translate('settings.file.quiet_time')) }];
  }
  if (daily === undefined && Array.isArray(days) && new Set(days).size === weekdays.length) {
    return [{ path: [...path, 'days'], what: plain(translator.translate('settings.file.always_quiet')) }];
  }
  return emptyTimes({ daily, days, weekly }, translator).map((flaw) => ({ ...flaw, path: [...path, ...flaw.path] }));
}

/** An alias of one environment cannot be watched in others. */
function elsewhere(
  { workflows, environments }: LooseWatch,
  content: LooseContent,
  known: readonly string[],
  translator: Translator,
): readonly FileIssue[] {
  if (environments.length === 0) return [];
  return workflows.flatMap((entry, position) => {
    const [, alias] = [...content.workflows].find(([name]) => entry !== null && sameName(name, entry)) ?? [];
    const where = alias?.environment;
    // An unknown environment of the alias is a problem of its own.
    if (where === undefined || !known.includes(where) || environments.includes(where)) return [];
    const what = plain(translator.translate('settings.file.watched_elsewhere', { environment: where }));
    return [{ path: ['workflows', position], what }];
  });
}
