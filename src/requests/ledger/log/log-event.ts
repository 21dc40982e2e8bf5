/** What happens to the log itself. Types and field names are stored in the ledger and never change. */
export type LogEvent =
  /** The log begins. `migrated`: how many events of earlier versions got their places then, in the order of their time. */
  | { readonly type: 'log_began'; readonly data: { readonly origin: string; readonly migrated: number } }
  /**
   * From here on, events carry a code made with this key. `key`: the verifier key of the checkpoints that it signs. `size` and
   * `root` (in hex): the log before this event, whose events need no code. The event's own code vouches for both.
   */
  | { readonly type: 'key_began'; readonly data: { readonly key: string } & LogState };

/** A log of that size had this root, in hex. */
export type LogState = { readonly size: number; readonly root: string };
