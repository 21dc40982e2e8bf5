import type { types } from '@slack/bolt';
import type { Verb } from '../../commands/command.ts';
import { longestReason } from '../../commands/read-reason.ts';
import type { Vocabulary } from '../../commands/vocabulary.ts';
import { channel, foreign } from '../../locales/phrase.ts';
import { plain } from '../../locales/words.ts';
import type { Voice } from '../messages/voice.ts';
import { fields, formId } from '../names.ts';
import { paragraph } from '../render.ts';
import { type Choice, nameOf } from './choices.ts';
import { optionValue } from './option-value.ts';

/** What the form begins with. */
export type Preset = { readonly verb: Verb | null; readonly workflow: Choice | null };

export type FormView = {
  /** Where it will be announced, and which interaction opened it: kept within the view, which only Slack and we see. */
  readonly context: FormContext;
  readonly commands: readonly Verb[];
  readonly environments: readonly string[];
  readonly preset: Preset;
};

export type FormContext = { readonly channel: string; readonly interaction: string };

/** The form for who does not type: the same words as of the slash command, each in its field. */
export function formView(
  { context, commands, environments, preset }: FormView,
  vocabulary: Vocabulary,
  voice: Voice,
): types.ModalView {
  const { words } = voice;
  const text = (...[key]: Parameters<PlainKey>) => plain(words.say(key));
  const option = (label: string, value: string) => ({ text: { type: 'plain_text' as const, text: label }, value });
  const commandOptions = commands.map((verb) => option(plain(words.say('form.verb', { verb })), verb));
  const initialCommand = commandOptions.find(({ value }) => value === preset.verb);
  const { workflow } = preset;
  const initialWorkflow = workflow === null ? null : option(choiceLabel(workflow, voice), optionValue(workflow));
  const optionalEnvironment = vocabulary.defaultEnvironment !== null;
  return {
    type: 'modal',
    callback_id: formId,
    private_metadata: JSON.stringify({ ...context, locale: voice.words.locale }),
    title: { type: 'plain_text', text: text('form.title') },
    submit: { type: 'plain_text', text: text('form.submit') },
    close: { type: 'plain_text', text: text('form.close') },
    blocks: [
      paragraph(words.say('form.where', { channel: channel(context.channel) })),
      field(fields.workflow, text('form.workflow'), text('form.workflow_hint'), {
        type: 'external_select',
        action_id: fields.workflow,
        min_query_length: 0,
        ...(initialWorkflow && { initial_option: initialWorkflow }),
      }),
      field(fields.command, text('form.command'), null, {
        type: 'static_select',
        action_id: fields.command,
        options: commandOptions,
        ...(initialCommand && { initial_option: initialCommand }),
      }),
      {
        ...field(
          fields.environment,
          text('form.environment'),
          optionalEnvironment
            ? plain(words.say('form.environment_hint', { environment: vocabulary.defaultEnvironment ?? '' }))
            : null,
          {
            type: 'static_select',
            action_id: fields.environment,
            ...inGroups(environments.map((name) => option(name, name))),
          },
        ),
        optional: true,
      },
      {
        ...field(fields.reason, text('form.reason'), text('form.reason_hint'), {
          type: 'plain_text_input',
          action_id: fields.reason,
          max_length: longestReason,
        }),
        optional: true,
      },
    ],
  };
}

/** Slack's limit for the options of a list, and of each of its groups. */
export const mostOptions = 100;

type Option = types.PlainTextOption & { readonly value: string };

/** More than a list takes come in groups, each named after its first and its last. */
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

type PlainKey = (
  key:
    | 'form.title'
    | 'form.submit'
    | 'form.close'
    | 'form.workflow'
    | 'form.workflow_hint'
    | 'form.command'
    | 'form.environment'
    | 'form.reason'
    | 'form.reason_hint',
) => void;

function field(id: string, label: string, hint: string | null, element: types.InputBlock['element']): types.InputBlock {
  return {
    type: 'input',
    block_id: id,
    label: { type: 'plain_text', text: label },
    ...(hint !== null && { hint: { type: 'plain_text' as const, text: hint } }),
    element,
  };
}

/** "nightly-load (WKF110) · prod · Nightly profile load", as much as there is room for. */
export function choiceLabel(choice: Choice, { words }: Voice): string {
  const name =
    choice.kind === 'alias'
      ? plain(
          words.say('announce.alias', { alias: choice.name, workflow: [{ kind: 'text', text: choice.workflowId }] }),
        )
      : nameOf(choice);
  const label = choice.kind === 'alias' && choice.label !== null ? plain([foreign(choice.label)]) : null;
  const parts = [name, choice.environment, label].filter((part) => part !== null && part !== '');
  const text = [...parts.join(' · ')];
  return text.length > longestOption ? `${text.slice(0, longestOption - 1).join('')}…` : text.join('');
}

/** Slack's limit for the text of an option. */
const longestOption = 75;
