import { allWorkflows } from '../../../access/patterns.ts';
import { type AlertAnswer, isAlertAnswer } from '../../../access/policy.ts';
import { type Request, workflowKey } from '../../request.ts';
import { leftOutbox, mutedOutbox } from '../../watches/outbox.ts';
import type { AnswerObstacle, WatchPlace } from '../../watches/watch-store.ts';
import type { Writer } from '../load.ts';
import { changeWatch } from './change-watch.ts';
import { lockedRow, muteOf, posting } from './watch-posts.ts';
import { memoryOf, organizationKey, outboxOf, type WatchRow } from './watch-rows.ts';

type Answering = Pick<Request, 'id' | 'order' | 'channel' | 'requester'>;

/** Carries out what a request answers to an alert, unless something is in the way. The alert and its thread will show it. */
export async function answerWatch(writer: Writer, request: Answering): Promise<AnswerObstacle | null> {
  const { verb } = request.order;
  if (!isAlertAnswer(verb)) throw new Error(`"${verb}" is no answer to an alert`);
  const row = await lockedRow(writer, placeOf(request));
  if (row === undefined) return { kind: 'not_watched' };
  const answered = answers[verb](row, request, await writer.now());
  if ('kind' in answered) return answered;
  await changeWatch(writer.db, row, answered);
  writer.mustSync = true;
  return null;
}

type Answered = AnswerObstacle | Partial<WatchRow>;

const answers: Readonly<Record<AlertAnswer, (row: WatchRow, request: Answering, now: number) => Answered>> = {
  mute,
  leave_paused: leavePaused,
};

function mute(row: WatchRow, { id, order, requester: by }: Answering, now: number): Answered {
  const before = muteOf(row, now);
  if (before !== null) return { kind: 'muted_already', request: before.request ?? null, until: before.until };
  const until = order.until ?? now;
  const outbox = mutedOutbox(outboxOf(row), memoryOf(row).shown ?? 'normal', { until, by, request: id }, now);
  return { muted_until: until, muted_by: by, muted_request: id, ...posting(row, outbox, now) };
}

function leavePaused(row: WatchRow, { id, requester: leftBy }: Answering, now: number): Answered {
  const memory = memoryOf(row);
  const { paused } = memory;
  if (paused === null) return { kind: 'not_paused' };
  if (paused.leftBy !== undefined) {
    return { kind: 'left_already', request: paused.leftRequest ?? null, by: paused.leftBy };
  }
  const left = { ...memory, paused: { ...paused, isReminded: true, leftBy, leftRequest: id } };
  const outbox = leftOutbox(outboxOf(row), { leftBy, request: id }, now);
  return { memory: JSON.stringify(left), ...posting(row, outbox, now) };
}

/** Without a workflow it is the alert of an organization whose looks fail. */
function placeOf({ order, channel }: Answering): WatchPlace {
  const { organization, workflowId } = order;
  const key = workflowId === allWorkflows ? organizationKey(organization) : workflowKey(order);
  return { key, channel };
}
