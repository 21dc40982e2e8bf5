import { endOf, type WeekWindow } from '../../access/freeze-windows.ts';

/** A workflow that is watched for a channel, and how. */
export type WatchTerms = {
  readonly organization: string;
  /** By its name in the configuration. */
  readonly environment: string;
  readonly workflowId: string;
  readonly alias: string | null;
  readonly channel: string;
  readonly everyMs: number;
  /** Of the quiet hours and `expectedBy`; an IANA name. Null where there are neither. */
  readonly timezone: string | null;
  /** When nothing is posted. */
  readonly quiet: readonly WeekWindow[];
  /** A run that takes longer is told; null: none is. */
  readonly longerThanMs: number | null;
  /** The local time (`HH:MM`) by which it has to have run each day; null: none. */
  readonly expectedBy: string | null;
  /** After how long Campaign ends a pause by itself; null: nobody is reminded of that. */
  readonly pausesEndAfterMs: number | null;
};

/** How often a workflow is looked at unless the configuration says otherwise, and how often at most. */
export const watchEveryMs = { usual: 300_000, least: 60_000 } as const;

/** So many watches of commands a channel can have: more than anybody reads. */
export const mostTypedWatches = 100;

/** The terms of a watch that somebody typed. */
export function typedTerms(
  workflow: Pick<WatchTerms, 'organization' | 'environment' | 'workflowId' | 'alias' | 'channel' | 'pausesEndAfterMs'>,
): WatchTerms {
  const always = { timezone: null, quiet: [], longerThanMs: null, expectedBy: null };
  return { ...workflow, everyMs: watchEveryMs.usual, ...always };
}

/** Until when nothing is posted, in milliseconds since the epoch; null: it may be, at that moment. */
export function quietUntil({ quiet, timezone }: Pick<WatchTerms, 'quiet' | 'timezone'>, at: number): number | null {
  return timezone === null || quiet.length === 0 ? null : endOf({ kind: 'weekly', windows: quiet, timezone }, at);
}
