import type { types } from '@slack/bolt';
import type { Verb } from '../../commands/command.ts';
import { longestReason } from '../../commands/grammar/read-reason.ts';
import type { Vocabulary } from '../../commands/vocabulary/vocabulary.ts';
import { channel, foreign, type Phrase } from '../../locales/phrase.ts';
import { plain } from '../../locales/translator.ts';
import type { MessageContext } from '../messages/message-context.ts';
import { fields, formId, termsBlock } from '../names.ts';
import { paragraph } from '../render.ts';
import { nameOf, optionValue, type WorkflowOption } from './workflow-options.ts';

/** The initial values of the form. */
export type Preset = { readonly verb: Verb | null; readonly workflow: WorkflowOption | null };

/** What the choice in the form needs, as far as it is known. */
export type FormTerms = {
  /** What would be announced, and who has to confirm it, or why it would be refused. */
  readonly lines: readonly Phrase[];
  readonly isReasonRequired: boolean;
  /** How the rule describes the reasons that it takes; null: any. */
  readonly reasonFormat: string | null;
};

export type FormView = {
  /** The channel of the announcement, and the interaction that opened the form. Kept in the view's private metadata. */
  readonly origin: FormOrigin;
  readonly commands: readonly Verb[];
  readonly environments: readonly string[];
  readonly preset: Preset;
  /** Null while nothing is chosen, or where it is not known. */
  readonly terms: FormTerms | null;
};

/** `surface`: the form was opened outside its channel. */
export type FormOrigin = {
  readonly channel: string;
  readonly interaction: string;
  readonly surface?: 'home' | undefined;
};

/** The form as an alternative to the slash command: one field for each part of the command. */
export function formView(form: FormView, vocabulary: Vocabulary, context: MessageContext): types.ModalView {
  const { origin, commands, environments, preset, terms } = form;
  const { translator } = context;
  const text = (key: 'form.title' | 'form.submit' | 'form.close') =>
    ({ type: 'plain_text', text: plain(translator.translate(key)) }) as const;
  return {
    type: 'modal',
    callback_id: formId,
    private_metadata: JSON.stringify({ ...origin, locale: translator.locale }),
    title: text('form.title'),
    submit: text('form.submit'),
    close: text('form.close'),
    blocks: [
      paragraph(translator.translate('form.where', { channel: channel(origin.channel) })),
      workflowField(preset, context),
      commandField(commands, preset, context),
      environmentField(environments, vocabulary, context),
      whenField(context),
      reasonField(terms, context),
      ...(terms === null ? [] : [{ ...paragraph(...terms.lines), block_id: termsBlock }]),
    ],
  };
}

function workflowField({ workflow }: Preset, context: MessageContext): types.InputBlock {
  const { translator } = context;
  const [label, hint] = [translator.translate('form.workflow'), translator.translate('form.workflow_hint')];
  const element = {
    type: 'external_select' as const,
    action_id: fields.workflow,
    min_query_length: 0,
    ...(workflow && { initial_option: option(choiceLabel(workflow, context), optionValue(workflow)) }),
  };
  return reported(field(fields.workflow, label, hint, element));
}

function commandField(
  commands: readonly Verb[],
  { verb: preset }: Preset,
  { translator }: MessageContext,
): types.InputBlock {
  const options = commands.map((verb) => option(plain(translator.translate('form.verb', { verb })), verb));
  const initial = options.find(({ value }) => value === preset);
  const element = {
    type: 'static_select' as const,
    action_id: fields.command,
    options,
    ...(initial && { initial_option: initial }),
  };
  return reported(field(fields.command, translator.translate('form.command'), null, element));
}

function environmentField(
  environments: readonly string[],
  { defaultEnvironment: environment }: Vocabulary,
  { translator }: MessageContext,
): types.InputBlock {
  const hint = environment === null ? null : translator.translate('form.environment_hint', { environment });
  const element = {
    type: 'static_select' as const,
    action_id: fields.environment,
    ...inGroups(environments.map((name) => option(name, name))),
  };
  const input = field(fields.environment, translator.translate('form.environment'), hint, element);
  return reported({ ...input, optional: true });
}

/** Longer than any time that is typed. */
const longestTime = 60;

function whenField({ translator }: MessageContext): types.InputBlock {
  const element = {
    type: 'plain_text_input' as const,
    action_id: fields.when,
    max_length: longestTime,
    // Without it, Slack would report a text only when Enter is pressed.
    dispatch_action_config: { trigger_actions_on: ['on_character_entered' as const] },
  };
  const input = field(fields.when, translator.translate('form.when'), translator.translate('form.when_hint'), element);
  return reported({ ...input, optional: true });
}

function reasonField(terms: FormTerms | null, { translator }: MessageContext): types.InputBlock {
  const element = { type: 'plain_text_input' as const, action_id: fields.reason, max_length: longestReason };
  const { isReasonRequired = false, reasonFormat = null } = terms ?? {};
  const label = translator.translate(isReasonRequired ? 'form.reason_needed' : 'form.reason');
  const hint =
    reasonFormat === null
      ? translator.translate('form.reason_hint')
      : translator.translate('form.reason_hint_as', {
          required: isReasonRequired ? 'yes' : 'no',
          hint: reasonFormat,
        });
  return { ...field(fields.reason, label, hint, element), optional: !isReasonRequired };
}

/** A field of which Slack reports each choice. */
function reported(input: types.InputBlock): types.InputBlock {
  return { ...input, dispatch_action: true };
}

function field(id: string, label: Phrase, hint: Phrase | null, element: types.InputBlock['element']): types.InputBlock {
  return {
    type: 'input',
    block_id: id,
    label: { type: 'plain_text', text: plain(label) },
    ...(hint !== null && { hint: { type: 'plain_text' as const, text: plain(hint) } }),
    element,
  };
}

type Option = types.PlainTextOption & { readonly value: string };

function option(label: string, value: string): Option {
  return { text: { type: 'plain_text', text: label }, value };
}

/** Slack's limit for the options of a list, and of each group in it. */
export const mostOptions = 100;

/** More options than a list may have are put in groups, each labelled with its first and last option. */
function inGroups(options: Option[]): Pick<types.StaticSelect, 'options' | 'option_groups'> {
  if (options.length <= mostOptions) return { options };
  const groups: Option[][] = [];
  for (let from = 0; from < options.length; from += mostOptions) groups.push(options.slice(from, from + mostOptions));
  return {
    option_groups: groups.map((group) => ({
      label: { type: 'plain_text', text: `${group[0]?.value} – ${group.at(-1)?.value}` },
      options: group,
    })),
  };
}

/** "nightly-load (WKF110) · prod · Nightly profile load", shortened to Slack's limit. */
export function choiceLabel(choice: WorkflowOption, { translator }: MessageContext): string {
  const name =
    choice.kind === 'alias'
      ? plain(
          translator.translate('announce.alias', {
            alias: choice.name,
            workflow: [{ kind: 'text', text: choice.workflowId }],
          }),
        )
      : nameOf(choice);
  const label = choice.kind === 'alias' && choice.label !== null ? plain([foreign(choice.label)]) : null;
  const parts = [name, choice.environment, label].filter((part) => part !== null && part !== '');
  const text = [...parts.join(' · ')];
  return text.length > longestOption ? `${text.slice(0, longestOption - 1).join('')}…` : text.join('');
}

/** Slack's limit for the text of an option. */
const longestOption = 75;
