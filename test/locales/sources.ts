import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const src = new URL('../../src/', import.meta.url);

/** The program's code, a file each, without the list of all messages itself. */
export function codeFiles(): readonly string[] {
  return readdirSync(fileURLToPath(src), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && path !== 'locales/parameters.ts')
    .map((path) => readFileSync(new URL(path, src), 'utf8'));
}

/** The catalogues as they are written, by their file's name. */
export function catalogueFiles(): readonly (readonly [locale: string, json: string])[] {
  const folder = new URL('locales/', src);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => [name.slice(0, -'.json'.length), readFileSync(new URL(name, folder), 'utf8')]);
}
