import { z } from 'zod';
import type { RecordedRequest } from '../../sandbox/campaign/recorded-request.ts';
import type { ApiCall } from '../../sandbox/slack/api/web-api.ts';
import type { EventType } from '../../src/requests/events.ts';
import { type SealingStep, sealingSteps } from './sealing-steps.ts';

/**
 * Every event that a bot can put on record within a run (`reconciled` needs a ledger that was restored, those of an escalation or an emergency a rule that has one, `text_erased` an operator); its log says so right after the commit.
 */
const recorded: Record<
  Exclude<
    EventType,
    | 'reconciled'
    | 'moved'
    | 'partly_cancelled'
    | 'text_erased'
    | 'reminded'
    | 'escalated'
    | 'paging'
    | 'paged'
    | 'calling'
    | 'called'
    | 'emergency_offered'
    | 'emergency_telling'
    | 'emergency_told'
    | 'emergency_listed'
    | 'emergency_found'
    | 'listed'
    | 'reviewed'
  >,
  true
> = {
  requested: true,
  granted: true,
  announcing: true,
  announced: true,
  not_posted: true,
  asked: true,
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
  'private reply given',
  'command taken',
  'workflow shown',
  'token issued',
] as const;
type Effect = (typeof effects)[number];

/** A moment at which a bot can be killed. */
export type Step = EventType | Effect | SealingStep;
const allSteps: readonly Step[] = [...(Object.keys(recorded) as EventType[]), ...effects, ...sealingSteps];

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

const posted = z.object({ metadata: z.object({ event_type: z.string() }), thread_ts: z.string().optional() });

/** The side effect of a call of Slack's Web API or of a `response_url`. null: a read. */
export function effectInSlack({ method, params }: Pick<ApiCall, 'method' | 'params'>): Effect | null {
  if (method === 'response_url') return 'private reply given';
  if (method === 'chat.update') return 'announcement edited';
  if (method !== 'chat.postMessage') return null;
  const { data } = posted.safeParse(params);
  switch (data?.metadata.event_type) {
    case 'campaign_wf_request':
      return 'announcement posted';
    case 'campaign_wf_outcome':
      return data.thread_ts === undefined ? 'outcome sent directly' : 'outcome posted';
    case 'campaign_wf_note':
      return data.thread_ts === undefined ? 'private reply given' : 'note posted';
    case 'campaign_wf_pause':
      return 'reminder posted';
    default:
      return null;
  }
}

/** The side effect of a request to Campaign or IMS. */
export function effectInCampaign({ method, path }: RecordedRequest): Effect {
  if (path.startsWith('/ims/')) return 'token issued';
  return method === 'POST' ? 'command taken' : 'workflow shown';
}
