import { z } from 'zod';
import { problemsOf } from '../block-problems.ts';
import type { SlackContext } from '../context.ts';
import { addMistake } from '../messages.ts';
import { allOptions, hasOptionsOnce, type Option, optionGroups, optionList, optionsOnce } from './input-block.ts';

// https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select
const answer = z
  .strictObject({ options: optionList.optional(), option_groups: optionGroups.optional() })
  .refine(hasOptionsOnce, optionsOnce);

/** The options, with groups flattened. None where the response is invalid. */
export function readOptions(context: SlackContext, parsedBody: unknown): Option[] {
  const read = answer.safeParse(parsedBody ?? {}, { reportInput: true });
  if (!read.success) {
    addMistake(context, `a query was answered with invalid options: ${problemsOf(read.error, []).join('; ')}`);
    return [];
  }
  return allOptions(read.data);
}
