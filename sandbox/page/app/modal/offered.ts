import type { InputElement, Option } from '../../../slack/views/input-block.ts';

/** All options, with or without groups. */
export function offeredBy({
  options,
  option_groups = [],
}: InputElement & { type: 'static_select' }): readonly Option[] {
  return options ?? option_groups.flatMap((group) => group.options);
}
