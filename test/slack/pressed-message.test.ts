import { expect, it } from '@jest/globals';
import { pressMessage } from '../../src/slack/listeners/typed-command.ts';
import { requestWith, waiting } from './every-request.ts';
import { context } from './message-contexts.ts';
import { linesOf } from './shown-text.ts';

it('a decision that could not be recorded is not answered with "nothing was sent": the request may go on', () => {
  const { text } = pressMessage({ ok: false, inDoubt: false }, { request: 'REQUEST1', choice: 'approve' }, context);
  expect(text).toContain('does not count');
  expect(text).toContain('may go on without it');
  expect(text).not.toMatch(/nothing was sent/i);
});

it('a decision that may have been recorded is not answered with "does not count"', () => {
  const { text } = pressMessage({ ok: false, inDoubt: true }, { request: 'REQUEST1', choice: 'approve' }, context);
  expect(text).toContain('did not confirm');
  expect(text).not.toContain('does not count');
});

it('a press that is refused once more names command, workflow and environment, as the first refusal does', () => {
  const refusal = { reason: 'not_an_approver', permitted: { users: [], groups: ['S0LEADS'] } } as const;
  const result = { kind: 'refused_again', request: requestWith(waiting), refusal } as const;
  const lines = linesOf(
    pressMessage({ ok: true, written: result }, { request: 'REQUEST1', choice: 'approve' }, context),
  );
  expect(lines[0]).toBe('Stop WKF110 (prod)');
  expect(lines[1]).toContain('REQUEST1 does not count, as before');
});

it('a review that is recorded is called a review', () => {
  const result = { kind: 'recorded', request: requestWith(waiting) } as const;
  const lines = linesOf(
    pressMessage({ ok: true, written: result }, { request: 'REQUEST1', choice: 'review' }, context),
  );
  expect(lines[1]).toBe('Recorded your review of request REQUEST1. It shows in its thread.');
});
