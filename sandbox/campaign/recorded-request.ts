/** A request as it arrived, for tests to look at. */
export type RecordedRequest = {
  method: string;
  /** With the query, as it stood in the request line. */
  path: string;
  /** Names in lower case, values as they came, the token included. */
  headers: Readonly<Record<string, string>>;
  body: string;
  /** Milliseconds since 1970. */
  at: number;
  /** What was answered; null so far, or because the connection was dropped or left hanging. */
  status: number | null;
  /** It went past the gateway and the entry: Campaign itself had it in hands. */
  reachedCampaign: boolean;
};
