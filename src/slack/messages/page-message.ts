import type { PressChoice } from '../../commands/command.ts';
import type { Request } from '../../requests/request.ts';
import { type Message, renderSections } from '../render.ts';
import { describeEmergency } from './emergency.ts';
import type { MessageContext } from './message-context.ts';
import { waitingEntry } from './waiting-entry.ts';

/** The question as a direct message to somebody whom a stage asks, with its link and its buttons. */
export function pageMessage(request: Request, context: MessageContext): Message {
  const entry = waitingEntry({ request, choices: new Set(['approve', 'cancel']), isDecided: false }, '', context);
  return renderSections([{ lines: [context.translator.translate('page.asked')] }, entry]);
}

/** A direct message about an emergency. Whoever may review it gets the button, unless somebody has reviewed it. */
export function emergencyPage(request: Request, person: string, context: MessageContext): Message {
  const { emergency } = request;
  if (emergency === null) throw new Error('no emergency was declared');
  const isAsked = emergency.review === null && emergency.direct.reviewers.includes(person);
  const choices = new Set<PressChoice>(isAsked ? ['review'] : []);
  const intro = context.translator.translate(isAsked ? 'page.review' : 'page.emergency');
  const lines = [intro, describeEmergency(emergency, context)];
  return renderSections([{ lines }, waitingEntry({ request, choices, isDecided: false }, '', context)]);
}
