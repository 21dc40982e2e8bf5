import { plain } from '../../locales/translator.ts';
import type { AnnouncementState } from '../../requests/outcome.ts';
import type { Request } from '../../requests/request.ts';
import { actionIds } from '../names.ts';
import type { Button } from '../render.ts';
import { type MessageContext, spokenLabel, spokenWorkflows } from './message-context.ts';

/** The button of an expired request: whoever presses it asks for the same, as if it was typed. */
export function askAgainButton(
  { id, order }: Request,
  shown: AnnouncementState,
  context: MessageContext,
): readonly Button[] {
  if (shown !== 'expired') return [];
  const label = plain(context.translator.translate('button.ask_again'));
  const spoken = spokenLabel(label, spokenWorkflows(order, context), context);
  return [{ actionId: actionIds.askAgain, value: id, label, spoken }];
}
