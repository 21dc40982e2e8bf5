/** Words for spans of time, folded, in each language in which commands can be typed, and the units that durations have. */
const units = {
  s: 's sec secs seconds sek sekunde sekunden secondes segundos secondi sekunder',
  m: 'm min mins minute minutes minuten minuto minutos minuti minut minuter',
  h: 'h hr hrs hour hours std stunde stunden heure heures hora horas ora ore timme timmar tim',
  d: 'd day days t tag tage tagen j jour jours dia dias g giorno giorni dag dagar dygn',
  w: 'w wk week weeks woche wochen sem semaine semaines semana semanas settimana settimane v vecka veckor',
} as const;

export type TimeUnit = keyof typeof units;

export const timeUnits: ReadonlyMap<string, TimeUnit> = new Map(
  Object.entries(units).flatMap(([unit, words]) => words.split(' ').map((word) => [word, unit as TimeUnit] as const)),
);

/** The duration that reaches back to the beginning of the day. */
export const dayWords: ReadonlyMap<string, string> = new Map([
  ...['today', 'heute', "aujourd'hui", 'aujourd’hui', 'idag', 'hoje', 'oggi', 'hoy'].map(
    (word) => [word, '24h'] as const,
  ),
  ...['yesterday', 'gestern', 'hier', 'igar', 'ontem', 'ieri', 'ayer'].map((word) => [word, '48h'] as const),
]);

/** Words before a span of time: "last 7d", "seit 2h". */
export const spanOpenings: ReadonlySet<string> = new Set(
  [
    'last past since within',
    'letzte letzten seit',
    'dernier derniere derniers dernieres depuis',
    'senaste sedan',
    'ultimo ultima ultimos ultimas ultimi ultime ultimas desde da',
  ].flatMap((words) => words.split(' ')),
);

/** A word that begins a time in a command, folded: `at` 18:00, `in` 30m, `until` 18:00, `on` Friday 18:00. What is `near` a time is asked about. */
export type TimeOpening = 'at' | 'in' | 'until' | 'on' | 'near';

const openings: Readonly<Record<TimeOpening, string>> = {
  at: "at @ um a a' alle all' as kl kl. klockan",
  in: 'in dans en dentro tra fra em om daqui',
  until:
    "until till til 'til ’til ‘til 'till ’till ‘till bis jusqu'a jusqu’a jusqu'au jusqu’au jusque hasta fino ate tills fram",
  on: 'on am le el il na no nel den pa',
  near: "by from after before since for within around binnen innerhalb gegen vers d'ici d’ici entro verso hacia inom runt fur pour por per nach vor ab apres avant efter fore despues antes dopo prima depois",
};

export const timeOpenings: ReadonlyMap<string, TimeOpening> = wordMap(openings);

/** A pause lasts "for 2h", "für 2 Stunden", "pendant 2 heures", "i 2 timmar". */
export const lastingWords: ReadonlySet<string> = wordSet('for during fur pour pendant durant durante por per i under');

/** Between the parts of a span: "2 hours and 30 minutes". */
export const spanJoiners: ReadonlySet<string> = wordSet('and und et y e och');

/** After these, a number with `h` is a time of day and not a duration: "à 18h". */
export const openingsBeforeHours: ReadonlySet<string> = new Set(
  "a alle as jusqu'a jusqu’a jusqu'au jusqu’au jusque hasta ate fino las".split(' '),
);

/** After these, a number alone is an hour: "kl 18", "alle ore 18". */
export const clockWords: ReadonlySet<string> = new Set(['kl', 'kl.', 'klockan', 'ore']);

/** Between an opening and a time: "until at 18:00", "hasta las 18:00", "bis um 18:00", "dentro de 30 minutos". */
export const timeFillers: ReadonlySet<string> = new Set(
  "at on um am zum a al alle all' as las la les le el il na o au the der den dem de kl kl. klockan till i pa ore".split(
    ' ',
  ),
);

/** Behind the number of an hour: "18 Uhr". */
export const hourMarks: ReadonlySet<string> = new Set(['uhr', 'heures', 'horas']);

export type DayWord = 'today' | 'tomorrow';

export const relativeDays: ReadonlyMap<string, DayWord> = wordMap({
  today: "today heute aujourd'hui aujourd’hui hoy oggi hoje idag",
  tomorrow: 'tomorrow morgen demain manana domani amanha imorgon imorron',
});

/** A day of the week: the next one on which the time has not passed. */
export const weekdayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdayNames)[number];

/** Names that mean nothing else. */
export const weekdays: ReadonlyMap<string, Weekday> = wordMap({
  mon: 'monday montag lundi lunes lunedi segunda-feira mandag',
  tue: 'tuesday dienstag mardi martes martedi terca-feira tisdag',
  wed: 'wednesday mittwoch mercredi miercoles mercoledi quarta-feira onsdag',
  thu: 'thursday donnerstag jeudi jueves giovedi quinta-feira torsdag',
  fri: 'friday freitag vendredi viernes venerdi sexta-feira fredag',
  sat: 'saturday samstag sonnabend samedi sabado sabato lordag',
  sun: 'sunday sonntag dimanche domingo domenica sondag',
});

