import { expect, it } from '@jest/globals';
import { pressMessage } from '../../src/slack/listeners/typed-command.ts';
import { voice } from './voices.ts';

it('a decision that could not be recorded is not answered with "nothing was sent": the request may go on', () => {
  const { text } = pressMessage(null, 'REQUEST1', voice);
  expect(text).toContain('does not count');
  expect(text).toContain('may go on without it');
  expect(text).not.toMatch(/nothing was sent/i);
});
