import { z } from 'zod';
import type { EventRecord } from '../../requests/digest.ts';

// The documents that are checked without the ledger. Field names are a contract with other programs. A field that nothing
// vouches for is refused: beside those that hold, it would look as if it did, too.

/** What a document of `prove` begins with, so that nobody takes another file for one. */
export const proofFormat = 'campaign-wf proof v1';

/** How another program checks it. Other words need another format: documents have these. */
export const howToCheck =
  'digest: SHA-256 (hex) of the canonical JSON (RFC 8785) of "event". Leaf of the log: SHA-256 of a zero byte and the 32 bytes of the digest. proof: inclusion proof (RFC 9162, 2.1.3) of the leaf with that index in the tree of the checkpoint (C2SP tlog-checkpoint). Each "previous" is the digest before it. A text belongs to the event with its sequence, which has HMAC-SHA256 (hex) of the text, the key being the bytes of the salt. docs/auditing.md has a program that does all of it.';

/** RFC 9162 needs one hash for each level of the tree, and sizes have 53 bits. */
const mostHashes = 64;

/** 32 bytes in hex. */
export const digestText = z.string().regex(/^[0-9a-f]{64}$/);
export const proofHashes = z.array(digestText).max(mostHashes);

/** Passed on as it is: a copy of an object could lack a key such as `__proto__`, and then has another digest. */
const data = z.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

const event = z.strictObject({
  request: z.string(),
  sequence: z.int().positive(),
  time: z.string().refine(isTime),
  type: z.string(),
  data,
  previous: z.union([digestText, z.literal('')]),
});

const text = z.strictObject({
  sequence: z.int().positive(),
  kind: z.enum(['reason', 'name']),
  text: z.string(),
  salt: z.string().regex(/^[0-9a-f]{32}$/),
});

export const proofDocument = z.strictObject({
  format: z.literal(proofFormat),
  request: z.string(),
  /** The text of a checkpoint, signed where the bot has a key. */
  checkpoint: z.string(),
  events: z
    .array(z.strictObject({ event, digest: digestText, index: z.int().nonnegative(), proof: proofHashes }))
    .min(1),
  /** The rule that permitted the request; null if none did. */
  rule: z.string().nullable(),
  /** What Slack called people then, by their IDs, as far as it is known. */
  people: z.record(z.string(), z.string()),
  /** What people wrote, and their names, each with the salt of its hash in the event. Erased ones are not there. */
  texts: z.array(text),
  how: z.literal(howToCheck).optional(),
});

/** Everything about one request that a stranger needs to check it. */
export type ProofDocument = z.output<typeof proofDocument>;
export type ProvedEvent = ProofDocument['events'][number] & { readonly event: EventRecord };

/** Only the one form in which times are recorded. */
function isTime(text: string): boolean {
  const at = Date.parse(text);
  return !Number.isNaN(at) && new Date(at).toISOString() === text;
}
