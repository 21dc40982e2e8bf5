import type { Looked, Person, Place, Refusal, Standing } from './decision.ts';
import type { Policy } from './policy.ts';

/** Who, and where, with what Slack said of both. */
export type Who = { readonly channel: string; readonly person: Looked<Person>; readonly place: Looked<Place> };

/** The refusals that hold whatever the rules say: of people and places that Slack does not vouch for, or that nobody let in. */
export function standingHere(
  { guests, sharedChannels }: Pick<Policy, 'guests' | 'sharedChannels'>,
  { channel, person, place }: Who,
): { person: Person; place: Place } | { refusal: Refusal } {
  if (!person.ok) return { refusal: unseen(person) };
  const { id, standing } = person.value;
  const bar = barTo(id, standing, guests);
  if (bar !== null) return { refusal: { reason: bar } };
  if (!place.ok) return { refusal: unseen(place) };
  if (place.value.shared && !sharedChannels.has(channel)) return { refusal: { reason: 'shared_channel' } };
  return { person: person.value, place: place.value };
}

/** What of somebody's account keeps them out, whatever the rules say; null: nothing. */
export function barTo(id: string, standing: Standing, guests: Policy['guests']): Exclude<Standing, 'member'> | null {
  if (standing === 'member' || (standing === 'guest' && guests.has(id))) return null;
  return standing;
}

function unseen({ failed, retryAfterMs }: Looked<never> & { ok: false }): Refusal {
  return { reason: 'lookup_failed', failed, retryAfterMs };
}
