import { describe, expect, it } from '@jest/globals';
import { parseCommand } from '../../src/commands/grammar/parse-command.ts';
import { languages, namesIn } from '../../src/commands/vocabulary/command-names.ts';
import { vocabulary } from './vocabulary.fixture.ts';

function parse(text: string) {
  return parseCommand(text, vocabulary);
}

describe('watch and unwatch', () => {
  it.each(
    languages.flatMap((language) =>
      (['watch', 'unwatch'] as const).flatMap((choice) =>
        namesIn[language][choice].map((name) => [name, choice] as const),
      ),
    ),
  )('%s WKF110 means %s', (name, choice) => {
    expect(parse(`${name} WKF110 --env stage wrong audience`)).toEqual({
      ok: true,
      command: {
        kind: 'watch',
        choice,
        workflow: { id: 'WKF110', alias: null },
        environment: 'Stage',
        reason: 'wrong audience',
      },
    });
  });

  it.each([
    ['watch', null],
    ['unwatch', null],
    ['überwachen', null],
    ['watch --env stage', 'Stage'],
  ])('%s, without a workflow, asks what is watched', (text, environment) => {
    expect(parse(text)).toEqual({ ok: true, command: { kind: 'watches', environment } });
  });

  it.each([
    ['watch WKF110 --env stage until 18:00', 'until 18:00'],
    ['watch WKF110 --env stage at 02:00', 'at 02:00'],
    ['watch WKF110 --env stage in 2h the load is late', 'in 2h'],
    ['unwatch WKF110 --env stage tomorrow 06:15', 'tomorrow 06:15'],
    ['watch WKF110 --env stage in 90d', 'in 90d'],
    ['watch WKF110 --env stage every 1m', 'every 1m'],
    ['watch WKF110 --env stage tous les jours', 'tous les jours'],
    ['watch WKF110 --env stage as of 18:00', 'as of 18:00'],
    ['watch WKF110 --env stage until the load is done', 'until the load is done'],
  ])('%s is not taken, because a watch has no end', (text, typed) => {
    expect(parse(text)).toMatchObject({ ok: false, error: { problem: 'time_of_watch', typed } });
  });

  it.each(['if it fails', 'when it fails again', 'once more', 'sobald er fehlschlägt'])(
    'may have a reason that is a condition: %s',
    (reason) => {
      expect(parse(`watch WKF110 --env stage ${reason}`)).toMatchObject({
        ok: true,
        command: { kind: 'watch', reason },
      });
    },
  );

  it('may have a reason in quotation marks that looks like a time', () => {
    expect(parse('watch WKF110 --env stage "until 18:00 it may fail"')).toMatchObject({
      ok: true,
      command: { reason: 'until 18:00 it may fail' },
    });
  });

  it.each([
    ['watch WKF110 WKF111', 'watch_of_several'],
    ['unwatch WKF110 --env stage and nightly-load', 'watch_of_several'],
    ['watch WKF110 --env stage and watch WKF111', 'several_commands'],
    ['watch WKF110 --env stage, stop WKF111', 'several_commands'],
    ['watch WKF110 --env nowhere', 'unknown_environment'],
  ])('%s is refused: %s', (text, problem) => {
    expect(parse(text)).toMatchObject({ ok: false, error: { problem } });
  });

  it.each(['and watch WKF111 closely', 'we watch WKF111', 'ignore the audience'])('a reason may say “%s”', (reason) => {
    expect(parse(`stop WKF110 --env stage ${reason}`)).toMatchObject({ ok: true, command: { verb: 'stop', reason } });
  });

  it('behind another command is a command of its own where it ends the sentence', () => {
    expect(parse('stop WKF110 --env stage and watch WKF111')).toMatchObject({ error: { problem: 'several_commands' } });
  });
});
