import type { Event, OrderedWorkflow, ReconciledOutcome } from '../events.ts';
import { isOutcome } from '../outcome.ts';
import type { Request } from '../request.ts';
import { isUnsent } from '../transition.ts';

// A batch is one command for several workflows. It is announced, asked and reported as one request, which sends nothing.
// Each workflow has a request of its own, an item of the batch, with its own rights, lock, dispatch and outcome.

/** The workflows of a batch; of any other request, none. */
export function workflowsOf({ order }: Pick<Request, 'order'>): readonly OrderedWorkflow[] {
  return order.workflows ?? [];
}

/** The items of a batch, in the order of the command. */
export async function itemsOf(
  batch: Pick<Request, 'order'>,
  { load }: { load(id: string): Promise<Request | null> },
): Promise<readonly Request[]> {
  const items: Request[] = [];
  for (const { request } of workflowsOf(batch)) {
    const item = await load(request);
    if (item !== null) items.push(item);
  }
  return items;
}

/** Whether an item is asked about, and nothing of it was sent. */
export function isAsked({ grant, state }: Pick<Request, 'grant' | 'state'>): boolean {
  return grant !== null && isUnsent(state);
}

/** Whether everything is known that the list of outcomes says of an item. */
export function isSettled({ state, observation }: Request): boolean {
  return isOutcome(state) && (state !== 'unknown' || observation !== null);
}

/** Whether the follow-up of the batch waits for an item. */
export function isObservable({ state, observation }: Request): boolean {
  return state === 'accepted' && observation === null;
}

/** The order in which the workflows of a batch are locked, so that two transactions never wait for each other. */
export function inLockOrder<T extends { readonly workflowId: string }>(workflows: readonly T[]): readonly T[] {
  const key = ({ workflowId }: T) => workflowId.toLowerCase();
  return workflows.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

const forItems: ReadonlySet<Event['type']> = new Set(['announced', 'moved', 'ended', 'reported', 'reconciled']);

/** Whether {@link itemEvent} may hold for an item. */
export function isForItems({ type }: Event): boolean {
  return forItems.has(type);
}

/** The channel shows that the batch has ended, and not how the item has. */
const behind: Event = { type: 'ended', data: { outcome: 'unknown', because: { kind: 'ledger_behind' }, answer: null } };

/**
 * What an event of a batch means for one of its items. What is posted for all, and an end before anything was sent, hold
 * for each of them. An approval is recorded by the step that has looked at each workflow.
 */
export function itemEvent(event: Event, item: Request): Event | null {
  switch (event.type) {
    case 'announced':
      return item.state === 'submitted' ? event : null;
    case 'moved':
      return event;
    case 'ended':
      return event.data.outcome !== 'completed' && isUnsent(item.state) ? event : null;
    case 'reported':
      return isOutcome(item.state) && item.outcomePost.done === null ? event : null;
    case 'reconciled':
      return isOutcome(item.state) ? null : reconciledItem(event.data, item);
    default:
      return null;
  }
}

function reconciledItem({ items, ...data }: ReconciledOutcome, item: Request): Event | null {
  const shown = items?.find(({ request }) => request === item.id);
  if (shown === undefined) return isUnsent(item.state) ? behind : null;
  return { type: 'reconciled', data: { ...data, outcome: shown.outcome, digest: null, announcement: null } };
}
