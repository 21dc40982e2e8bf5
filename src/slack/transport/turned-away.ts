import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../../requests/ports.ts';

/** The reasons to turn a request away: the status of the answer, and for the log what is wrong and what to do. */
const answers = {
  not_ready: { status: 503, advice: 'campaign-wf is still starting' },
  no_signature: {
    status: 401,
    advice: 'it has no signature. It is not from Slack, or a proxy removes the headers X-Slack-…',
  },
  bad_signature: {
    status: 401,
    advice: 'its signature is wrong. Check SLACK_SIGNING_SECRET, and that no proxy changes the body',
  },
  too_old: {
    status: 401,
    advice:
      'Slack signed it more than five minutes ago. This machine’s clock is ahead and has to be set, or an old request was sent again',
  },
  too_new: {
    status: 401,
    advice: 'Slack signed it more than five minutes in the future. This machine’s clock is behind and has to be set',
  },
  wrong_type: { status: 415, advice: 'its content type is not one of Slack’s. Does a proxy change the Content-Type?' },
  too_large: {
    status: 413,
    advice: 'it has more than 512 KB, or comes in thousands of tiny pieces, and Slack’s requests do not',
  },
  too_slow: { status: 408, advice: 'it was not complete within ten seconds. Is the network slow, or the proxy?' },
  bad_body: { status: 400, advice: 'Slack signed it, but its body cannot be understood' },
  headers_too_large: {
    status: 431,
    advice: 'it has more than 16 KB of headers, and Slack’s requests do not. Does a proxy add to them?',
  },
  bad_request: { status: 400, advice: 'it is not plain HTTP. TLS has to end at a proxy in front of campaign-wf' },
  too_many: { status: 503, advice: 'there were too many at once that are not known to be from Slack' },
  unacknowledged: {
    status: 503,
    advice:
      'it was not acknowledged within three seconds, so Slack gave it up. Does somebody send hundreds of commands, or is the database slow?',
  },
  wrong_path: {
    status: 404,
    advice: 'Slack’s requests are taken at POST /slack/events only. Correct the request URLs of the Slack app',
  },
  wrong_mode: {
    status: 404,
    advice:
      'SLACK_APP_TOKEN is set, so Slack’s requests are taken over Socket Mode only. Turn it on in the Slack app, or unset SLACK_APP_TOKEN',
  },
} as const satisfies Record<string, { status: number; advice: string }>;

export type TurnedAwayReason = keyof typeof answers;

/** Details for the log: never a body, a signature or a query. */
export type TurnedAwayDetail = {
  readonly from?: string | undefined;
  readonly path?: string;
  readonly contentType?: string;
  /** By this machine's clock; negative: signed in the future. */
  readonly ageSeconds?: number;
};

export type TurnedAway = (reason: TurnedAwayReason, detail: TurnedAwayDetail) => void;

export const turnedAwayReasons = Object.keys(answers) as TurnedAwayReason[];

export function turnedAwayStatus(reason: TurnedAwayReason): number {
  return answers[reason].status;
}

/** A request, its response, and the callback for a request that is turned away. */
export type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly turnedAway: TurnedAway;
};

/** Also closes the connection: the client may still be sending. */
export function turnAway(
  { request, response, turnedAway }: Exchange,
  reason: TurnedAwayReason,
  detail: TurnedAwayDetail = {},
): void {
  turnedAway(reason, { from: request.socket.remoteAddress, ...detail });
  const { status } = answers[reason];
  response.writeHead(status, { connection: 'close', ...(status === 503 && { 'retry-after': '1' }) }).end();
}

/** The interval of warnings for one reason: anybody can send requests, and must not fill the log. */
const warnEveryMs = 60_000;

export type TurnedAwayOptions = {
  readonly log: Log;
  readonly count: (reason: TurnedAwayReason) => void;
  /** Called when the age of a signed request suggests that a clock is wrong. */
  readonly doubtClock: () => void;
  /** A monotonic clock, in milliseconds. */
  readonly clock?: () => number;
};

/** Counts every request that is turned away. Warns of each reason once a minute, with the number since the last warning. */
export function watchTurnedAway({
  log,
  count,
  doubtClock,
  clock = () => performance.now(),
}: TurnedAwayOptions): TurnedAway {
  const warnedAt = new Map<TurnedAwayReason, number>();
  const unreported = new Map<TurnedAwayReason, number>();
  return (reason, detail) => {
    count(reason);
    if (reason === 'too_old' || reason === 'too_new') doubtClock();
    const requests = (unreported.get(reason) ?? 0) + 1;
    unreported.set(reason, requests);
    if (clock() - (warnedAt.get(reason) ?? Number.NEGATIVE_INFINITY) < warnEveryMs) return;
    warnedAt.set(reason, clock());
    unreported.set(reason, 0);
    log.warn({ reason, requests, ...detail }, `a request was turned away: ${answers[reason].advice}`);
  };
}
