import type { EventOf, RecordedEvent } from './events.ts';
import { attempted, unposted } from './post-progress.ts';
import { unlistedForEmergency } from './replay-direct-messages.ts';
import type { Emergency, Request } from './request.ts';

/** The emergency that takes the place of the last confirmations. A command for later has had it since it was scheduled. */
export function declared(
  request: Request,
  { data, at }: RecordedEvent<EventOf<'approved' | 'scheduled'>>,
): Pick<Request, 'emergency'> | null {
  const { by, interaction, emergency, seen = null } = data;
  if (emergency === undefined || by === null) return null;
  const press = request.presses.find((one) => one.interaction === interaction);
  const reason = press?.reason;
  const told = { ...unposted, count: 0, at: null, isDone: false, message: null };
  const { rule, people, reviewBy } = emergency;
  return {
    emergency: {
      ...{ rule, people, reviewBy, by, seen, told, review: null, at: press?.at ?? at },
      direct: unlistedForEmergency,
      ...(reason !== undefined && { reason }),
    },
  };
}

/** Its texts are in the channel. From now on it is reminded of like any other. */
export function found({ emergency }: Request, { data }: EventOf<'emergency_found'>): Partial<Request> {
  if (emergency !== null) return {};
  const { rule, reviewBy, by, at, reviewedBy, number, toldAt } = data;
  const count = number + 1;
  return {
    emergency: {
      ...{ rule, people: { users: [], groups: [] }, reviewBy, by, at, seen: null },
      review: reviewedBy === null ? null : { by: reviewedBy, at: toldAt },
      told: { ...unposted, count, at: toldAt, isDone: reviewedBy !== null, message: null },
      direct: { ...unlistedForEmergency, count },
    },
  };
}

export function emergencyAfter(
  request: Request,
  event: RecordedEvent<EventOf<'emergency_telling' | 'emergency_told' | 'reviewed'>>,
): Partial<Request> {
  switch (event.type) {
    case 'emergency_telling':
      return withTold(request, () => ({ ...attempted(event), message: event.data.message }));
    case 'emergency_told': {
      const { number, message } = event.data;
      const isDone = message === 'reviewed';
      return withTold(request, () => ({ ...unposted, count: number + 1, at: event.at, isDone, message: null }));
    }
    case 'reviewed':
      return reviewed(request, event);
    default:
      return event satisfies never;
  }
}

export function withTold(
  { emergency }: Request,
  change: (told: Emergency['told']) => Partial<Emergency['told']>,
): Partial<Request> {
  if (emergency === null) return {};
  return { emergency: { ...emergency, told: { ...emergency.told, ...change(emergency.told) } } };
}

/** The announcement shows it as well. */
function reviewed(request: Request, { data, at }: RecordedEvent<EventOf<'reviewed'>>): Partial<Request> {
  const { by, interaction } = data;
  const { emergency, presses, questionRevision } = request;
  if (emergency === null) return {};
  const press = presses.find((one) => one.interaction === interaction);
  const comment = press?.reason;
  const review = { by, at: press?.at ?? at, ...(comment !== undefined && { comment }) };
  return {
    emergency: { ...emergency, review },
    questionRevision: questionRevision + 1,
  };
}
