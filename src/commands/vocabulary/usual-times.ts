import type { Language } from './command-names.ts';

type Opening = 'at' | 'in' | 'until' | 'for' | 'tomorrow' | 'friday';

/** As people write these words before a time of day, or a span, in a command. */
const usual: Readonly<Record<Exclude<Language, 'en'>, Readonly<Record<Opening, string>>>> = {
  fr: { at: 'à', in: 'dans', until: 'jusqu’à', for: 'pendant', tomorrow: 'demain', friday: 'vendredi' },
  sv: { at: 'kl', in: 'om', until: 'till', for: 'i', tomorrow: 'imorgon', friday: 'fredag' },
  'pt-BR': { at: 'às', in: 'em', until: 'até', for: 'por', tomorrow: 'amanhã', friday: 'sexta-feira' },
  it: { at: 'alle', in: 'tra', until: 'fino alle', for: 'per', tomorrow: 'domani', friday: 'venerdì' },
  es: { at: 'a las', in: 'en', until: 'hasta las', for: 'durante', tomorrow: 'mañana', friday: 'viernes' },
  de: { at: 'um', in: 'in', until: 'bis', for: 'für', tomorrow: 'morgen', friday: 'freitag' },
};

/** A time of a command ("at 02:00", "for 2h") as it is typed in that language. Anything else stays as it is. */
export function timeIn(language: Language, time: string): string {
  if (language === 'en') return time;
  const words = usual[language];
  return time.replace(/^(at|in|until|for|tomorrow|friday)(?= \d)/, (opening) => words[opening as Opening]);
}
