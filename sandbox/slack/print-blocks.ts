import type { Block, Button, Menu } from './blocks.ts';
import { printElement, printText } from './print-text.ts';
import type { RichTextElement, RichTextPart } from './rich-text.ts';
import type { Workspace } from './workspace.ts';

/** A block as lines of text, not yet wrapped. */
export function printBlock(workspace: Workspace, block: Block): string[] {
  switch (block.type) {
    case 'header':
      return printText(workspace, block.text).split('\n');
    case 'section': {
      const texts = [...(block.text ? [block.text] : []), ...(block.fields ?? [])];
      const lines = texts.flatMap((text) => printText(workspace, text).split('\n'));
      return block.accessory ? [...lines, printButton(block.accessory)] : lines;
    }
    case 'context':
      return block.elements.flatMap((text) => printText(workspace, text).split('\n'));
    case 'actions':
      return [block.elements.map(printControl).join('  ')];
    case 'divider':
      return ['─'.repeat(20)];
    case 'rich_text':
      return block.elements.flatMap((part) => printPart(workspace, part));
    default:
      return block satisfies never;
  }
}

function printControl(control: Button | Menu): string {
  return control.type === 'button' ? printButton(control) : `[ ${control.placeholder?.text ?? ''} ▾ ]`;
}

function printButton(button: Button): string {
  return `[ ${button.text.text} ]`;
}

function printPart(workspace: Workspace, part: RichTextPart): string[] {
  const linesOf = (elements: readonly RichTextElement[]) =>
    elements
      .map((element) => printElement(workspace, element))
      .join('')
      .replace(/\n$/, '')
      .split('\n');
  switch (part.type) {
    case 'rich_text_section':
      return linesOf(part.elements);
    case 'rich_text_quote':
      return linesOf(part.elements).map((line) => `> ${line}`);
    case 'rich_text_preformatted':
      return linesOf(part.elements).map((line) => `    ${line}`);
    case 'rich_text_list':
      return part.elements.flatMap((item, nth) => {
        const bullet = part.style === 'ordered' ? `${nth + 1 + (part.offset ?? 0)}. ` : '• ';
        const margin = '  '.repeat(part.indent ?? 0);
        return linesOf(item.elements).map((line, at) => `${margin}${at === 0 ? bullet : '  '}${line}`);
      });
    default:
      return part satisfies never;
  }
}
