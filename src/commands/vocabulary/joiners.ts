import { fold, splitTokens, type Token } from '../grammar/text.ts';

// Words that join two names, in all languages in which commands can be typed. After other words a name is part of the
// reason: "because WKF111 failed".
export const joiners: ReadonlySet<string> = new Set(
  [
    ['and', 'or', 'with', 'also', 'plus', 'then'],
    ['et', 'ou', 'avec', 'aussi', 'puis'],
    ['och', 'eller', 'med', 'samt', 'ocksa', 'sedan'],
    ['e', 'ou', 'com', 'tambem', 'mais', 'depois'],
    ['e', 'ed', 'o', 'oppure', 'con', 'anche', 'piu', 'poi'],
    ['y', 'e', 'o', 'u', 'con', 'tambien', 'mas', 'luego'],
    ['und', 'oder', 'mit', 'auch', 'sowie', 'dann'],
  ].flat(),
);

/** The joiners of which one of two is meant. */
export const alternatives: ReadonlySet<string> = new Set(['or', 'ou', 'eller', 'o', 'oppure', 'u', 'oder']);

/** Joiners of two names, most of them of several words. */
export const joiningPhrases: ReadonlySet<string> = new Set(
  [
    ['as well as', 'together with', 'along with', 'in addition to', 'followed by'],
    ['ainsi que', 'suivi de'],
    ['tillsammans med', 'liksom', 'foljt av'],
    ['assim como', 'bem como', 'junto com', 'seguido de'],
    ['cosi come', 'insieme a', 'nonche', 'seguito da'],
    ['asi como', 'junto con', 'seguido de'],
    ['zusammen mit', 'gefolgt von'],
  ].flat(),
);

/** Before a name they say that it is not meant, although it may stand in the list as well. */
export const exclusions: ReadonlySet<string> = new Set(
  [
    ['except', 'excluding', 'without', 'minus'],
    ['sauf', 'excepte', 'hormis', 'sans'],
    ['utom', 'forutom', 'utan'],
    ['exceto', 'menos', 'salvo', 'sem'],
    ['eccetto', 'tranne', 'meno', 'senza'],
    ['excepto', 'sin'],
    ['außer', 'ausser', 'ohne', 'ausgenommen'],
  ].flat(),
);

/** The joiners that begin a reason as often: "with errors". */
export const companions: ReadonlySet<string> = new Set(['with', 'avec', 'med', 'com', 'con', 'mit']);

/** Between the ends of a range. */
export const spans: ReadonlySet<string> = new Set([
  'to',
  'through',
  'thru',
  'until',
  'till',
  'til',
  'a',
  'ate',
  'fino',
  'hasta',
  'bis',
]);

