import type { Message } from '../render.ts';

/** What a person gets: something with the acknowledgement, and work that follows it. */
export type Answer = {
  /** Goes with the acknowledgement, to that person alone. */
  readonly now?: Message;
  /** A private reply that has to be looked up first. */
  readonly later?: () => Promise<Message>;
};
