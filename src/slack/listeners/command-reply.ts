import type { LocalizedPorts } from '../listener-ports.ts';
import type { LocalizedMessage } from '../messages/message-context.ts';
import type { Message } from '../render.ts';

/** The private reply to a command, a press or a form. */
export type CommandReply =
  /**
   * Known at once: it is sent with the acknowledgement. `unrecorded`: it says that an order was not recorded, so it is sent
   * with the acknowledgement in any case. An empty acknowledgement of an order says that it is recorded.
   */
  | { readonly now: LocalizedMessage; readonly unrecorded?: true }
  /** Needs look-ups, so it is sent after the acknowledgement. Null: another message tells everything. */
  | {
      readonly later: (ports: LocalizedPorts) => Promise<Message | null>;
      /** It takes the place of the private message with the pressed button. */
      readonly replaces?: true;
    };

export async function messageFrom(reply: CommandReply, localized: LocalizedPorts): Promise<Message | null> {
  return 'now' in reply ? reply.now(localized.plainContext) : reply.later(localized);
}
