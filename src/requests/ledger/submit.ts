import type { Transaction } from 'kysely';
import { isHalting, isOverriding } from '../../access/policy.ts';
import type { Request } from '../request.ts';
import type { Submission, Submitted, TooManyOpen } from './ledger.ts';
import { loadAll, type Reader, type Writer } from './load.ts';
import { statement } from './statement.ts';
import type { RequestRow, Schema } from './tables.ts';
import { insert, type OpenRequests } from './transaction.ts';

export async function submit(writer: Writer, submission: Submission): Promise<Submitted> {
  return record(writer, submission, await openOf(writer.db, submission.requested.requester));
}

/** A command that Slack delivers twice is found even if the limit is reached. */
export async function submitWithin(
  writer: Writer,
  mostOpen: number,
  submission: Submission,
): Promise<Submitted | TooManyOpen> {
  const { requester, order } = submission.requested;
  await writer.engine.lockRequester(writer.db, requester);
  const open = await openOf(writer.db, requester);
  const ofKind = open.filter(({ verb }) => isHalting(verb) === isHalting(order.verb));
  const [oldest] = ofKind;
  if (oldest === undefined || ofKind.length < mostOpen) return record(writer, submission, open);
  return (await submittedBefore(writer, submission)) ?? { kind: 'too_many_open', oldest: oldest.id };
}

async function record(writer: Writer, submission: Submission, open: readonly OpenRow[]): Promise<Submitted> {
  const request = await insert(writer, submission, countsOf(open, submission));
  if (request !== null) {
    for (const item of submission.items ?? []) await insertItem(writer, item);
    return { kind: 'recorded', request, isNew: true };
  }
  const known = await submittedBefore(writer, submission);
  if (known === null) throw new Error('the request was not inserted, and its interaction is not recorded');
  return known;
}

async function insertItem(writer: Writer, item: Pick<Submission, 'id' | 'requested'>): Promise<void> {
  if ((await insert(writer, item, { count: 0, newStops: 0 })) === null)
    throw new Error('an item of a batch was recorded before its batch');
}

type OpenRow = Pick<RequestRow, 'id' | 'verb' | 'state' | 'requested_at'>;

const openBy = statement((db, parameter) =>
  db
    .selectFrom('requests')
    .select(['id', 'verb', 'state', 'requested_at'])
    .where('open_by', '=', parameter('person'))
    .compile(),
);

/** The open requests of a person, the oldest first. Sorted here because the index has another order. */
async function openOf(tx: Transaction<Schema>, person: string): Promise<readonly OpenRow[]> {
  const { rows } = await openBy(tx, null, { person });
  return rows.toSorted((a, b) => a.requested_at - b.requested_at);
}

function countsOf(open: readonly OpenRow[], { isUnnamed = false }: Submission): OpenRequests {
  const newStops = open.filter(({ verb, state }) => isOverriding(verb) && state === 'submitted').length;
  return { count: open.length, newStops: isUnnamed ? Number.POSITIVE_INFINITY : newStops };
}

const ofInteraction = statement((db, parameter) =>
  db.selectFrom('requests').select('id').where('interaction', '=', parameter('interaction')).compile(),
);

/** Null if none was recorded for the interaction. */
export async function requestOf(reader: Reader, interaction: string): Promise<Request | null> {
  const { rows } = await ofInteraction(reader.db, null, { interaction });
  const [request = null] = await loadAll(reader, rows);
  return request;
}

async function submittedBefore(writer: Writer, { requested }: Submission): Promise<Submitted | null> {
  const before = await requestOf(writer, requested.interaction);
  return before === null ? null : { kind: 'recorded', request: before, isNew: false };
}
