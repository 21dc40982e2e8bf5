import { EventEmitter, once } from 'node:events';
import type { RecordedEvent } from './events.ts';

/** Whether a decision counted. */
export type Judged = 'counted' | 'refused';

/** Tells what becomes of requests and decisions, as far as this process records it. */
export type Progress = {
  recorded(event: RecordedEvent): void;
  /** Resolves when the request is announced or has ended, after `ms` milliseconds at the latest. */
  announcedOrEnded(request: string, ms: number): Promise<void>;
  /** Resolves when the decision of an interaction is judged: null if it is not within `ms` milliseconds. Has to be called before the decision is recorded. */
  judged(interaction: string, ms: number): Promise<Judged | null>;
};

export function createProgress(): Progress {
  const requests = new EventEmitter().setMaxListeners(0);
  const decisions = new EventEmitter().setMaxListeners(0);
  return {
    recorded(event) {
      const { request, type } = event;
      if (type === 'announced' || type === 'ended') requests.emit(request);
      const interaction = judgedBy(event);
      if (interaction !== null) decisions.emit(interaction, type === 'press_refused' ? 'refused' : 'counted');
    },
    async announcedOrEnded(request, ms) {
      await once(requests, request, { signal: AbortSignal.timeout(ms) }).catch(() => {});
    },
    judged: (interaction, ms) =>
      once(decisions, interaction, { signal: AbortSignal.timeout(ms) }).then(
        ([judged]) => judged as Judged,
        () => null,
      ),
  };
}

/** The interaction of the decision that an event judges. */
function judgedBy({ type, data }: RecordedEvent): string | null {
  switch (type) {
    case 'press_refused':
    case 'confirmed':
    case 'changed':
    case 'scheduled':
    case 'approved':
    case 'reviewed':
    case 'partly_cancelled':
      return data.interaction;
    case 'ended':
      return data.because.kind === 'decided' ? data.because.interaction : null;
    default:
      return null;
  }
}
