export type Campaign = {
  readonly apiUrl: string;
  readonly organization: string;
  readonly apiKey: string;
  readonly token: string;
};

/** Sends a command to this workflow. Rejects unless Campaign accepted it. */
export type SendCommand = (workflow: string) => Promise<void>;
