import { useCallback, useEffect, useRef } from 'react';
import type { Block } from '../../../slack/blocks.ts';
import type { Snapshot } from '../../snapshot.ts';
import { Blocks, type RenderContext } from '../conversation/blocks.tsx';
import type { Pressable } from '../conversation/buttons.ts';
import { useKeptFocus } from '../conversation/use-kept-focus.ts';
import { usePresses } from '../conversation/use-presses.ts';
import { useAction } from '../use-action.ts';

type Props = { readonly snapshot: Snapshot; readonly renderContext: RenderContext };

/** The app's Home tab as the selected person sees it in Slack. To look at it opens it. */
export function HomePanel({ snapshot: { me, home }, renderContext }: Props) {
  const { act, problem } = useAction();
  useEffect(() => {
    void act({ type: 'open home', as: me });
  }, [act, me]);
  return (
    <>
      <h2>Home</h2>
      <p className="lead">What the App Home of campaign-wf shows this person in Slack, kept up to date.</p>
      <p role="alert" className="problem" hidden={problem === null}>
        {problem}
      </p>
      {home === null && problem === null && <p className="empty">Nothing is published yet.</p>}
      {home !== null && <Home key={me} me={me} blocks={home} renderContext={renderContext} />}
    </>
  );
}

type HomeProps = { readonly me: string; readonly blocks: readonly Block[]; readonly renderContext: RenderContext };

function Home({ me, blocks, renderContext }: HomeProps) {
  const article = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const { act, problem } = useAction();
  const press = useCallback(
    ({ action_id: actionId = '', value }: Pressable) =>
      act({ type: 'press at home', as: me, actionId, ...(value !== undefined && { value }) }),
    [act, me],
  );
  usePresses(content, blocks, press);
  useKeptFocus(article, content, blocks);
  return (
    <article ref={article} tabIndex={-1} className="card home" aria-label="App Home">
      <div ref={content}>
        <Blocks blocks={blocks} renderContext={renderContext} />
      </div>
      <p role="alert" className="problem" hidden={problem === null}>
        {problem}
      </p>
    </article>
  );
}
