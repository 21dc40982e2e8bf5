import type { LookUp, Membership, Person, Place, Refusal } from './decision.ts';
import type { Policy } from './policy.ts';

/** Who, and where, with what Slack said of both. */
export type Caller = { readonly channel: string; readonly person: LookUp<Person>; readonly place: LookUp<Place> };

/** The refusals that hold whatever the rules say: of people and places that Slack does not vouch for, or that nobody let in. */
export function checkMembership(
  { guests, sharedChannels }: Pick<Policy, 'guests' | 'sharedChannels'>,
  { channel, person, place }: Caller,
): { person: Person; place: Place } | { refusal: Refusal } {
  if (!person.ok) return { refusal: failedLookUp(person) };
  const { id, membership } = person.value;
  const bar = membershipRefusal(id, membership, guests);
  if (bar !== null) return { refusal: { reason: bar } };
  if (!place.ok) return { refusal: failedLookUp(place) };
  if (place.value.shared && !sharedChannels.has(channel)) return { refusal: { reason: 'shared_channel' } };
  return { person: person.value, place: place.value };
}

/** What of somebody's account keeps them out, whatever the rules say; null: nothing. */
export function membershipRefusal(
  id: string,
  membership: Membership,
  guests: Policy['guests'],
): Exclude<Membership, 'member'> | null {
  if (membership === 'member' || (membership === 'guest' && guests.has(id))) return null;
  return membership;
}

function failedLookUp({ failed, retryAfterMs }: LookUp<never> & { ok: false }): Refusal {
  return { reason: 'lookup_failed', failed, retryAfterMs };
}

/** Who comes from another workspace is none of this one's members, whatever else Slack says of the person. */
export function asMemberOf(team: string, own: string, id: string, looked: LookUp<Person>): LookUp<Person> {
  if (team === own) return looked;
  if (!looked.ok)
    return { ok: true, value: { id, membership: 'stranger', groups: new Set(), unknownGroups: new Map() } };
  const { value } = looked;
  // A guest who is let in by name is let in from the own workspace alone.
  const isOfHere = value.membership === 'member' || value.membership === 'guest';
  return isOfHere ? { ok: true, value: { ...value, membership: 'other_workspace' } } : looked;
}