// These join two commands, but not two workflows: before a workflow alone they are part of the reason.
const commandJoiners: ReadonlySet<string> = new Set(
  [
    ['campaign-wf', 'but', 'next', 'afterwards', 'now', 'instead', 'please', 'pls', 'plz', 'kindly', 'so', 'finally'],
    ['as well as', 'together with', 'along with', 'followed by', 'after that', 'in addition', 'in addition to'],
    ['additionally', 'besides', 'moreover', 'furthermore', 'likewise', 'later', 'meanwhile', 'at the same time'],
    ['can you', 'could you', 'would you', 'thanks', 'thank you', 'next up', 'and so on'],
    [
      'mais',
      'ensuite',
      'apres',
      'maintenant',
      'svp',
      'stp',
      "s'il te plait",
      "s'il vous plait",
      'merci de',
      "merci d'",
    ],
    ['alors', 'ainsi que', 'en plus', 'de plus', 'egalement', 'donc', 'enfin', 'ou bien', 'apres ca', 'apres cela'],
    ['par ailleurs', 'en outre', 'veuillez', 'peux tu', 'pouvez-vous', 'suivi de', 'la suite', 'pareil'],
    ['men', 'darefter', 'nu', 'tack', 'sa', 'aven', 'dessutom', 'sen', 'efter det', 'slutligen', 'tillsammans med'],
    ['snalla', 'vanligen', 'kan du', 'liksom', 'darpa', 'samtidigt', 'foljt av'],
    ['mas', 'agora', 'depois', 'favor', 'por favor', 'assim como', 'bem como', 'alem disso', 'em seguida', 'entao'],
    ['depois disso', 'logo', 'por fim', 'igualmente', 'junto com', 'seguido de', 'ao mesmo tempo'],
    ['ma', 'dopo', 'ora', 'adesso', 'favore', 'per favore', 'in seguito', 'quindi', 'inoltre', 'cosi come', 'nonche'],
    ['insieme a', 'infine', 'allora', 'dopodiche', 'successivamente', 'pure', 'per piacere', 'seguito da', 'ovvero'],
    ['pero', 'despues', 'ahora', 'favor', 'asi como', 'ademas', 'entonces', 'a continuacion', 'junto con', 'o bien'],
    ['por ultimo', 'finalmente', 'igualmente', 'seguido de', 'luego de eso', 'despues de eso', 'al mismo tiempo'],
    ['aber', 'danach', 'anschliessend', 'jetzt', 'bitte', 'ausserdem', 'zudem', 'ebenso', 'ebenfalls', 'dazu'],
    ['zusammen mit', 'gleichzeitig', 'schliesslich', 'zuletzt', 'beziehungsweise', 'bzw', 'gefolgt von'],
    ['so', 'kannst du', 'konnen sie', 'konntest du', 'nachher', 'des weiteren', 'als nachstes', 'im anschluss'],
  ]
    .flat()
    .map((phrase) => phraseOf(splitTokens(phrase))),
);

const longestPhrase = Math.max(...Array.from(commandJoiners, (phrase) => phrase.split(' ').length));

/** How many tokens before that position are a joiner of two commands: one, or several for a phrase such as "as well as". */
export function joiningWords(end: number, tokens: readonly Token[]): number {
  for (let length = Math.min(longestPhrase, end); length > 0; length--) {
    const phrase = phraseOf(tokens.slice(end - length, end));
    if (commandJoiners.has(phrase) || joiners.has(phrase)) return length;
  }
  return 0;
}

function phraseOf(tokens: readonly Token[]): string {
  return fold(tokens.map(({ text }) => text).join(' '))
    .replaceAll('ß', 'ss')
    .replaceAll('’', "'");
}

// Words between a command and its workflow: "stop the workflow WKF2".
export const fillers: ReadonlySet<string> = new Set(
  [
    ['the', 'my', 'our', 'this', 'that', 'other', 'workflow', 'workflows', 'both', 'too', 'job', 'id', 'number'],
    ['le', 'la', 'les', 'l', 'mon', 'notre', 'flux', 'travail', 'numero'],
    ['arbetsflode', 'arbetsflodet', 'flode', 'flodet', 'nummer'],
    ['o', 'os', 'fluxo', 'de', 'trabalho'],
    ['il', 'lo', 'i', 'gli', 'flusso', 'di', 'lavoro'],
    ['el', 'los', 'mi', 'nuestro', 'flujo', 'trabajo', 'proceso'],
    ['den', 'der', 'die', 'das', 'meinen', 'unseren', 'diesen', 'ablauf', 'arbeitsablauf'],
  ].flat(),
);

/** Those and more, which stand before a workflow, but in a reason also behind a word such as "start": "start of WKF2". */
export const nameFillers: ReadonlySet<string> = new Set([
  ...fillers,
  ...[
    'of',
    'all',
    'these',
    'those',
    'jobs',
    'ids',
    'du',
    'des',
    'ces',
    'tous',
    'toutes',
    'av',
    'alla',
    'bada',
    'dessa',
  ],
  ...['fluxos', 'do', 'dos', 'todos', 'ambos', 'flussi', 'del', 'dei', 'tutti', 'entrambi', 'flujos', 'todas', 'ambas'],
  ...['von', 'alle', 'beide', 'ablaufe', 'flux', 'floden'],
]);
