import type { types } from '@slack/bolt';
import { canAsk } from '../answers/help.ts';
import { type Invocation, rightsOf } from '../answers/invocation.ts';
import { momentOfForm } from '../form/form-moment.ts';
import { termsOf, termsOfTime } from '../form/form-terms.ts';
import type { OpenView } from '../form/form-updates.ts';
import { type FormOrigin, formView, type Preset } from '../form/form-view.ts';
import { chosenIn, type FormState, readChoice, timeTyped } from '../form/read-form.ts';
import { commandChoices, environmentChoices } from '../form/workflow-options.ts';
import type { LocalizedPorts } from '../listener-ports.ts';
import { fields, termsBlock } from '../names.ts';
import { logFault } from './answering.ts';
import { type ChosenBody, workspaceOf } from './interaction.ts';
import { notInChannel } from './not-in-channel.ts';

/** A form as it is filled in. */
export type FilledForm = {
  readonly open: OpenView;
  readonly origin: FormOrigin;
  readonly state: FormState;
  readonly showsTerms: boolean;
  /** For how long nothing else is to be chosen or typed before it is shown. */
  readonly settleMs?: number;
};

/** Slack reports each character of a time. */
const typingMs = 400;

/** Shows in the form what the choice in it needs. It is a courtesy: where it fails, the form can be sent all the same. */
export async function showTerms(
  form: FilledForm,
  invocation: Pick<Invocation, 'person' | 'team' | 'channel'>,
  ports: LocalizedPorts,
): Promise<void> {
  try {
    await ports.updateForm(form.open, () => viewWithTerms(form, invocation, ports), form.settleMs);
  } catch (error) {
    logFault(error, ports);
  }
}

/** The same after a choice in it. */
export async function showTermsOfChoice(body: ChosenBody, ports: LocalizedPorts): Promise<void> {
  const { user, team, view, actions } = body;
  if ((await ports.rates(user.id, 'read')) !== null) return;
  const { id, hash, private_metadata: origin, state, blocks } = view;
  const [{ action_ts, action_id }] = actions;
  const settleMs = action_id === fields.when ? typingMs : 0;
  const showsTerms = blocks.some(({ block_id }) => block_id === termsBlock);
  const where = { person: user.id, team: workspaceOf({ team, user }, ports.team), channel: origin.channel };
  await showTerms({ open: { id, hash, at: Number(action_ts) }, origin, state, showsTerms, settleMs }, where, ports);
}

/** Null: there is nothing to show. Somebody who may not use the form any more is told when it is sent. */
async function viewWithTerms(
  { origin, state, showsTerms }: FilledForm,
  invocation: Pick<Invocation, 'person' | 'team' | 'channel'>,
  ports: LocalizedPorts,
): Promise<types.ModalView | null> {
  const [rights, outsider] = await Promise.all([
    rightsOf(invocation, ports),
    origin.surface === 'home' ? notInChannel(invocation, ports) : null,
  ]);
  const { here } = rights;
  if (outsider !== null || here.kind === 'none' || !canAsk(rights)) return null;
  const vocabulary = ports.vocabulary();
  const read = readChoice(state, vocabulary);
  const preset: Preset = chosenIn(state, vocabulary);
  const moment = momentOfForm({ verb: preset.verb, typed: timeTyped(state) }, invocation.person, ports);
  const needed = read.ok ? await termsOf(read.choice, moment, invocation, rights, ports) : null;
  const terms = needed ?? (moment === null ? null : termsOfTime(moment, ports));
  if (terms === null && !showsTerms) return null;
  const commands = commandChoices(here.asks);
  const environments = environmentChoices(here.asks, vocabulary);
  return formView({ origin, commands, environments, preset, terms }, vocabulary, ports.plainContext);
}
