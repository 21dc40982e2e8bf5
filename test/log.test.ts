import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Logger } from 'pino';
import { createLog } from '../src/log.ts';

/** The lines that are written while `work` logs. */
function linesOf(secrets: readonly string[], work: (log: Logger) => void): string[] {
  const lines: string[] = [];
  work(createLog('trace', secrets, { write: (line) => void lines.push(line) }));
  return lines;
}

/** Every string in a line's JSON, at any depth. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...stringsIn(inner)]);
}

/** Puts a text wherever a library might. */
function logEverywhere(log: Logger, text: string): void {
  log.info({}, text);
  log.warn({ text, nested: { list: [text, { deeper: text }] } }, 'fields');
  log.error({ err: new Error(`failed: ${text}`) }, 'error');
  log.error({ err: new Error('outer', { cause: new TypeError(text, { cause: new Error(text) }) }) }, 'causes');
  log.error({ err: new AggregateError([new Error(text), new Error(text)], text) }, 'several');
  log.fatal(
    { err: Object.assign(new Error('x'), { original: new Error(text), config: { headers: { a: text } } }) },
    'more',
  );
  log.error(new Error(text));
  log.debug({ body: JSON.stringify({ token: text }) }, 'quoted');
}

describe('a secret of the settings', () => {
  const secretText = fc.string({ unit: 'binary' }).map((rest) => `xoxb-${rest}`);

  it('never reaches the log: messages, fields, errors, causes and stacks', () => {
    const secret = 'xoxb-12-34-AbCdEf';
    const lines = linesOf([secret], (log) => logEverywhere(log, `Bearer ${secret}!`));
    expect(lines).toHaveLength(8);
    for (const line of lines) {
      expect(line).toContain('Bearer [secret]!');
      expect(line).not.toContain('AbCdEf');
    }
  });

  it('never reaches it in another spelling either, and what is written stays JSON', () => {
    fc.assert(
      fc.property(secretText, fc.string(), (secret, around) => {
        const spellings = [secret, encodeURIComponent(secret), new URLSearchParams({ secret }).toString().slice(7)];
        for (const spelling of spellings) {
          const lines = linesOf([secret], (log) => {
            log.info({ text: around + spelling, err: new Error(spelling, { cause: new Error(spelling) }) }, spelling);
          });
          const written = lines.flatMap((line) => stringsIn(JSON.parse(line)));
          expect(written.filter((text) => text.includes(spelling))).toEqual([]);
          expect(written).toContain('[secret]');
        }
      }),
      { numRuns: 200 },
    );
  });

  it.each([['p8e-"quoted"\\'], ['two\nlines'], ['täglich✓'], ['a+b/c=='], ['$&$1']])(
    'may be any text: %j',
    (secret) => {
      const lines = linesOf([secret], (log) => logEverywhere(log, secret));
      for (const line of lines.slice(0, -1)) {
        expect(stringsIn(JSON.parse(line)).filter((text) => text.includes(secret))).toEqual([]);
        expect(line).toContain('[secret]');
      }
    },
  );

  it('is taken out whole where it begins with another one', () => {
    const lines = linesOf(['xoxb-1', 'xoxb-1-2-3-rest'], (log) => log.info({}, 'xoxb-1-2-3-rest and xoxb-1'));
    expect(lines.map((line) => JSON.parse(line).message)).toEqual(['[secret] and [secret]']);
  });

  it('is taken out once where it is part of what replaces it', () => {
    const lines = linesOf(['secret', 'xoxb-1'], (log) => log.info({}, 'a secret: xoxb-1'));
    expect(lines[0]).toContain('"message":"a [secret]: [secret]"');
  });

  it('that is not set takes nothing out', () => {
    expect(linesOf([''], (log) => log.info({}, 'ready')).map((line) => JSON.parse(line).message)).toEqual(['ready']);
  });
});

describe('an address for replies', () => {
  const path = 'commands/T0ACME/1234/AbCdEf';
  const plain = `https://hooks.slack.com/${path}`;

  it.each([
    ['as it is', plain],
    ['of a button', 'https://hooks.slack.com/actions/T0ACME/1234/AbCdEf'],
    ['of Slack for governments', `https://hooks.slack-gov.com/${path}`],
    ['with its slashes escaped, as Slack writes JSON', plain.replaceAll('/', '\\/')],
    ['in a form', encodeURIComponent(plain)],
    ['in the body of a request', `command=%2Fcampaign-wf&response_url=${encodeURIComponent(plain)}&trigger_id=1`],
    ['in quoted JSON', JSON.stringify({ response_url: plain, trigger_id: 1 })],
    ['in quoted JSON of Slack’s', JSON.stringify({ response_url: plain }).replaceAll('/', '\\/')],
  ])('never reaches the log: %s', (_how, text) => {
    const lines = linesOf([], (log) => logEverywhere(log, text));
    for (const line of lines) {
      expect(line).not.toMatch(/AbCdEf|hooks\.slack/);
      expect(() => JSON.parse(line)).not.toThrow();
    }
  });

  it('takes nothing else with it', () => {
    const [line = ''] = linesOf([], (log) => log.info({ after: 'kept' }, `posting to ${plain} failed, "${plain}" too`));
    expect(JSON.parse(line)).toMatchObject({ message: 'posting to [secret] failed, "[secret]" too', after: 'kept' });
  });
});

describe('a line', () => {
  it('is JSON with its time and its message, and says what an error’s cause was', () => {
    const error = new Error('outer', { cause: new Error('inner') });
    const [line = ''] = linesOf([], (log) => log.error({ err: error, request: 'REQUEST1' }, 'a step failed'));
    expect(line.endsWith('\n')).toBe(true);
    expect(JSON.parse(line)).toEqual({
      level: 50,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      message: 'a step failed',
      request: 'REQUEST1',
      err: expect.objectContaining({
        message: expect.stringContaining('inner'),
        stack: expect.stringContaining('outer'),
      }),
    });
  });

  it('is not written below the level', () => {
    const lines: string[] = [];
    const log = createLog('warn', [], { write: (line) => void lines.push(line) });
    log.info({}, 'not this');
    log.warn({}, 'this');
    expect(lines).toHaveLength(1);
  });
});
