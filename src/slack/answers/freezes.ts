import { type Phrase, time } from '../../locales/phrase.ts';
import type { Voice } from '../messages/voice.ts';
import type { Rights } from './asking.ts';

/** Which environments are frozen now, until when, and why. */
export function sayFreezes({ frozen }: Rights, { words }: Voice): readonly Phrase[] {
  return [...frozen].map(([environment, { until, because }]) =>
    words.say('access.frozen', { environment, until: time(until), because }),
  );
}
