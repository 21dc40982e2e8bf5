import { setTimeout as wait } from 'node:timers/promises';
import { isSlackError } from '../slack/slack-error.ts';
import type { Check, CheckContext, Report } from './checks/check.ts';
import { slackFailure } from './checks/slack-access.ts';
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
  context: CheckContext,
  limits: Limits,
): readonly Promise<AreaFindings>[] {
  return checks.map(async ([area, check]) => {
    const findings: Finding[] = [];
    await runOne(check, context, limits, (finding) => findings.push(finding));
    return { area, findings: inOrder(findings) };
  });
}

async function runOne(check: Check, context: CheckContext, { areaMs }: Limits, collect: (finding: Finding) => void) {
  let isOver = false;
  const report: Report = (finding) => {
    if (!isOver) collect(finding);
  };
  const late = wait(areaMs, 'late' as const, { ref: false });
  try {
    if ((await Promise.race([check(context, report), late])) === 'late') {
      collect(found('failure', 'check_late', { seconds: areaMs / 1000 }));
    }
  } catch (error) {
    collect(isSlackError(error) ? slackFailure(error) : checkFailed(error));
  } finally {
    isOver = true;
  }
}

function checkFailed(error: unknown): Finding {
  return found('failure', 'check_failed', { problem: Error.isError(error) ? error.message : String(error) });
}

const ranks = { failure: 0, warning: 1, ok: 2 } as const;

/** What is wrong first, and nothing twice. Look-ups end in any order; mistakes of the settings have one. */
function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const key = ({ name, values }: Finding) => (name.startsWith('setting_') ? '' : `${name} ${JSON.stringify(values)}`);
  const unique = findings.filter(
    (finding, index) => key(finding) === '' || findings.findIndex((other) => key(other) === key(finding)) === index,
  );
  return unique.toSorted((a, b) => ranks[a.level] - ranks[b.level] || key(a).localeCompare(key(b), 'en'));
}
