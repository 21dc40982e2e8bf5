import { describe, expect, it } from '@jest/globals';
import { decide, type Question } from '../../src/access/decide.ts';
import type { ActiveFreeze } from '../../src/access/freeze-windows.ts';
import { cast, named, places } from './cast.fixture.ts';
import { formatDecision } from './format-decision.fixture.ts';
import { actionOf, aliases, policy } from './rich-policy.fixture.ts';

/** A Tuesday at noon, on which no freeze is in force. */
const usually = '2026-03-10 12:00';

/**
 * A part of the specification: questions to the rich policy, and what it decides. A line is
 * `who  where  command  workflow  environment  reason  when  decision`.
 * @param declared the freeze that people have put on the environment
 */
export function specify(title: string, table: string, declared: ActiveFreeze | null = null): void {
  describe(title, () => {
    it.each(rowsOf(table))('$row: $decision', ({ cells, decision }) => {
      expect(cells).toHaveLength(8);
      expect(formatDecision(decide(policy, questionOf(cells, declared)))).toBe(decision);
    });
  });
}

/** The rows of a table, each with its name; the last cell is the decision. */
export function rowsOf(table: string) {
  return cellsOf(table).map((cells) => ({ cells, row: cells.slice(0, -1).join('  '), decision: cells.at(-1) }));
}

/** The lines of a table; at least two blanks stand between its cells. */
function cellsOf(table: string): readonly (readonly string[])[] {
  return table
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => line.split(/\s{2,}/));
}

/** `who  where  command  workflow  environment  reason  when` as a question; `-` stands for none, and for the usual time. */
export function questionOf(cells: readonly string[], declared: ActiveFreeze | null = null): Question {
  const [who = '', where = '', command = '', workflow = '', environment = '', reason = '', when = ''] = cells;
  return {
    person: named(cast, who),
    channel: channelOf(where),
    place: named(places, where),
    action: actionOf(command),
    workflowId: workflow === '-' ? null : (aliases[workflow]?.id ?? workflow),
    environment: environment === '-' ? null : environment,
    hasReason: reason !== '-',
    at: momentOf(when === '-' ? usually : when),
    declared,
  };
}

export function channelOf(where: string): string {
  return `C0${where.toUpperCase()}`;
}

/** `2026-03-10 12:00`, UTC. */
export function momentOf(text: string): number {
  const at = Date.parse(`${text.replace(' ', 'T')}Z`);
  if (Number.isNaN(at)) throw new Error(`"${text}" is no time`);
  return at;
}
