/** Words for spans of time, folded, in each language in which commands can be typed, and the units that durations have. */
const units = {
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

/** A word that begins a time in a command, folded: `at` 18:00, `in` 30m, `until` 18:00. */
export type TimeOpening = 'at' | 'in' | 'until' | 'on';

const openings: Readonly<Record<TimeOpening, string>> = {
  at: "at @ um a a' alle all' as kl kl. klockan",
  in: 'in dans en dentro tra fra em om daqui',
  until: "until till til bis jusqu'a jusqu’a jusque hasta fino ate tills fram",
  // Only a date can follow; anything else is asked about.
  on: 'on am le el il na no nel den pa by from after before since for fur pour por per nach vor ab apres avant efter fore despues antes dopo prima depois',
};

export const timeOpenings: ReadonlyMap<string, TimeOpening> = wordMap(openings);

/** After these, a number with `h` is a time of day and not a duration: "à 18h". */
export const openingsBeforeHours: ReadonlySet<string> = new Set(
  "a alle as jusqu'a jusqu’a jusque hasta ate fino las".split(' '),
);

/** After these, a number alone is an hour: "kl 18". */
export const clockWords: ReadonlySet<string> = new Set(['kl', 'kl.', 'klockan']);

/** Between an opening and a time: "until at 18:00", "hasta las 18:00", "bis um 18:00", "dentro de 30 minutos". */
export const timeFillers: ReadonlySet<string> = new Set(
  "at um a alle all' as las la les le the der den dem de o kl kl. klockan till i".split(' '),
);

/** Behind the number of an hour: "18 Uhr". */
export const hourMarks: ReadonlySet<string> = new Set(['uhr', 'heures', 'horas']);

export type DayWord = 'today' | 'tomorrow';

export const relativeDays: ReadonlyMap<string, DayWord> = wordMap({
  today: "today heute aujourd'hui aujourd’hui hoy oggi hoje idag",
  tomorrow: 'tomorrow morgen demain manana domani amanha imorgon imorron',
});

/** Words that may be meant as a time, which no time of a command can have: they are asked about. */
export const vagueTimes: ReadonlySet<string> = new Set(
  [
    'monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun',
    'montag dienstag mittwoch donnerstag freitag samstag sonntag',
    'lundi mardi mercredi jeudi vendredi samedi dimanche',
    'lunes martes miercoles jueves viernes sabado domingo',
    'lunedi martedi mercoledi giovedi venerdi sabato domenica',
    'segunda terca quarta quinta sexta segunda-feira terca-feira quarta-feira quinta-feira sexta-feira',
    'mandag tisdag onsdag torsdag fredag lordag sondag',
    'january february march april june july august september october november december',
    'januar februar marz mai juni juli oktober dezember',
    'janvier fevrier mars avril juin juillet aout septembre octobre novembre decembre',
    'noon midnight tonight evening morning afternoon night later hour day week month next',
    'mittag mitternacht abend nacht spater stunde tag woche monat nachste nachsten feierabend',
    'midi minuit soir matin nuit heure jour semaine mois prochain prochaine',
    'mediodia medianoche noche tarde hora dia semana mes proximo proxima',
    'mezzogiorno mezzanotte stasera sera mattina notte ora giorno settimana mese prossimo prossima',
    'meio-dia meia-noite noite manha mes',
    'midnatt kvall ikvall natt inatt timme dag vecka manad nasta halv halb demi half',
    'end ende fin fine fim final slutet',
  ].flatMap((words) => words.split(' ')),
);

/** Alone, these say when and nothing else. */
export const whenWords: ReadonlySet<string> = new Set(
  'tonight later spater ikvall inatt stasera heute-abend friday monday tuesday wednesday thursday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miercoles jueves viernes sabado domingo lunedi martedi mercoledi giovedi venerdi sabato domenica mandag tisdag onsdag torsdag fredag lordag sondag'.split(
    ' ',
  ),
);

function wordMap<Key extends string>(words: Readonly<Record<Key, string>>): ReadonlyMap<string, Key> {
  const entries = Object.entries(words) as [Key, string][];
  return new Map(entries.flatMap(([key, names]) => names.split(' ').map((name) => [name, key] as const)));
}
