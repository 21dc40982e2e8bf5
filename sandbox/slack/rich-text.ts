import { z } from 'zod';
import { filled, identifier } from './block-text.ts';

const style = z
  .strictObject({
    bold: z.boolean(),
    italic: z.boolean(),
    strike: z.boolean(),
    code: z.boolean(),
    underline: z.boolean(),
  })
  .partial();

const styled = { style: style.optional() };

const text = z.strictObject({ type: z.literal('text'), text: z.string().min(1), ...styled });

const link = z.strictObject({
  type: z.literal('link'),
  url: filled(3000),
  text: z.string().min(1).optional(),
  unsafe: z.boolean().optional(),
  ...styled,
});

const mentions = [
  z.strictObject({ type: z.literal('user'), user_id: z.string().regex(/^[UW][A-Z0-9]{2,}$/), ...styled }),
  z.strictObject({ type: z.literal('usergroup'), usergroup_id: z.string().regex(/^S[A-Z0-9]{2,}$/), ...styled }),
  z.strictObject({ type: z.literal('channel'), channel_id: z.string().regex(/^[CDG][A-Z0-9]{2,}$/), ...styled }),
] as const;

const emoji = z.strictObject({
  type: z.literal('emoji'),
  name: z.string().regex(/^[a-z0-9_+'-]+$/),
  unicode: z.string().optional(),
  ...styled,
});

const date = z.strictObject({
  type: z.literal('date'),
  timestamp: z.int(),
  format: z.string().min(1),
  url: z.string().optional(),
  fallback: z.string().min(1).optional(),
  ...styled,
});

const element = z.discriminatedUnion('type', [text, link, ...mentions, emoji, date]);

const border = z.union([z.literal(0), z.literal(1)]).optional();

const section = z.strictObject({ type: z.literal('rich_text_section'), elements: z.array(element).min(1) });

const list = z.strictObject({
  type: z.literal('rich_text_list'),
  style: z.enum(['bullet', 'ordered']),
  elements: z.array(section).min(1),
  indent: z.int().min(0).max(8).optional(),
  offset: z.int().min(0).optional(),
  border,
});

const quote = z.strictObject({ type: z.literal('rich_text_quote'), elements: z.array(element).min(1), border });

const preformatted = z.strictObject({
  type: z.literal('rich_text_preformatted'),
  elements: z.array(z.discriminatedUnion('type', [text, link])).min(1),
  border,
});

const part = z.discriminatedUnion('type', [section, list, quote, preformatted]);

export const richTextBlock = z.strictObject({
  type: z.literal('rich_text'),
  elements: z.array(part).min(1),
  block_id: identifier.optional(),
});

export type RichTextElement = z.infer<typeof element>;
export type RichTextPart = z.infer<typeof part>;
