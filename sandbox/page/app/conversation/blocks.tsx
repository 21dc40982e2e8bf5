import { memo } from 'react';
import { Message, type Block as RenderedBlock } from 'slack-blocks-to-jsx';
import type { Block, Menu } from '../../../slack/blocks.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { Theme } from '../use-theme.ts';
import { MenuBlock } from './menu-block.tsx';

/** The names in mentions, and the theme. */
export type RenderContext = { readonly known: Snapshot['known']; readonly theme: Theme };

type Props = { readonly blocks: readonly Block[]; readonly renderContext: RenderContext };

export const Blocks = memo(function Blocks({ blocks, renderContext }: Props) {
  return partsOf(blocks).map((part) =>
    'menu' in part ? (
      <MenuBlock key={part.key} menu={part.menu} />
    ) : (
      <LibraryBlocks key={part.key} blocks={part.blocks} renderContext={renderContext} />
    ),
  );
});

type Part = { readonly key: string } & ({ readonly menu: Menu } | { readonly blocks: readonly Block[] });

/** The library's menus cannot be used by keyboard, and do not say what is chosen. */
function partsOf(blocks: readonly Block[]): readonly Part[] {
  const parts: Part[] = [];
  let run: Block[] = [];
  const end = () => {
    if (run.length > 0) parts.push({ key: `blocks ${parts.length}`, blocks: run });
    run = [];
  };
  for (const block of blocks) {
    const elements = block.type === 'actions' ? block.elements : [];
    const menus = elements.filter((element) => element.type === 'static_select');
    const others = elements.filter((element) => element.type !== 'static_select');
    if (block.type !== 'actions') run.push(block);
    else if (others.length > 0) run.push({ ...block, elements: others });
    if (menus.length > 0) end();
    parts.push(...menus.map((menu) => ({ key: `menu ${menu.action_id}`, menu })));
  }
  end();
  return parts;
}

function LibraryBlocks({ blocks, renderContext: { known, theme } }: Props) {
  return (
    <Message
      // The pretend Slack has validated them; the library's types differ only in form.
      blocks={blocks as unknown as RenderedBlock[]}
      data={{ users: [...known.users], channels: [...known.channels], user_groups: [...known.groups] }}
      theme={theme}
      withoutWrapper
      name=""
      logo=""
    />
  );
}

/** A message without blocks: its text is markup. */
export function textBlocks(text: string): readonly Block[] {
  return [{ type: 'section', text: { type: 'mrkdwn', text: text.replace(labelledGroup, '$1>') } }];
}

/** The library renders a group with a label, `<!subteam^S012|@leads>`, as a link. Its name is known anyway. */
const labelledGroup = /(<!subteam\^\w+)\|[^>]*>/g;
