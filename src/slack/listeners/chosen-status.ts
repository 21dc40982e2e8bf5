import type { Invocation } from '../answers/invocation.ts';
import { statusMessage } from '../answers/status.ts';
import { readStatusButton, statusMenu } from '../answers/status-menu.ts';
import type { LocalizedPorts } from '../listener-ports.ts';
import { unknownButton } from '../messages/replies.ts';
import type { Message } from '../render.ts';
import { invocationOf, type PressedBody } from './interaction.ts';
import { askToRead } from './query.ts';

/** Offers the workflows whose status this person may see. */
export async function offerStatus(
  environment: string | null,
  invocation: Invocation,
  ports: LocalizedPorts,
): Promise<Message> {
  const asked = await askToRead({ kind: 'status', workflow: null, environment }, invocation, ports);
  return asked.permitted ? statusMenu(environment, invocation, asked.rights, ports) : asked.message;
}

/**
 * The status of the workflow on the pressed button. The rights are looked up again, for the channel of the press and for
 * what the button's value names: a changed value shows nothing that the person could not ask for.
 */
export async function chosenStatus(body: PressedBody, ports: LocalizedPorts): Promise<Message> {
  const [{ value }] = body.actions;
  const status = readStatusButton(value, ports.vocabulary());
  if (status === null) return unknownButton(ports.plainContext);
  const invocation = invocationOf(body, ports.team);
  const asked = await askToRead(status, invocation, ports);
  return asked.permitted ? statusMessage(status, invocation, asked.rights, ports) : asked.message;
}
