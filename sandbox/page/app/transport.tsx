import type { Snapshot } from '../snapshot.ts';

/** How the pretend Slack and the bot communicate. */
export function Transport({ mode }: Pick<Snapshot, 'mode'>) {
  return <p className="transport">{mode === 'socket' ? 'Socket Mode' : 'HTTP'}, all on this machine</p>;
}
