import { z } from 'zod';
import { jsonIn } from './body-text.ts';
import type { HttpResponse } from './http-client.ts';

/** Who wrote an error, recognised by its shape. */
export type ErrorFamily =
  | { name: 'gateway'; code: string; message: string }
  | { name: 'entry' }
  | { name: 'campaign' }
  | { name: 'stranger' };

// Codes come as texts and as numbers.
const codeSchema = z.union([z.string(), z.int().transform(String)]);
// Adobe's documentation: `{"error_code":"401013","message":"Oauth token is not valid"}`.
const gatewayError = z.object({ error_code: codeSchema, message: z.string() });
// Adobe's documentation: `{"code":500,"message":"Oops. Something went wrong. …"}`, and the same with 502.
const entryError = z.object({
  code: codeSchema.pipe(z.literal(['500', '502'])),
  message: z.string().startsWith('Oops'),
});
// `RST-360011 An error has occurred …`; v8 drops the prefix and may complain of a `PKey`.
const campaignText = /\bRST-\d|PKey/;

export function errorFamily(body: string): ErrorFamily {
  const json = jsonIn(body);
  const gateway = gatewayError.safeParse(json);
  if (gateway.success) return { name: 'gateway', code: gateway.data.error_code, message: gateway.data.message };
  if (entryError.safeParse(json).success) return { name: 'entry' };
  return { name: campaignText.test(body) ? 'campaign' : 'stranger' };
}

// Campaign's texts with 404, on Standard and on v8.
const notFoundText = /\bRST-\d|PKey|Unable to find document|An error has occurred - please contact/i;
// In JSON also the word, but not in the path of a request, which a router in front may repeat.
const workflowWord = /(?<![/\w-])workflow(?![/\w-])/i;
const jsonObject = z.record(z.string(), z.unknown());

type BodyAndHeaders = Pick<HttpResponse, 'body' | 'headers'>;

/**
 * Whether a 404 was written by Campaign itself, so that it means the workflow. A page or JSON of a proxy, a router or
 * the gateway says nothing about the workflow.
 */
export function isCampaignsNotFound(answer: BodyAndHeaders): boolean {
  if (answer.body === null || isWrittenInFront(answer)) return false;
  if (notFoundText.test(answer.body)) return true;
  return jsonObject.safeParse(jsonIn(answer.body)).success && workflowWord.test(answer.body);
}

/** Whether an error was certainly not written by Campaign, but by a proxy, the gateway or the entry in front of it. */
export function isWrittenInFront({ body, headers }: BodyAndHeaders): boolean {
  if (body === null) return false;
  const json = jsonObject.safeParse(jsonIn(body));
  if (!json.success) return /^\s*</.test(body);
  return /html/i.test(String(headers['content-type'])) || isFromFront(json.data);
}

function isFromFront(json: Readonly<Record<string, unknown>>): boolean {
  return 'error_code' in json || 'errorCode' in json || String(json.message).startsWith('Oops');
}
