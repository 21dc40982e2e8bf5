import type { InputElement, Option } from '../../../slack/views/input-block.ts';

/** All that can be chosen, in groups or not. */
export function offeredBy({
  options,
  option_groups = [],
}: InputElement & { type: 'static_select' }): readonly Option[] {
  return options ?? option_groups.flatMap((group) => group.options);
}
