import type { Snapshot } from '../../snapshot.ts';
import type { Tab } from '../tabs.tsx';

/** How much is broken just now, for the tab where that is mended. */
export function brokenBadge({ breakages, bot }: Snapshot): NonNullable<Tab<string>['badge']> | null {
  const count = breakages.filter(({ isOn }) => isOn).length + (bot.state === 'running' ? 0 : 1);
  return count === 0 ? null : { shown: String(count), spoken: `(${count} broken)` };
}
