import { setTimeout as wait } from 'node:timers/promises';
import type { Check, Patient, Report } from './checks/check.ts';
import { type Area, type Finding, found } from './finding.ts';

export type AreaFindings = { readonly area: Area; readonly findings: readonly Finding[] };

export type Limits = {
  /** How long one area may take. */
  readonly areaMs: number;
};

/**
 * Begins all checks at once. Each promise resolves, in the order of `checks`: a check that throws or takes too long is a
 * finding, beside what it had found by then.
 */
export function runChecks(
  checks: readonly (readonly [Area, Check])[],
  patient: Patient,
  limits: Limits,
): readonly Promise<AreaFindings>[] {
  return checks.map(async ([area, check]) => {
    const findings: Finding[] = [];
    await runOne(check, patient, limits, (finding) => findings.push(finding));
    return { area, findings: inOrder(findings) };
  });
}

async function runOne(check: Check, patient: Patient, { areaMs }: Limits, collect: (finding: Finding) => void) {
  let isOver = false;
  const report: Report = (finding) => {
    if (!isOver) collect(finding);
  };
  const late = wait(areaMs, 'late' as const, { ref: false });
  try {
    if ((await Promise.race([check(patient, report), late])) === 'late') {
      collect(found('failure', 'check_late', { seconds: areaMs / 1000 }));
    }
  } catch (error) {
    collect(found('failure', 'check_failed', { problem: Error.isError(error) ? error.message : String(error) }));
  } finally {
    isOver = true;
  }
}

const ranks = { failure: 0, warning: 1, ok: 2 } as const;

/** What is wrong first; what is found while look-ups run side by side, in an order that does not change. */
function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const key = ({ name, values }: Finding) => `${name} ${JSON.stringify(values)}`;
  return findings.toSorted((a, b) => ranks[a.level] - ranks[b.level] || key(a).localeCompare(key(b), 'en'));
}
