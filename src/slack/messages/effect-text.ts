import type { Phrase } from '../../locales/phrase.ts';
import type { Observation } from '../../requests/events.ts';
import type { Request } from '../../requests/request.ts';
import type { Conclusion } from '../../requests/rules/effect.ts';
import { joined, type MessageContext, marks } from './message-context.ts';
import { describeObservation } from './outcome-text.ts';

/** What was seen of a workflow after its command was accepted, and what to do where that is not what was asked for. */
export function describeEffect(
  conclusion: Conclusion,
  { observation, order }: Request & { readonly observation: Observation },
  workflow: Phrase,
  context: MessageContext,
): Phrase {
  const { translator } = context;
  const seen = describeObservation(observation, order, context, workflow);
  switch (conclusion) {
    case 'as_asked':
      return joined(marks.asAsked, seen);
    case 'not_shown':
      return seen;
    case 'not_found':
      return joined(marks.problem, seen);
    case 'erroneous':
      return joined(marks.problem, seen, translator.translate('note.erroneous'));
    case 'otherwise':
      return joined(marks.problem, seen, translator.translate('note.otherwise', { verb: order.verb }));
    case 'failed':
      return joined(marks.problem, translator.translate('note.failed', { workflow }));
    default:
      return conclusion satisfies never;
  }
}
