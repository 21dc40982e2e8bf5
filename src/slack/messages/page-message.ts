import type { Request } from '../../requests/request.ts';
import { type Message, renderSections } from '../render.ts';
import type { MessageContext } from './message-context.ts';
import { waitingEntry } from './waiting-entry.ts';

/** The question as a direct message to somebody whom a stage asks, with its link and its buttons. */
export function pageMessage(request: Request, context: MessageContext): Message {
  const entry = waitingEntry({ request, choices: new Set(['approve', 'cancel']), isDecided: false }, '', context);
  return renderSections([{ lines: [context.translator.translate('page.asked')] }, entry]);
}
