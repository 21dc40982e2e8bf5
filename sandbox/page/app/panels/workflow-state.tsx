import type { PretendState } from '../../../campaign/workflow-states.ts';
import { Icon, type IconName } from '../icon.tsx';

type Appearance = { readonly icon: IconName; readonly tone: 'quiet' | 'good' | 'moving' | 'held' | 'bad' };

const appearances: Readonly<Record<PretendState, Appearance>> = {
  editing: { icon: 'pencil', tone: 'quiet' },
  queued: { icon: 'clock', tone: 'moving' },
  starting: { icon: 'turning', tone: 'moving' },
  started: { icon: 'play', tone: 'good' },
  pausing: { icon: 'turning', tone: 'moving' },
  paused: { icon: 'pause', tone: 'held' },
  resuming: { icon: 'turning', tone: 'moving' },
  stopping: { icon: 'turning', tone: 'moving' },
  finished: { icon: 'check', tone: 'quiet' },
  erroneous: { icon: 'warning', tone: 'bad' },
};

export function WorkflowState({ state }: { state: PretendState }) {
  const { icon, tone } = appearances[state];
  return (
    <span className={`state state-${tone}`}>
      <Icon name={icon} />
      {state}
    </span>
  );
}
