import type { UsageError } from './usage-error.ts';

/** What a part of the grammar makes of its words. */
export type ParseResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: UsageError };

export function parsed<Value>(value: Value): ParseResult<Value> {
  return { ok: true, value };
}

export function refuse(error: UsageError): { readonly ok: false; readonly error: UsageError } {
  return { ok: false, error };
}