/** Short names, which are words as well ("mon" is French for "my"): they name a day only before a time. */
export const shortWeekdays: ReadonlyMap<string, Weekday> = wordMap({
  mon: 'mon segunda',
  tue: 'tue terca',
  wed: 'wed quarta',
  thu: 'thu quinta',
  fri: 'fri sexta',
  sat: 'sat',
  sun: 'sun',
});

/** Words that say when, or change the time beside them, and that no time of a command can have: they are asked about. */
const vagueTimes: ReadonlySet<string> = wordSet(
  'january february march april june july august september october november december',
  'januar februar marz mai juni juli oktober dezember',
  'janvier fevrier mars avril juin juillet aout septembre octobre novembre decembre',
  "secs seconds sekunden secondes segundos secondi sekunder am pm a.m p.m a.m. p.m. o'clock o’clock oclock eod cob half min mins minute minutes hour hours day week month next",
  'noon midday midnight tonight evening morning afternoon night later',
  'uhr minuten stunde stunden tag woche monat nachste nachsten halb',
  'mittag mittags mitternacht abend abends morgens nacht nachts vormittags nachmittags spater feierabend heute-abend',
  'heure heures jour semaine mois prochain prochaine demi demie midi minuit soir matin nuit',
  'minuto minutos hora horas dia semana mes proximo proxima mediodia medianoche noche tarde',
  'minuti ora ore giorno settimana mese prossimo prossima mezzogiorno mezzanotte stasera sera mattina notte',
  'meio-dia meia-noite noite manha',
  'minut minuter timme timmar dag vecka manad nasta halv halvtimme midnatt kvall kvallen ikvall natt inatt morgonen',
  'senare nachher tantot',
  'ubermorgen apres-demain pasado dopodomani overmorgon',
  'end ende fin fine fim final slutet',
);

/** Whether a word, folded, says when. */
export function saysWhen(word: string): boolean {
  return [vagueTimes, weekdays, shortWeekdays, relativeDays].some((known) => known.has(word));
}

/** Before a time, they change it: "every Friday 06:00", "not at 18:00". */
export const timeChangers: ReadonlySet<string> = wordSet(
  'this these every each last not never until except diesen dieser jeden jeder letzten nicht ce cet chaque dernier pas',
  'este esta cada ultimo no questo ogni scorso non esse essa nao denna varje forra inte',
);

/** Before a time of day, they say what it is for: "as of 18:00", "not before 18:00", "à partir de 18:00". No article: "the 18:00 load failed" is a reason. */
export const timeHedges: ReadonlySet<string> = wordSet(
  'as of from starting beginning about around approximately approx roughly ~ exactly sharp not no only just shortly before after earlier later than once when daily tonight',
  'circa ca ab seit vor nach spatestens fruhestens erst nicht gegen etwa ungefahr punktlich taglich heute',
  "a partir compter de des pas avant apres au plus tard tot vers environ aujourd'hui",
  'desde despues antes sobre hacia las das dos volta por depois nao no hoy hoje tarde tardar',
  'dalle partire prima delle dopo non verso entro oggi',
  'fran och med fr.o.m from efter fore runt inte senast tidigast vid omkring cirka idag today sa',
);

/** They begin a clause about a moment: "once it is 18:00", "as soon as …", "dès qu’il est 18h". */
export const momentConjunctions: ReadonlySet<string> = wordSet(
  "once when whenever soon wenn sobald quand lorsque lorsqu'il lorsqu’il des",
  'cuando cuanto quando appena assim logo nar snart',
);

/** Pronouns and forms of “to be”: after such a conjunction, they say what the clock shows. */
export const clockCopulas: ReadonlySet<string> = wordSet(
  "it it's it’s is hits turns es ist wird il est sera que qu'il qu’il",
  'sea sean son e sono sara saranno for forem sao det ar blir',
);

/** A moment to come, at the beginning of a reason. */
export const comingMoments: ReadonlySet<string> = wordSet('tonight later spater stasera ikvall');

/** The same in several words. */
export const comingPhrases: readonly (readonly string[])[] = [
  ...['in a bit', 'in a while', 'in a moment', 'in a few', 'in kurze', 'in ein paar'],
  ...['plus tard', "tout a l'heure", 'tout a l’heure', 'dans un moment', 'dans quelques', 'sous peu'],
  ...['mas tarde', 'dentro de poco', 'en un rato', 'en un momento', 'mais tarde', 'daqui a pouco', 'em breve'],
  ...['piu tardi', 'tra poco', 'fra poco', 'tra un po', 'om en stund', 'om ett tag', 'i morgon'],
].map((phrase) => phrase.split(' '));

/** Before the number of a day, or behind it, they are a month: "on Dec 24", "24 déc." */
export const shortMonths: ReadonlySet<string> = wordSet(
  'jan feb mar apr jun jul aug sep sept oct nov dec okt dez janv fevr avr juil ene abr ago dic',
  'gen mag giu lug set ott fev out mai maj',
);

