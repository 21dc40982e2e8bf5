import { performance } from 'node:perf_hooks';
import type { SlackContext } from '../context.ts';
import { receive } from './acknowledgements.ts';
import type { Acknowledgement, Interaction, Seal, Send } from './interaction.ts';

/** A delivery to the bot, with its acknowledgement. */
export type Delivery = {
  /** HTTP status; 200 for the acknowledgement of an envelope. */
  status: number;
  /** The body of the acknowledgement: a text, JSON, or nothing. */
  body: string;
  /** Empty where Slack gives none. */
  triggerId: string;
  /** Empty where Slack gives none. */
  responseUrl: string;
  /** Sends the same bytes once more. */
  again: () => Promise<Delivery>;
};

export function deliver(context: SlackContext, seal: Seal, interaction: Interaction): Promise<Delivery> {
  const send = seal(interaction);
  const attempt = async (): Promise<Delivery> => {
    const { status, body } = await acknowledged(context, interaction, send);
    const { triggerId, responseUrl } = interaction;
    return { status, body, triggerId, responseUrl, again: attempt };
  };
  return attempt();
}

async function acknowledged(context: SlackContext, interaction: Interaction, send: Send): Promise<Acknowledgement> {
  const startedAt = performance.now();
  const acknowledgement = await send();
  receive(context, interaction, acknowledgement, Math.round(performance.now() - startedAt));
  return acknowledgement;
}
