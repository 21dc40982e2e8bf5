import { type Phrase, user } from '../../locales/phrase.ts';
import { confirmers, type Request } from '../../requests/request.ts';
import { type MessageContext, writtenText } from './message-context.ts';

/** "@bob: wrong segment, ask me", for the announcement, the outcome and the history; null if nobody said why. */
export function describeDecisionReason({ decisionReason }: Request, context: MessageContext): Phrase | null {
  if (decisionReason === null) return null;
  const { by, text } = decisionReason;
  return context.translator.translate('decision.reason', { by: user(by), reason: writtenText(text, context) });
}

/** The reply with a reason that was given after the outcome: it mentions everybody else whom the outcome concerns. */
export function describeLateReason(request: Request, context: MessageContext): Phrase | null {
  const { decisionReason, requester } = request;
  if (decisionReason === null) return null;
  const { by, text } = decisionReason;
  const others = [...new Set([requester, ...confirmers(request)])].filter((one) => one !== by);
  const why = { by: user(by), reason: writtenText(text, context) };
  const { translator } = context;
  return others.length === 0
    ? translator.translate('decision.told', why)
    : translator.translate('decision.told_others', { ...why, people: translator.all(others.map(user)) });
}
