import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';

/** Checks the types of one file at a time, in a compiler that keeps running: a tenth of the time of a whole check. */
export type TypeChecker = {
  /** The errors in `checked` while the text of `path` is `source`; the paths are relative to the project. */
  errorsIn(checked: string, path: string, source: string): Promise<readonly string[]>;
};

const message = z.object({
  id: z.union([z.number(), z.string()]).optional(),
  method: z.string().optional(),
  result: z.unknown().optional(),
});
const diagnostics = z.object({ items: z.array(z.object({ severity: z.number().optional(), message: z.string() })) });
const configurationRequest = z.object({ params: z.object({ items: z.array(z.unknown()) }) });
const errorSeverity = 1;

/** Starts the compiler as a language server (LSP 3.17). `read` gives the text of a file as it is on disk. */
export async function startTypeChecker(
  folder: string,
  env: NodeJS.ProcessEnv,
  read: (path: string) => string,
): Promise<TypeChecker> {
  const server = spawn('node_modules/.bin/tsc', ['--lsp', '--stdio'], { cwd: folder, env });
  server.stderr.resume();
  process.once('exit', () => server.kill('SIGKILL'));
  const { request, notify } = connect(server);
  const rootUri = pathToFileURL(folder).href;
  const workspaceFolders = [{ uri: rootUri, name: 'project' }];
  const capabilities = { workspace: { configuration: true }, textDocument: { diagnostic: {} } };
  await request('initialize', { processId: process.pid, rootUri, workspaceFolders, capabilities });
  notify('initialized', {});

  let version = 0;
  const current = new Map<string, string>();
  const uriOf = (path: string) => pathToFileURL(join(folder, path)).href;
  const show = (path: string, text: string) => {
    if (current.get(path) === text) return;
    const textDocument = { uri: uriOf(path), languageId: 'typescript', version: ++version };
    if (current.has(path)) notify('textDocument/didChange', { textDocument, contentChanges: [{ text }] });
    else notify('textDocument/didOpen', { textDocument: { ...textDocument, text } });
    current.set(path, text);
  };

  return {
    async errorsIn(checked, path, source) {
      show(checked, read(checked));
      show(path, source);
      const found = await request('textDocument/diagnostic', { textDocument: { uri: uriOf(checked) } });
      show(path, read(path));
      return diagnostics
        .parse(found)
        .items.filter(({ severity }) => severity === errorSeverity)
        .map((error) => error.message);
    },
  };
}

/** JSON-RPC over a process's standard input and output, each message after a header with its length. */
function connect(server: ChildProcessWithoutNullStreams) {
  const pending = new Map<number | string, PromiseWithResolvers<unknown>>();
  let received = Buffer.alloc(0);
  const send = (content: object) => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...content });
    server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const take = (text: string) => {
    const { id, method, result } = message.parse(JSON.parse(text));
    if (id === undefined) return;
    if (method === undefined) pending.get(id)?.resolve(result);
    // It asks for settings, and gets the defaults.
    else if (method !== 'workspace/configuration') send({ id, result: null });
    else send({ id, result: configurationRequest.parse(JSON.parse(text)).params.items.map(() => null) });
  };
  server.stdout.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    for (let end = received.indexOf('\r\n\r\n'); end >= 0; end = received.indexOf('\r\n\r\n')) {
      const next = end + 4 + Number(/Content-Length: (\d+)/i.exec(received.toString('latin1', 0, end))?.[1]);
      if (received.length < next) return;
      const text = received.toString('utf8', end + 4, next);
      received = received.subarray(next);
      take(text);
    }
  });
  server.once('exit', () => {
    for (const { reject } of pending.values()) reject(new Error('the language server ended'));
  });
  let lastId = 0;
  return {
    notify: (method: string, params: object) => send({ method, params }),
    request(method: string, params: object): Promise<unknown> {
      const id = ++lastId;
      const answer = Promise.withResolvers<unknown>();
      pending.set(id, answer);
      send({ id, method, params });
      return answer.promise.finally(() => pending.delete(id));
    },
  };
}
