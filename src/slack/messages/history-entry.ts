import { isReadAction, isVerb } from '../../access/policy.ts';
import { clock, foreign, type Phrase, type Piece, time, user } from '../../locales/phrase.ts';
import { plain } from '../../locales/translator.ts';
import { type EndReason, isOutcome, type State } from '../../requests/outcome.ts';
import { confirmers, type Request } from '../../requests/request.ts';
import { conclusionOf } from '../../requests/rules/effect.ts';
import { describeDecisionReason } from './decision-reason.ts';
import { emergencyMark } from './emergency.ts';
import { describeStages } from './escalation.ts';
import { dotted, firstOf, joined, type MessageContext, other, workflowName, writtenText } from './message-context.ts';
import { describeRefusal, describeRefusedPresses } from './refusal.ts';

/** How a request stands: its state, or what was seen of an accepted command. */
type Standing = State | 'as_asked' | 'otherwise';

/** One character for each, so that an entry fits on a phone. The legend has the words. ✅ is only for what was seen. */
const symbols: Readonly<Record<Standing, string>> = {
  submitted: '🔍',
  announced: '📣',
  awaiting_approval: '✋',
  scheduled: '🕒',
  approved: '📤',
  dispatching: '📤',
  accepted: '📥',
  as_asked: '✅',
  otherwise: '⚠️',
  rejected: '❌',
  unknown: '❓',
  not_sent: '🚫',
  refused: '⛔',
  cancelled: '🔙',
  expired: '⌛',
  superseded: '🔁',
  completed: '🏁',
};

/** How a request stands, in one character. It is not foreign text, from which the variant of ⚠️ would be removed. */
export function stateSymbol(request: Request): Phrase {
  return [{ kind: 'text', text: symbols[standingOf(request)] }];
}

function standingOf({ state, order: { verb }, observation, batch }: Request): Standing {
  // It is asked about with the rest of its batch.
  if (batch !== null && state === 'announced') return 'awaiting_approval';
  if (state !== 'accepted' || !isVerb(verb) || observation?.kind !== 'seen') return state;
  return conclusionOf(verb, observation) === 'as_asked' ? 'as_asked' : 'otherwise';
}

const confirmedMark = '✓';

/**
 * A request in two lines: how it ended, what it is about and when; and by whom, why, confirmed by whom, and what went wrong.
 *
 * @param now when it is written, in milliseconds since the epoch
 */
export function historyEntry(request: Request, context: MessageContext, now: number): readonly Phrase[] {
  return [
    describeWhat(request, context, now),
    joined(
      describeWho(request, context),
      describeEnd(request, context),
      ...describeStages(request, context),
      ...describeRefused(request, context),
      describeUndelivered(request, context),
    ),
  ];
}

/** An emergency is told with many names already: of the presses that did not count, only how many. */
function describeRefused(request: Request, context: MessageContext): readonly Phrase[] {
  const { emergency, refusedCount: count } = request;
  if (emergency === null) return describeRefusedPresses(request, context);
  return count === 0 ? [] : [context.translator.translate('history.presses_refused', { count })];
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
  const first = new Map(requests.map((request) => [symbols[standingOf(request)], request]));
  return dotted(
    ...[...first.values()].map((request) =>
      joined(stateSymbol(request), translator.translate('history.state', { state: standingOf(request) })),
    ),
  );
}

function describeWhat(request: Request, context: MessageContext, now: number): Phrase {
  const { order, requestedAt } = request;
  const { translator } = context;
  const { verb, environment, person } = order;
  const marked = { symbol: stateSymbol(request), at: clock(requestedAt, now) };
  if (person !== undefined)
    return translator.translate('history.line_access_of', { ...marked, somebody: user(person) });
  if (isReadAction(verb) && environment === '') {
    return translator.translate('history.line_reading_any', { ...marked, verb });
  }
  const { alias, workflowId } = order;
  const name = alias === null ? workflowName(order, context) : [foreign(alias)];
  const link = linkTo(request, context);
  const workflow = link === null ? name : [{ ...link, text: plain(name) }];
  const key = isReadAction(verb) ? 'history.line_reading' : 'history.line';
  const place = alias === null ? environment : `${workflowId}, ${environment}`;
  return translator.translate(key, { ...marked, verb, workflow, environment: place });
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
    emergencyMark(request, context),
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
    case 'taken':
      return order.verb === 'mute' && order.until !== undefined
        ? translator.translate('announce.in_force', { until: time(order.until) })
        : null;
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
