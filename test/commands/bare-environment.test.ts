import { describe, expect, it } from '@jest/globals';
import { parseCommand } from '../../src/commands/grammar/parse-command.ts';
import type { Vocabulary } from '../../src/commands/vocabulary/vocabulary.ts';
import { vocabulary as names } from './vocabulary.fixture.ts';

const organizations = new Map([
  ['acme', 'prod'],
  ['acme-mkt-stage1', 'Stage'],
]);
const vocabulary: Vocabulary = { ...names, organizations };

const errorOf = (text: string, known = vocabulary) => {
  const parsed = parseCommand(text, known);
  return parsed.ok ? parsed.command : parsed.error;
};

describe('an environment at the beginning of a reason is a usage error', () => {
  const bare = (typed: string) => ({
    problem: 'bare_environment',
    command: 'start',
    workflow: 'WKF300',
    typed,
    environment: 'Stage',
    otherwise: 'prod',
  });

  it.each([
    ...['stage', 'STAGE', 'stage wrong audience', 'stage, wrong audience', 'acme-mkt-stage1', 'stage\nwrong audience'],
    ...[
      '@stage',
      '(stage)',
      '[stage]',
      ':stage',
      'stage:',
      '#stage',
      '-stage',
      '=stage',
      '“stage”',
      '<stage>',
      '*stage*',
    ],
    ...['@ stage', '- stage', '→ stage', '/stage', 'stage!', 'stage/oops', 'on:stage', 'st\u200bage', '« stage »'],
    ...['on stage', 'in the stage environment', 'for stage', 'to stage please', 'into stage', '(on stage)'],
    ...['sur stage', 'dans stage', 'en stage', 'à stage', 'på stage', 'i stage', 'till stage', 'em stage', 'no stage'],
    ...['para stage', 'su stage', 'per stage', 'nel stage', 'en el stage', 'auf stage', 'für stage'],
    ...['in der stage', 'im stage', 'bei stage', 'nach stage', 'ins stage', 'aufs stage', 'beim stage', 'vom stage'],
    ...['dal stage', 'verso stage', 'hacia stage', 'depuis stage', 'inom stage', 'åt stage', 'pra stage', 'num stage'],
    ...['only on stage', 'please on stage', 'and on stage', 'now in the stage', 'dentro de stage', 'nur auf stage'],
    ...['ｓｔａｇｅ', 'Stáge', 'acme mkt-stage1'],
  ])('%j', (reason) => {
    const error = errorOf(`start WKF300 ${reason}`);
    expect(error).toEqual(bare(expect.any(String) as never));
  });

  it.each([
    ['en', 'on in for at to into onto from of within inside against under via only'],
    ['fr', 'sur dans pour en à au aux vers chez de du des sous depuis contre côté'],
    ['sv', 'på i för till från av hos mot under inom inne uti åt vid bara'],
    ['pt', 'em no na nos nas num numa para pra pro por de do da ao pelo pela'],
    ['it', 'su in per nel nello nella nell sul sullo sulla sull da dal dallo dalla dall di del dello della dell'],
    ['it, more', 'al allo alla all a verso presso dentro'],
    ['es', 'en para por sobre de del al a contra desde hacia dentro solo'],
    ['de', 'in ins im auf aufs für fürs bei beim an ans am aus von vom zu zum zur nach gegen innerhalb nur'],
    [
      'with an article',
      'in_the dans_l dans_la dans_le dans_les på_den på_det em_o su_il per_lo en_el in_der in_die in_das in_dem',
    ],
  ])('after every preposition: %s', (_, words) => {
    for (const preposition of words.replaceAll('_', '\u00a0').split(' '))
      expect([preposition, errorOf(`start WKF300 ${preposition} stage`)]).toEqual([
        preposition,
        bare(expect.any(String) as never),
      ]);
  });

  it('also for another command, and after an alias', () => {
    expect(errorOf('status WKF300 on stage')).toMatchObject({ problem: 'bare_environment', environment: 'Stage' });
    expect(errorOf('history WKF300 stage')).toMatchObject({ problem: 'bare_environment', environment: 'Stage' });
    expect(errorOf('stop cleanup-everywhere stage')).toMatchObject({
      problem: 'bare_environment',
      workflow: 'Cleanup-Everywhere',
    });
    const contradiction = { problem: 'contradicts_alias', alias: 'nightly-load', aliasEnvironment: 'prod' };
    expect(errorOf('start nightly-load on stage')).toEqual({ ...contradiction, typed: 'stage' });
    expect(errorOf('start trial-run prod')).toMatchObject({ problem: 'contradicts_alias', aliasEnvironment: 'Stage' });
  });

  it('is suggested where an environment is required', () => {
    const several = { ...vocabulary, defaultEnvironment: null };
    expect(errorOf('start WKF300 on stage', several)).toMatchObject({
      problem: 'missing_environment',
      suggestion: 'Stage',
    });
  });
});

describe('a reason stays a reason', () => {
  it.each([
    'wrong audience on stage',
    'the same as stage',
    'copied from the list of stage',
    'stages are wrong',
    'backstage is closed',
    'stage-run is late',
    'stage2 is broken',
    // The environment of the command itself.
    'prod',
    'on prod',
    'acme asked for it',
    'in prod it is late',
  ])('where it only contains the name, or names the command’s own environment: %j', (reason) => {
    expect(errorOf(`start WKF300 ${reason}`)).toMatchObject({ environment: 'prod', reason });
  });

  it('where an option or an alias names the environment', () => {
    expect(errorOf('start WKF300 --env prod stage data is wrong')).toMatchObject({
      environment: 'prod',
      reason: 'stage data is wrong',
    });
    expect(errorOf('start trial-run stage data is wrong')).toMatchObject({ environment: 'Stage' });
    expect(
      errorOf('start WKF300 stage', {
        ...vocabulary,
        environments: ['acme'],
        defaultEnvironment: 'acme',
        organizations: new Map(),
      }),
    ).toMatchObject({
      reason: 'stage',
    });
  });
});

describe('a word before a workflow is no workflow', () => {
  it.each([
    ['stop the nightly load', 'nightly-load'],
    ['stop workflow nightly-load', 'nightly-load'],
    ['stop le workflow WKF300', 'WKF300'],
    ['stop den Workflow trial-run', 'trial-run'],
    ['stop o fluxo de trabalho WKF300', 'WKF300'],
  ])('%s', (text, suggestion) => expect(errorOf(text)).toMatchObject({ problem: 'bad_workflow', suggestion }));
});

describe('an environment is no workflow', () => {
  it.each([
    'history prod',
    'status stage',
    'start Stage',
    'stop stage WKF300',
    'pause acme',
    'stop "stage"',
    'stop @stage',
    'stop on stage WKF300',
    'stop on prod WKF300',
    'status in prod',
    'history auf der stage',
  ])('%s', (text) => expect(errorOf(text)).toMatchObject({ problem: 'environment_as_workflow' }));

  it('unless an alias has this name', () => {
    const aliases = [{ name: 'acme', workflowId: 'WKF9', environment: null, label: null }];
    expect(errorOf('stop acme', { ...vocabulary, aliases })).toMatchObject({ workflow: { id: 'WKF9' } });
  });
});
