/** What happens to the log itself. Types and field names are stored in the ledger and never change. */
export type LogEvent =
  /** The log begins. `migrated`: how many events of earlier versions got their places then, in the order of their time. */
  | { readonly type: 'log_began'; readonly data: { readonly origin: string; readonly migrated: number } }
  /**
   * From here on, events carry a code made with this key. `key`: the verifier key of the checkpoints that it signs. `size` and
   * `root` (in hex): the log before this event, whose events need no code. The event's own code vouches for both.
   */
  | { readonly type: 'key_began'; readonly data: { readonly key: string } & LogState }
  /** The bot started on a ledger that was behind. */
  | { readonly type: 'restored'; readonly data: Restored };

/** A log of that size had this root, in hex. */
export type LogState = { readonly size: number; readonly root: string };

/** The log as it was when the bot started, and the largest checkpoint that was seen elsewhere and does not belong to it. */
export type Restored = LogState & { readonly seen: SeenCheckpoint };

/** A checkpoint as it was kept elsewhere. `origin`: the name of its log. `at`: when it was recorded, in milliseconds since the epoch. */
export type KeptCheckpoint = LogState & { readonly origin: string; readonly at: number };

/** Where it was seen: in the witness file, or in a message of the bot, whose time counts. */
export type SeenCheckpoint = KeptCheckpoint & {
  readonly where:
    | { readonly kind: 'witness_file' }
    | { readonly kind: 'channel'; readonly channel: string; readonly ts: string };
};
