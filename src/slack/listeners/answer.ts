import type { Voice } from '../messages/voice.ts';
import type { Message } from '../render.ts';
import type { CommandPorts } from './recording.ts';

/** What is said, in whatever language. */
export type Say = (voice: Voice) => Message;

/** What a person gets, and nobody else. */
export type Answer =
  /** Known already: it goes with the acknowledgement. */
  | { readonly now: Say }
  /** Has to be looked up first. */
  | { readonly later: (ports: CommandPorts) => Promise<Message> };
