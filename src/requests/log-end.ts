import type { EndReason, Outcome } from './outcome.ts';
import type { Log } from './ports.ts';
import { confirmers, type Request } from './request.ts';

/** Outcomes that somebody may have to look into: nothing is known of the command, or the bot could not send it. */
const worrying: ReadonlySet<Outcome> = new Set<Outcome>(['unknown', 'not_sent']);

/** Logs that a request has ended, as soon as that is recorded, whether or not Slack takes the outcome. */
export function logEnd(request: Request, log: Log): void {
  const { id, batch, order, requester, channel, requestedAt, grant, end } = request;
  if (end === null) return;
  const { outcome, because, answer, at } = end;
  const { verb, workflowId: workflow, alias, environment, organization } = order;
  const what = { verb, workflow, ...(alias !== null && { alias }), environment, organization };
  const fields = {
    ...{ request: id, ...(batch !== null && { batch }), ...what, channel, requester },
    ...{ confirmers: confirmers(request), rule: ruleOf(request), outcome, reason: endReason(because) },
    ...(answer?.status != null && { status: answer.status }),
    ...(answer?.adobeRequestId != null && { adobeRequestId: answer.adobeRequestId }),
    ...{ durationMs: Math.max(0, at - requestedAt), because, statedReason: order.reason },
    ...(grant?.approvers && { needed: grant.needed }),
  };
  log[worrying.has(outcome) ? 'warn' : 'info'](fields, 'request ended');
}

/** The rule that has permitted the request, or has refused it; null: none was found. */
function ruleOf({ grant, end }: Request): string | null {
  if (grant !== null) return grant.rule;
  return end?.because.kind === 'access' ? (end.because.refusal.rule ?? null) : null;
}

/** Why a request has ended, as one word of a closed set: for the log and for metrics. */
export function endReason(because: EndReason): string {
  switch (because.kind) {
    case 'campaign':
      return because.reason;
    case 'slack':
      return `slack_${because.reason}`;
    case 'access':
      return because.refusal.reason;
    default:
      return because.kind;
  }
}
