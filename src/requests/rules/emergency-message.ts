import type { EmergencyMessage } from '../events.ts';
import type { RecordedPeople } from '../outcome.ts';
import type { Emergency, Request } from '../request.ts';

/** The message about an emergency that is being posted, or the next one. */
export function nextMessage({ review, told }: Pick<Emergency, 'review' | 'told'>): EmergencyMessage {
  if (told.inDoubt && told.message !== null) return told.message;
  if (told.count === 0) return 'declared';
  return review === null ? 'reminder' : 'reviewed';
}

/** Who is told of an emergency beside its reviewers: the requester, the approvers and whom escalation asked, and who may declare one. */
export function toldOfEmergency({
  requester,
  grant,
  escalation,
  emergency,
}: Pick<Request, 'requester' | 'grant' | 'escalation' | 'emergency'>): readonly RecordedPeople[] {
  const asked = escalation.stages.map(({ to }) => to);
  const all = [{ users: [requester], groups: [] }, grant?.approvers, ...asked, emergency?.people];
  return all.flatMap((people) => people ?? []);
}
