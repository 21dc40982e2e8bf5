import { z } from 'zod';

// Slack allows more (nested objects, and it posts what it does not understand, with a warning). The bot keeps to
// flat payloads, which every reader of metadata understands; anything else is refused here.
const KEY = /^[a-z][a-z0-9_]*$/;

const messageMetadata = z.strictObject({
  event_type: z.string().regex(KEY),
  event_payload: z.record(z.string().regex(KEY), z.union([z.string(), z.number(), z.boolean()])),
});

export type MessageMetadata = z.infer<typeof messageMetadata>;

export type MetadataCheck = { ok: true; metadata: MessageMetadata } | { ok: false; problems: string[] };

export function checkMetadata(given: unknown): MetadataCheck {
  const checked = messageMetadata.safeParse(given);
  if (checked.success) return { ok: true, metadata: checked.data };
  const pathOf = (path: PropertyKey[]) => ['metadata', ...path].join('/');
  return {
    ok: false,
    problems: checked.error.issues.map((each) => `${each.message} [json-pointer:/${pathOf(each.path)}]`),
  };
}
