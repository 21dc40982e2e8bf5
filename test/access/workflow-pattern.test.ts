import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allWorkflows, covers, hasWorkflow } from '../../src/access/patterns.ts';

describe('a pattern', () => {
  it.each([
    ['WKF110', 'WKF110', true],
    ['WKF110', 'wkf110', true],
    ['wkf110', 'WKF110', true],
    ['WKF110', 'WKF1100', false],
    ['WKF110', 'xWKF110', false],
    ['WKF110', '', false],
    ['*', 'WKF110', true],
    ['*', allWorkflows, true],
    ['*', '', true],
    ['**', 'WKF110', true],
    ['WKF*', 'WKF', true],
    ['WKF*', 'WKF110', true],
    ['WKF*', 'myWKF', false],
    ['*load', 'nightly-load', true],
    ['*load', 'loads', false],
    ['a*b*c', 'abc', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'acb', false],
    ['*b*a*', 'ab', false],
    ['*a*a*', 'a', false],
    ['*ab*ba*', 'aba', false],
    ['a*a', 'a', false],
    ['ab*ba', 'aba', false],
    ['', '', true],
    ['', 'WKF110', false],
  ])('"%s" covers "%s": %p', (pattern, id, expected) => {
    expect(covers(pattern, id)).toBe(expected);
  });

  it.each(['.', 'W.F110', 'WKF\\d+', '(WKF110)', 'WKF110|x', '[W]KF110', 'WKF110?', '^WKF110$', 'WKF+110'])(
    'has no special character but the asterisk: "%s"',
    (pattern) => {
      expect(covers(pattern, 'WKF110')).toBe(false);
      expect(covers(pattern, pattern)).toBe(true);
    },
  );

  it.each([
    ['*', 'WKF*', true],
    ['WKF*', 'WKF1*', true],
    ['wkf*', 'WKF*', true],
    ['WKF1*', 'WKF*', false],
    ['WKF*', '*', false],
    ['WKF*', '*WKF', false],
    ['*a*', 'b*a', true],
    ['a*', '*a', false],
    ['WKF110', 'WKF*', false],
  ])('"%s" covers all that "%s" does: %p', (pattern, other, expected) => {
    expect(covers(pattern, other)).toBe(expected);
  });

  const letters = (...all: readonly string[]) =>
    fc.array(fc.constantFrom(...all), { maxLength: 6 }).map((one) => one.join(''));

  it('covers everything that a pattern it covers covers', () => {
    let met = 0;
    const written = letters('a', 'b', '*', '*');
    fc.assert(
      fc.property(written, written, letters('a', 'B'), (pattern, other, id) => {
        if (!covers(pattern, other) || !covers(other, id)) return;
        expect(covers(pattern, id)).toBe(true);
        met += pattern === other ? 0 : 1;
      }),
      { seed: 3, numRuns: 5_000 },
    );
    expect(met).toBeGreaterThan(100);
  });

  it('covers what the same regular expression matches', () => {
    const asExpression = (pattern: string) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
    const met = { covered: 0, not: 0 };
    fc.assert(
      fc.property(letters('a', 'b', '*', '*'), letters('a', 'b'), (pattern, id) => {
        const isCovered = asExpression(pattern).test(id);
        expect(covers(pattern, id)).toBe(isCovered);
        met[isCovered ? 'covered' : 'not']++;
      }),
      { seed: 5, numRuns: 20_000 },
    );
    expect(Math.min(met.covered, met.not)).toBeGreaterThan(1_000);
  });

  it('covers an ID with any text in place of its asterisks', () => {
    fc.assert(
      fc.property(fc.array(letters('a', '-', '_', '9')), letters('b', '.', '\n', 'é'), (parts, filling) => {
        expect(covers(parts.join('*'), parts.join(filling).toUpperCase())).toBe(true);
      }),
      { seed: 4 },
    );
  });
});

describe('a workflow in an environment', () => {
  it.each([
    [null, 'WKF110', 'prod', true],
    [null, 'WKF110', 'stage', true],
    ['prod', 'WKF110', 'prod', true],
    ['prod', 'wkf110', 'prod', true],
    ['prod', 'WKF110', 'stage', false],
    ['prod', 'WKF110', '', false],
    ['prod', 'WKF111', 'prod', false],
    [null, 'WKF111', 'prod', false],
  ])('bound to %p has %s in "%s": %p', (environment, workflowId, where, expected) => {
    expect(hasWorkflow({ id: 'WKF110', environment }, workflowId, where)).toBe(expected);
  });
});
