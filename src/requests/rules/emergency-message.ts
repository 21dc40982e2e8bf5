import type { EmergencyMessage } from '../events.ts';
import type { Emergency } from '../request.ts';

/** The message about an emergency that is being posted, or the next one. */
export function nextMessage({ review, told }: Pick<Emergency, 'review' | 'told'>): EmergencyMessage {
  if (told.inDoubt && told.message !== null) return told.message;
  if (told.count === 0) return 'declared';
  return review === null ? 'reminder' : 'reviewed';
}
