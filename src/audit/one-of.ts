import { nearestName } from '../commands/suggestions/nearest-name.ts';
import { code } from '../locales/phrase.ts';
import type { Translator } from '../locales/translator.ts';
import { joined } from '../slack/messages/message-context.ts';
import { UsageFailure } from './failure.ts';

/** The typed value, if the option has it. Throws a UsageFailure that lists the known ones. */
export function oneOf<T extends string>(
  known: readonly T[],
  typed: string,
  option: string,
  { translate, all }: Translator,
): T {
  const found = known.find((value) => value === typed);
  if (found !== undefined) return found;
  const unknown = translate('audit.unknown_value', {
    option: [code(option)],
    typed: [code(typed)],
    known: all(known.map((value) => code(value))),
  });
  const nearest = nearestName(typed, known);
  throw new UsageFailure(
    joined(unknown, nearest === null ? null : translate('usage.did_you_mean', { suggestion: [code(nearest)] })),
  );
}
