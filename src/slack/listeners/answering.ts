import { code, type Phrase } from '../../locales/phrase.ts';
import type { Locale } from '../../locales/translator.ts';
import type { PostResult } from '../../requests/attempt-results.ts';
import { isTransient } from '../../requests/retry-policy.ts';
import type { ListenerPorts, LocalizedPorts } from '../listener-ports.ts';
import { type LocalizedMessage, type MessageContext, typed } from '../messages/message-context.ts';
import { type Asker, retryBriefly } from '../private-replies.ts';
import { type Message, renderMessage } from '../render.ts';
import { type CommandReply, messageFrom } from './command-reply.ts';

/** Sends a reply after the acknowledgement, when there is time to look up the person's language. */
export async function sendReply(asker: Asker, answer: CommandReply, ports: ListenerPorts): Promise<void> {
  const localized = await inLanguageOf(asker.person, ports);
  const message = await messageFrom(answer, localized).catch((error: unknown) =>
    fault(error, ports)(localized.plainContext),
  );
  if (message !== null) await deliver('replaces' in answer ? { ...asker, replaces: true } : asker, message, ports);
}

export async function inLanguageOf(person: string, ports: ListenerPorts): Promise<LocalizedPorts> {
  return { ...ports, ...ports.localize(await ports.languages.languageOf(person)) };
}

/** Uses the known language of the person, without a look-up. */
export function inKnownLanguageOf(person: string, ports: ListenerPorts, otherwise: Locale = 'en'): LocalizedPorts {
  return { ...ports, ...ports.localize(ports.languages.language(person) ?? otherwise) };
}

/** A failed acknowledgement is only logged: the recorded request continues, and the reply is still sent. */
export async function acknowledged(ack: () => Promise<unknown>, { log }: ListenerPorts): Promise<void> {
  await ack().catch((error: unknown) => log.warn({ reason: String(error) }, 'an acknowledgement did not reach Slack'));
}

export async function deliver(asker: Asker, message: Message, { answer, log, count }: ListenerPorts): Promise<void> {
  const posted = await retryBriefly(() => answer(asker, message), retryAfterMs);
  if (posted.kind === 'posted') return;
  count.fault('interaction');
  log.error({ person: asker.person, interaction: asker.interaction, posted }, 'a private reply could not be delivered');
}

function retryAfterMs(posted: PostResult): number | null {
  if (!isTransient(posted)) return null;
  return posted.kind === 'rate_limited' ? posted.retryAfterMs : 0;
}

/** An unexpected error: the person gets its ID, the log its details. */
export function fault(error: unknown, ports: ListenerPorts): LocalizedMessage {
  const id = logFault(error, ports);
  return (context) => renderMessage([describeFault(id, context)]);
}

export function logFault(error: unknown, { log, count, faultId }: ListenerPorts): string {
  const id = faultId();
  count.fault('interaction');
  log.error({ err: error, fault: id }, 'an interaction failed');
  return id;
}

export function describeFault(id: string, context: MessageContext): Phrase {
  return context.translator.translate('fault', { id: code(id), command: typed(['history'], context) });
}
