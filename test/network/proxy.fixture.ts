import { RequestError, Server } from 'proxy-chain';

/** A real CONNECT proxy on this machine. */
export type TestProxy = {
  /** With the credentials in it, where it asks for them. */
  readonly url: string;
  /** Where its tunnels were to lead: `host:port`. */
  readonly tunnels: readonly string[];
  /** Closes every tunnel and opens no other one (to that host and port only, if given), until it is told otherwise. */
  refuse(refused: boolean, host?: string): void;
  close(): Promise<void>;
};

/** @param password what it asks for beside the user `proxy-user`; null: nothing */
export async function startProxy(password: string | null = null): Promise<TestProxy> {
  const tunnels: string[] = [];
  let refuses = (_host: string) => false;
  const server = new Server({
    host: '127.0.0.1',
    port: 0,
    prepareRequestFunction({ hostname, port, isHttp, username, password: given }) {
      tunnels.push(`${isHttp ? 'no tunnel: ' : ''}${hostname}:${port}`);
      if (refuses(`${hostname}:${port}`)) throw new RequestError('The proxy lets nobody through', 403);
      return { requestAuthentication: password !== null && (username !== 'proxy-user' || given !== password) };
    },
  });
  await server.listen();
  const credentials = password === null ? '' : `proxy-user:${encodeURIComponent(password)}@`;
  return {
    url: `http://${credentials}127.0.0.1:${server.port}`,
    tunnels,
    refuse(refused, host) {
      refuses = (asked) => refused && (host === undefined || host === asked);
      if (refused) server.closeConnections();
    },
    close: () => server.close(true),
  };
}
