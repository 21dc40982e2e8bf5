import { z } from 'zod';
import { BREAKAGE_NAMES } from './breakages.ts';

const filledIn = z.record(z.string(), z.record(z.string(), z.string().nullable()));

const doer = { as: z.string() };
const place = { ...doer, channel: z.string() };
const modal = { ...doer, viewId: z.string() };

/** Everything that somebody can do on the page, as it is posted to `/deeds`. */
export const deed = z.discriminatedUnion('does', [
  /** What is written into the composer: a slash command, or a message. */
  z.strictObject({ does: z.literal('write'), ...place, text: z.string().trim().min(1).max(4_000) }),
  /** `value` is the button's, for messages with several buttons of one name. */
  z.strictObject({
    does: z.literal('press'),
    ...place,
    ts: z.string(),
    actionId: z.string(),
    value: z.string().optional(),
    isPrivate: z.boolean(),
  }),
  z.strictObject({ does: z.literal('shortcut'), ...place, ts: z.string(), callbackId: z.string() }),
  z.strictObject({ does: z.literal('suggest'), ...modal, actionId: z.string(), query: z.string().max(1_000) }),
  /** By block id and action id: a text, or the value of an option; null where an input is empty. */
  z.strictObject({ does: z.literal('submit'), ...modal, values: filledIn }),
  z.strictObject({ does: z.literal('close'), ...modal }),
  z.strictObject({ does: z.literal('break'), name: z.enum(BREAKAGE_NAMES), isOn: z.boolean() }),
  /** Every token that IMS gave out so far is refused from now on. */
  z.strictObject({ does: z.literal('expire tokens') }),
  z.strictObject({ does: z.literal('let days pass'), days: z.int().min(1).max(60) }),
  z.strictObject({ does: z.literal('kill'), when: z.enum(['now', 'at next call']) }),
  z.strictObject({ does: z.literal('set rules'), text: z.string().max(100_000) }),
]);

export type Deed = z.infer<typeof deed>;
