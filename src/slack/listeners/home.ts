import { setTimeout as wait } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { PressChoice } from '../../commands/command.ts';
import { normalizeRequestId } from '../../commands/vocabulary/ids.ts';
import type { ListenerPorts, LocalizedPorts } from '../listener-ports.ts';
import type { LocalizedMessage } from '../messages/message-context.ts';
import { unknownButton } from '../messages/replies.ts';
import { type Message, renderMessage } from '../render.ts';
import { acknowledged, fault, logFault } from './answering.ts';
import { askWhy } from './ask-why.ts';
import { interaction, nameOf, workspaceOf } from './interaction.ts';
import { openFormFromHome } from './open-form.ts';
import { type HomeNote, pressInHome, recordedWithinMs } from './private-press.ts';
import { tooMany } from './rates.ts';

/** A press in the App Home has a view, and no channel. */
export const homeBody = interaction.extend({
  view: z.object({ type: z.literal('home') }),
  trigger_id: z.string(),
  actions: z.tuple([z.object({ value: z.string().default('') })]),
});
export type HomeBody = z.output<typeof homeBody>;

/** The press of a button in the App Home; null if it was elsewhere. */
export function pressedInHome(body: unknown): HomeBody | null {
  return homeBody.safeParse(body).data ?? null;
}

/** Records a decision like one in the channel of the request, and shows the home with what came of it. */
export async function decideInHome(
  choice: PressChoice | null,
  body: HomeBody,
  ack: () => Promise<void>,
  ports: ListenerPorts,
): Promise<void> {
  const answered = answerInHome(choice, body, ports).catch((error: unknown) => noteOf(fault(error, ports)));
  await Promise.race([answered, wait(recordedWithinMs, null, { ref: false })]);
  await acknowledged(ack, ports);
  const shown = answered.then(async ({ note }) => ports.homes.show(body.user.id, await note));
  const asked = choice === 'cancel' ? askWhy(body, ports) : null;
  await Promise.all([shown, asked?.catch((error: unknown) => logFault(error, ports))]);
}

async function answerInHome(
  choice: PressChoice | null,
  { user, team, trigger_id, actions }: HomeBody,
  ports: ListenerPorts,
): Promise<HomeNote> {
  if (choice === null) return noteOf(unknownButton);
  if (ports.inFlight.isDraining()) {
    return noteOf(({ translator }) => renderMessage([translator.translate('ack.decision_restarting')]));
  }
  const exceeded = await ports.rates(user.id, 'decision');
  if (exceeded !== null) return noteOf(tooMany(exceeded));
  const [{ value }] = actions;
  const request = normalizeRequestId(value) ?? value;
  const from = workspaceOf({ team, user }, ports.team);
  const decided = { request, choice, by: user.id, ...nameOf(user), from, channel: '', interaction: trigger_id };
  return pressInHome(decided, ports);
}

function noteOf(message: LocalizedMessage): HomeNote {
  return { note: Promise.resolve(message) };
}

/** Opens the form for the channel of the button, for its members. Returns the reason if it was not opened. */
export async function newRequestInHome(
  { user, team, trigger_id: trigger, actions }: HomeBody,
  ports: LocalizedPorts,
): Promise<Message | null> {
  const [{ value: channel }] = actions;
  const from = workspaceOf({ team, user }, ports.team);
  return openFormFromHome({ person: user.id, ...nameOf(user), team: from, channel, interaction: trigger }, ports);
}

const openedHome = z.object({
  event_id: z.string(),
  team_id: z.string(),
  event: z.object({ user: z.string(), tab: z.string().default('home') }),
});

/** Slack delivers an event again, three times within an hour, if it was not acknowledged. */
const mostEvents = 2_000;

/** Shows the home to whoever opens it: each event counts once, and only of the bot's own workspace. */
export function createOnHomeOpened(ports: ListenerPorts): (body: unknown) => Promise<void> {
  const known = new LRUCache<string, true>({ max: mostEvents });
  return async (body) => {
    const opened = openedHome.safeParse(body);
    if (!opened.success || opened.data.event.tab !== 'home' || opened.data.team_id !== ports.team) return;
    const { event_id: id, event } = opened.data;
    if (known.has(id)) return;
    known.set(id, true);
    if ((await ports.rates(event.user, 'read')) !== null) return;
    await ports.inFlight.track(
      async () => {},
      async () => ports.homes.show(event.user),
    );
  };
}
