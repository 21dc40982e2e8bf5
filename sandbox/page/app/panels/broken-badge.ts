import type { Snapshot } from '../../snapshot.ts';
import type { Tab } from '../tabs.tsx';

/** The number of active faults, for the tab with their switches. */
export function brokenBadge({ breakages, bot }: Snapshot): NonNullable<Tab<string>['badge']> | null {
  const count = breakages.filter(({ isOn }) => isOn).length + (bot.state === 'running' ? 0 : 1);
  return count === 0 ? null : { shown: String(count), accessibleText: `(${count} broken)` };
}
