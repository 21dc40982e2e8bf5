import type { Voice } from '../messages/voice.ts';
import type { Message } from '../render.ts';

/** What is said, in whatever language. */
export type Say = (voice: Voice) => Message;
