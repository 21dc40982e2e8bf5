import type { Say } from '../answers/asking.ts';
import type { Message } from '../render.ts';
import type { CommandPorts } from './recording.ts';

/** What a person gets, and nobody else. */
export type Answer =
  /** Known already: it goes with the acknowledgement. */
  | { readonly now: Say }
  /** Has to be looked up first. */
  | { readonly later: (ports: CommandPorts) => Promise<Message> };
