import type { LookUp, Membership, Person, Place, Refusal } from './decision.ts';
import type { Policy } from './policy.ts';

/** A person in a channel, as looked up in Slack. */
export type Caller = { readonly channel: string; readonly person: LookUp<Person>; readonly place: LookUp<Place> };

/** The refusals that are independent of the rules: failed look-ups, accounts that are not members, and shared channels. */
export function checkMembership(
  { guests, sharedChannels }: Pick<Policy, 'guests' | 'sharedChannels'>,
  { channel, person, place }: Caller,
): { readonly person: Person; readonly place: Place } | { readonly refusal: Refusal } {
  if (!person.ok) return { refusal: failedLookUp(person) };
  const { id, membership } = person.value;
  const reason = membershipRefusal(id, membership, guests);
  if (reason !== null) return { refusal: { reason } };
  if (!place.ok) return { refusal: failedLookUp(place) };
  if (place.value.shared && !sharedChannels.has(channel)) return { refusal: { reason: 'shared_channel' } };
  return { person: person.value, place: place.value };
}

/** Why the account is refused independently of the rules; null if it is not. */
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

/** A person who acts from another workspace does not count as a member of this one. */
export function asMemberOf(team: string, own: string, id: string, lookedUp: LookUp<Person>): LookUp<Person> {
  if (team === own) return lookedUp;
  if (!lookedUp.ok)
    return { ok: true, value: { id, membership: 'stranger', groups: new Set(), unknownGroups: new Map() } };
  const { value } = lookedUp;
  // The configuration lets in guests of the own workspace only.
  const isLocal = value.membership === 'member' || value.membership === 'guest';
  return isLocal ? { ok: true, value: { ...value, membership: 'other_workspace' } } : lookedUp;
}
