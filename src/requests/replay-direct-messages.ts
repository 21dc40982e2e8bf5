import type { EventOf } from './events.ts';
import type { Emergency, Request } from './request.ts';

export const unlistedForEmergency: Emergency['direct'] = {
  count: 0,
  listed: [],
  reviewers: [],
  unlisted: [],
  unpaged: [],
  paging: [],
};

type Paging = Pick<Emergency['direct'], 'unpaged' | 'paging'>;

/** Who is still to get a direct message, and to whom one is being sent, after an event. */
export function pagingAfter({ unpaged }: Paging, event: EventOf<'paging' | 'paged'>): Paging {
  if (event.type === 'paging') return { unpaged, paging: event.data.people };
  const { reached, missed } = event.data;
  const done = new Set([...reached, ...missed.map(({ person }) => person)]);
  return { unpaged: unpaged.filter((id) => !done.has(id)), paging: [] };
}

/** The direct messages about an emergency after an event. */
export function emergencyPageAfter(
  { emergency }: Pick<Request, 'emergency'>,
  event: EventOf<'emergency_listed' | 'paging' | 'paged'>,
): Partial<Request> {
  if (emergency === null) return {};
  return { emergency: { ...emergency, direct: directAfter(emergency.direct, event) } };
}

function directAfter(
  before: Emergency['direct'],
  event: EventOf<'emergency_listed' | 'paging' | 'paged'>,
): Emergency['direct'] {
  switch (event.type) {
    case 'emergency_listed':
      return listed(before, event.data);
    case 'paging':
    case 'paged':
      return { ...before, ...pagingAfter(before, event) };
    default:
      return event satisfies never;
  }
}

/** Whoever is still to get the last one gets one. */
function listed(
  before: Emergency['direct'],
  { number, people, reviewers, unlisted = [], isFinal }: EventOf<'emergency_listed'>['data'],
): Emergency['direct'] {
  const isSame = number < before.count;
  return {
    ...before,
    count: number + 1,
    listed: [...(isSame ? before.listed : []), ...people],
    reviewers: [...(isSame ? before.reviewers : []), ...reviewers],
    unlisted: isFinal === true ? [] : unlisted,
    unpaged: [...new Set([...before.unpaged, ...people])],
  };
}
