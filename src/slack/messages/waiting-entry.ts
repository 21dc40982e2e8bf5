import type { PressChoice } from '../../commands/command.ts';
import { channel, type Phrase, time, user } from '../../locales/phrase.ts';
import { allAsked, announcementState, type Request } from '../../requests/request.ts';
import { actionIds } from '../names.ts';
import type { Section } from '../render.ts';
import { decisionButtons } from './announcement.ts';
import { describeMoments } from './announcement-status.ts';
import { askedOrder } from './batch.ts';
import { reviewButton } from './emergency.ts';
import { describeReason } from './history-entry.ts';
import {
  describeOrder,
  dotted,
  isNobody,
  joined,
  type MessageContext,
  mention,
  spokenWorkflows,
  writtenText,
} from './message-context.ts';

/** A request that is shown to one person, who may decide so on it now. */
export type Decidable = {
  readonly request: Request;
  readonly choices: ReadonlySet<PressChoice>;
  /** This person's decision is recorded and not judged yet. */
  readonly isDecided: boolean;
};

/** In characters: with the name about two lines on a phone. */
const longestReason = 60;

/** A request that waits for a decision, with the buttons of its announcement that count for this person. */
export function waitingEntry(
  { request, choices, isDecided }: Decidable,
  here: string,
  context: MessageContext,
): Section {
  const { requester, channel: place } = request;
  const order = askedOrder(request);
  const lines = [
    describeOrder(order, context),
    ...(order.workflows === undefined ? [] : [spokenWorkflows(order, context)]),
    dotted(
      [user(requester)],
      describeReason(writtenText(order.reason, context), longestReason),
      isDecided ? context.translator.translate('waiting.decided') : describeStanding(request, choices, context),
      place === here ? null : [channel(place)],
      context.refer(request.id),
    ),
  ];
  const counting = new Set<string>([...(isDecided ? [] : choices)].map((choice) => actionIds[choice]));
  const buttons = [...decisionButtons(request, announcementState(request), context), reviewButton(request, context)];
  return { lines, buttons: buttons.filter(({ actionId }) => counting.has(actionId)) };
}

/** Until when this person decides, or others; or what the request is waiting for. */
function describeStanding(request: Request, choices: Decidable['choices'], context: MessageContext): Phrase {
  const { translator } = context;
  const { state, grant, emergency } = request;
  if (choices.has('review') && emergency !== null) {
    return translator.translate('waiting.review', { by: user(emergency.by), at: time(emergency.at) });
  }
  const { expiresAt = null } = grant ?? {};
  if (state === 'scheduled') return joined(...describeMoments(request, context));
  if (state !== 'awaiting_approval' || expiresAt === null) return translator.translate('history.state', { state });
  const until = time(expiresAt);
  const others = allAsked(request);
  return choices.has('approve') || choices.has('emergency') || isNobody(others)
    ? translator.translate('waiting.decide_by', { until })
    : translator.translate('waiting.others_decide_by', { people: mention(others, context), until });
}
