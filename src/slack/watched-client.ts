import bolt, { type webApi } from '@slack/bolt';
import { platformError } from './slack-error.ts';

const { WebClient } = bolt.webApi;

/** Slack's own name for why it refused a call; null: it carried the call out. */
export type ResponseListener = (refusal: string | null, method: string) => void;

/** A client that lets somebody hear what Slack says to every call. Where Slack says nothing, nothing is heard. */
export class WatchedClient extends WebClient {
  readonly #heard: ResponseListener;

  constructor(token: string, options: webApi.WebClientOptions, heard: ResponseListener) {
    super(token, options);
    this.#heard = heard;
  }

  override async apiCall(method: string, options?: Record<string, unknown>): Promise<webApi.WebAPICallResult> {
    try {
      const result = await super.apiCall(method, options);
      this.#heard(null, method);
      return result;
    } catch (error) {
      const refusal = platformError(error);
      if (refusal !== null) this.#heard(refusal, method);
      throw error;
    }
  }
}
