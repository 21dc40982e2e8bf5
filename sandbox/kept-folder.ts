import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workspace } from './slack/workspace.ts';

type Conversation = Pick<Workspace, 'messages' | 'privateReplies'>;

const fileIn = (folder: string) => join(folder, 'conversation.json');

/** The folder in which everything is to stay cannot be used; the message says why, for whoever named it. */
export class KeptFolderError extends Error {
  override name = 'KeptFolderError';
}

/** Makes the folder where it is not there, and restores what was said the last time: the ledger there knows of it. Rejects with a KeptFolderError. */
export async function openKeptFolder(workspace: Workspace, folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new KeptFolderError(`${folder} cannot be used to keep anything: it is no folder, or not yours.`, { cause });
  }
  const kept = await readKept(folder);
  if (kept === null) return;
  workspace.messages.push(...kept.messages);
  workspace.privateReplies.push(...kept.privateReplies);
}

async function readKept(folder: string): Promise<Conversation | null> {
  try {
    return JSON.parse(await readFile(fileIn(folder), 'utf8')) as Conversation;
  } catch (cause) {
    if (Error.isError(cause) && 'code' in cause && cause.code === 'ENOENT') return null;
    throw new KeptFolderError(`${fileIn(folder)} cannot be read: remove it, or keep things elsewhere.`, { cause });
  }
}

export async function keepConversation({ messages, privateReplies }: Workspace, folder: string): Promise<void> {
  await writeFile(fileIn(folder), JSON.stringify({ messages, privateReplies } satisfies Conversation));
}
