import { describe, expect, it } from '@jest/globals';
import type { Command } from '../../src/commands/command.ts';
import { parseCommand } from '../../src/commands/grammar/parse-command.ts';
import { endOfFreeze } from '../../src/commands/grammar/read-freeze.ts';
import { vocabulary } from './vocabulary.fixture.ts';

const stopped = {
  kind: 'change',
  verb: 'stop',
  workflow: { id: 'WKF110', alias: null },
  environment: 'prod',
  reason: '',
};
const onStage = { ...stopped, environment: 'Stage' };
const nightly = { id: 'WKF110', alias: 'nightly-load' };

function command(text: string): Command | unknown {
  const parsed = parseCommand(text, vocabulary);
  return parsed.ok ? parsed.command : parsed.error;
}

describe('help', () => {
  it.each([
    '',
    '   ',
    '\n\t\u00a0\u3000',
    '\u200b',
    'help',
    'HELP',
    'help stop WKF110 --force',
    'help\nme',
    'help stop WKF110\nme',
  ])('is the command in %j', (text) => expect(command(text)).toEqual({ kind: 'help' }));
});

describe('a change', () => {
  it.each(['start', 'pause', 'resume', 'stop'])('is parsed for %s, in any case', (verb) => {
    expect(command(`${verb} WKF110`)).toEqual({ ...stopped, verb });
    expect(command(`${verb.toUpperCase()} WKF110`)).toEqual({ ...stopped, verb });
  });

  it.each([
    [' ', 'spaces'],
    ['\n', 'line breaks'],
    ['\u00a0', 'no-break spaces'],
    ['\u0085', 'next-line characters'],
    [' \u2009\u3000\t', 'a mixture'],
  ])('has words separated by %j (%s)', (space) => {
    expect(command(`${space}stop${space}WKF110${space}wrong${space}audience${space}`)).toEqual({
      ...stopped,
      reason: 'wrong audience',
    });
  });

  it.each(['WKF110', 'wkf110', 'Payroll_Export-2', 'x1', '_', '-foo', '--1', 'stop', 'env', 'x'.repeat(64)])(
    'accepts %s as an ID and keeps its case',
    (id) => expect(command(`stop ${id}`)).toEqual({ ...stopped, workflow: { id, alias: null } }),
  );

  it.each(['', 'wrong audience', '110th run', 'x 110'])('accepts WKF alone as an ID before %j', (reason) =>
    expect(command(`stop WKF ${reason}`)).toEqual({ ...stopped, workflow: { id: 'WKF', alias: null }, reason }),
  );

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('accepts %s as an ordinary ID', (id) =>
    expect(command(`stop ${id}`)).toEqual({ ...stopped, workflow: { id, alias: null } }),
  );

  it.each(['nightly-load', 'NIGHTLY-Load'])('accepts the alias %s in any case', (alias) =>
    expect(command(`stop ${alias}`)).toEqual({ ...stopped, workflow: nightly }),
  );

  it('uses the environment of the alias', () => {
    expect(command('stop trial-run')).toEqual({ ...onStage, workflow: { id: 'WKF300', alias: 'trial-run' } });
  });

  it('uses the default environment where neither alias nor option names one', () => {
    const workflow = { id: 'cleanup_2', alias: 'Cleanup-Everywhere' };
    expect(command('stop cleanup-everywhere')).toEqual({ ...stopped, workflow });
    expect(command('stop cleanup-everywhere --env stage')).toEqual({ ...onStage, workflow });
  });

  it('may name the environment of its alias', () => {
    expect(command('stop nightly-load --env PROD')).toEqual({ ...stopped, workflow: nightly });
    expect(command('stop --env stage trial-run')).toMatchObject({ environment: 'Stage' });
  });

  it.each(['WKF110\u200b', '\ufeffWKF110', 'WKF\u00ad110'])('ignores invisible characters in %j', (id) =>
    expect(command(`stop ${id}`)).toEqual(stopped),
  );
});

