import { readFile, rename, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deserialize, serialize } from 'node:v8';

/** A file of the page. */
type Asset = { readonly type: string; readonly body: string | Uint8Array };

const root = fileURLToPath(new URL('./app/', import.meta.url));

/** The page's files, keyed by path, such as `/` and `/assets/index-1a2b.js`. */
export type App = ReadonlyMap<string, Asset>;

/**
 * Builds the page in memory, in about a second.
 *
 * @param shared a file for a build that several processes share: the first one writes it, the others read it. Nothing
 * compares it with the sources. Default: `SANDBOX_PAGE_BUILD`; without it, nothing is written.
 */
export async function loadApp(shared = process.env.SANDBOX_PAGE_BUILD): Promise<App> {
  if (shared === undefined) return buildApp();
  const written = await readFile(shared).catch(() => null);
  if (written !== null) return deserialize(written) as App;
  const app = await buildApp();
  // Renamed when it is complete, so that no other process reads a part of it.
  const draft = `${shared}-${process.pid}`;
  await writeFile(draft, serialize(app));
  await rename(draft, shared);
  return app;
}

async function buildApp(): Promise<App> {
  // Loaded only here, so that the bot and the sandbox without a page do not load Vite.
  const { build } = await import('vite');
  const built = await build({
    root,
    configFile: false,
    envDir: false,
    publicDir: false,
    logLevel: 'silent',
    // As for production, also with another NODE_ENV, in a test for instance.
    define: { 'process.env.NODE_ENV': JSON.stringify('production') },
    oxc: { jsx: { runtime: 'automatic', development: false } },
    resolve: { conditions: ['module', 'browser', 'production'] },
    build: { write: false, chunkSizeWarningLimit: 4_000 },
  });
  const outputs = [built].flat().flatMap((each) => ('output' in each ? each.output : []));
  return new Map(
    outputs.map((file) => [
      file.fileName === 'index.html' ? '/' : `/${file.fileName}`,
      { type: typeOf(file.fileName), body: file.type === 'chunk' ? file.code : file.source },
    ]),
  );
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

function typeOf(fileName: string): string {
  return types[extname(fileName)] ?? 'application/octet-stream';
}
