import { clock, code, foreign, type Phrase } from '../../locales/phrase.ts';
import type { Observation } from '../../requests/events.ts';
import { type Request, workflowKey } from '../../requests/request.ts';
import { settledWithin } from '../../requests/settled-within.ts';
import type { AnswerPorts } from '../listener-ports.ts';
import { stateLegend, stateSymbol } from '../messages/history-entry.ts';
import { dotted, joined, type MessageContext } from '../messages/message-context.ts';
import { type Message, renderMessage } from '../render.ts';
import { describeNothing } from './help.ts';
import { maySeeRequest } from './history.ts';
import { type Invocation, type Rights, rightsOf } from './invocation.ts';
import { type WorkflowHere, workflowsHere } from './workflows-here.ts';

/** The most workflows of a list: about two screens of a phone. */
const mostListed = 15;

/** How long the whole list may take. */
const listWithinMs = 3_000;

/** A workflow with its newest request that the person may see, and what Campaign shows; null: not to be seen, or not read in time. */
type Listed = WorkflowHere & { readonly seen: Observation | 'late' | null };

/**
 * The workflows that this person may act on here, with how the last request for each ended and what Campaign shows.
 * These are lines and no `table` block: three columns of it are cut, or scrolled sideways, on a phone.
 */
export async function listMessage(
  environment: string | null,
  invocation: Invocation,
  sources: AnswerPorts,
): Promise<Message> {
  const end = performance.now() + listWithinMs;
  const rights = await rightsOf(invocation, sources);
  const context = sources.plainContext;
  const { translator } = context;
  if (rights.here.kind === 'none') return renderMessage([describeNothing(rights.here, context)]);
  const wanted = { actions: ['start', 'pause', 'resume', 'stop', 'status'], environment } as const;
  const all = await workflowsHere(wanted, invocation, rights, sources);
  if (all.length === 0) return renderMessage([translator.translate('list.none')]);
  const shown = await Promise.all(all.slice(0, mostListed).map((one) => withLast(one, invocation, rights, sources)));
  const listed = await withStates(shown, end, rights, sources);
  const more = all.length - listed.length;
  const last = listed.flatMap((one) => one.last ?? []);
  return renderMessage(
    [
      translator.translate('list.title'),
      ...inEnvironments(listed, sources, context),
      ...(more > 0 ? [translator.translate('list.more_workflows', { count: more })] : []),
    ],
    last.length === 0 ? {} : { small: stateLegend(last, context) },
  );
}

/** A request older than the channel's newest is looked up. */
async function withLast(
  workflow: WorkflowHere,
  { channel }: Invocation,
  rights: Rights,
  sources: AnswerPorts,
): Promise<WorkflowHere> {
  if (workflow.last !== null) return workflow;
  const which = { channel, workflowKey: workflowKey(workflow), refused: false, limit: 1 };
  const [last = null] = (await sources.ledger.recent(which)).filter(maySeeRequest(rights, sources));
  return { ...workflow, last };
}

/**
 * What Campaign shows of each, all at once. Only where the person may ask for the status: otherwise the list would tell
 * what `status` refuses.
 *
 * @param end by `performance.now()`; what is not read by then is shown as that
 */
async function withStates(
  workflows: readonly WorkflowHere[],
  end: number,
  { may }: Rights,
  { campaign, now }: AnswerPorts,
): Promise<readonly Listed[]> {
  const visible = workflows.filter(
    ({ environment, workflowId }) => may({ action: 'status', environment, workflowId, hasReason: false }).permitted,
  );
  const seen = new Map<WorkflowHere, Observation>();
  const lookUps = visible.map(async (workflow) => {
    const observation = await campaign(workflow.organization)?.glance(workflow.workflowId, isChanging(workflow, now()));
    if (observation !== undefined) seen.set(workflow, observation);
  });
  const settled = Promise.allSettled(lookUps).then(() => {});
  await settledWithin(Math.max(0, end - performance.now()), settled);
  return workflows.map((workflow) => ({
    ...workflow,
    seen: visible.includes(workflow) ? (seen.get(workflow) ?? 'late') : null,
  }));
}

/** How long after a command what was seen before may contradict its outcome. */
const changingMs = 60_000;

function isChanging({ last }: WorkflowHere, now: number): boolean {
  return last?.end != null && now - last.end.at < changingMs;
}

/** In the order of the configuration. A heading is needed only where there are several environments. */
function inEnvironments(
  listed: readonly Listed[],
  { environments, now }: AnswerPorts,
  context: MessageContext,
): readonly Phrase[] {
  const places = environments();
  return places.flatMap(({ name, production }) => {
    const own = listed.filter(({ environment }) => environment === name);
    if (own.length === 0) return [];
    const mark = production ? context.translator.translate('announce.production') : null;
    const heading = places.length === 1 ? [] : [joined(mark, [foreign(name, ['bold'])])];
    return [...heading, ...own.flatMap((one) => describeListed(one, context, now()))];
  });
}

/** Two lines: "nightly-load (WKF110) · Nightly profile load" and "Finished · ✅ stop · 14:02". */
function describeListed(listed: Listed, context: MessageContext, now: number): readonly Phrase[] {
  const { alias, workflowId, label, seen, last } = listed;
  const id = alias === null ? null : [foreign(`(${workflowId})`)];
  const title = joined([code(alias ?? workflowId)], id);
  const details = dotted(seen && describeSeen(seen, context), last && describeLast(last, context, now));
  return [dotted(title, label === null ? null : [foreign(label)]), ...(details.length === 0 ? [] : [details])];
}

function describeSeen(seen: Observation | 'late', { translator }: MessageContext): Phrase {
  const isSeen = seen !== 'late' && seen.kind === 'seen';
  const shows = isSeen ? (seen.reading ?? 'unknown') : seen === 'late' ? 'failed' : seen.kind;
  return translator.translate('list.shows', { shows });
}

function describeLast(last: Request, { translator }: MessageContext, now: number): Phrase {
  const { order, requestedAt } = last;
  return translator.translate('list.last', {
    symbol: stateSymbol(last),
    verb: order.verb,
    at: clock(requestedAt, now),
  });
}