describe('the environment', () => {
  it.each([
    '--env stage',
    '--env=stage',
    '--ENV Stage',
    '--Env=STAGE',
    'env=stage',
    'ENV=stage',
    '-env stage',
    '-env=stage',
    '---env stage',
    '\u2014env stage',
    '\u2014env=stage',
    '\u2013env stage',
    '\u2015env stage',
    '\u2012env stage',
    '\u2212env stage',
    '\u2011env stage',
    '-\u2014env stage',
    '\u2014-env stage',
    '-\u200b-env stage',
    '--env "stage"',
    '--env=“stage”',
    'env=‘stage’',
    '--env « stage »',
    '--env\nstage',
  ])('can be written %j, before or after the workflow', (option) => {
    expect(command(`stop WKF110 ${option}`)).toEqual(onStage);
    expect(command(`stop ${option} WKF110 oops`)).toEqual({ ...onStage, reason: 'oops' });
    expect(command(`stop WKF110 ${option} oops`)).toEqual({ ...onStage, reason: 'oops' });
  });
});

describe('quotation marks', () => {
  it.each([
    '"WKF110"',
    '“WKF110”',
    "'WKF110'",
    '‘WKF110’',
    '«WKF110»',
    '« WKF110 »',
    '„WKF110“',
    '”WKF110”',
    '`WKF110`',
  ])('around the workflow are removed: %s', (quoted) =>
    expect(command(`stop ${quoted} oops`)).toEqual({ ...stopped, reason: 'oops' }),
  );

  it.each([
    ['“wrong audience”', 'wrong audience'],
    ['"wrong audience"', 'wrong audience'],
    ["'wrong audience'", 'wrong audience'],
    ['« mauvais public »', 'mauvais public'],
    ["'don't send it'", "don't send it"],
    ['‘don’t send it’', 'don’t send it'],
    ['"a" and "b"', '"a" and "b"'],
    ['wrong “audience”', 'wrong “audience”'],
    ['"wrong audience', '"wrong audience'],
    ['"', '"'],
    ['""', ''],
  ])('around the whole reason are removed: %s', (typed, reason) =>
    expect(command(`stop WKF110 ${typed}`)).toEqual({ ...stopped, reason }),
  );
});

describe('the reason', () => {
  it.each([
    ['  wrong \n\n audience\u00a0 ', 'wrong audience'],
    ['Wrong AUDIENCE, 50 % – see & *co*', 'Wrong AUDIENCE, 50 % – see & *co*'],
    ['ask <@U012|bob> or <@W012> of <!subteam^S012|@leads>, <!here>', 'ask @bob or @W012 of @leads, @here'],
    ['see <#C012|ops>, <#C013|>, <#C014>', 'see #ops, #C013, #C014'],
    [
      'see <https://acme.example/x?env=prod|the page> and http://acme.example/?a=1&env=prod',
      'see https://acme.example/x?env=prod and http://acme.example/?a=1&env=prod',
    ],
    ['see www.acme.example/?env=prod', 'see www.acme.example/?env=prod'],
    ['until <!date^1392734382^{date}|Feb 18>', 'until Feb 18'],
    ['<slack://channel?id=C1|here>', 'slack://channel?id=C1'],
    ['mail <mailto:bob@acme.example|bob@acme.example> if 1 < 2 > 0', 'mail bob@acme.example if 1 < 2 > 0'],
    ['— wrong audience', '— wrong audience'],
    ['wrong - very -- wrong', 'wrong - very -- wrong'],
    ['-foo is late', '-foo is late'],
    ['wrong run—again, pre--flight', 'wrong run—again, pre--flight'],
    ['wrong run—environment mix-up', 'wrong run—environment mix-up'],
    ['—5 rows, -1 left', '—5 rows, -1 left'],
    ['status=failed a=b', 'status=failed a=b'],
    ['the environment is down', 'the environment is down'],
    ['our environment is down', 'our environment is down'],
    ['in our env it failed', 'in our env it failed'],
    ['env', 'env'],
    ['on environment', 'on environment'],
    ['wrong env: it was for stage', 'wrong env: it was for stage'],
    ['envoi: en double, -envoi=2', 'envoi: en double, -envoi=2'],
    ['and again', 'and again'],
    ['instead of WKF111', 'instead of WKF111'],
    ['because WKF111 failed', 'because WKF111 failed'],
    ['the WKF runs twice', 'the WKF runs twice'],
    ['family 👨‍👩‍👧', 'family 👨‍👩‍👧'],
    ['nul\u0000nul \ud800 end', 'nul nul \ufffd end'],
  ])('is kept as typed, in one line: %j', (typed, reason) =>
    expect(command(`stop WKF110 ${typed}`)).toEqual({ ...stopped, reason }),
  );

  it('has up to 500 characters, counted as code points', () => {
    expect(command(`stop WKF110 ${'😀'.repeat(500)}`)).toEqual({ ...stopped, reason: '😀'.repeat(500) });
    expect(command(`stop WKF110 "${'x'.repeat(500)}"`)).toEqual({ ...stopped, reason: 'x'.repeat(500) });
    expect(command(`stop WKF110 ${'😀'.repeat(501)}`)).toEqual({ problem: 'reason_too_long', length: 501, most: 500 });
  });
});

