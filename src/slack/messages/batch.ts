import { isDeepStrictEqual } from 'node:util';
import { isVerb } from '../../access/policy.ts';
import { foreign, type Phrase } from '../../locales/phrase.ts';
import type { Order, ProbeResult } from '../../requests/events.ts';
import { type AnnouncementState, isOutcome } from '../../requests/outcome.ts';
import type { Request } from '../../requests/request.ts';
import { conclusionOf } from '../../requests/rules/effect.ts';
import { linesThatFit, shortened } from '../render.ts';
import { describeStatus } from './announcement-status.ts';
import { describeRefused } from './batch-refusal.ts';
import { describeEffect } from './effect-text.ts';
import { dotted, joined, listedWorkflow, type MessageContext, other } from './message-context.ts';
import { describeDetails, describeOutcome, hasEnded, namesWorkflow } from './outcome-text.ts';

/** The order with the workflows that are asked about, without those that were refused before the question, or stopped by another command since. One that is left stands for itself. */
export function askedOrder({ order, grant }: Pick<Request, 'order' | 'grant'>): Order {
  const { workflows, ...others } = order;
  const asked = grant?.items?.map(({ request }) => request);
  if (workflows === undefined || asked === undefined) return order;
  const [first, ...more] = workflows.filter(({ request }) => asked.includes(request));
  if (first === undefined) return order;
  if (more.length > 0) return { ...others, workflows: [first, ...more] };
  return { ...others, workflowId: first.workflowId, alias: first.alias };
}

/** Each workflow of a batch, and where it stands. Nothing for any other request. */
export function itemLines(batch: Request, shown: AnnouncementState, context: MessageContext): readonly Phrase[] {
  const { items = [] } = context;
  return items.map((item) => dotted(listedWorkflow(item.order, context), describeItem(item, batch, shown, context)));
}

function describeItem(item: Request, batch: Request, shown: AnnouncementState, context: MessageContext): Phrase | null {
  if (hasEnded(item) && item.grant === null) return describeRefused(item, context);
  if ((shown === 'awaiting_approval' || shown === 'scheduled') && !isOutcome(item.state))
    return describeSeen(item, batch, context);
  if (isOutcome(shown) && shown !== 'completed' && hasEndedWith(item, batch)) return null;
  // The line below the list says more of all that are not sent yet.
  if (!hasEnded(item)) return context.translator.translate('history.state', { state: 'approved' });
  return describeStatus(item, item.end.outcome, context);
}

/** The whole batch ended before anything was sent, and its own line says how. */
function hasEndedWith({ end }: Request, batch: Request): boolean {
  return end === null || isDeepStrictEqual(end.because, batch.end?.because);
}

function describeSeen(item: Request, { grant }: Request, { translator }: MessageContext): Phrase {
  const seen = grant?.items?.find(({ request }) => request === item.id)?.seen ?? null;
  return describeShown(seen, { translator });
}

/** What was seen of a workflow, in a list. */
export function describeShown(seen: ProbeResult | null, { translator }: Pick<MessageContext, 'translator'>): Phrase {
  return translator.translate('list.shows', { shows: seen === null ? 'failed' : shownState(seen) });
}

function shownState(seen: ProbeResult) {
  if (seen.kind === 'seen') return seen.reading ?? 'unknown';
  return seen.kind === 'slow' ? 'failed' : seen.kind;
}

/** How each item ended, why, and what to do. */
export function itemOutcomes({ items = [], ...context }: MessageContext): readonly Phrase[] {
  return items.filter(hasEnded).map((item) => {
    const name = listedWorkflow(item.order, context);
    if (item.grant === null) return dotted(name, describeRefused(item, context));
    const outcome = describeOutcome(item, context, other(item.requester), name);
    return namesWorkflow(item) ? outcome : dotted(name, outcome);
  });
}

/** "3× accepted · 1× rejected": how many items ended in which way. */
export function countOutcomes({ items = [], translator }: Pick<MessageContext, 'items' | 'translator'>): Phrase {
  const byOutcome = Map.groupBy(items.filter(hasEnded), ({ end }) => end.outcome);
  const counts = [...byOutcome].map(([state, { length }]) =>
    joined([foreign(`${length}×`)], translator.translate('history.state', { state })),
  );
  return dotted(...counts);
}

/** The technical causes of the problems, each with its workflow. */
export function itemDetails({ items = [], ...context }: MessageContext): Phrase {
  const details = items.filter(hasEnded).flatMap((item) => {
    const text = describeDetails(item, context);
    const about = { button: [foreign(item.order.workflowId)], about: text };
    return text.length === 0 ? [] : [context.translator.translate('button.spoken', about)];
  });
  const each = Math.floor(maxDetailsLength / details.length) - 1;
  return joined(
    ...linesThatFit(
      details.map((one) => shortened(one, each)),
      maxDetailsLength,
    ),
  );
}

/** In characters. A context block takes 2,000. */
const maxDetailsLength = 1_900;

/** What was seen of each accepted item. */
export function itemEffects({ items = [], ...context }: MessageContext): readonly Phrase[] {
  return items
    .flatMap(concluded)
    .map(({ item, conclusion }) => describeEffect(conclusion, item, listedWorkflow(item.order, context), context));
}

/** Whether people have to look at what was seen of an item. */
export function hasSurprise({ items = [] }: Pick<MessageContext, 'items'>): boolean {
  return items.flatMap(concluded).some(({ conclusion }) => !calm.has(conclusion));
}

/** What the observation of an accepted item says; nothing of any other item. */
function concluded(item: Request) {
  const { order, observation, state } = item;
  if (state !== 'accepted' || observation === null || !isVerb(order.verb)) return [];
  return [{ item: { ...item, observation }, conclusion: conclusionOf(order.verb, observation) }];
}

const calm: ReadonlySet<string> = new Set(['as_asked', 'not_shown']);
