/** A request as it arrived, and its result. */
export type RecordedRequest = {
  /** Its unique number, counted from 1. */
  number: number;
  method: string;
  /** With the query, as in the request line. */
  path: string;
  /** Names in lower case, values unchanged, including the token. */
  headers: Readonly<Record<string, string>>;
  /** The same with the original names, in order, including repeated ones. */
  writtenHeaders: readonly (readonly [name: string, value: string])[];
  body: string;
  /** Milliseconds since 1970. */
  at: number;
  /** Null until it is given. */
  answer: GivenAnswer | 'dropped' | 'hanging' | null;
  /** It passed the gateway and the entry, and Campaign itself received it. */
  reachedCampaign: boolean;
};

/** Names of headers as they were written, without those that every HTTP server adds. */
export type GivenAnswer = { status: number; headers: Readonly<Record<string, string>>; body: string };

/** Null without a response. */
export function statusOf({ answer }: Pick<RecordedRequest, 'answer'>): number | null {
  return typeof answer === 'object' && answer !== null ? answer.status : null;
}
