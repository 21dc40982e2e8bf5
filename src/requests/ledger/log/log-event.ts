/** What happens to the log itself. Types and field names are stored in the ledger and never change. */
export type LogEvent =
  /** The log begins. `migrated`: how many events of earlier versions got their places then, in the order of their time. */
  | { readonly type: 'log_began'; readonly data: { readonly origin: string; readonly migrated: number } }
  /** From this place on, events carry a code made with this key. `key`: the verifier key of the checkpoints that it signs. */
  | { readonly type: 'key_began'; readonly data: { readonly key: string } }
  /** At the start a witness showed this later checkpoint: the ledger was restored from an older copy. `seen`: where. */
  | { readonly type: 'restored'; readonly data: { readonly checkpoint: string; readonly seen: string } };
