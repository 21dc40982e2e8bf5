import { randomUUID } from 'node:crypto';
import { existsSync, rmSync, statSync } from 'node:fs';
import { link, open, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AuditContext } from './audit-command.ts';
import { Failure, UsageFailure } from './failure.ts';

export type OutputFile = { readonly path: string; readonly mayReplace: boolean };

/** Writes a file as a whole or not at all, as `makeFileWhole` does. */
export function writeFileWhole<T>(
  output: OutputFile,
  context: AuditContext,
  write: (stream: Writable) => Promise<T>,
): Promise<T> {
  return makeFileWhole(output, context, async (incomplete) => {
    const file = await open(incomplete, 'r+');
    return write(file.createWriteStream({ flush: true }));
  });
}

/**
 * Makes a file as a whole or not at all, for its owner alone (0600). `make` gets the path of an empty file beside it, and
 * leaves it complete and on the disk; only then it gets its name. Throws a Failure if there is such a file already, unless it
 * may be replaced.
 */
export async function makeFileWhole<T>(
  { path, mayReplace }: OutputFile,
  context: AuditContext,
  make: (incomplete: string) => Promise<T>,
): Promise<T> {
  if (isSpecial(path)) throw new UsageFailure(context.translator.translate('audit.output_no_file', { path }));
  if (!mayReplace && existsSync(path)) throw exists(path, context);
  const incomplete = join(dirname(path), `.${basename(path)}.${randomUUID()}.incomplete`);
  using _incomplete = removedAtEnd(incomplete);
  const file = await open(incomplete, 'wx', 0o600).catch(failsWith(path, context));
  await file.close();
  const result = await make(incomplete).catch(failsFully(path, context));
  // A link is refused where the name is taken meanwhile, and a renaming is not.
  const place = mayReplace ? rename(incomplete, path) : link(incomplete, path);
  await place.catch(failsWith(path, context));
  return result;
}

/** A device or a pipe, such as `/dev/stdout`, would be replaced by the file. */
function isSpecial(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Removes the file also if a signal ends the process, as Ctrl-C does. */
function removedAtEnd(path: string): Disposable {
  const remove = () => {
    for (const end of ['', '-journal']) rmSync(`${path}${end}`, { force: true });
  };
  const end = (signal: NodeJS.Signals) => {
    stop();
    process.kill(process.pid, signal);
  };
  const stop = () => {
    for (const signal of endings) process.off(signal, end);
    remove();
  };
  for (const signal of endings) process.on(signal, end);
  return { [Symbol.dispose]: stop };
}

/** The same for a text. */
export function writeText(file: OutputFile, context: AuditContext, text: string): Promise<void> {
  return writeFileWhole(file, context, (stream) => pipeline(Readable.from([text]), stream));
}

function failsWith(path: string, context: AuditContext) {
  return (error: NodeJS.ErrnoException): never => {
    if (error.code === 'EEXIST') throw exists(path, context);
    throw new Failure(context.translator.translate('audit.output_failed', { path, code: error.code ?? error.message }));
  };
}

/** What is written comes from elsewhere, and its errors are not the file's. */
const ofFile = /^(ENOSPC|EDQUOT|EFBIG|EIO|EROFS)$/;

function failsFully(path: string, context: AuditContext) {
  return (error: NodeJS.ErrnoException): never => {
    if (ofFile.test(error.code ?? '')) return failsWith(path, context)(error);
    throw error;
  };
}

function exists(path: string, { translator }: AuditContext): Failure {
  return new Failure(translator.translate('audit.output_exists', { path }));
}
