import { describe, expect, it } from '@jest/globals';
import { decide, type Question } from '../../src/access/decide.ts';
import { givesReason } from '../../src/commands/grammar/read-reason.ts';
import { personOf, placeThatIs } from '../access/policy.fixture.ts';
import { configurationOf, fileProblems, twoEnvironments } from './with-file.ts';

const fileWith = (reason: string, commands = '[stop]') =>
  `${twoEnvironments}access:\n  - { name: Leads, channels: [C0OPS], people: { users: [U0ALICE] }, commands: ${commands}, reason: ${reason} }\n`;

const questionWith = (reason: string): Question => ({
  channel: 'C0OPS',
  person: personOf('U0ALICE'),
  place: placeThatIs(),
  action: 'stop',
  environment: 'prod',
  workflowId: 'WKF1',
  hasReason: givesReason(reason),
  reason,
  at: 0,
  declared: null,
});

function refusalOf(rule: string, reason: string): unknown {
  const decision = decide(configurationOf(fileWith(rule)).policy, questionWith(reason));
  return decision.permitted ? null : decision.refusal;
}

describe('a reason that is required', () => {
  it.each([
    ...['', '-', '…', '"', '\u200b', '"\u200b"', '\u3164', '\u2800', '???', '🔥', '. . .', '--', '\u0301'],
    ...['[reason]', '<reason>', '(Reason …)', 'reason', '[motif]', '<motif>', '[anledning]', '[motivo]', '[Grund]'],
    ...[':thumbsup:', ':+1: :100:', '1\ufe0f\u20e3', '™', '👍🏽', '[reason] [reason]', 'Reason: [reason]'],
    ...['[REASON]', '{reason}', '\u200b[rea\u200bson]', '“reason”'],
  ])('is not given by %j', (reason) => {
    expect(refusalOf('required', reason)).toEqual({ reason: 'reason_required', rule: 'Leads' });
    expect(refusalOf('optional', reason)).toBeNull();
  });

  it.each([
    'x',
    '7',
    'wrong audience',
    '対象が違う',
    'reason unknown',
    '[reason] wrong list',
    'не тот список',
    '🔥 fire',
  ])('is given by %j', (reason) => expect(refusalOf('required', reason)).toBeNull());
});

describe('a reason with a required format', () => {
  const ticket = '{ required: true, matches: "CHG\\\\d+", hint: "a change number, such as CHG0012345" }';

  it('is refused where it does not match, with the hint', () => {
    const mismatch = { reason: 'reason_mismatch', rule: 'Leads', hint: 'a change number, such as CHG0012345' };
    for (const reason of ['wrong audience', 'CHG', 'chg12', 'CHG x1'])
      expect(refusalOf(ticket, reason)).toEqual(mismatch);
    for (const reason of ['CHG1', 'wrong audience, CHG0012345 says so']) expect(refusalOf(ticket, reason)).toBeNull();
    expect(refusalOf(ticket, '[reason]')).toEqual({ reason: 'reason_required', rule: 'Leads' });
  });

  it('is refused with the expression where there is no hint, and is required by default', () => {
    expect(refusalOf('{ matches: "^INC\\\\d{4}" }', 'x')).toMatchObject({ hint: '^INC\\d{4}' });
    expect(refusalOf('{ matches: INC }', '')).toEqual({ reason: 'reason_required', rule: 'Leads' });
    const optional = '{ required: false, matches: INC }';
    expect(refusalOf(optional, '')).toBeNull();
    expect(refusalOf(optional, 'x')).toMatchObject({ reason: 'reason_mismatch' });
  });

  it.each(['(a+)+$', '(a|a)*b', '^(([a-z])+.)+[A-Z]([a-z])+$', '(.*a){20}x', '(a*)*b', '(?:a?){50}a{50}z'])(
    'is matched in linear time: %s',
    (pattern) => {
      const reason = `${'a'.repeat(499)}!`;
      // In exponential time, it would never end.
      expect(refusalOf(`{ matches: '${pattern}' }`, reason)).toMatchObject({ reason: 'reason_mismatch' });
    },
  );

  it.each(['(', '(?=CHG)', '(a)\\\\1', '[z-a]', 'a{2000}', '((a{100}){100}){100}', '*', '(?<!x)CHG'])(
    'is a problem of the file, with its line, where the expression is invalid: %s',
    (pattern) => {
      expect(fileProblems(fileWith(`{ matches: "${pattern}" }`))).toEqual([
        '7: access[0].reason.matches is no regular expression that can be used here (RE2 syntax: without look-around and back-references).',
      ]);
    },
  );

  it.each([
    ['sometimes', '7: access[0].reason is not one of required or optional.'],
    ['requird', '7: access[0].reason is requird, which is not known here: did you mean required?'],
    ['{ required: true }', '7: access[0].reason.matches is missing.'],
    ['{ match: CHG }', '7: access[0].reason.match is not known here: did you mean matches?'],
    ['{ matches: CHG, required: often }', expect.stringContaining('7: access[0].reason.required')],
    ['{ matches: "" }', expect.stringContaining('7: access[0].reason.matches')],
  ])('has its problems reported: %s', (reason, expected) => expect(fileProblems(fileWith(reason))).toEqual([expected]));

  it('has no effect in a rule with queries only', () => {
    expect(fileProblems(fileWith('{ matches: CHG }', '[status]'))).toEqual([
      expect.stringContaining('access[0].reason has no effect'),
    ]);
  });
});
