import { z } from 'zod';
import { jsonIn } from './json-in.ts';

/** Who wrote an error, recognised by its shape. */
export type ErrorFamily =
  | { name: 'gateway'; code: string; message: string }
  | { name: 'entry' }
  | { name: 'campaign' }
  | { name: 'stranger' };

// Adobe's documentation: `{"error_code":"401013","message":"Oauth token is not valid"}`.
const Gateway = z.object({ error_code: z.string(), message: z.string() });
// Adobe's documentation: `{"code":500,"message":"Oops. Something went wrong. …"}`, and the same with 502.
const Entry = z.object({ code: z.literal([500, 502]), message: z.string().startsWith('Oops') });
// `RST-360011 An error has occurred …`; v8 drops the prefix and may complain of a `PKey`.
const CAMPAIGN = /RST-|PKey/;

export function errorFamily(body: string): ErrorFamily {
  const json = jsonIn(body);
  const gateway = Gateway.safeParse(json);
  if (gateway.success) return { name: 'gateway', code: gateway.data.error_code, message: gateway.data.message };
  if (Entry.safeParse(json).success) return { name: 'entry' };
  return { name: CAMPAIGN.test(body) ? 'campaign' : 'stranger' };
}
