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
