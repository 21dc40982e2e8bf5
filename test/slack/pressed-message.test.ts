import { expect, it } from '@jest/globals';
import { pressMessage } from '../../src/slack/listeners/typed-command.ts';
import { context } from './voices.ts';

it('a decision that could not be recorded is not answered with "nothing was sent": the request may go on', () => {
  const { text } = pressMessage({ ok: false, inDoubt: false }, 'REQUEST1', context);
  expect(text).toContain('does not count');
  expect(text).toContain('may go on without it');
  expect(text).not.toMatch(/nothing was sent/i);
});

it('a decision that may have been recorded is not answered with "does not count"', () => {
  const { text } = pressMessage({ ok: false, inDoubt: true }, 'REQUEST1', context);
  expect(text).toContain('did not confirm');
  expect(text).not.toContain('does not count');
});
