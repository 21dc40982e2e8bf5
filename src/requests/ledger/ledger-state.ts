import { type Kysely, sql } from 'kysely';
import type { EventType } from '../events.ts';
import type { Engine } from './engine.ts';
import { isUnsealed } from './log/sealing.ts';
import type { Schema } from './tables.ts';

/** What the ledger holds now, for monitoring. Times are by its clock, in milliseconds since the epoch. */
export type LedgerState = {
  /** Since when the oldest step is due that is not done; null: none is. */
  readonly dueSince: number | null;
  readonly announcementsWaiting: number;
  /** Outcomes of which an attempt to post has failed. */
  readonly outcomesWaiting: number;
  /** Questions; one about several workflows is one. */
  readonly openApprovals: number;
  readonly oldestApprovalAt: number | null;
  /** Emergencies that were declared and are not reviewed, and when the oldest of them was declared. */
  readonly openReviews: number;
  readonly oldestReviewAt: number | null;
  readonly sizeBytes: number;
  /** At most 10,000 requests with such events are looked at. */
  readonly unsealedEvents: number;
};

/** A literal, as in the definition of the index. */
const isQuestion = sql`state = 'awaiting_approval' and open_by is not null`;

/** As in the definition of the index of these tasks. */
const isReview = sql`task = 'review'`;

/** An emergency is declared by the first of these events of its request. */
const declaring: readonly EventType[] = ['approved', 'scheduled', 'emergency_found'];

/** So many due tasks, and requests with events that have no place in the log, are looked at. */
const mostLookedAt = sql.lit(10_000);

/**
 * One statement. It reads what is open, and nothing that grows with the history. A task that is due at once is due since the
 * last event of its request. `+ 0`: otherwise the databases would walk through the index of all requests by their time.
 */
export async function readState(
  db: Kysely<Schema>,
  { isShared }: Pick<Engine, 'isShared'>,
  now: number,
): Promise<LedgerState> {
  const { rows } = await sql<Record<keyof LedgerState, number | string | null>>`
    select
      (select min(since) from (
        select case when tasks.due_at > events.at then tasks.due_at else events.at end as since
        from tasks
        inner join requests on requests.id = tasks.request
        inner join events on events.request = tasks.request and events.sequence = requests.head_sequence
        where tasks.due_at <= ${Math.floor(now)} limit ${mostLookedAt}
      ) as due) as "dueSince",
      (select count(*) from tasks where task = 'advance' and channel is not null) as "announcementsWaiting",
      (select count(*) from tasks where task = 'report' and attempts > 0) as "outcomesWaiting",
      (select count(*) from requests where ${isQuestion}) as "openApprovals",
      (select min(requested_at + 0) from requests where ${isQuestion}) as "oldestApprovalAt",
      (select count(*) from tasks where ${isReview}) as "openReviews",
      (select min(at) from tasks inner join events on events.request = tasks.request
        where ${isReview} and events.type in (${sql.join(declaring.map(sql.lit))})) as "oldestReviewAt",
      (${isShared ? sizeInPostgres : sizeInSqlite}) as "sizeBytes",
      (select coalesce(sum(waiting), 0) from (
        select head_sequence - sealed_sequence as waiting from requests
        where ${isUnsealed} order by id limit ${mostLookedAt}
      ) as unsealed) as "unsealedEvents"`.execute(db);
  const [row] = rows;
  const number = (of: keyof LedgerState) => Number(row?.[of] ?? 0);
  const time = (of: keyof LedgerState) => (row?.[of] == null ? null : Number(row[of]));
  return {
    dueSince: time('dueSince'),
    announcementsWaiting: number('announcementsWaiting'),
    outcomesWaiting: number('outcomesWaiting'),
    openApprovals: number('openApprovals'),
    oldestApprovalAt: time('oldestApprovalAt'),
    openReviews: number('openReviews'),
    oldestReviewAt: time('oldestReviewAt'),
    sizeBytes: number('sizeBytes'),
    unsealedEvents: number('unsealedEvents'),
  };
}

const sizeInSqlite = sql`select page_count * page_size from pragma_page_count(), pragma_page_size()`;

/** With indexes; without the log of the server. */
const sizeInPostgres = sql`
  select coalesce(sum(pg_total_relation_size(oid)), 0) from pg_class
  where relkind = 'r' and relnamespace = current_schema()::regnamespace`;
