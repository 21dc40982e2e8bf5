import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import type { KeptCheckpoint } from './log-event.ts';
import { readWitnessLine } from './witness-lines.ts';

/** Why a witness file cannot be used: the code of the operating system, `EISDIR` for what is no ordinary file, `ETIMEDOUT`. */
export class WitnessFileError extends Error {
  override name = 'WitnessFileError';
  readonly code: string;

  constructor(code: string, cause?: unknown) {
    super(`the witness file cannot be used (${code})`, { cause });
    this.code = code;
  }
}

/** The checkpoints at the end of a witness file, the oldest first. `isCut`: its last line has no end. */
export type WitnessEnd = { readonly newest: readonly KeptCheckpoint[]; readonly isCut: boolean };

/** A new file can be read by its owner alone. A pipe without a reader is an error, and does not block. */
const toAppend = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;
const ownerOnly = 0o600;

/** About the last 250 checkpoints. */
const endBytes = 65_536;

/** Checks that the file can be appended to, and reads its end. Creates it. Rejects with a WitnessFileError. */
export async function openWitnessFile(path: string): Promise<WitnessEnd> {
  try {
    await refuseOther(path);
    await (await open(path, toAppend, ownerOnly)).close();
  } catch (error) {
    throw error instanceof WitnessFileError ? error : new WitnessFileError(codeOf(error), error);
  }
  // A file that may only be appended to is one that nobody can change.
  return readEnd(path).catch(() => ({ newest: [], isCut: true }));
}

/** In one write, so that the lines of several processes do not mix. The file is opened each time: it may have been moved. */
export async function appendToFile(path: string, text: string): Promise<void> {
  const file = await open(path, toAppend, ownerOnly);
  try {
    const bytes = Buffer.from(text);
    const { bytesWritten } = await file.write(bytes);
    if (bytesWritten < bytes.length) throw new WitnessFileError('ENOSPC');
  } finally {
    await file.close();
  }
}

/** The code of an error of the operating system. */
export function codeOf(error: unknown): string {
  return Error.isError(error) && 'code' in error ? String(error.code) : 'EIO';
}

async function refuseOther(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found !== null && !found.isFile()) throw new WitnessFileError('EISDIR');
}

/** Reads the end of a file, which it does not change. */
export async function readEnd(path: string): Promise<WitnessEnd> {
  const file = await open(path, 'r');
  try {
    const text = await lastBytes(file);
    const newest = text.split('\n').map(readWitnessLine);
    return { newest: newest.filter((kept) => kept !== null), isCut: text !== '' && !text.endsWith('\n') };
  } finally {
    await file.close();
  }
}

async function lastBytes(file: FileHandle): Promise<string> {
  const { size } = await file.stat();
  const bytes = Buffer.alloc(Math.min(size, endBytes));
  const { bytesRead } = await file.read(bytes, 0, bytes.length, size - bytes.length);
  return bytes.toString('utf8', 0, bytesRead);
}
