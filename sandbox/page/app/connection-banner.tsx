import { Icon } from './icon.tsx';
import type { Connection } from './use-snapshot.ts';

export function ConnectionBanner({ connection }: { connection: Connection }) {
  return (
    <div role="alert" className="banner" hidden={connection !== 'lost'}>
      {connection === 'lost' && (
        <>
          <Icon name="warning" />
          <p>
            The connection to the sandbox is lost. The page reconnects automatically. If the sandbox was stopped,
            restart it with <code>npm run sandbox -- --port {location.port}</code>, or open the address that it prints.
          </p>
        </>
      )}
    </div>
  );
}
