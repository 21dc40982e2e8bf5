import { setTimeout as wait } from 'node:timers/promises';
import { holdsPattern } from '../../access/patterns.ts';
import type { ReasonFormat } from '../../access/policy.ts';
import { givesReason, tidy } from '../../commands/grammar/read-reason.ts';
import { normalizeRequestId } from '../../commands/vocabulary/ids.ts';
import type { Phrase } from '../../locales/phrase.ts';
import { plain } from '../../locales/translator.ts';
import type { PrivateSurface } from '../../requests/events.ts';
import type { Request } from '../../requests/request.ts';
import { mayDecide } from '../../requests/rules/authorization.ts';
import { type Statement, statementView } from '../form/statement-view.ts';
import type { ListenerPorts, LocalizedPorts } from '../listener-ports.ts';
import { typed } from '../messages/message-context.ts';
import { fields } from '../names.ts';
import { type Message, renderMessage } from '../render.ts';
import { describeFault, inKnownLanguageOf, logFault } from './answering.ts';
import type { CommandReply } from './command-reply.ts';
import { type HomeBody, homeBody } from './home.ts';
import {
  isPrivateMessage,
  nameOf,
  type PressedBody,
  type SubmittedStatementBody,
  submittedStatementBody,
  workspaceOf,
} from './interaction.ts';
import { type HomeNote, pressInHome, pressPrivately } from './private-press.ts';
import { describeTooMany } from './rates.ts';
import { type Decided, press } from './recording.ts';
import { pressMessage } from './typed-command.ts';

/** Slack opens a dialog within three seconds after the press. Rights that are not known by then are judged afterwards. */
const judgedWithinMs = 1_500;

/**
 * Opens the dialog for the words that a decision needs. Returns false where it does not count in any case: then the press
 * is recorded without words, like any other, and refused.
 */
export async function askForStatement(
  statement: Statement,
  body: PressedBody | HomeBody,
  ports: LocalizedPorts,
): Promise<boolean | Message> {
  const { user, team, trigger_id: interaction, actions } = body;
  const id = normalizeRequestId(actions[0].value) ?? actions[0].value;
  const request = await ports.ledger.load(id);
  if (request === null || !isWaitingFor(statement, request)) return false;
  const from = workspaceOf({ team, user }, ports.team);
  if (!(await mayCount(statement, request, { by: user.id, from }, ports))) return false;
  const surface = surfaceOf(body);
  const origin = { channel: request.channel, interaction, ...(surface && { surface }) };
  const hint = statement === 'emergency' ? (formatOf(request, ports)?.hint ?? null) : null;
  const { plainContext } = ports;
  const view = statementView(statement, request, { origin, hint }, plainContext);
  if ((await ports.openForm(interaction, view)) !== null) return true;
  const word = plain(
    plainContext.translator.translate(
      statement === 'review' ? 'emergency.comment_word' : 'statement_form.emergency_word',
    ),
  );
  const command = [typed([statement, id, word], plainContext)];
  return renderMessage([plainContext.translator.translate('statement_form.not_opened', { command })]);
}

function isWaitingFor(statement: Statement, { state, emergency }: Request): boolean {
  return statement === 'emergency' ? state === 'awaiting_approval' : emergency !== null && emergency.review === null;
}

async function mayCount(
  choice: Statement,
  request: Request,
  { by, from }: { readonly by: string; readonly from: string },
  ports: ListenerPorts,
): Promise<boolean> {
  const press = { by, choice, at: ports.now(), ...(from !== ports.team && { team: from }) };
  const judged = mayDecide(request, press, ports).then(
    (judgement) => judgement.press.permitted || judgement.press.refusal.reason === 'lookup_failed',
    () => true,
  );
  return Promise.race([judged, wait(judgedWithinMs, true, { ref: false })]);
}

function surfaceOf(body: PressedBody | HomeBody): PrivateSurface | null {
  if (homeBody.safeParse(body).success) return 'home';
  return 'channel' in body && isPrivateMessage(body) ? 'message' : null;
}

