import { randomUUID } from 'node:crypto';

/** The result of a request. `delayMs` is the delay before the response. */
export type Reply =
  | { kind: 'answer'; status: number; headers: Readonly<Record<string, string>>; body: string; delayMs?: number }
  /** The connection is closed without a response. */
  | { kind: 'drop' }
  /** The connection stays open without a response. */
  | { kind: 'hang' };

type Headers = Readonly<Record<string, string>>;

/** A text in the format of Campaign's errors. */
export function textReply(status: number, body: string, headers: Headers = {}): Reply {
  return { kind: 'answer', status, headers: { 'Content-Type': 'text/plain;charset=utf-8', ...headers }, body };
}

export function jsonReply(status: number, json: unknown, headers: Headers = {}): Reply {
  return {
    kind: 'answer',
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(json),
  };
}

/** A refusal by the gateway; the first three digits of its code are the status. */
export function gatewayReply(code: string, message: string, headers: Headers = {}): Reply {
  return jsonReply(
    Number(code.slice(0, 3)),
    { error_code: code, message },
    { 'X-Request-Id': randomUUID(), ...headers },
  );
}

/** The entry in front of Campaign: a wrong organization or URI. */
export function oopsReply(code: 500 | 502): Reply {
  return jsonReply(code, { code, message: 'Oops. Something went wrong. Check your URI and try again.' });
}

/** Campaign's own error text. */
export function campaignError(status: number): Reply {
  const lines = [
    'RST-360011 An error has occurred - please contact your administrator.',
    'RST-360000 The resource could not be found or read.',
  ];
  return textReply(status, lines.join('\n'));
}
