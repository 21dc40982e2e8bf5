import { isReadAction } from '../../access/policy.ts';
import { foreign, type Phrase, type Piece, time, user } from '../../locales/phrase.ts';
import { plain } from '../../locales/translator.ts';
import { type EndReason, isOutcome, type State } from '../../requests/outcome.ts';
import { confirmers, type Request } from '../../requests/request.ts';
import { describeDecisionReason } from './decision-reason.ts';
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
  completed: '🏁',
};

/** How a request ended, in one character. */
export function stateSymbol({ state }: Request): string {
  return symbols[state];
}

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
  const isConfirmed = requests.some((request) => confirmers(request).length > 0);
  return dotted(
    stateLegend(requests, context),
    isConfirmed ? joined([foreign(confirmedMark)], translator.translate('history.confirmed_by')) : null,
  );
}

export function stateLegend(requests: readonly Request[], { translator }: MessageContext): Phrase {
  const states = new Map(requests.map(({ state }) => [symbols[state], state]));
  return dotted(
    ...Array.from(states, ([symbol, state]) =>
      joined([foreign(symbol)], translator.translate('history.state', { state })),
    ),
  );
}

function describeWhat(request: Request, context: MessageContext): Phrase {
  const { order, requestedAt, state } = request;
  const { translator } = context;
  const { verb, environment, person } = order;
  const marked = { symbol: symbols[state], at: time(requestedAt) };
  if (person !== undefined)
    return translator.translate('history.line_access_of', { ...marked, somebody: user(person) });
  if (isReadAction(verb) && environment === '') {
    return translator.translate('history.line_reading_any', { ...marked, verb });
  }
  const name = workflowName(order, context);
  const link = linkTo(request, context);
  const workflow = link === null ? name : [{ ...link, text: plain(name) }];
  const key = isReadAction(verb) ? 'history.line_reading' : 'history.line';
  return translator.translate(key, { ...marked, verb, workflow, environment });
}

/**
 * The link to the announcement, where that is enough to find the request. One that is still open shows its ID instead,
 * because people type that to decide on it.
 */
function linkTo({ id, state }: Request, context: MessageContext): (Piece & { kind: 'link' }) | null {
  const [piece] = context.refer(id);
  return piece?.kind === 'link' && isOutcome(state) ? piece : null;
}

function describeWho(request: Request, context: MessageContext): Phrase {
  const { id, order, requester } = request;
  const confirmed = firstOf(confirmers(request).map(user), context);
  const behind = [
    confirmed.length === 0 ? null : joined([foreign(confirmedMark)], context.translator.all(confirmed)),
    linkTo(request, context) === null ? context.refer(id) : null,
  ];
  const isLast = behind.every((phrase) => phrase === null);
  const reason = describeReason(writtenText(order.reason, context), longestReason[isLast ? 'last' : 'between']);
  return dotted([user(requester)], reason, ...behind);
}

/** In characters: together with the names it is about a line on a phone. */
const longestReason = { last: 28, between: 18 } as const;

export function describeReason(reason: string, longest: number): Phrase | null {
  const characters = [...plain([foreign(reason)])];
  if (characters.length === 0) return null;
  if (characters.length <= longest) return [foreign(reason)];
  const beginning = characters.slice(0, longest - 1).join('');
  return [foreign(`${beginning.trimEnd()}…`)];
}

/** Why a request was refused or cancelled. The suggested workflow is left out: only the requester is known to have rights to it. */
function describeEnd(request: Request, context: MessageContext): Phrase | null {
  const { end, order, requester } = request;
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
    case 'decided':
      return describeDecisionReason(request, context);
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
