import { z } from 'zod';
import type { Reply } from './reply.ts';

/** The response to a GET of a workflow. */
const Shown = z.looseObject({ logicalStatus: z.enum(['edition', 'started', 'warning', 'finished', 'error']) });
type LogicalStatus = z.infer<typeof Shown>['logicalStatus'];

/** Campaign v8 keeps a number and a flag; which of them a GET shows is not documented. */
const NUMBERS: Readonly<Record<LogicalStatus, { state: number; failed: boolean }>> = {
  edition: { state: 0, failed: false },
  started: { state: 11, failed: false },
  warning: { state: 13, failed: false },
  finished: { state: 20, failed: false },
  error: { state: 11, failed: true },
};

export function withoutState(reply: Reply): Reply {
  return reshaped(reply, () => ({}));
}

export function withStateNumber(reply: Reply): Reply {
  return reshaped(reply, (status) => NUMBERS[status]);
}

/** Responses without a workflow are not changed. */
function reshaped(reply: Reply, state: (status: LogicalStatus) => object): Reply {
  if (reply.kind !== 'answer' || !reply.body.startsWith('{')) return reply;
  const shown = Shown.safeParse(JSON.parse(reply.body));
  if (!shown.success) return reply;
  const { logicalStatus, ...rest } = shown.data;
  return { ...reply, body: JSON.stringify({ ...rest, ...state(logicalStatus) }) };
}
