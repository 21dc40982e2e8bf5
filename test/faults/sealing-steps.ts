/** The moments of the sealing at which a bot can be killed: after each statement that writes, and after the commit. */
export const sealingSteps = [
  'sealing: leaves written',
  'sealing: nodes written',
  'sealing: requests marked',
  'sealing: checkpoint written',
  'sealing: committed',
] as const;
export type SealingStep = (typeof sealingSteps)[number];

const statements: readonly (readonly [RegExp, SealingStep])[] = [
  [/insert into "log_leaves"/, 'sealing: leaves written'],
  [/insert into "log_nodes"/, 'sealing: nodes written'],
  [/update "requests" set "sealed_sequence"/, 'sealing: requests marked'],
  [/insert into "log_checkpoints"/, 'sealing: checkpoint written'],
];

/** Follows the statements of one connection. Returns the step that a statement ends; null: it is no part of the sealing. */
export function followSealing(): (sql: string) => SealingStep | null {
  let isSealing = false;
  return (sql) => {
    if (/\bcommit\b/i.test(sql) && isSealing) {
      isSealing = false;
      return 'sealing: committed';
    }
    const step = statements.find(([pattern]) => pattern.test(sql))?.[1] ?? null;
    isSealing ||= step === 'sealing: checkpoint written';
    return step;
  };
}

/** Tells a bot to stand still at this step, when it happens for the so manieth time. Null: at none. */
export function standStillAt(step: SealingStep | null, time: number): Record<string, string> {
  const program = new URL('./stand-still.ts', import.meta.url).href;
  return { STAND_STILL_AT: step ?? '', STAND_STILL_TIME: String(time), NODE_OPTIONS: `--import=${program}` };
}

/** The step of a line with which a bot says that it stands still. Null: another line. */
export function standsStillAt(line: string): SealingStep | null {
  if (!line.startsWith(saying)) return null;
  return sealingSteps.find((step) => line === saying + step) ?? null;
}

const saying = 'stands still at ';

export function sayThatItStandsStill(step: SealingStep): string {
  return `${saying}${step}\n`;
}
