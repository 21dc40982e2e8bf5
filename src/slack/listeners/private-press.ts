import { setTimeout as wait } from 'node:timers/promises';
import { code } from '../../locales/phrase.ts';
import type { PrivateSurface } from '../../requests/events.ts';
import { followChannel } from '../../requests/recovery/moved-channel.ts';
import type { Request } from '../../requests/request.ts';
import { limits } from '../../requests/retry-policy.ts';
import { mayDecide } from '../../requests/rules/authorization.ts';
import { canSee, waitingMessage } from '../answers/waiting.ts';
import type { ListenerPorts } from '../listener-ports.ts';
import type { LocalizedMessage } from '../messages/message-context.ts';
import { renderMessage, stacked } from '../render.ts';
import type { CommandReply } from './command-reply.ts';
import { type Decided, press } from './recording.ts';
import { pressMessage } from './typed-command.ts';

/** Slack waits three seconds for the acknowledgement: a press that is not judged by then is recorded after it. */
export const recordedWithinMs = 1_500;

/**
 * A press on a private message counts as one in the channel of the request, for people who are in that channel now. The
 * value is only an ID: it opens nothing that the person could not press in the channel. The answer is the list as it is
 * then, in place of the one with the button.
 */
export async function pressPrivately(
  decided: Decided,
  surface: PrivateSurface,
  ports: ListenerPorts,
): Promise<CommandReply> {
  const judged = ports.judged(decided.interaction, limits.answeredDecision.judgedWithinMs);
  const pressed = pressInOwnChannel(decided, surface, ports);
  // Recorded before it is acknowledged, wherever Slack says soon enough which channels the person is in.
  await Promise.race([pressed.catch(() => null), wait(recordedWithinMs, null, { ref: false })]);
  const { by: person, from: team, channel } = decided;
  return {
    async later(localized) {
      const result = (await pressed)(localized.plainContext);
      const isRefused = (await judged) === 'refused';
      const waiting = await waitingMessage({ person, team, channel }, localized);
      // Why it does not count is told by itself.
      return isRefused ? waiting : stacked(result, waiting);
    },
    replaces: true,
  };
}

/**
 * What stands above the App Home after a press; undefined: nothing. In an object, so that whoever waits for the record of the
 * press does not wait for its judgement as well.
 */
export type HomeNote = { readonly note: Promise<LocalizedMessage | undefined> };

/** A press in the App Home counts likewise. The note follows once it is judged: why it does not count is told by itself. */
export async function pressInHome(decided: Decided, ports: ListenerPorts): Promise<HomeNote> {
  const judged = ports.judged(decided.interaction, limits.answeredDecision.judgedWithinMs);
  const said = await pressInOwnChannel(decided, 'home', ports);
  return { note: judged.then((how) => (how === 'refused' ? undefined : said)) };
}

/** Records the decision in the channel of its request, where the person is a member of it. Returns the answer. */
async function pressInOwnChannel(
  decided: Decided,
  surface: PrivateSurface,
  ports: ListenerPorts,
): Promise<LocalizedMessage> {
  const { request: id } = decided;
  const request = await ports.ledger.load(id);
  const place = request === null ? 'press.not_in_yours' : await placeOf(request, decided, ports);
  if (typeof place === 'string') {
    return ({ translator }) => renderMessage([translator.translate(place, { id: code(id) })]);
  }
  const pressed = await press({ ...decided, channel: place.channel, surface }, ports);
  return (context) => pressMessage(pressed, decided, context);
}

type Place = { readonly channel: string } | 'press.not_in_yours' | 'press.channels_unknown';

/** The request's channel, where the person is in it, or was asked by direct message. Its ID may have changed. */
async function placeOf(request: Request, { by, from, choice }: Decided, ports: ListenerPorts): Promise<Place> {
  if (from !== ports.team || request.team !== ports.team) return 'press.not_in_yours';
  const member = await ports.directory.channelsOf(by);
  if (await seesMessage(request, { by, choice }, ports)) return { channel: request.channel };
  if (!member.ok) return 'press.channels_unknown';
  if (member.channels.has(request.channel)) return { channel: request.channel };
  const now = await followChannel(request, ports);
  if (now.kind === 'moved' && member.channels.has(now.to)) return { channel: now.to };
  return now.kind === 'unknown' || !member.isComplete ? 'press.channels_unknown' : 'press.not_in_yours';
}

/**
 * Whether the person is asked by a direct message: by a stage that sends them the question, or for the review of an
 * emergency. A private channel is left to those who are in it.
 */
async function seesMessage(
  request: Request,
  { by, choice }: Pick<Decided, 'by' | 'choice'>,
  ports: ListenerPorts,
): Promise<boolean> {
  const { escalation, channel } = request;
  const isAsked =
    choice === 'review' ? mayReview(request, by, ports) : escalation.stages.some(({ people }) => people.includes(by));
  return (await isAsked) && canSee(channel, by, ports);
}

async function mayReview(request: Request, by: string, ports: ListenerPorts): Promise<boolean> {
  if (request.emergency === null) return false;
  return (await mayDecide(request, { by, choice: 'review' }, ports)).press.permitted;
}