const history = { kind: 'history', workflow: null, environment: null, person: null, lastMs: null } as const;

describe('the filters of a history', () => {
  const minute = 60_000;
  const all = {
    ...history,
    workflow: { id: 'WKF110', alias: null },
    environment: 'Stage',
    person: 'U0BOB',
    lastMs: 7 * 24 * 60 * minute,
  };

  it.each<[string, Partial<Command & { kind: 'history' }>]>([
    ['history <@U0BOB|bob>', { person: 'U0BOB' }],
    ['history <@W0BOB|bob the builder>', { person: 'W0BOB' }],
    ['historique <@U0BOB>', { person: 'U0BOB' }],
    ['history 30m', { lastMs: 30 * minute }],
    ['history 12h', { lastMs: 12 * 60 * minute }],
    ['history “1.5d”', { lastMs: 36 * 60 * minute }],
    ['history 7d', { lastMs: all.lastMs }],
    ['verlauf 7days', { lastMs: all.lastMs }],
    ['history 7d --env stage', { lastMs: all.lastMs, environment: 'Stage' }],
    ['history nightly-load <@U0BOB>', { workflow: nightly, environment: 'prod', person: 'U0BOB' }],
    ['history 7x', { workflow: { id: '7x', alias: null }, environment: 'prod' }],
    ['history last', { workflow: { id: 'last', alias: null }, environment: 'prod' }],
  ])('%s', (text, expected) => expect(command(text)).toEqual({ ...history, ...expected }));

  it('can be combined in any order', () => {
    const orders = [
      'WKF110 <@U0BOB> 7d --env stage',
      '--env stage 7d <@U0BOB|bob> WKF110',
      '7d WKF110 —env=stage <@U0BOB|b b>',
    ];
    for (const order of orders) expect(command(`history ${order}`)).toEqual(all);
  });

  it('an alias that looks like a duration is an alias', () => {
    const aliases = [{ name: '7d', workflowId: 'WKF7', environment: 'prod', label: null }];
    const parsed = parseCommand('history 7d', { ...vocabulary, aliases });
    expect(parsed).toMatchObject({ command: { workflow: { id: 'WKF7', alias: '7d' }, lastMs: null } });
  });
});

describe('queries', () => {
  it.each<[string, Command]>([
    ['status', { kind: 'choose_status', environment: null }],
    ['list', { kind: 'list', environment: null }],
    ['Lista STAGE', { kind: 'list', environment: 'Stage' }],
    ['liste —env stage', { kind: 'list', environment: 'Stage' }],
    ['Status —env stage', { kind: 'choose_status', environment: 'Stage' }],
    ['status WKF110', { kind: 'status', workflow: { id: 'WKF110', alias: null }, environment: 'prod' }],
    ['Status nightly-load', { kind: 'status', workflow: nightly, environment: 'prod' }],
    ['status —env stage “WKF110”', { kind: 'status', workflow: { id: 'WKF110', alias: null }, environment: 'Stage' }],
    ['history', history],
    ['history --env stage', { ...history, environment: 'Stage' }],
    ['history WKF110', { ...history, workflow: { id: 'WKF110', alias: null }, environment: 'prod' }],
    ['history trial-run', { ...history, workflow: { id: 'WKF300', alias: 'trial-run' }, environment: 'Stage' }],
    ['access', { kind: 'access', person: null }],
    ['access <@U0BOB|bob>', { kind: 'access', person: 'U0BOB' }],
    ['access <@W0BOB|bob the builder>', { kind: 'access', person: 'W0BOB' }],
    ['access <@U0BOB>', { kind: 'access', person: 'U0BOB' }],
    ['access  <@U0BOB|bob> \n', { kind: 'access', person: 'U0BOB' }],
  ])('%s', (text, expected) => expect(command(text)).toEqual(expected));
});

