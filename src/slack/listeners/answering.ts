import { setTimeout as wait } from 'node:timers/promises';
import { code, type Phrase } from '../../locales/phrase.ts';
import type { Locale } from '../../locales/translator.ts';
import type { PostResult } from '../../requests/attempt-results.ts';
import { isTransient, limits } from '../../requests/retry-policy.ts';
import type { ListenerPorts, LocalizedPorts } from '../listener-ports.ts';
import { type LocalizedMessage, type MessageContext, typed } from '../messages/message-context.ts';
import type { Asker } from '../private-replies.ts';
import { type Message, renderMessage } from '../render.ts';
import type { CommandReply } from './typed-command.ts';

/** Behind the acknowledgement there is time to ask which language somebody reads. */
export async function sendReply(asker: Asker, answer: CommandReply, ports: ListenerPorts): Promise<void> {
  const spoken = await inLanguageOf(asker.person, ports);
  const message =
    'now' in answer
      ? answer.now(spoken.plainContext)
      : await answer.later(spoken).catch((error: unknown) => fault(error, ports)(spoken.plainContext));
  await deliver(asker, message, ports);
}

export async function inLanguageOf(person: string, ports: ListenerPorts): Promise<LocalizedPorts> {
  return { ...ports, ...ports.localize(await ports.languages.languageOf(person)) };
}

/** Where there is no time to ask: as far as it is known. */
export function inKnownLanguageOf(person: string, ports: ListenerPorts, otherwise: Locale = 'en'): LocalizedPorts {
  return { ...ports, ...ports.localize(ports.languages.language(person) ?? otherwise) };
}

/** Slack may have given up on the acknowledgement; what was recorded goes on, and the answer still finds its person. */
export async function acknowledged(ack: () => Promise<unknown>, { log }: ListenerPorts): Promise<void> {
  await ack().catch((error: unknown) => log.warn({ reason: String(error) }, 'an acknowledgement did not reach Slack'));
}

export async function deliver(asker: Asker, message: Message, { answer, log, count }: ListenerPorts): Promise<void> {
  const posted = await answerWithRetries(() => answer(asker, message));
  if (posted.kind === 'posted') return;
  count.fault('interaction');
  log.error({ person: asker.person, posted }, 'somebody could not be answered');
}

async function answerWithRetries(answer: () => Promise<PostResult>): Promise<PostResult> {
  let posted = await answer();
  for (const pauseMs of limits.privateAnswer.pausesMs) {
    const askedMs = posted.kind === 'rate_limited' ? posted.retryAfterMs : 0;
    if (!isTransient(posted) || askedMs > limits.privateAnswer.mostPauseMs) break;
    await wait(Math.max(pauseMs, askedMs));
    posted = await answer();
  }
  return posted;
}

/** Something went wrong in a way that nobody planned for: the person gets its number, the log the rest. */
export function fault(error: unknown, ports: ListenerPorts): LocalizedMessage {
  const id = logFault(error, ports);
  return (context) => renderMessage([describeFault(id, context)]);
}

export function logFault(error: unknown, { log, count, faultId }: ListenerPorts): string {
  const id = faultId();
  count.fault('interaction');
  log.error({ err: error, fault: id }, 'an interaction could not be answered');
  return id;
}

export function describeFault(id: string, context: MessageContext): Phrase {
  return context.translator.translate('fault', { id: code(id), command: typed(['history'], context) });
}
