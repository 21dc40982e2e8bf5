import { type Block, nameBlocks } from '../blocks.ts';
import type { SlackContext } from '../context.ts';
import { randomId } from '../random-id.ts';
import type { ShownHome, Workspace } from '../workspace.ts';
import type { HomeTab } from './home.ts';

export function findHome({ homes }: Workspace, user: string): ShownHome | undefined {
  return homes.find((each) => each.user === user);
}

export function publishHome(context: SlackContext, user: string, given: HomeTab): ShownHome {
  const { workspace, now, changes } = context;
  const blocks: Block[] = nameBlocks(given.blocks, randomId);
  const hash = `${Math.floor(now() / 1000)}.${randomId(6)}`;
  const shown = findHome(workspace, user) ?? { id: `V0${randomId(8).toUpperCase()}`, hash, user, view: given };
  if (!workspace.homes.includes(shown)) workspace.homes.push(shown);
  Object.assign(shown, { hash, view: { ...given, blocks } });
  changes.notify();
  return shown;
}
