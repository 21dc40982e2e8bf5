import type { Event, EventOf, OrderedWorkflow, ReconciledOutcome } from '../events.ts';
import { isOutcome } from '../outcome.ts';
import type { Request } from '../request.ts';
import { isUndecided, isUnsent } from '../transition.ts';

// A batch is one command for several workflows. It is announced, asked and reported as one request, which sends nothing.
// Each workflow has a request of its own, an item of the batch, with its own rights, lock, dispatch and outcome.

/** The workflows of a batch; of any other request, none. */
export function workflowsOf({ order }: Pick<Request, 'order'>): readonly OrderedWorkflow[] {
  return order.workflows ?? [];
}

type Loader = { load(id: string): Promise<Request | null> };

/** The items of a batch, in the order of the command. */
export function itemsOf(batch: Pick<Request, 'order'>, loader: Loader): Promise<readonly Request[]> {
  return loadEach(workflowsOf(batch), loader);
}

/** The same in the order in which they have to be locked, where loading locks them. */
export function itemsInLockOrder(batch: Pick<Request, 'order'>, loader: Loader): Promise<readonly Request[]> {
  return loadEach(inLockOrder(workflowsOf(batch)), loader);
}

async function loadEach(workflows: readonly OrderedWorkflow[], { load }: Loader): Promise<readonly Request[]> {
  const items: Request[] = [];
  for (const { request } of workflows) {
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

/**
 * The order in which the workflows of a batch are locked, after the batch itself, so that two such transactions never wait
 * for each other. A stop that takes one workflow out of a batch locks that one first (`steps/send/freeze.ts`): PostgreSQL
 * may have to break that deadlock, and the transaction is repeated.
 */
export function inLockOrder(workflows: readonly OrderedWorkflow[]): readonly OrderedWorkflow[] {
  const key = ({ workflowId }: OrderedWorkflow) => workflowId.toLowerCase();
  return workflows.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

const typesForItems = ['announced', 'escalated', 'moved', 'ended', 'reported', 'reconciled', 'reviewed'] as const;
type EventForItems = EventOf<(typeof typesForItems)[number]>;

/** Whether the event of a batch can mean something for its items. */
export function isForItems(event: Event): event is EventForItems {
  return (typesForItems as readonly Event['type'][]).includes(event.type);
}

/** The channel shows that the batch has ended, and not how the item has. */
const behind: Event = { type: 'ended', data: { outcome: 'unknown', because: { kind: 'ledger_behind' }, answer: null } };

/**
 * What an event of a batch means for one of its items. What is posted for all, and an end before anything was sent, hold
 * for each of them. An approval is recorded by the step that has looked at each workflow.
 */
export function itemEvent(event: EventForItems, item: Request): Event | null {
  switch (event.type) {
    case 'announced':
      return item.state === 'submitted' ? event : null;
    case 'moved':
      return event;
    case 'escalated':
      return isQuestioned(item) ? event : null;
    case 'ended':
      return event.data.outcome !== 'completed' && isUnsent(item.state) ? event : null;
    case 'reported':
      return isOutcome(item.state) && item.outcomePost.done === null ? event : null;
    // The comment is that of the batch.
    case 'reviewed':
      return isUnreviewed(item) ? event : null;
    case 'reconciled':
      return isOutcome(item.state) ? null : reconciledItem(event.data, item);
    default:
      return event satisfies never;
  }
}

function isQuestioned({ grant, state }: Request): boolean {
  return grant !== null && isUndecided(state);
}

function isUnreviewed({ emergency }: Request): boolean {
  return emergency !== null && emergency.review === null;
}

function reconciledItem({ items, ...data }: ReconciledOutcome, item: Request): Event | null {
  const shown = items?.find(({ request }) => request === item.id);
  if (shown === undefined) return isUnsent(item.state) ? behind : null;
  return { type: 'reconciled', data: { ...data, outcome: shown.outcome, digest: null, announcement: null } };
}
