import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { checkSlackRequest, pathOf } from './slack-request.ts';
import { type TurnedAway, turnAway } from './turned-away.ts';
import { createUnverifiedBodies } from './unverified-bodies.ts';

/** Also with the slash at its end that a proxy may add. */
const slackPath = /^\/slack\/events\/?$/;

/** Bolt's receiver, and what its requests are signed with. */
export type SlackReceiver = { readonly requestListener: RequestListener; readonly signingSecret: string };

export type SlackEndpoint = {
  /** From now on Slack's requests go here; until then they get 503, and Slack tells the person. */
  serve(receiver: SlackReceiver): void;
  /** @param trust called once the request is verified */
  take(request: IncomingMessage, response: ServerResponse, trust: () => void): Promise<void>;
};

export type SlackEndpointOptions = {
  /** Over Socket Mode nothing of Slack's is taken here. */
  readonly mode: 'http' | 'socket';
  readonly now: () => number;
  readonly turnedAway: TurnedAway;
};

/** Everything that is no page: Slack's requests, and those that are turned away. */
export function createSlackEndpoint({ mode, now, turnedAway }: SlackEndpointOptions): SlackEndpoint {
  let slack: SlackReceiver | null = null;
  const bodies = createUnverifiedBodies();
  return {
    serve(receiver) {
      slack = receiver;
    },
    async take(request, response, trust) {
      const exchange = { request, response, turnedAway };
      if (!isForSlack(request)) return turnAway(exchange, 'wrong_path', { path: pathOf(request).slice(0, 100) });
      if (mode === 'socket') return turnAway(exchange, 'wrong_mode');
      if (slack === null) return turnAway(exchange, 'not_ready');
      const { signingSecret } = slack;
      const inviteBody = () => inviteBodyOf(request, response);
      const checked = await checkSlackRequest(request, { signingSecret, now, bodies, inviteBody });
      if (checked.kind === 'turned_away') return turnAway(exchange, checked.reason, checked.detail);
      if (checked.kind === 'gone') return;
      trust();
      slack.requestListener(request, response);
    },
  };
}

function isForSlack(request: IncomingMessage): boolean {
  return request.method === 'POST' && slackPath.test(pathOf(request));
}

function inviteBodyOf({ headers: { expect = '' } }: IncomingMessage, response: ServerResponse): void {
  if (/^100-continue$/i.test(expect)) response.writeContinue();
}
