import type { SlackContext } from './context.ts';
import { unseen } from './delivery/acknowledgements.ts';
import type { Interaction } from './delivery/interaction.ts';
import {
  blockSuggestionPayload,
  viewActionPayload,
  viewClosedPayload,
  viewSubmissionPayload,
} from './delivery/view-interaction.ts';
import { ImpossibleActionError, personOf, viewOf } from './impossible-action.ts';
import { readOptions } from './views/answered-query.ts';
import { answerSubmission } from './views/answered-submission.ts';
import { type FilledValues, fillIn, refuseIncomplete } from './views/filling-in.ts';
import type { Option } from './views/input-block.ts';
import { type Input, inputsOf } from './views/inputs.ts';
import { closeView } from './views/open-views.ts';
import type { OpenView } from './workspace.ts';

type InModal = {
  /** The person with the modal. */
  user: string;
  viewId: string;
  /** The workspace of the interaction. Default: where the modal was opened. */
  teamId?: string;
};

export type SuggestInput = InModal & {
  /** Of an `external_select`. */
  actionId: string;
  /** The typed text. */
  query: string;
};

export type FilledIn = InModal & { values: FilledValues };

export type Submitted = InModal & {
  /** Values to fill in. Default: the current values. */
  values?: FilledValues;
  triggerId?: string;
};

export type Closed = InModal;

/** With the options that the person gets. */
export type OptionsQuery = { interaction: Interaction; offered: () => Option[] };

// https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select
const DEFAULT_MIN_QUERY_LENGTH = 3;

export function optionsQuery(context: SlackContext, input: SuggestInput): OptionsQuery {
  const { workspace } = context;
  const { user, teamId, shown } = inModal(context, input);
  const { blockId, actionId } = externalSelectOf(shown, input);
  let options: Option[] = [];
  shown.suggested[blockId] = options;
  const query = { user, shown, teamId, blockId, actionId, query: input.query };
  const payload = blockSuggestionPayload(workspace, query);
  const acknowledged = (parsedBody: unknown) => {
    options = readOptions(context, parsedBody);
    shown.suggested[blockId] = options;
    context.changes.notify();
  };
  const interaction = { type: 'interactive' as const, triggerId: '', responseUrl: '', payload, acknowledged };
  return { interaction, offered: () => options };
}

/** What the bot is told of it: each change of an input with `dispatch_action`; of a text only where each character is reported. */
export function filledIn(context: SlackContext, { values, ...where }: FilledIn): readonly Interaction[] {
  const { user, teamId, shown } = inModal(context, where);
  const changed = fillIn(shown, values);
  context.changes.notify();
  return changed
    .filter(({ dispatches }) => dispatches)
    .map((input) => {
      const triggerId = context.triggers.issue({ user: user.id, teamId });
      const chosen = { user, shown, teamId, input, triggerId, actionTs: context.nextTs() };
      return {
        type: 'interactive',
        triggerId,
        responseUrl: '',
        payload: viewActionPayload(context.workspace, chosen),
        acknowledged: unseen(context, 'a choice'),
      };
    });
}

export function submittedView(context: SlackContext, submitted: Omit<Submitted, 'values'>): Interaction {
  const { user, teamId, shown } = inModal(context, submitted);
  if (!shown.view.submit) throw new ImpossibleActionError(`The view ${shown.id} has no button to submit it.`);
  refuseIncomplete(shown);
  const triggerId = context.triggers.issue({ user: user.id, teamId }, submitted.triggerId);
  return {
    type: 'interactive',
    triggerId,
    responseUrl: '',
    payload: viewSubmissionPayload(context.workspace, { user, shown, teamId, triggerId }),
    acknowledged: (parsedBody) => answerSubmission(context, shown.id, parsedBody),
  };
}

/** Null when the view requests no notification. */
export function closedView(context: SlackContext, closed: Closed): Interaction | null {
  const { user, teamId, shown } = inModal(context, closed);
  closeView(context, shown);
  if (!shown.view.notify_on_close) return null;
  const payload = viewClosedPayload(context.workspace, { user, shown, teamId });
  return {
    type: 'interactive',
    triggerId: '',
    responseUrl: '',
    payload,
    acknowledged: unseen(context, 'a closed view'),
  };
}

function inModal({ workspace }: SlackContext, { user, viewId, teamId }: InModal) {
  const shown = viewOf(workspace, { user, viewId });
  return { user: personOf(workspace, user), shown, teamId: teamId ?? shown.teamId };
}

function externalSelectOf({ id, view }: OpenView, { actionId, query }: SuggestInput): Input {
  const input = inputsOf(view).find((each) => each.actionId === actionId && each.element.type === 'external_select');
  if (input?.element.type !== 'external_select')
    throw new ImpossibleActionError(`There is no external_select ${actionId} in view ${id}.`);
  const { min_query_length: least = DEFAULT_MIN_QUERY_LENGTH } = input.element;
  if (query.length < least)
    throw new ImpossibleActionError(
      `Slack requests options of ${actionId} after ${least} characters, not ${query.length}.`,
    );
  return input;
}
