import { access, constants, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LedgerInUseError, openSqlite } from '../src/requests/ledger/sqlite.ts';
import type { Workspace } from './slack/workspace.ts';

type Conversation = Pick<Workspace, 'messages' | 'privateReplies'>;

/** The paths within the folder. */
export const keptIn = (folder: string) => ({
  ledger: join(folder, 'ledger.sqlite'),
  rules: join(folder, 'campaign-wf.yml'),
  conversation: join(folder, 'conversation.json'),
  clock: join(folder, 'clock-ahead'),
});

/** The folder cannot be used. The message has the reason. */
export class KeptFolderError extends Error {
  override name = 'KeptFolderError';
}

/** Creates the folder where needed, and restores its conversation, to which its ledger refers. Rejects with a KeptFolderError. */
export async function openKeptFolder(workspace: Workspace, folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw new KeptFolderError(`${folder} cannot be used: it is not a folder, or not writable.`, { cause });
  }
  await checkLedger(folder);
  const kept = await readConversation(folder);
  if (kept === null) return;
  workspace.messages.push(...kept.messages);
  workspace.privateReplies.push(...kept.privateReplies);
}

/** The kept rules. null: there are none. Rejects with a KeptFolderError. */
export function readKeptRules(folder: string): Promise<string | null> {
  return readKept(keptIn(folder).rules, (text) => text);
}

/** By how many milliseconds the clock was ahead that was kept; 0: it was never turned. Rejects with a KeptFolderError. */
export async function readKeptClock(folder: string): Promise<number> {
  return (await readKept(keptIn(folder).clock, toMilliseconds)) ?? 0;
}

function toMilliseconds(text: string): number {
  const ms = Number(text);
  if (!Number.isFinite(ms)) throw new Error('this is not a number');
  return ms;
}

export async function keepConversation({ messages, privateReplies }: Workspace, folder: string): Promise<void> {
  await writeFile(keptIn(folder).conversation, JSON.stringify({ messages, privateReplies } satisfies Conversation));
}

/** The bot would not start either, but its message would name settings that the user of the sandbox has not made. */
async function checkLedger(folder: string): Promise<void> {
  const { ledger } = keptIn(folder);
  try {
    await openSqlite(ledger, Date.now).close();
  } catch (cause) {
    if (!(cause instanceof LedgerInUseError)) throw unreadable(ledger, cause);
    throw new KeptFolderError(`${folder} is in use by another sandbox: end that one, or use another folder.`, {
      cause,
    });
  }
}

function readConversation(folder: string): Promise<Conversation | null> {
  return readKept(keptIn(folder).conversation, (text) => {
    const { messages, privateReplies } = JSON.parse(text) as Partial<Conversation>;
    if (!Array.isArray(messages) || !Array.isArray(privateReplies)) throw new Error('this is not a conversation');
    return { messages, privateReplies };
  });
}

async function readKept<T>(path: string, read: (text: string) => T): Promise<T | null> {
  try {
    return read(await readFile(path, 'utf8'));
  } catch (cause) {
    if (isNotThere(cause)) return null;
    throw unreadable(path, cause);
  }
}

/** Also where the folder is not a folder. */
function isNotThere(cause: unknown): boolean {
  return Error.isError(cause) && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
}

function unreadable(path: string, cause: unknown): KeptFolderError {
  return new KeptFolderError(`${path} cannot be read: remove it, or use another folder.`, { cause });
}
