import { z } from 'zod';
import type { SlackContext } from '../context.ts';
import { addMistake } from '../messages.ts';
import { findView, type OpenView } from '../workspace.ts';
import { inputsOf } from './inputs.ts';
import { checkModal } from './modal.ts';
import { closeView, replaceView, showErrors } from './open-views.ts';

// https://docs.slack.dev/surfaces/modals#response_actions. No bot of ours stacks one view on another, as `push` does.
const answer = z.discriminatedUnion('response_action', [
  z.object({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string().min(1)) }),
  z.object({ response_action: z.literal('update'), view: z.unknown() }),
  z.object({ response_action: z.literal('clear') }),
]);

/** A view closes after an empty acknowledgement of its submission. After an invalid one it is not changed. */
export function answerSubmission(context: SlackContext, viewId: string, parsedBody: unknown): void {
  const shown = findView(context.workspace, viewId);
  if (!shown) return;
  if (parsedBody === undefined) {
    closeView(context, shown);
    return;
  }
  const read = answer.safeParse(parsedBody);
  if (read.success) carryOut(context, shown, read.data);
  else addMistake(context, 'a submission was acknowledged with an invalid answer');
}

function carryOut(context: SlackContext, shown: OpenView, given: z.output<typeof answer>): void {
  switch (given.response_action) {
    case 'errors':
      markErrors(context, shown, given.errors);
      break;
    case 'update':
      updateWith(context, shown, given.view);
      break;
    case 'clear':
      closeView(context, shown);
      break;
    default:
      given satisfies never;
  }
}

function markErrors(context: SlackContext, shown: OpenView, errors: Record<string, string>): void {
  const isInput = (blockId: string) => inputsOf(shown.view).some((input) => input.blockId === blockId);
  const entries = Object.entries(errors);
  if (entries.length === 0) addMistake(context, 'a submission has errors, but for no input');
  for (const [blockId] of entries.filter(([each]) => !isInput(each)))
    addMistake(context, `a submission has an error for ${blockId}, which is no input of the view`);
  showErrors(context, shown, Object.fromEntries(entries.filter(([each]) => isInput(each))));
}

function updateWith(context: SlackContext, shown: OpenView, given: unknown): void {
  const checked = checkModal(given);
  if (checked.ok) replaceView(context, shown, checked.modal);
  else addMistake(context, `a submission was acknowledged with an invalid view: ${checked.problems.join('; ')}`);
}
