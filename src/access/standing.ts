import type { Looked, Person, Place, Refusal } from './decision.ts';
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
  const isLetIn = standing === 'member' || (standing === 'guest' && guests.has(id));
  if (!isLetIn) return { refusal: { reason: standing } };
  if (!place.ok) return { refusal: unseen(place) };
  if (place.value.shared && !sharedChannels.has(channel)) return { refusal: { reason: 'shared_channel' } };
  return { person: person.value, place: place.value };
}

function unseen({ failed, retryAfterMs }: Looked<never> & { ok: false }): Refusal {
  return { reason: 'lookup_failed', failed, retryAfterMs };
}
