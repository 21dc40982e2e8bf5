/** An interaction of a person, as Slack sends it to the bot. */
export type Interaction = {
  type: 'slash_commands' | 'interactive' | 'events_api';
  /** Empty where Slack sends none: no modal can be opened. */
  triggerId: string;
  /** Empty where Slack sends none: there is no channel to reply in. */
  responseUrl: string;
  payload: Record<string, unknown>;
  /** Slack's handling of an acknowledgement in time with status 200. undefined: it was empty. */
  acknowledged: (parsedBody: unknown) => void;
};

/** The bot's acknowledgement. */
export type Acknowledgement = {
  /** HTTP status; 200 for the acknowledgement of an envelope. */
  status: number;
  body: string;
  /** The parsed body: a text, the fields of a message, or undefined where it is empty. */
  parsedBody: unknown;
};

/** Delivers one interaction. Each call sends the same bytes. */
export type Send = () => Promise<Acknowledgement>;

/** Signs an interaction, or puts it in an envelope, once, so that it can be sent again unchanged. */
export type Seal = (interaction: Interaction) => Send;

/** The interaction got no acknowledgement. */
export class NotDeliveredError extends Error {
  override name = 'NotDeliveredError';
}