function formatOf({ grant }: Request, { policy }: Pick<ListenerPorts, 'policy'>): ReasonFormat | null {
  return policy().rules.find(({ name }) => name === grant?.rule)?.reasonFormat ?? null;
}

/** The answer to the dialog: errors at its field, or what the person reads once it is closed. */
type StatementAnswer =
  | { readonly kind: 'wrong'; readonly errors: Readonly<Record<string, string>> }
  | { readonly kind: 'closed'; readonly reply: CommandReply | null; readonly home: HomeNote | null };

/** The answer to a submitted dialog, and the interaction whose `response_url` takes a reply. */
export async function statementSubmitted(
  statement: Statement,
  body: unknown,
  person: string,
  ports: ListenerPorts,
): Promise<{ readonly answer: StatementAnswer; readonly interaction: string }> {
  let interaction = '';
  let localized = inKnownLanguageOf(person, ports);
  try {
    const sent = submittedStatementBody.parse(body);
    interaction = sent.view.private_metadata.interaction;
    localized = inKnownLanguageOf(sent.user.id, ports, sent.view.private_metadata.locale);
    return { answer: await submit(statement, sent, localized), interaction };
  } catch (error) {
    return { answer: wrong(describeFault(logFault(error, ports), localized.plainContext)), interaction };
  }
}

async function submit(
  choice: Statement,
  { user, team, view }: SubmittedStatementBody,
  ports: LocalizedPorts,
): Promise<StatementAnswer> {
  const { request: id, channel, surface, interaction: from } = view.private_metadata;
  const { translator } = ports.plainContext;
  if (ports.inFlight.isDraining()) return wrong(translator.translate('ack.decision_restarting'));
  const exceeded = await ports.rates(user.id, 'decision');
  if (exceeded !== null) return wrong(describeTooMany(exceeded, ports.plainContext));
  const reason = tidy(view.state.values[fields.reason]?.[fields.reason]?.value ?? '');
  const problem = await problemWith(choice, reason, id, ports);
  if (problem !== null) return wrong(problem);
  const interaction = `${choice} ${view.id}`;
  ports.replies.pass(from, interaction);
  const who = { by: user.id, ...nameOf(user), from: workspaceOf({ team, user }, ports.team) };
  const decided = { request: id, choice, ...who, channel, interaction, reason };
  if (surface === undefined) return pressedInChannel(decided, ports);
  if (surface === 'message')
    return { kind: 'closed', reply: await pressPrivately(decided, surface, ports), home: null };
  return { kind: 'closed', reply: null, home: await pressInHome(decided, ports) };
}

async function problemWith(
  choice: Statement,
  reason: string,
  id: string,
  ports: LocalizedPorts,
): Promise<Phrase | null> {
  const { translator } = ports.plainContext;
  if (!givesReason(reason)) {
    return translator.translate(
      choice === 'review' ? 'refusal.review_needs_comment' : 'refusal.emergency_needs_reason',
    );
  }
  const request = choice === 'emergency' ? await ports.ledger.load(id) : null;
  const format = request && formatOf(request, ports);
  if (request === null || format === null || holdsPattern(reason, format.pattern)) return null;
  return translator.translate('form.reason_mismatch', { rule: request.grant?.rule ?? '', hint: format.hint });
}

/** The channel shows what comes of it. */
async function pressedInChannel(decided: Decided, ports: LocalizedPorts): Promise<StatementAnswer> {
  const pressed = await press(decided, ports);
  const { plainContext } = ports;
  if (!pressed.ok) return wrong(plainContext.translator.translate('statement_form.not_recorded'));
  const { kind } = pressed.written;
  if (kind === 'recorded' || kind === 'repeated') return { kind: 'closed', reply: null, home: null };
  return { kind: 'closed', reply: { now: (context) => pressMessage(pressed, decided, context) }, home: null };
}

function wrong(message: Phrase): StatementAnswer {
  return { kind: 'wrong', errors: { [fields.reason]: plain(message) } };
}
