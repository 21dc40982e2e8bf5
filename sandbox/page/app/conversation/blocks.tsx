import { memo } from 'react';
import { Message, type Block as RenderedBlock } from 'slack-blocks-to-jsx';
import type { Block } from '../../../slack/blocks.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { Theme } from '../use-theme.ts';

/** The names in mentions, and the theme. */
export type RenderContext = { readonly known: Snapshot['known']; readonly theme: Theme };

type Props = { readonly blocks: readonly Block[]; readonly renderContext: RenderContext };

export const Blocks = memo(function Blocks({ blocks, renderContext: { known, theme } }: Props) {
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
});

/** A message without blocks: its text is markup. */
export function textBlocks(text: string): readonly Block[] {
  return [{ type: 'section', text: { type: 'mrkdwn', text: text.replace(labelledGroup, '$1>') } }];
}

/** The library renders a group with a label, `<!subteam^S012|@leads>`, as a link. Its name is known anyway. */
const labelledGroup = /(<!subteam\^\w+)\|[^>]*>/g;
