import { printBlock } from './print-blocks.ts';
import { nameOf, printText } from './print-text.ts';
import type { InputBlock } from './views/input-block.ts';
import type { InputState } from './views/view-state.ts';
import type { OpenView, Workspace } from './workspace.ts';

/** A modal as text for a terminal, with the values of its inputs. */
export function printView(workspace: Workspace, shown: OpenView): string {
  const lines = shown.view.blocks.flatMap((block) =>
    block.type === 'input' ? printInput(workspace, shown, block) : printBlock(workspace, block),
  );
  const head = `Modal of ${nameOf(workspace, shown.user)}: ${printText(workspace, shown.view.title)}`;
  return [head, ...lines.map((line) => `       ${line}`.trimEnd())].join('\n');
}

function printInput(workspace: Workspace, { values, errors }: OpenView, block: InputBlock): string[] {
  const { label, optional = false, element, block_id: blockId = '' } = block;
  const state = values[blockId]?.[element.action_id ?? ''];
  const name = `${printText(workspace, label)}${optional ? ' (optional)' : ''}`;
  const [first = '', ...more] = printState(workspace, state).split('\n');
  const error = errors[blockId];
  return [`${name}: ${first}`, ...more, ...(error === undefined ? [] : [`⚠️ ${error}`])];
}

function printState(workspace: Workspace, state: InputState | undefined): string {
  if (state?.type === 'plain_text_input') return state.value ?? '–';
  return state?.selected_option ? printText(workspace, state.selected_option.text) : '–';
}
