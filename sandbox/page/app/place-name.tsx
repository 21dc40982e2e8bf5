import type { Place } from '../snapshot.ts';
import { Icon, type IconName } from './icon.tsx';

const icons: Readonly<Record<Place['kind'], IconName | null>> = {
  public: null,
  private: 'lock',
  shared: 'shared',
  direct: 'chat',
};

export const kindNames: Readonly<Record<Place['kind'], string>> = {
  public: 'Public channel',
  private: 'Private channel',
  shared: 'Shared with a partner',
  direct: 'Direct messages',
};

export function PlaceIcon({ kind }: Pick<Place, 'kind'>) {
  const name = icons[kind];
  return name && <Icon name={name} />;
}

/** "#ops", or the bot's name for the direct messages with it. */
export function placeName({ kind, name }: Place): string {
  return kind === 'direct' ? name : `#${name}`;
}
