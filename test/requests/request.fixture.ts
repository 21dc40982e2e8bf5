import type { Event } from '../../src/requests/events.ts';
import { replay } from '../../src/requests/replay.ts';
import type { Request } from '../../src/requests/request.ts';
import { recorded, requestedBy, samples } from './events.fixture.ts';

/** A request that was recorded at noon, with these events a second apart. */
export function requestAfter(order: Partial<Request['order']>, ...events: readonly Event[]): Request {
  const id = order.verb ?? 'stop';
  return replay(recorded([{ type: 'requested', data: requestedBy(order) }, ...events], id));
}

const { granted, announced } = samples;

/** Announced and approved, without a question. */
export const underWay: readonly Event[] = [
  granted,
  announced,
  { type: 'approved', data: { by: null, interaction: null } },
];
