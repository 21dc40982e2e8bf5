import { type Phrase, time } from '../../locales/phrase.ts';
import type { Voice } from '../messages/voice.ts';
import type { Rights } from './asking.ts';

/** Which environments of this person are frozen now, until when, and why. */
export function sayFreezes({ here, frozen }: Rights, { words }: Voice): readonly Phrase[] {
  const rules = here.kind === 'none' ? [] : [...here.asks, ...here.confirms];
  const own = [...frozen].filter(([name]) => rules.some(({ environments }) => environments.has(name)));
  return own.map(([environment, { until, because }]) =>
    words.say('access.frozen', { environment, until: time(until), because }),
  );
}
