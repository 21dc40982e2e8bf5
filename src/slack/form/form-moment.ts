import type { Verb } from '../../commands/command.ts';
import { readTime } from '../../commands/grammar/read-when.ts';
import { code, type Phrase } from '../../locales/phrase.ts';
import type { OrderedMoments } from '../../requests/events.ts';
import { dueTimeOf } from '../../requests/rules/due-time.ts';
import type { AnswerPorts } from '../listener-ports.ts';

/** When the form is to be sent, or why it cannot be then. */
export type FormMoment =
  | { readonly kind: 'resolved'; readonly moments: OrderedMoments }
  | { readonly kind: 'bad_time'; readonly problem: 'past' | 'too_soon' | 'too_far' }
  | { readonly kind: 'no_zone'; readonly isEnd: boolean };

/**
 * The moment of a typed time, as it would be if the form were sent now, in the zone of the person, whom Slack has just been
 * asked about. Null: none was typed, or it is not understood (yet), which is said once the form is sent.
 */
export function momentOfForm(
  { verb, typed }: { readonly verb: Verb | null; readonly typed: string },
  person: string,
  { directory, now }: Pick<AnswerPorts, 'directory' | 'now'>,
): FormMoment | null {
  const read = readTime(verb ?? 'pause', typed);
  if (!read.ok || read.value === null) return null;
  const isEnd = 'resumes' in read.value;
  const when = 'resumes' in read.value ? read.value.resumes : read.value.due;
  const at = now();
  const { zone, time } = dueTimeOf(when, { timezone: directory.lastKnownTimezone(person), askedAt: at, now: at });
  if (time === null) return { kind: 'no_zone', isEnd };
  if (time.kind !== 'due') return { kind: 'bad_time', problem: time.kind };
  return { kind: 'resolved', moments: { ...(isEnd ? { resumesAt: time.at } : { dueAt: time.at }), zone } };
}

export function describeBadMoment(
  moment: Exclude<FormMoment, { kind: 'resolved' }>,
  { plainContext: { translator } }: Pick<AnswerPorts, 'plainContext'>,
): Phrase {
  return moment.kind === 'bad_time'
    ? translator.translate('form.bad_time', { problem: moment.problem })
    : translator.translate('because.no_zone', { example: code(moment.isEnd ? 'for 30m' : 'in 30m') });
}
