import type { Event, EventOf } from '../../events.ts';
import type { Request } from '../../request.ts';

/** The intent to carry it out. @param judged the rule by which the rights were checked for that */
export function dispatching(
  { grant }: Pick<Request, 'grant'>,
  { rule }: { readonly rule: string },
  attempt: number,
): EventOf<'dispatching'> {
  return { type: 'dispatching', data: { attempt, ...(rule !== grant?.rule && { rule }) } };
}

/** What takes effect with the transaction that records it: a freeze, or a watch. */
export function applied(request: Pick<Request, 'grant'>, judged: { readonly rule: string }): readonly Event[] {
  const taken = { outcome: 'accepted', because: { kind: 'taken' }, answer: null } as const;
  return [dispatching(request, judged, 1), { type: 'ended', data: taken }];
}