/** Before a part of the day: "this evening", "heute Abend", "i kväll". */
export const thisWords: ReadonlySet<string> = wordSet(
  'this heute ce cet cette esta este questa questo hoje hoy oggi i denna',
);

/** Parts of a day or week that "this" puts ahead. Not the morning, which is over for most, and not the night, which may be the last one. */
export const comingParts: ReadonlySet<string> = wordSet(
  'evening afternoon weekend abend nachmittag wochenende soir apres-midi week-end',
  'tarde noche sera pomeriggio noite kvall eftermiddag helg',
);

/** Beside a word that says when: "next week", "la semaine prochaine". */
export const nextWords: ReadonlySet<string> = wordSet(
  'next coming nachste nachsten nachster nachstes kommende kommenden kommender prochain prochaine',
  'proximo proxima prossimo prossima nasta',
);

/** They give no reason. */
export const courtesies: ReadonlySet<string> = wordSet(
  'please pls plz kindly thanks thank you some sometime time bitte danke svp stp merci vous te plait',
  "s'il s’il por favor per favore gracias grazie obrigado obrigada tack snalla",
);

/** Before a time or a span: "every 5 minutes". */
export const repeatWords: ReadonlySet<string> = wordSet(
  'every each jede jeden jedes alle chaque toutes tous cada ogni varje var',
);

/** Alone, they say how often, or when. */
export const frequencies: ReadonlySet<string> = wordSet(
  'hourly daily nightly weekly stundlich taglich wochentlich quotidien quotidiennement',
  'soon bald demnachst bientot pronto presto logo snart',
  'diario diariamente semanal semanalmente quotidianamente dagligen',
);

/** "in an hour", "in einer Stunde", "dans une demi-heure", "tra mezz’ora": they count only where a span, or nothing, follows. */
export const singular: ReadonlySet<string> = wordSet(
  'a an the half ein eine einer einem halben halbe un une uno una um uma en ett media mezza meia demi demie halv',
);

/** Before a span of hours, half of it. */
export const halfWords: ReadonlySet<string> = wordSet('half halbe halben demi demie media mezza meia halv');

/** Spans of half an hour, and of an hour, in one word. */
export const spansInWords: ReadonlyMap<string, string> = new Map([
  ...['demi-heure', 'halvtimme', "mezz'ora"].map((word) => [word, '30m'] as const),
  ["un'ora", '1h'],
]);

/** Times of day with a name. */
export const namedClocks: ReadonlyMap<string, string> = wordMap({
  '12:00': 'noon midday mittag midi mediodia mezzogiorno meio-dia',
  '00:00': 'midnight mitternacht minuit medianoche mezzanotte meia-noite midnatt',
});

/** Before the name of a time of day, as `at`: "al mediodía". */
export const beforeNamedClocks: ReadonlySet<string> = wordSet('al ao vid zu');

const inFigures = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 20, 30];

/** Numbers in words, folded, and their values. */
export const numbers: ReadonlyMap<string, number> = new Map([
  ...[
    'one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty',
    'eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf funfzehn zwanzig dreissig',
    'un deux trois quatre cinq six sept huit neuf dix onze douze quinze vingt trente',
    'uno dos tres cuatro cinco seis siete ocho nueve diez once doce quince veinte treinta',
    'una due tre quattro cinque sei sette otto nove dieci undici dodici quindici venti trenta',
    'um dois tres quatro cinco seis sete oito nove dez onze doze quinze vinte trinta',
    'en tva tre fyra fem sex sju atta nio tio elva tolv femton tjugo trettio',
  ].flatMap((words) => words.split(' ').map((word, at) => [word, inFigures[at] ?? 0] as const)),
  ['duas', 2],
  ['dreißig', 30],
]);

/** Words that are a number, and no article: "at six" is asked about. */
export const numberWords: ReadonlySet<string> = new Set([
  ...[...numbers.keys()].filter((word) => !singular.has(word)),
  ...wordSet('forty fifty sixty quarter viertel kvart'),
]);

/** What may name a zone behind a time. */
const zones =
  /^\(?(?:(?:utc|gmt)(?:[+-]\d{1,2})?|z|[ecmp]t|[ecmpb][sd]t|ce?s?t|me?s?z|we?s?t|ee?s?t|a[ew][sd]t|nz[sd]t|jst|kst|sgt|hkt|msk|brt|sast|h[ne]e?c|hne|[+-]\d\d:?\d\d|[a-z]+\/[a-z_]+|time|zeit|tid|ortszeit|local)\b/i;
/** In lower case, these are words. */
const capitalZones = /^\(?(?:IST|ART)\b/;

/** Whether a word behind a time may name a zone, or change it: times are the person's own. */
export function mayNameZone(word: string): boolean {
  return zones.test(word) || capitalZones.test(word);
}

function wordSet(...lists: readonly string[]): ReadonlySet<string> {
  return new Set(lists.flatMap((words) => words.split(' ')));
}

function wordMap<Key extends string>(words: Readonly<Record<Key, string>>): ReadonlyMap<string, Key> {
  const entries = Object.entries(words) as [Key, string][];
  return new Map(entries.flatMap(([key, names]) => names.split(' ').map((name) => [name, key] as const)));
}
