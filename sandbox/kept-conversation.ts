import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workspace } from './slack/workspace.ts';

type Conversation = Pick<Workspace, 'messages' | 'privateReplies'>;

const fileIn = (folder: string) => join(folder, 'conversation.json');

/** What was said the last time, where it was kept: the ledger there knows of it. */
export async function restoreConversation(workspace: Workspace, folder: string): Promise<void> {
  if (!existsSync(fileIn(folder))) return;
  const { messages, privateReplies } = JSON.parse(await readFile(fileIn(folder), 'utf8')) as Conversation;
  workspace.messages.push(...messages);
  workspace.privateReplies.push(...privateReplies);
}

export async function keepConversation({ messages, privateReplies }: Workspace, folder: string): Promise<void> {
  await writeFile(fileIn(folder), JSON.stringify({ messages, privateReplies } satisfies Conversation));
}
