import type { RecordedWorkflowState } from '../../events.ts';
import { workflowKey } from '../../request.ts';
import { firstRuns, type Runs } from '../../watches/condition.ts';
import { emptyOutbox, type Mute, type Outbox } from '../../watches/outbox.ts';
import { nothingSeen, type WatchMemory } from '../../watches/watch-step.ts';
import type { WatchTerms } from '../../watches/watch-terms.ts';

/** A workflow that is looked at, once for all channels that want it. Times in milliseconds since the epoch. */
export type WatchedRow = {
  /** `workflowKey` (`request.ts`). */
  key: string;
  organization: string;
  workflow_id: string;
  /** The shortest of its watches. */
  every_ms: number;
  due_at: number;
  /** When the last look was due. */
  was_due: number | null;
  lease: string | null;
  lease_until: number | null;
  /** How many looks in a row have failed, and since when. */
  failures: number;
  failing_since: number | null;
  /** When Campaign last answered a look. */
  answered_at: number | null;
  /** The state that it last showed. */
  reading: RecordedWorkflowState | null;
  /** JSON: `Runs`. */
  runs: string | null;
};

/** A channel that is told of a workflow, or of an organization whose looks fail: then the key ends in a slash. */
export type WatchRow = {
  key: string;
  channel: string;
  source: WatchSource;
  /** The request that asked for it, also where the configuration has it as well; null: nobody asked. */
  asked: string | null;
  /** JSON: `WatchTerms`. */
  terms: string;
  /** JSON: `WatchMemory`. */
  memory: string | null;
  muted_until: number | null;
  muted_by: string | null;
  /** The request by which; null: by an earlier version, which recorded none. */
  muted_request: string | null;
  /** The message of the newest alert; null: it is not posted, as far as is known. */
  ts: string | null;
  /** JSON: `Outbox`. */
  outbox: string | null;
  /** When the next of it may be posted; null: nothing waits. */
  post_at: number | null;
  post_lease: string | null;
  post_lease_until: number | null;
  /** Why it is not posted yet, as it was logged last. */
  problem: string | null;
};

/**
 * Where a watch comes from.
 *
 * - `file`: the configuration
 * - `command`: a command
 * - `resting`: a command, and the environment is not configured now, or no rule names the channel
 * - `looks`: of an organization, what a channel is told of it
 */
export type WatchSource = 'file' | 'command' | 'resting' | 'looks';

/** The key of what a channel is told of an organization. */
export function organizationKey(organization: string): string {
  return workflowKey({ organization, workflowId: '' });
}

export function isOfOrganization({ key }: Pick<WatchRow, 'key'>): boolean {
  return key.endsWith('/');
}

/** The watch of the organization for a channel that watches a workflow of it. */
export function organizationRow(terms: WatchTerms): WatchRow {
  const { organization, channel } = terms;
  return {
    ...{ key: organizationKey(organization), channel, source: 'looks', asked: null },
    terms: JSON.stringify({ ...terms, workflowId: '', alias: null } satisfies WatchTerms),
    ...nothingToldYet,
    ...unposted,
  };
}

/** A watch at its beginning. */
export function newWatch(terms: WatchTerms, from: Pick<WatchRow, 'source' | 'asked'>): WatchRow {
  const place = { key: workflowKey(terms), channel: terms.channel };
  return { ...place, ...from, terms: JSON.stringify(terms), ...nothingToldYet, ...unposted };
}

const unposted = { post_at: null, post_lease: null, post_lease_until: null, problem: null } as const;

/** Of a watch that has seen nothing, and told nothing. */
export const nothingToldYet = {
  ...{ memory: null, muted_until: null, muted_by: null, muted_request: null },
  ...{ ts: null, outbox: null, post_at: null, problem: null },
} as const;

/** Null: it is not muted. The time may be past. */
export function muteIn({
  muted_until: until,
  muted_by: by,
  muted_request: request,
}: Pick<WatchRow, 'muted_until' | 'muted_by' | 'muted_request'>): Mute | null {
  return until === null ? null : { until, by: by ?? '', ...(request !== null && { request }) };
}

export function termsOf({ terms }: Pick<WatchRow, 'terms'>): WatchTerms {
  return JSON.parse(terms);
}

export function memoryOf({ memory }: Pick<WatchRow, 'memory'>): WatchMemory {
  return memory === null ? nothingSeen : JSON.parse(memory);
}

export function outboxOf({ outbox }: Pick<WatchRow, 'outbox'>): Outbox {
  return outbox === null ? emptyOutbox : JSON.parse(outbox);
}

export function runsOf({ runs }: Pick<WatchedRow, 'runs'>, now: number): Runs {
  return runs === null ? firstRuns(now) : JSON.parse(runs);
}
