import { channel, type Phrase, time, user } from '../../locales/phrase.ts';
import { plain } from '../../locales/translator.ts';
import type { Order, PauseInForce } from '../../requests/events.ts';
import { confirmers, type Request } from '../../requests/request.ts';
import { actionIds, metadataTypes } from '../names.ts';
import { type Button, type Message, renderMessage } from '../render.ts';
import { describeShown } from './batch.ts';
import {
  dotted,
  joined,
  listedWorkflow,
  type MessageContext,
  placedWorkflow,
  spokenLabel,
  spokenWorkflows,
} from './message-context.ts';
import { describeReading } from './outcome-text.ts';

/** The workflows of a pause that its reminder is about. One that is left stands for itself. */
export function pausedOrder({ id, order, pauseReminder }: Pick<Request, 'id' | 'order' | 'pauseReminder'>): Order {
  const { workflows, ...others } = order;
  const asked = pauseReminder.about?.items.map(({ request }) => request) ?? [id];
  const [first, ...more] = (workflows ?? []).filter(({ request }) => asked.includes(request));
  if (first === undefined) return order;
  if (more.length > 0) return { ...others, workflows: [first, ...more] };
  return { ...others, workflowId: first.workflowId, alias: first.alias };
}

/** The reminder, in the thread: whom it concerns, what is paused since when, what Campaign will do, and who answered it. */
export function pauseReminder(request: Request, context: MessageContext): Message {
  const { translator } = context;
  const people = translator.all([...new Set([request.requester, ...confirmers(request)])].map(user));
  const [first, ...more] = describePause(request, context);
  const lines = [joined(people, first), ...more, ...describePauseAnswer(request, context)];
  return renderMessage(lines, { buttons: buttonsOf(request, pausedOrder(request), context), brief: joined(...lines) });
}

/** The same for the requester alone, where the channel does not take it. What a button asks for would be told there. */
export function directPauseReminder(request: Request, context: MessageContext): Message {
  const { translator, refer } = context;
  const count = request.pauseReminder.about?.items.length ?? 1;
  const lines = describePause(request, context);
  return renderMessage(
    [
      joined(translator.translate('outcome.direct', { channel: channel(request.channel) }), refer(request.id)),
      ...lines,
      translator.translate('pause_reminder.closed', { count }),
    ],
    { brief: joined(...lines) },
  );
}

/** What is paused since when, what Campaign shows of it, and what it will do. */
function describePause(request: Request, context: MessageContext): readonly [Phrase, ...Phrase[]] {
  const { translator } = context;
  const { about } = request.pauseReminder;
  if (about === null || request.end === null) throw new Error('the request has no reminder to post');
  const order = pausedOrder(request);
  const name = order.workflows === undefined ? placedWorkflow(order, context) : spokenWorkflows(order, context);
  return [
    translator.translate('pause_reminder.paused', { workflow: name, since: time(request.end.at) }),
    ...describeStillPaused(request, about, context),
    translator.translate('pause_reminder.ends', { count: about.items.length, end: time(about.endsAt) }),
  ];
}

export function pauseReminderMetadata({ id }: Request) {
  return { event_type: metadataTypes.pauseReminder, event_payload: { request_id: id } };
}

/** What Campaign showed of each workflow when it was to be posted. */
export function describeStillPaused(request: Request, about: PauseInForce, context: MessageContext): readonly Phrase[] {
  const { translator } = context;
  const { items } = about;
  const order = pausedOrder({ ...request, pauseReminder: { ...request.pauseReminder, about } });
  if (order.workflows !== undefined) {
    const seenOf = (id: string) => items.find(({ request }) => request === id)?.seen ?? null;
    return order.workflows.map(({ request, ...workflow }) => {
      const { workflows: _, ...alone } = { ...order, ...workflow };
      return dotted(listedWorkflow(alone, context), describeShown(seenOf(request), context));
    });
  }
  const seen = items[0]?.seen ?? null;
  if (seen?.kind === 'seen') {
    return [translator.translate('look.shows', { reading: describeReading(seen.reading, context) })];
  }
  if (seen?.kind === 'failed') return [translator.translate('look.unread')];
  return [translator.translate('look.not_shown', { workflow: placedWorkflow(order, context) })];
}

/** "@bob leaves it paused." Nothing where nobody has answered. */
export function describePauseAnswer(
  { pauseReminder: { answer, about } }: Pick<Request, 'pauseReminder'>,
  { translator, refer }: Pick<MessageContext, 'translator' | 'refer'>,
): readonly Phrase[] {
  if (answer === null) return [];
  const by = [user(answer.by)];
  if (answer.choice === 'leave') {
    return [translator.translate('pause_reminder.left', { by, count: about?.items.length ?? 1 })];
  }
  return [translator.translate('pause_reminder.resuming', { by, request: refer(answer.request) })];
}

/** Who leaves it paused may think better of it: until somebody resumes it, that is a press. */
function buttonsOf({ id, pauseReminder: { answer } }: Request, order: Order, context: MessageContext): Button[] {
  if (answer?.choice === 'resume') return [];
  const { translator } = context;
  const { workflows } = order;
  const resume =
    workflows === undefined
      ? translator.translate('button.approve', { verb: 'resume' })
      : translator.translate('button.approve_several', { verb: 'resume', count: workflows.length });
  const button = (actionId: string, label: Phrase): Button => ({
    ...{ actionId, value: id, label: plain(label) },
    spoken: spokenLabel(plain(label), spokenWorkflows(order, context), context),
  });
  const leave = answer === null ? [button(actionIds.leavePaused, translator.translate('button.leave_paused'))] : [];
  return [{ ...button(actionIds.resumePaused, resume), style: 'primary' }, ...leave];
}
