import { useMemo, useState } from 'react';
import type { Snapshot } from '../snapshot.ts';
import { Brand } from './brand.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { Modal } from './modal/modal.tsx';
import { NarrowPage } from './narrow-page.tsx';
import type { PageProps, PanelName } from './page-props.ts';
import { type Address, useAddress } from './use-address.ts';
import { useMedia } from './use-media.ts';
import { type Connection, useSnapshot } from './use-snapshot.ts';
import { type Themes, useTheme } from './use-theme.ts';
import { useUnread } from './use-unread.ts';
import { WidePage } from './wide-page.tsx';

export function App() {
  const themes = useTheme();
  const [address, changeAddress] = useAddress();
  const { snapshot, connection } = useSnapshot(address.as);
  return (
    <>
      <ConnectionBanner connection={connection} />
      {snapshot === null ? (
        <Waiting connection={connection} />
      ) : (
        <Page snapshot={snapshot} themes={themes} wished={address} onGo={changeAddress} />
      )}
    </>
  );
}

type Props = {
  readonly snapshot: Snapshot;
  readonly themes: Themes;
  /** A person may not be there, or not in that channel. */
  readonly wished: Address;
  readonly onGo: (change: Partial<Address>) => void;
};

function Page({ snapshot, themes, wished, onGo }: Props) {
  const [panel, setPanel] = useState<PanelName | 'chat'>('chat');
  // Outlives a look at another tab.
  const [rulesDraft, setRulesDraft] = useState<string | null>(null);
  const isNarrow = useMedia('(max-width: 800px)');
  const { channels, known, me, modal, people } = snapshot;
  const place = channels.find(({ id }) => id === wished.channel) ?? channels[0];
  const unread = useUnread(snapshot, place?.id ?? '');
  const look = useMemo(() => ({ known, theme: themes.theme }), [known, themes.theme]);
  if (place === undefined) return null;
  const props: PageProps = {
    snapshot,
    place,
    look,
    themes,
    unread,
    becoming: people.find(({ id }) => id === wished.as)?.id ?? me,
    panel,
    rulesDrafting: { draft: rulesDraft, onDraft: setRulesDraft },
    onPanel: setPanel,
    onGo: (channel) => onGo({ channel }),
    onBecome: (as) => onGo({ as }),
  };
  return (
    <>
      {isNarrow ? <NarrowPage {...props} /> : <WidePage {...props} />}
      {modal !== null && <Modal modal={modal} me={me} look={look} />}
    </>
  );
}

function Waiting({ connection }: { connection: Connection }) {
  return (
    <main className="waiting">
      <Brand />
      <h1>campaign-wf sandbox</h1>
      <p role="status">{connection === 'lost' ? 'Nobody answers.' : 'Connecting to the sandbox…'}</p>
    </main>
  );
}
