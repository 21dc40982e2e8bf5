import type { MessageContext } from '../messages/voice.ts';
import type { Message } from '../render.ts';

/** What is said, in whatever language. */
export type LocalizedMessage = (voice: MessageContext) => Message;
