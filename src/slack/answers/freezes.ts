import { type Phrase, time } from '../../locales/phrase.ts';
import type { MessageContext } from '../messages/voice.ts';
import { fitting } from '../render.ts';
import type { Rights } from './asking.ts';

/** How many characters freezes may take of a message that says more than them. */
const room = 1_500;

/** Which environments of this person are frozen now, until when, and why. */
export function sayFreezes({ here, frozen }: Rights, { translator: words }: MessageContext): readonly Phrase[] {
  const rules = here.kind === 'none' ? [] : [...here.asks, ...here.confirms];
  const own = [...frozen].filter(([name]) => rules.some(({ environments }) => environments.has(name)));
  const told = own.map(([environment, { until, because }]) =>
    words.translate('access.frozen', { environment, until: time(until), because }),
  );
  const shown = fitting(told, room);
  const more = told.length - shown.length;
  return more === 0 ? shown : [...shown, words.translate('access.more_frozen', { count: more })];
}
