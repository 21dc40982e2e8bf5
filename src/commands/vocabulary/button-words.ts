/**
 * What people type for `cancel` because the buttons say it: each label, the other forms of its verb, and the verb alone.
 * Beside other words these take only a request: "keep WKF2 running" in a reason is no command.
 */
export const buttonWords = {
  en: ['keep running', 'keep it running', 'keep', 'do not send', 'do not freeze', 'keep it frozen', 'keep frozen'],
  fr: [
    'laisser tourner',
    'laisse tourner',
    'laissez tourner',
    'laisser',
    'laisse',
    'laissez',
    'ne pas envoyer',
    'ne pas geler',
    'maintenir le gel',
    'maintenir',
  ],
  sv: ['låt arbetsflödet fortsätta', 'låt fortsätta', 'skicka inte', 'frys inte', 'behåll frysningen', 'behåll'],
  'pt-BR': [
    'manter em execução',
    'mantenha em execução',
    'manter',
    'mantenha',
    'não enviar',
    'não congelar',
    'manter congelado',
  ],
  it: [
    'lascia in esecuzione',
    'lasciare in esecuzione',
    'lascia',
    'lasciare',
    'non inviare',
    'non congelare',
    'lascia congelato',
  ],
  es: [
    'dejar en marcha',
    'deja en marcha',
    'deje en marcha',
    'dejar',
    'no enviar',
    'no congelar',
    'mantener la congelación',
    'mantener',
  ],
  de: ['weiterlaufen lassen', 'weiterlaufen', 'nicht senden', 'nicht sperren', 'gesperrt lassen'],
} as const satisfies Record<string, readonly string[]>;
