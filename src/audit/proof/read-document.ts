import { createReadStream } from 'node:fs';
import type { z } from 'zod';
import { code } from '../../locales/phrase.ts';
import type { Translator } from '../../locales/translator.ts';
import { Failure } from '../failure.ts';

/** A document of a request with thousands of events has some megabytes. In bytes. */
const largest = 64 * 1024 * 1024;

/** Reads a JSON file of that shape. Throws a Failure that says why the file is none. */
export async function readDocument<T extends z.ZodType>(
  path: string,
  shape: T,
  translator: Translator,
): Promise<z.output<T>> {
  const json = parsed(await textOf(path, translator), path, translator);
  const read = shape.safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  throw notOne(path, writtenPath([...(issue?.path ?? []), ...unknown]), translator);
}

function parsed(text: string, path: string, translator: Translator): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notOne(path, null, translator);
  }
}

async function textOf(path: string, translator: Translator): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await bytesOf(path));
  } catch (error) {
    if (!Error.isError(error) || !('code' in error)) throw error;
    throw new Failure(translator.translate('audit.input_failed', { path, code: String(error.code) }));
  }
}

/** Also of a pipe, which has no size. */
async function bytesOf(path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of createReadStream(path)) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > largest) throw Object.assign(new Error('too large'), { code: 'EFBIG' });
  }
  return Buffer.concat(chunks);
}

/** @param place the first part that is not as it should be; null: the file is no JSON */
function notOne(path: string, place: string | null, { translate }: Translator): Failure {
  const file = [code(path)];
  if (place === null) return new Failure(translate('audit.not_json', { file }));
  return new Failure(translate('audit.not_a_document', { file, place: [code(place)] }));
}

/** "events[3].proof[2]" */
function writtenPath(path: readonly PropertyKey[]): string {
  const parts = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`));
  return parts.join('').replace(/^\./, '') || '{}';
}
