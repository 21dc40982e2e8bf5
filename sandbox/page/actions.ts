import { z } from 'zod';
import { BREAKAGE_NAMES } from './breakages.ts';

const filledIn = z.record(z.string(), z.record(z.string(), z.string().nullable()));

const doer = { as: z.string() };
const place = { ...doer, channel: z.string() };
const modal = { ...doer, viewId: z.string() };

/** All actions of the page, as they are posted to `/actions`. */
export const action = z.discriminatedUnion('type', [
  /** The composer's text: a slash command, or a message. */
  z.strictObject({ type: z.literal('write'), ...place, text: z.string().trim().min(1).max(4_000) }),
  /** `value` is the button's, for messages with several buttons of the same name. */
  z.strictObject({
    type: z.literal('press'),
    ...place,
    ts: z.string(),
    actionId: z.string(),
    value: z.string().optional(),
    isPrivate: z.boolean(),
  }),
  z.strictObject({ type: z.literal('open home'), ...doer }),
  z.strictObject({
    type: z.literal('press at home'),
    ...doer,
    actionId: z.string(),
    value: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('shortcut'), ...place, ts: z.string(), callbackId: z.string() }),
  z.strictObject({ type: z.literal('suggest'), ...modal, actionId: z.string(), query: z.string().max(1_000) }),
  /** By block id and action id: a text, or the value of an option; null where an input is empty. */
  z.strictObject({ type: z.literal('fill'), ...modal, values: filledIn }),
  z.strictObject({ type: z.literal('submit'), ...modal, values: filledIn }),
  z.strictObject({ type: z.literal('close'), ...modal }),
  z.strictObject({ type: z.literal('break'), name: z.enum(BREAKAGE_NAMES), isOn: z.boolean() }),
  /** Revokes every token that IMS has issued so far. */
  z.strictObject({ type: z.literal('expire tokens') }),
  /** Turns the clock of everybody ahead: the bot's, Slack's and Campaign's. */
  z.strictObject({
    type: z.literal('turn clock'),
    minutes: z
      .int()
      .min(1)
      .max(60 * 24 * 31),
  }),
  z.strictObject({ type: z.literal('let days pass'), days: z.int().min(1).max(60) }),
  /** A workflow becomes erroneous by itself. */
  z.strictObject({ type: z.literal('let fail'), workflow: z.string().max(64) }),
  z.strictObject({ type: z.literal('kill'), when: z.enum(['now', 'at next call']) }),
  z.strictObject({ type: z.literal('set rules'), text: z.string().max(100_000) }),
]);

export type Action = z.infer<typeof action>;
