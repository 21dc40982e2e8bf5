import { access, constants, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LedgerInUseError, openSqlite } from '../src/requests/ledger/sqlite.ts';
import type { Workspace } from './slack/workspace.ts';

type Conversation = Pick<Workspace, 'messages' | 'privateReplies'>;

/** Where everything stands in the folder. */
export const keptIn = (folder: string) => ({
  ledger: join(folder, 'ledger.sqlite'),
  rules: join(folder, 'campaign-wf.yml'),
  conversation: join(folder, 'conversation.json'),
});

/** The folder in which everything is to stay cannot be used; the message says why, for whoever named it. */
export class KeptFolderError extends Error {
  override name = 'KeptFolderError';
}

/** Makes the folder where it is not there, and restores what was said the last time: the ledger there knows of it. Rejects with a KeptFolderError. */
export async function openKeptFolder(workspace: Workspace, folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw new KeptFolderError(`${folder} cannot be used to keep anything: it is no folder, or not yours.`, { cause });
  }
  await tryLedger(folder);
  const kept = await readConversation(folder);
  if (kept === null) return;
  workspace.messages.push(...kept.messages);
  workspace.privateReplies.push(...kept.privateReplies);
}

/** The rules of the last time; null where there are none. Rejects with a KeptFolderError. */
export function readKeptRules(folder: string): Promise<string | null> {
  return readKept(keptIn(folder).rules, (text) => text);
}

export async function keepConversation({ messages, privateReplies }: Workspace, folder: string): Promise<void> {
  await writeFile(keptIn(folder).conversation, JSON.stringify({ messages, privateReplies } satisfies Conversation));
}

/** The bot would not come up either, but speaks of settings that nobody here has made. */
async function tryLedger(folder: string): Promise<void> {
  const { ledger } = keptIn(folder);
  try {
    await openSqlite(ledger, Date.now).close();
  } catch (cause) {
    if (!(cause instanceof LedgerInUseError)) throw unreadable(ledger, cause);
    throw new KeptFolderError(`${folder} is in use by another sandbox: end that one, or keep things elsewhere.`, {
      cause,
    });
  }
}

function readConversation(folder: string): Promise<Conversation | null> {
  return readKept(keptIn(folder).conversation, (text) => {
    const { messages, privateReplies } = JSON.parse(text) as Partial<Conversation>;
    if (!Array.isArray(messages) || !Array.isArray(privateReplies)) throw new Error('this is no conversation');
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

/** Also where the folder itself is none. */
function isNotThere(cause: unknown): boolean {
  return Error.isError(cause) && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
}

function unreadable(path: string, cause: unknown): KeptFolderError {
  return new KeptFolderError(`${path} cannot be read: remove it, or keep things elsewhere.`, { cause });
}
