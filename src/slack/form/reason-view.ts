import type { types } from '@slack/bolt';
import { longestReason } from '../../commands/grammar/read-reason.ts';
import type { Phrase } from '../../locales/phrase.ts';
import { plain } from '../../locales/translator.ts';
import type { Request } from '../../requests/request.ts';
import { askedOrder } from '../messages/batch.ts';
import { describeOrder, type MessageContext } from '../messages/message-context.ts';
import { fields, reasonFormId } from '../names.ts';
import { paragraph } from '../render.ts';
import type { FormOrigin } from './form-view.ts';

/** Asks somebody who has cancelled a request why. The press counts whatever becomes of this dialog. */
export function reasonView(request: Request, origin: FormOrigin, context: MessageContext): types.ModalView {
  const { translator } = context;
  const text = (phrase: Phrase) => ({ type: 'plain_text', text: plain(phrase) }) as const;
  return {
    type: 'modal',
    callback_id: reasonFormId,
    private_metadata: JSON.stringify({ ...origin, request: request.id, locale: translator.locale }),
    title: text(translator.translate('reason_form.title')),
    submit: text(translator.translate('reason_form.submit')),
    close: text(translator.translate('reason_form.close')),
    blocks: [
      paragraph(describeOrder(askedOrder(request), context)),
      paragraph(translator.translate('reason_form.counts')),
      {
        type: 'input',
        block_id: fields.reason,
        label: text(translator.translate('form.reason')),
        hint: text(translator.translate('form.reason_hint')),
        element: { type: 'plain_text_input', action_id: fields.reason, max_length: longestReason },
        optional: true,
      },
    ],
  };
}