describe('a decision', () => {
  it.each(['0123ABCD', '0123abcd', 'oiL3aBcD', '"0123abcd"', '0123ABCD.', '#0123ABCD', '(0123abcd)', '<0123ABCD>,'])(
    'names its request as %s',
    (typed) => {
      const request = typed.startsWith('oiL') ? '0113ABCD' : '0123ABCD';
      expect(command(`approve ${typed}`)).toEqual({ kind: 'decide', choice: 'approve', request, reason: '' });
      expect(command(`CANCEL ${typed}`)).toEqual({ kind: 'decide', choice: 'cancel', request, reason: '' });
      expect(command(`cancel ${typed} wrong <@U0BOB|bob> segment`)).toMatchObject({
        request,
        reason: 'wrong @bob segment',
      });
    },
  );
});

describe('a freeze', () => {
  const reason = 'wrong audience';
  it.each<[string, Command]>([
    [
      '2h wrong audience',
      { kind: 'freeze', environment: 'prod', until: { kind: 'for', ms: 7_200_000, typed: '2h' }, reason },
    ],
    [
      '90m “wrong audience”',
      { kind: 'freeze', environment: 'prod', until: { kind: 'for', ms: 5_400_000, typed: '90m' }, reason },
    ],
    [
      '1.5d wrong  audience',
      { kind: 'freeze', environment: 'prod', until: { kind: 'for', ms: 129_600_000, typed: '1.5d' }, reason },
    ],
    [
      '2026-12-24T18:00+01:00 wrong audience',
      {
        kind: 'freeze',
        environment: 'prod',
        until: { kind: 'at', at: Date.UTC(2026, 11, 24, 17), typed: '2026-12-24T18:00+01:00' },
        reason,
      },
    ],
    [
      '2026-12-24t18:00z WKF110 went wrong',
      {
        kind: 'freeze',
        environment: 'prod',
        until: { kind: 'at', at: Date.UTC(2026, 11, 24, 18), typed: '2026-12-24t18:00z' },
        reason: 'WKF110 went wrong',
      },
    ],
  ])('of an environment, %s', (text, expected) => {
    expect(command(`freeze PROD ${text}`)).toEqual(expected);
    expect(command(`freeze --env prod ${text}`)).toEqual(expected);
    expect(command(`Freeze env=prod ${text}`)).toEqual(expected);
  });

  it('is lifted with or without a reason', () => {
    expect(command('unfreeze stage')).toEqual({ kind: 'unfreeze', environment: 'Stage', reason: '' });
    expect(command('unfreeze stage all is well')).toEqual({
      kind: 'unfreeze',
      environment: 'Stage',
      reason: 'all is well',
    });
  });

  const now = Date.UTC(2026, 10, 21);
  const minute = 60_000;
  it.each([
    ['1m', minute],
    ['30d', 30 * 1440 * minute],
    ['0.5m', null],
    ['31d', null],
    ['99999d', null],
    ['2026-11-21T00:00:59Z', null],
    ['2026-11-21T00:01Z', minute],
    ['2026-11-20T00:00Z', null],
    ['2026-12-21T00:00Z', 30 * 1440 * minute],
    ['2026-12-21T00:01Z', null],
  ])('lasts from a minute to thirty days: %s', (typed, after) => {
    const parsed = parseCommand(`freeze prod ${typed} because`, vocabulary);
    if (!parsed.ok || parsed.command.kind !== 'freeze') throw new Error('not a freeze');
    expect(endOfFreeze(parsed.command.until, now)).toBe(after === null ? null : now + after);
  });
});

describe('with several environments and no default', () => {
  const several = { ...vocabulary, defaultEnvironment: null };
  it.each(['start WKF110', 'stop Cleanup-Everywhere now', 'status WKF110', 'history WKF110'])(
    '%s needs an environment',
    (text) => {
      expect(parseCommand(text, several)).toMatchObject({
        ok: false,
        error: { problem: 'missing_environment', known: ['prod', 'Stage'] },
      });
    },
  );

  it.each(['start WKF110 --env stage', 'start trial-run', 'history', 'history --env stage'])(
    '%s needs none',
    (text) => {
      expect(parseCommand(text, several)).toMatchObject({ ok: true });
    },
  );
});

describe('a pasted line', () => {
  it.each([
    '/campaign-wf stop WKF110 oops',
    ' /CAMPAIGN-WF  stop WKF110 oops',
    '/campaign-wf\nstop WKF110 oops',
    '> /campaign-wf stop WKF110 oops',
    '@campaign-wf stop WKF110 oops',
  ])('%j', (text) => expect(command(text)).toEqual({ ...stopped, reason: 'oops' }));

  it('with the slash command alone is help', () => expect(command('/campaign-wf')).toEqual({ kind: 'help' }));
});
