/** Something that a person did, as Slack tells the bot of it. */
export type Interaction = {
  type: 'slash_commands' | 'interactive';
  /** Empty where Slack gives none: it cannot be answered with a modal. */
  triggerId: string;
  /** Empty where Slack gives none: there is no channel to answer in. */
  responseUrl: string;
  payload: Record<string, unknown>;
  /** What Slack makes of an acknowledgement that came in time with status 200; undefined where nothing was said. */
  acknowledged: (said: unknown) => void;
};

/** What the bot said when it acknowledged. */
export type Acknowledgement = {
  /** HTTP status; 200 for the acknowledgement of an envelope. */
  status: number;
  body: string;
  /** The body understood: a text, the fields of a message, or undefined where nothing was said. */
  said: unknown;
};

/** Delivers one interaction: each call sends the very same bytes. */
export type Send = () => Promise<Acknowledgement>;

/** Seals an interaction (signs it, or puts it in an envelope) once, so that it can be sent again as it was. */
export type Seal = (interaction: Interaction) => Send;

/** The interaction got no acknowledgement. */
export class NotDeliveredError extends Error {
  override name = 'NotDeliveredError';
}
