import { setTimeout as wait } from 'node:timers/promises';
import { isVerb } from '../../access/policy.ts';
import type { Verb } from '../../commands/command.ts';
import type { UsageError } from '../../commands/grammar/parse-result.ts';
import { givesReason } from '../../commands/grammar/read-reason.ts';
import { timeIn } from '../../commands/vocabulary/usual-times.ts';
import { code, type Phrase } from '../../locales/phrase.ts';
import { plain } from '../../locales/translator.ts';
import { type Invocation, rightsOf } from '../answers/invocation.ts';
import { describeBadMoment, momentOfForm } from '../form/form-moment.ts';
import type { FormOrigin } from '../form/form-view.ts';
import { type Field, type FormProblem, type FormState, readForm, timeTyped } from '../form/read-form.ts';
import type { LocalizedPorts } from '../listener-ports.ts';
import type { MessageContext } from '../messages/message-context.ts';
import { describeProblem, exampleTimes } from '../messages/usage.ts';
import { fields } from '../names.ts';
import type { CommandReply } from './command-reply.ts';
import { nameOf, type SubmittedBody, workspaceOf } from './interaction.ts';
import { notInChannel } from './not-in-channel.ts';
import { describeTooMany, rateOf } from './rates.ts';
import { submit } from './recording.ts';

/** The reply to a form: errors at its fields, or a message once it is closed. */
export type FormAnswer =
  | { readonly kind: 'wrong'; readonly errors: Readonly<Record<string, string>> }
  | { readonly kind: 'sent'; readonly invocation: Invocation; readonly reply: CommandReply };

/** Records the form's order like a typed command. A form counts once, however often Slack delivers it. */
export async function submitForm(body: SubmittedBody, ports: LocalizedPorts): Promise<FormAnswer> {
  const { user, team, view } = body;
  const read = readForm(view.state, ports.vocabulary());
  if (!read.ok) return wrong(read.problem.field, plain(describeFormProblem(read.problem, ports)));
  const late = timeProblem(view.state, read.filled.verb, user.id, ports);
  if (late !== null) return wrong('when', late);
  const exceeded = await ports.rates(user.id, rateOf(read.filled.verb));
  if (exceeded !== null) return wrong('workflow', plain(describeTooMany(exceeded, ports.plainContext)));
  const invocation = invocationIn(view.private_metadata, view.id, user, workspaceOf({ team, user }, ports.team));
  const isOutside = view.private_metadata.surface === 'home';
  const outsider = isOutside ? await outsiderProblem(invocation, ports) : null;
  if (outsider !== null) return wrong('workflow', outsider);
  const problem = await reasonProblem(read.filled, invocation, ports);
  if (problem !== null) return wrong('reason', problem);
  ports.replies.pass(view.private_metadata.interaction, invocation.interaction);
  return { kind: 'sent', invocation, reply: await submit(read.filled, invocation, ports) };
}

function describeFormProblem({ error }: FormProblem, { vocabulary, plainContext: context }: LocalizedPorts): Phrase {
  if (error.problem === 'doubtful_time') return describeDoubt(error, context);
  if (error.problem !== 'outdated_choice') return describeProblem(error, vocabulary(), context);
  const { by, name } = error;
  return context.translator.translate(by === 'change' ? 'form.choice_changed' : 'form.choice_gone', { name });
}

/** What the field can be understood as, or what it takes. */
function describeDoubt(
  { typed, suggestions, command }: UsageError & { problem: 'doubtful_time' },
  context: MessageContext,
) {
  const { locale } = context.translator;
  const times = suggestions.length > 0 ? suggestions.map((one) => timeIn(locale, one)) : exampleTimes(command, locale);
  return context.translator.translate('form.doubtful_time', {
    typed,
    times: context.translator.either(times.map(code)),
  });
}

/** A time that the person can correct in the form, as far as their zone is known. */
function timeProblem(state: FormState, verb: Verb, person: string, ports: LocalizedPorts): string | null {
  const moment = momentOfForm({ verb, typed: timeTyped(state) }, person, ports);
  return moment?.kind === 'bad_time' ? plain(describeBadMoment(moment, ports)) : null;
}

function invocationIn({ channel }: FormOrigin, view: string, user: SubmittedBody['user'], team: string): Invocation {
  return { person: user.id, ...nameOf(user), team, channel, interaction: `form ${view}` };
}

/** Slack waits three seconds for the reply to a form. A refusal that is not known in time is posted afterwards. */
const knownWithinMs = 1_500;

/** Why the person cannot ask in the form's channel, which they need not be in: it was opened outside. */
async function outsiderProblem(invocation: Invocation, ports: LocalizedPorts): Promise<string | null> {
  const unknown = wait(knownWithinMs, 'waiting.channels_unknown' as const, { ref: false });
  const problem = await Promise.race([notInChannel(invocation, ports), unknown]);
  return problem === null ? null : plain(ports.plainContext.translator.translate(problem));
}

/** The refusal that the person can correct in the form. All others are recorded and answered like those of a typed command. */
async function reasonProblem(
  { verb, workflowId, environment, reason }: Parameters<typeof submit>[0],
  invocation: Invocation,
  ports: LocalizedPorts,
): Promise<string | null> {
  if (!isVerb(verb)) return null;
  const rights = await Promise.race([rightsOf(invocation, ports), wait(knownWithinMs, null, { ref: false })]);
  const what = { action: verb, environment, workflowId, hasReason: givesReason(reason), reason };
  const decision = rights?.may(what) ?? null;
  if (decision === null || decision.permitted) return null;
  const { refusal } = decision;
  if (refusal.reason === 'reason_mismatch')
    return plain(ports.plainContext.translator.translate('form.reason_mismatch', refusal));
  if (refusal.reason !== 'reason_required') return null;
  return plain(ports.plainContext.translator.translate('form.reason_required', { rule: refusal.rule }));
}

function wrong(field: Field, message: string): FormAnswer {
  return { kind: 'wrong', errors: { [fields[field]]: message } };
}
