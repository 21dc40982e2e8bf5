import type { Request } from '../requests/request.ts';

// What the messages of a batch say of its items in their metadata, which is flat: lists with commas, in one order.

/** The lists of these items, for the metadata of a message. */
export function itemsMetadata(items: readonly Request[]) {
  const list = (of: (item: Request) => string) => items.map(of).join(',');
  return {
    workflow_ids: list(({ order }) => order.workflowId),
    request_ids: list(({ id }) => id),
    states: list(({ state }) => state),
  };
}

/** What metadata says of each item, in whatever form somebody left it; null: it has no such lists. */
export function listedItems(
  payload: Readonly<Record<string, unknown>>,
): readonly { readonly request: string; readonly state: string }[] | null {
  const { request_ids: requests, states } = payload;
  if (typeof requests !== 'string' || typeof states !== 'string') return null;
  const each = states.split(',');
  return requests.split(',').map((request, index) => ({ request, state: each[index] ?? '' }));
}
