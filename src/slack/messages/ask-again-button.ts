import { plain } from '../../locales/translator.ts';
import type { AnnouncementState } from '../../requests/outcome.ts';
import type { Request } from '../../requests/request.ts';
import { actionIds } from '../names.ts';
import type { Button } from '../render.ts';
import type { MessageContext } from './message-context.ts';

/** The button of an expired request: whoever presses it asks for the same, as if it was typed. */
export function askAgainButton(
  { id }: Request,
  shown: AnnouncementState,
  { translator }: Pick<MessageContext, 'translator'>,
): readonly Button[] {
  if (shown !== 'expired') return [];
  return [{ actionId: actionIds.askAgain, value: id, label: plain(translator.translate('button.ask_again')) }];
}
