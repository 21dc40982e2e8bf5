/** A request as it arrived, and what became of it. */
export type RecordedRequest = {
  /** How many had come when it came, itself included: no other has the same. */
  number: number;
  method: string;
  /** With the query, as it stood in the request line. */
  path: string;
  /** Names in lower case, values as they came, the token included. */
  headers: Readonly<Record<string, string>>;
  /** The same as they were written, in their order, one that came twice included. */
  writtenHeaders: readonly (readonly [name: string, value: string])[];
  body: string;
  /** Milliseconds since 1970. */
  at: number;
  /** Null until it is given. */
  answer: GivenAnswer | 'dropped' | 'hanging' | null;
  /** It went past the gateway and the entry: Campaign itself had it in hands. */
  reachedCampaign: boolean;
};

/** Names of headers as they were written, without those that every HTTP server adds. */
export type GivenAnswer = { status: number; headers: Readonly<Record<string, string>>; body: string };

/** Null where nothing was answered, or not yet. */
export function statusOf({ answer }: Pick<RecordedRequest, 'answer'>): number | null {
  return typeof answer === 'object' && answer !== null ? answer.status : null;
}
