import { z } from 'zod';

/** A visible text: Slack refuses an empty one. */
export function filled(most: number): z.ZodString {
  return z.string().min(1).max(most);
}

export const identifier = filled(255);

export function plainText(most: number) {
  return z.strictObject({ type: z.literal('plain_text'), text: filled(most), emoji: z.boolean().optional() });
}

export function anyText(most: number) {
  const mrkdwn = z.strictObject({ type: z.literal('mrkdwn'), text: filled(most), verbatim: z.boolean().optional() });
  return z.discriminatedUnion('type', [plainText(most), mrkdwn]);
}

export type BlockText = z.infer<ReturnType<typeof anyText>>;
