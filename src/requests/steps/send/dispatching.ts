import type { Event, EventOf } from '../../events.ts';
import type { Request } from '../../request.ts';

type Granted = { readonly grant: Pick<NonNullable<Request['grant']>, 'rule'> | null };

/** The intent to carry it out. @param judged the rule by which the rights were checked for that */
export function dispatching(
  { grant }: Granted,
  { rule }: { readonly rule: string },
  attempt: number,
): EventOf<'dispatching'> {
  return { type: 'dispatching', data: { attempt, ...(rule !== grant?.rule && { rule }) } };
}

/** What takes effect with the transaction that records it: a freeze, a watch, or an answer to an alert. */
export function applied(request: Granted, judged: { readonly rule: string }): readonly Event[] {
  const taken = { outcome: 'accepted', because: { kind: 'taken' }, answer: null } as const;
  return [dispatching(request, judged, 1), { type: 'ended', data: taken }];
}
