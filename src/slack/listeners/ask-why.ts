import { setTimeout as wait } from 'node:timers/promises';
import { masksSecrets, tidy } from '../../commands/grammar/read-reason.ts';
import { normalizeRequestId } from '../../commands/vocabulary/ids.ts';
import { code, type Phrase } from '../../locales/phrase.ts';
import { plain } from '../../locales/translator.ts';
import { cancellationOf, type Request } from '../../requests/request.ts';
import { limits } from '../../requests/retry-policy.ts';
import { lacksReasonOf } from '../../requests/rules/press.ts';
import { reasonView } from '../form/reason-view.ts';
import type { ListenerPorts, LocalizedPorts } from '../listener-ports.ts';
import type { MessageContext } from '../messages/message-context.ts';
import { fields } from '../names.ts';
import { type Message, renderMessage } from '../render.ts';
import { describeFault, inKnownLanguageOf, logFault } from './answering.ts';
import { nameOf, pressedBody, type SubmittedReasonBody, submittedReasonBody, workspaceOf } from './interaction.ts';
import { describeTooMany } from './rates.ts';
import { press } from './recording.ts';

/**
 * Asks the person whose press has cancelled a request for the reason, once that is certain: a refused person gets the
 * refusal instead. If Slack does not open the dialog, the press counts without a reason.
 */
export async function askWhy(body: unknown, ports: ListenerPorts): Promise<void> {
  const { user, trigger_id: interaction, actions } = whoPressed.parse(body);
  const [{ value }] = actions;
  const request = await cancelledBy({ id: normalizeRequestId(value) ?? value, by: user.id, interaction }, ports);
  if (request === null) return;
  const { plainContext } = inKnownLanguageOf(user.id, ports);
  await ports.openForm(interaction, reasonView(request, { channel: request.channel, interaction }, plainContext));
}

const whoPressed = pressedBody.pick({ user: true, trigger_id: true, actions: true });

/** The request once this press has cancelled it; null if it has not, or not in time for Slack to open a dialog. */
async function cancelledBy(
  { id, by, interaction }: { readonly id: string; readonly by: string; readonly interaction: string },
  { ledger }: ListenerPorts,
): Promise<Request | null> {
  const { withinMs, everyMs } = limits.reasonDialog;
  for (const until = performance.now() + withinMs; performance.now() < until; await wait(everyMs)) {
    const request = await ledger.load(id);
    if (request === null) return null;
    const isOwn = cancellationOf(request)?.interaction === interaction;
    if (isOwn && lacksReasonOf(request, by)) return request;
    if (request.end !== null || request.judgedInteractions.includes(interaction)) return null;
  }
  return null;
}

/** The answer to the dialog: errors at its field, or a message once it is closed, where there is something to say. */
type ReasonAnswer =
  | { readonly kind: 'wrong'; readonly errors: Readonly<Record<string, string>> }
  | { readonly kind: 'closed'; readonly message: Message | null };

/** Records the reason like `cancel <ID> <reason>`. An empty field is no reason, and no mistake. */
async function submitReason({ user, team, view }: SubmittedReasonBody, ports: LocalizedPorts): Promise<ReasonAnswer> {
  const { request, channel } = view.private_metadata;
  const reason = tidy(view.state.values[fields.reason]?.[fields.reason]?.value ?? '');
  if (reason === '') return { kind: 'closed', message: null };
  const { plainContext } = ports;
  const exceeded = await ports.rates(user.id, 'decision');
  if (exceeded !== null) return wrong(plain(describeTooMany(exceeded, plainContext)));
  const from = workspaceOf({ team, user }, ports.team);
  const decided = { request, choice: 'cancel' as const, by: user.id, ...nameOf(user), from, channel };
  const pressed = await press({ ...decided, interaction: `reason ${view.id}`, reason }, ports);
  if (!pressed.ok) return wrong(plain(plainContext.translator.translate('reason_form.not_recorded')));
  const { kind } = pressed.written;
  if (kind === 'reason_given' || kind === 'recorded' || kind === 'repeated') {
    return { kind: 'closed', message: masksSecrets(reason) ? maskedNote(plainContext) : null };
  }
  return wrong(plain(plainContext.translator.translate('reason_form.too_late', { id: code(request) })));
}

/** The answer to a submitted dialog. `interaction`: the press, whose `response_url` takes a reply. */
export async function reasonSubmitted(body: unknown, person: string, ports: ListenerPorts) {
  let interaction = '';
  let localized = inKnownLanguageOf(person, ports);
  const atField = (message: Phrase) => ({ answer: wrong(plain(message)), interaction });
  try {
    const sent = submittedReasonBody.parse(body);
    interaction = sent.view.private_metadata.interaction;
    localized = inKnownLanguageOf(sent.user.id, ports, sent.view.private_metadata.locale);
    if (ports.inFlight.isDraining())
      return atField(localized.plainContext.translator.translate('ack.decision_restarting'));
    return { answer: await submitReason(sent, localized), interaction };
  } catch (error) {
    return atField(describeFault(logFault(error, ports), localized.plainContext));
  }
}

function maskedNote({ translator }: MessageContext): Message {
  return renderMessage([translator.translate('ack.masked')]);
}

function wrong(message: string): ReasonAnswer {
  return { kind: 'wrong', errors: { [fields.reason]: message } };
}
