import { type Kysely, sql } from 'kysely';
import { atMost, channelsWhere } from './queries.ts';
import type { Schema } from './tables.ts';

/** So many of one channel, and so many of a person, are found. */
const mostFound = 60;

/** So many channels with a question are looked at. */
const mostChannels = 500;

/**
 * The IDs of what waits for a confirmation in some channels, the oldest of each first; and of what a person has asked
 * there that has no outcome.
 */
export async function waiting(
  db: Kysely<Schema>,
  person: string,
  channels: ReadonlySet<string>,
): Promise<readonly string[]> {
  const asking = (await channelsWhere(db, isQuestion, mostChannels)).filter((channel) => channels.has(channel));
  const questions: string[] = [];
  for (const channel of asking) questions.push(...(await questionsIn(db, channel)));
  const own = (await openBy(db, person)).filter(({ channel }) => channels.has(channel)).map(({ id }) => id);
  return [...new Set([...own, ...questions])];
}

/** A literal, as in the definition of the index: with a parameter SQLite would not use it. */
const isQuestion = sql<boolean>`state = 'awaiting_approval'`;

async function questionsIn(db: Kysely<Schema>, channel: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('requests')
    .select('id')
    .where(isQuestion)
    .where('channel', '=', channel)
    .orderBy('requested_at')
    .orderBy('id')
    .limit(atMost(mostFound))
    .execute();
  return rows.map(({ id }) => id);
}

/** So many emergencies without a review are found. */
const mostReviews = 2_000;

/** The IDs of the requests that have an emergency whose review is missing, or was just given: few, in all channels. */
export async function unreviewed(db: Kysely<Schema>): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('tasks')
    .select('request')
    .where(isReview)
    // So that the index of these tasks is used, and not that of all.
    .where('request', '>', '')
    .orderBy('request')
    .limit(atMost(mostReviews))
    .execute();
  return rows.map(({ request }) => request);
}

/** A literal, like `isQuestion`. */
const isReview = sql<boolean>`task = 'review'`;

/** In the order of the index of the open requests, which are few for each person. */
function openBy(db: Kysely<Schema>, person: string) {
  return db
    .selectFrom('requests')
    .select(['id', 'channel'])
    .where('open_by', '=', person)
    .orderBy('verb')
    .orderBy('state')
    .limit(atMost(mostFound))
    .execute();
}
