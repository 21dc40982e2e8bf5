import type { types } from '@slack/bolt';
import { longestReason } from '../../commands/grammar/read-reason.ts';
import type { Phrase } from '../../locales/phrase.ts';
import { plain } from '../../locales/translator.ts';
import type { PrivateSurface } from '../../requests/events.ts';
import type { Request } from '../../requests/request.ts';
import { askedOrder } from '../messages/batch.ts';
import { describeEmergency } from '../messages/emergency.ts';
import { describeOrder, type MessageContext } from '../messages/message-context.ts';
import { emergencyFormId, fields, reviewFormId } from '../names.ts';
import { paragraph } from '../render.ts';

/** A decision that needs words: why there is an emergency, or the comment of its review. */
export type Statement = 'emergency' | 'review';

/** Where the dialog was opened: `surface` is absent on a message in the channel. */
export type StatementOrigin = {
  readonly channel: string;
  readonly interaction: string;
  readonly surface?: PrivateSurface | undefined;
};

/**
 * Asks for the words without which the decision does not count.
 *
 * @param hint how the rule describes the reasons that it takes; null: any
 */
export function statementView(
  statement: Statement,
  request: Request,
  { origin, hint }: { readonly origin: StatementOrigin; readonly hint: string | null },
  context: MessageContext,
): types.ModalView {
  const { translator } = context;
  const text = (phrase: Phrase) => ({ type: 'plain_text', text: plain(phrase) }) as const;
  const isReview = statement === 'review';
  return {
    type: 'modal',
    callback_id: isReview ? reviewFormId : emergencyFormId,
    private_metadata: JSON.stringify({ ...origin, request: request.id, locale: translator.locale }),
    title: text(translator.translate(isReview ? 'statement_form.review_title' : 'statement_form.emergency_title')),
    submit: text(translator.translate(isReview ? 'statement_form.review_submit' : 'statement_form.emergency_submit')),
    close: text(translator.translate('reason_form.close')),
    blocks: [
      paragraph(
        describeOrder(askedOrder(request), context),
        isReview && request.emergency !== null
          ? describeEmergency(request.emergency, context)
          : translator.translate('statement_form.emergency_means'),
      ),
      {
        type: 'input',
        block_id: fields.reason,
        label: text(translator.translate(isReview ? 'statement_form.comment' : 'form.reason')),
        hint: text(
          hint === null
            ? translator.translate('form.reason_hint')
            : translator.translate('form.reason_hint_as', { required: 'yes', hint }),
        ),
        element: {
          type: 'plain_text_input',
          action_id: fields.reason,
          max_length: longestReason,
          multiline: true,
        },
        optional: false,
      },
    ],
  };
}
