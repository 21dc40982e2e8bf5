import { z } from 'zod';
import type { RecordedRequest } from '../../sandbox/campaign/recorded-request.ts';
import { workflowAddress } from '../../sandbox/campaign/workflow-address.ts';
import type { ApiCall } from '../../sandbox/slack/api/web-api.ts';
import type { EventType } from '../../src/requests/events.ts';
import { metadataTypes } from '../../src/slack/names.ts';
import { pageKind } from './direct-messages.ts';
import { watchedByFile } from './rules.ts';
import { type SealingStep, sealingSteps } from './sealing-steps.ts';

/**
 * Every event that a bot can put on record within a run; its log says so right after the commit. `reconciled` and
 * `emergency_found` need a ledger that was restored, `text_erased` an operator, `moved` a channel with another ID, and
 * `listed` a Slack that is slow, and `clock_turned_back` such a clock.
 */
const recorded: Record<
  Exclude<
    EventType,
    'reconciled' | 'emergency_found' | 'moved' | 'partly_cancelled' | 'text_erased' | 'listed' | 'clock_turned_back'
  >,
  true
> = {
  requested: true,
  granted: true,
  announcing: true,
  announced: true,
  not_posted: true,
  asked: true,
  reminded: true,
  escalated: true,
  paging: true,
  paged: true,
  calling: true,
  called: true,
  emergency_offered: true,
  emergency_telling: true,
  emergency_told: true,
  emergency_listed: true,
  reviewed: true,
  pressed: true,
  reason_given: true,
  press_refused: true,
  press_answered: true,
  confirmed: true,
  changed: true,
  scheduled: true,
  approved: true,
  dispatching: true,
  not_reached: true,
  ended: true,
  observed: true,
  progressed: true,
  reporting: true,
  reported: true,
  notified: true,
  noting: true,
  noted: true,
  pause_reminding: true,
  pause_reminded: true,
  pause_not_reminded: true,
  pause_answered: true,
  pause_answer_shown: true,
  shown: true,
};

/** Every external side effect whose response the bot has not received. */
const effects = [
  'announcement posted',
  'announcement edited',
  'outcome posted',
  'outcome sent directly',
  'note posted',
  'reminder posted',
  'thread told who is asked',
  'direct message sent',
  'emergency told',
  'emergency told directly',
  'alert posted',
  'alert edited',
  'reply to alert posted',
  'private reply given',
  'command taken',
  'workflow shown',
  'watched workflow shown',
  'token issued',
] as const;
type Effect = (typeof effects)[number];

/** What a watch has recorded, and the line of the log that says so right after the commit. */
const watchRecords = {
  'watch: change recorded': 'what a watch has seen is recorded',
  'watch: intent recorded': 'a watch begins to post',
  'watch: post recorded': 'a watch has tried to post',
} as const;
type WatchStep = keyof typeof watchRecords;
const watchSteps = Object.keys(watchRecords) as WatchStep[];

/** A moment at which a bot can be killed. */
export type Step = EventType | Effect | WatchStep | SealingStep;
const allSteps: readonly Step[] = [
  ...(Object.keys(recorded) as EventType[]),
  ...effects,
  ...watchSteps,
  ...sealingSteps,
];

/** What happens only later, when the clock was turned (`later.ts`). */
export const laterSteps: readonly Step[] = ['scheduled', 'pause_reminding', 'reminder posted', 'pause_reminded'];

/** What a turned clock may bring, and nobody waits for. */
const besides: readonly Step[] = ['notified', 'pause_not_reminded', 'pause_answered', 'pause_answer_shown'];

/** The steps of people’s traffic. */
export const steps = allSteps.filter((step) => !laterSteps.includes(step) && !besides.includes(step));

const line = z.object({ message: z.literal('recorded'), request: z.string(), event: z.enum(Object.keys(recorded)) });

/** The recorded event of a line of the bot's log. null: another line. */
export function recordedIn(text: string): { request: string; event: EventType } | null {
  if (!text.includes('"message":"recorded"')) return null;
  const { request, event } = line.parse(JSON.parse(text));
  return { request, event: event as EventType };
}

/** What a line of the bot's log says of a watch. null: nothing. */
export function watchStepIn(text: string): WatchStep | null {
  return watchSteps.find((step) => text.includes(`"message":"${watchRecords[step]}"`)) ?? null;
}

const posted = z.object({
  metadata: z.object({ event_type: z.string() }),
  thread_ts: z.string().optional(),
  text: z.string().optional(),
});

const directEffects = {
  question: 'direct message sent',
  emergency: 'emergency told directly',
  none: 'private reply given',
} as const;

/** The side effect of a call of Slack's Web API or of a `response_url`. null: a read. */
export function effectInSlack({ method, params }: Pick<ApiCall, 'method' | 'params'>): Effect | null {
  if (method === 'response_url') return 'private reply given';
  if (method !== 'chat.postMessage' && method !== 'chat.update') return null;
  const { data } = posted.safeParse(params);
  const type = data?.metadata.event_type;
  if (method === 'chat.update') return type === metadataTypes.watch ? 'alert edited' : 'announcement edited';
  switch (type) {
    case metadataTypes.announcement:
      return 'announcement posted';
    case metadataTypes.outcome:
      return data?.thread_ts === undefined ? 'outcome sent directly' : 'outcome posted';
    case metadataTypes.followUp:
      if (data?.thread_ts !== undefined) return 'note posted';
      return directEffects[pageKind(data?.text ?? '') ?? 'none'];
    case metadataTypes.pauseReminder:
      return 'reminder posted';
    case metadataTypes.call:
      return 'thread told who is asked';
    case metadataTypes.emergency:
      return 'emergency told';
    case metadataTypes.watch:
      return data?.thread_ts === undefined ? 'alert posted' : 'reply to alert posted';
    default:
      return null;
  }
}

/** The side effect of a request to Campaign or IMS. */
export function effectInCampaign({ method, path }: RecordedRequest): Effect {
  if (path.startsWith('/ims/')) return 'token issued';
  if (method === 'POST') return 'command taken';
  return watchedIds.has(workflowAddress(path)?.workflowId ?? '') ? 'watched workflow shown' : 'workflow shown';
}

const watchedIds: ReadonlySet<string> = new Set(watchedByFile.map(({ workflowId }) => workflowId));
