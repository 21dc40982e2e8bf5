import { isReadAction } from '../../access/policy.ts';
import { foreign, type Phrase, time, user } from '../../locales/phrase.ts';
import { plain } from '../../locales/translator.ts';
import type { EndReason, State } from '../../requests/outcome.ts';
import { confirmers, type Request } from '../../requests/request.ts';
import { dotted, firstOf, joined, type MessageContext, other, workflowName, writtenText } from './message-context.ts';
import { describeRefusal, describeRefusedPresses } from './refusal.ts';

/** One character for each state, so that an entry fits on a phone. The legend has the words. */
const symbols: Readonly<Record<State, string>> = {
  submitted: '🔍',
  announced: '📣',
  awaiting_approval: '✋',
  approved: '📤',
  dispatching: '📤',
  accepted: '✅',
  rejected: '❌',
  unknown: '❓',
  not_sent: '🚫',
  refused: '⛔',
  cancelled: '🔙',
  expired: '⌛',
  superseded: '🔁',
};

const confirmedMark = '✓';

/** A request in two lines: how it ended, what it is about and when; and by whom, why, confirmed by whom, and what went wrong. */
export function historyEntry(request: Request, context: MessageContext): readonly Phrase[] {
  return [
    describeWhat(request, context),
    joined(
      describeWho(request, context),
      describeEnd(request, context),
      ...describeRefusedPresses(request, 'history.press_refused', context),
      describeUndelivered(request, context),
    ),
  ];
}

/** The words for the symbols of these requests. */
export function historyLegend(requests: readonly Request[], context: MessageContext): Phrase {
  const { translator } = context;
  const states = new Map(requests.map(({ state }) => [symbols[state], state]));
  const isConfirmed = requests.some((request) => confirmers(request).length > 0);
  return dotted(
    ...Array.from(states, ([symbol, state]) =>
      joined([foreign(symbol)], translator.translate('history.state', { state })),
    ),
    isConfirmed ? joined([foreign(confirmedMark)], translator.translate('history.confirmed_by')) : null,
  );
}

function describeWhat({ order, requestedAt, state }: Request, context: MessageContext): Phrase {
  const { translator } = context;
  const { verb, environment, person } = order;
  const marked = { symbol: symbols[state], at: time(requestedAt) };
  if (person !== undefined)
    return translator.translate('history.line_access_of', { ...marked, somebody: user(person) });
  if (isReadAction(verb) && environment === '') {
    return translator.translate('history.line_reading_any', { ...marked, verb });
  }
  const ordered = { ...marked, verb, workflow: workflowName(order, context), environment };
  return translator.translate(isReadAction(verb) ? 'history.line_reading' : 'history.line', ordered);
}

function describeWho(request: Request, context: MessageContext): Phrase {
  const { id, order, requester } = request;
  const confirmed = firstOf(confirmers(request).map(user), context);
  return dotted(
    [user(requester)],
    describeReason(writtenText(order.reason, context)),
    confirmed.length === 0 ? null : joined([foreign(confirmedMark)], context.translator.all(confirmed)),
    context.refer(id),
  );
}

/** In characters: together with the names it is about a line on a phone. */
const longestReason = 32;

function describeReason(reason: string): Phrase | null {
  const characters = [...plain([foreign(reason)])];
  if (characters.length === 0) return null;
  if (characters.length <= longestReason) return [foreign(reason)];
  return [
    foreign(
      `${characters
        .slice(0, longestReason - 1)
        .join('')
        .trimEnd()}…`,
    ),
  ];
}

/** Why a request was refused. The suggested workflow is left out: only the requester is known to have rights to it. */
function describeEnd({ end, order, requester }: Request, context: MessageContext): Phrase | null {
  const { translator } = context;
  const because: EndReason | undefined = end?.because;
  switch (because?.kind) {
    case 'access':
      return translator.translate('history.why', {
        why: describeRefusal(because.refusal, order, context, other(requester)),
      });
    case 'no_such_workflow': {
      const about = { workflow: workflowName(order, context), environment: order.environment };
      return translator.translate('history.why', { why: translator.translate('because.no_such_workflow', about) });
    }
    default:
      return null;
  }
}

/** Why the outcome is not in the thread yet. */
function describeUndelivered(
  { outcomePost: { done, problem } }: Request,
  { translator }: MessageContext,
): Phrase | null {
  return done === null && problem !== null ? translator.translate('history.untold', { problem }) : null;
}
