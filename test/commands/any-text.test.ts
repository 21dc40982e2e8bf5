import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Command, WorkflowName } from '../../src/commands/command.ts';
import { type Parsed, parseCommand } from '../../src/commands/grammar/parse-command.ts';
import { vocabulary } from './vocabulary.fixture.ts';

const longest = 10_000;
const codeUnits = (maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength }).map((units) => String.fromCharCode(...units));
const piece = fc.oneof(
  fc.constantFrom('stop', 'START', 'status', 'history', 'approve', 'nightly-load', 'trial-run', 'WKF110', 'cleanup_2'),
  fc.constantFrom(
    '--env',
    '—env',
    'env=stage',
    '-env',
    '--env=prod',
    'stage',
    'prod',
    '--force',
    'and',
    ',',
    '"',
    '« x »',
  ),
  fc.constantFrom('__proto__', 'constructor', '\ud800', '\u0000', '\u200b', '-', '—', 'wrong', 'audience', '0123abcd'),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const sentence = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(' '));
const anyText = fc.oneof(
  { weight: 6, arbitrary: sentence },
  { weight: 2, arbitrary: sentence.map((rest) => `stop WKF110 ${rest}`) },
  { weight: 1, arbitrary: codeUnits(longest) },
  { weight: 1, arbitrary: codeUnits(longest - 5).map((rest) => `stop ${rest}`) },
);

function workflowOf(command: Command): WorkflowName | null {
  return 'workflow' in command ? command.workflow : null;
}

function checkInvariants(parsed: Parsed): void {
  if (!parsed.ok) {
    const { problem, ...details } = parsed.error;
    expect(problem).toMatch(/^[a-z_]+$/);
    const texts = Object.values(details).filter((value) => typeof value === 'string');
    for (const text of texts) expect([...text].length).toBeLessThanOrEqual(80);
    return;
  }
  const workflow = workflowOf(parsed.command);
  if (workflow !== null) {
    const alias = vocabulary.aliases.find(({ name }) => name === workflow.alias);
    expect(workflow.id).toEqual(alias?.workflowId ?? expect.stringMatching(/^[A-Za-z0-9_-]{1,64}$/));
  }
  if (parsed.command.kind !== 'change') return;
  expect(vocabulary.environments).toContain(parsed.command.environment);
  const { reason } = parsed.command;
  expect([...reason].length).toBeLessThanOrEqual(500);
  expect(reason.isWellFormed()).toBe(true);
  expect(reason).not.toMatch(/[\n\r\t\0]| {2}|^ | $/);
  expect(reason).not.toMatch(/(?:^|\s)["“]?(?:--+|—)[a-z]/i);
}

describe('any text', () => {
  it('is parsed as a valid command or a valid usage error', () => {
    fc.assert(
      fc.property(anyText, (text) => checkInvariants(parseCommand(text, vocabulary))),
      { numRuns: 1000 },
    );
  });

  it('is parsed in linear time', () => {
    const units = ['x', ' ', ',', '—', '- ', '"', '« ', ' »', 'and ', ',a', '\u200b', 'env=', '--', "l'", '\u0301'];
    /** Processor time: independent of other processes. */
    function workFor(length: number): number {
      const before = process.cpuUsage();
      for (const begin of ['', 'stop ', 'stop WKF110 x']) {
        for (const unit of units) {
          checkInvariants(parseCommand(`${begin}${unit.repeat(length / unit.length)}x`, vocabulary));
        }
      }
      return process.cpuUsage(before).user;
    }
    workFor(5_000);
    // Ten times the permitted length. Four times the length takes four times the work, or sixteen times where a text is parsed in quadratic time.
    expect(workFor(100_000) / workFor(25_000)).toBeLessThan(8);
  });
});

describe('every ID', () => {
  it('that is no option and no alias is kept as typed', () => {
    const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
    fc.assert(
      fc.property(id, (typed) => {
        fc.pre(!/^\d+$|^--+[a-z]|^-env(ironment)?s?$|--env/i.test(typed));
        const command = { kind: 'status', workflow: { id: typed, alias: null }, environment: 'prod' };
        expect(parseCommand(`status ${typed}`, { ...vocabulary, aliases: [] })).toEqual({ ok: true, command });
      }),
    );
  });
});

describe('every option inside a reason', () => {
  const word = fc.stringMatching(/^[a-z]{1,8}$/);
  const dashes = fc.constantFrom(
    '--',
    '---',
    '\u2014',
    '\u2013',
    '\u2015',
    '\u2012',
    '\u2212',
    '\u2011',
    '-\u2014',
    '\u2014-',
  );
  const option = fc.oneof(
    fc.tuple(dashes, fc.oneof(word, fc.constant('env'), fc.constant('ENV=stage'))).map((parts) => parts.join('')),
    fc.constantFrom('-env', '-ENV', 'env=stage', 'Env=', '-env=prod'),
  );
  const mark = fc.constantFrom('', '"', '“', '‘', '« ', '(');

  it('is a usage error', () => {
    fc.assert(
      fc.property(fc.array(word), mark, option, fc.array(word), (before, opening, typed, after) => {
        const text = ['stop WKF110 oops', ...before, opening + typed, ...after].join(' ');
        expect(parseCommand(text, vocabulary)).toMatchObject({ ok: false, error: { problem: 'option_in_reason' } });
      }),
    );
  });

  it('is a usage error also at the beginning of a quoted reason', () => {
    fc.assert(
      fc.property(option, fc.array(word), (typed, after) => {
        const text = `start WKF110 “${[typed, ...after].join(' ')}”`;
        expect(parseCommand(text, vocabulary)).toMatchObject({ ok: false, error: { problem: 'option_in_reason' } });
      }),
    );
  });
});

describe('every typo of an alias', () => {
  it('is answered with the alias and never sent', () => {
    const name = 'nightly-load';
    fc.assert(
      fc.property(fc.nat(name.length - 1), fc.constantFrom('', 'q', 'Z9', '_'), (at, instead) => {
        const typed = name.slice(0, at) + instead + name.slice(at + 1);
        fc.pre(typed !== name);
        const error = { problem: 'bad_workflow', typed, suggestion: name };
        expect(parseCommand(`start ${typed}`, vocabulary)).toEqual({ ok: false, error });
      }),
    );
  });
});
