import type { Request } from '../request.ts';

/** The interaction under which somebody asks again for what a request asked for: several clicks of one person make one request. */
export function interactionAfter(id: string, person: string): string {
  return `again ${id} ${person}`;
}

/** That of an item has its workflow behind it. The buttons of an alert ask for something under its place, not under an ID. */
const askedAgain = /^again ([0-9A-Z]+) /;

/** The request whose reason another one has from its beginning; null: it has one of its own, or none. */
export function copiedFrom({
  batch,
  order,
  interaction,
}: Pick<Request, 'batch' | 'interaction'> & { readonly order: Pick<Request['order'], 'after'> }): string | null {
  return batch ?? order.after ?? askedAgain.exec(interaction)?.[1] ?? null;
}
