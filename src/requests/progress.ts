import { EventEmitter, once } from 'node:events';
import type { RecordedEvent } from './events.ts';

/** Tells when a request is announced or has ended, as far as this process records it. */
export type Progress = {
  recorded(event: Pick<RecordedEvent, 'request' | 'type'>): void;
  /** Resolves when the request is announced or has ended, after `ms` milliseconds at the latest. */
  announcedOrEnded(request: string, ms: number): Promise<void>;
};

export function createProgress(): Progress {
  const progress = new EventEmitter().setMaxListeners(0);
  return {
    recorded({ request, type }) {
      if (type === 'announced' || type === 'ended') progress.emit(request);
    },
    async announcedOrEnded(request, ms) {
      await once(progress, request, { signal: AbortSignal.timeout(ms) }).catch(() => {});
    },
  };
}
