import { Brand } from './brand.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { Modal } from './modal/modal.tsx';
import { NarrowPage } from './narrow-page.tsx';
import { useAddress } from './use-address.ts';
import { useMedia } from './use-media.ts';
import { type PageSource, usePageProps } from './use-page-props.ts';
import { type Connection, useSnapshot } from './use-snapshot.ts';
import { useTheme } from './use-theme.ts';
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
        <Page snapshot={snapshot} themes={themes} address={address} onAddress={changeAddress} />
      )}
    </>
  );
}

function Page(source: PageSource) {
  const isNarrow = useMedia('(max-width: 800px)');
  const props = usePageProps(source);
  if (props === null) return null;
  const { me, modal } = props.snapshot;
  return (
    <>
      {isNarrow ? <NarrowPage {...props} /> : <WidePage {...props} />}
      {modal !== null && <Modal modal={modal} me={me} renderContext={props.renderContext} />}
    </>
  );
}

function Waiting({ connection }: { connection: Connection }) {
  return (
    <main className="waiting">
      <Brand />
      <h1>campaign-wf sandbox</h1>
      <p role="status">{connection === 'lost' ? 'The sandbox is not reachable.' : 'Connecting to the sandbox…'}</p>
    </main>
  );
}
