import { olderMessage } from '../answers/history.ts';
import { readOlderButton } from '../answers/older-button.ts';
import type { LocalizedPorts } from '../listener-ports.ts';
import { unknownButton } from '../messages/replies.ts';
import type { Message } from '../render.ts';
import { invocationOf, type PressedBody } from './interaction.ts';
import { askToRead } from './query.ts';

/** `replaces`: the message is a page, which takes the place of the one with the pressed button. */
export type OlderHistory = { readonly message: Message; readonly replaces: boolean };

/**
 * The page of a history behind the one with the pressed button. The rights are looked up again, for the channel of the
 * press and for what the button's value names: a changed value shows nothing that the person could not ask for.
 */
export async function olderHistory(body: PressedBody, ports: LocalizedPorts): Promise<OlderHistory> {
  const [{ value }] = body.actions;
  const older = readOlderButton(value);
  if (older === null || !isConfigured(older.filter.environment, ports)) {
    return { message: unknownButton(ports.plainContext), replaces: false };
  }
  const { workflow, environment } = older.filter;
  const invocation = invocationOf(body, ports.team);
  const asked = await askToRead({ kind: 'history', workflow, environment }, invocation, ports);
  if (!asked.permitted) return { message: asked.message, replaces: false };
  const { message, isPage } = await olderMessage(older, invocation, asked.rights, ports);
  return { message, replaces: isPage };
}

/** An environment can have been renamed or removed since. */
function isConfigured(environment: string | null, { environments }: LocalizedPorts): boolean {
  return environment === null || environments().some(({ name }) => name === environment);
}
