import { describe, expect, it } from '@jest/globals';
import { parseCommand } from '../../src/commands/grammar/parse-command.ts';
import type { UsageError } from '../../src/commands/grammar/parse-result.ts';
import { vocabulary } from './vocabulary.fixture.ts';

type Case = [text: string, error: UsageError];

function error(text: string): unknown {
  const parsed = parseCommand(text, vocabulary);
  return parsed.ok ? parsed.command : parsed.error;
}

function usageErrors(cases: Case[]): void {
  it.each(cases)('%s', (text, expected) => expect(error(text)).toEqual(expected));
}

const noOption = (typed: string, suggestion: 'env' | null = null): UsageError => {
  return { problem: 'unknown_option', typed, suggestion };
};
const inReason = (typed: string): UsageError => ({ problem: 'option_in_reason', typed });
const two = (first: string, second: string): UsageError => ({ problem: 'second_workflow', first, second });
const behindReason = (first: string, second: string): UsageError => ({
  problem: 'workflow_behind_reason',
  first,
  second,
});
const tooMany: UsageError = { problem: 'too_many_workflows', most: 20 };
const placed = ([workflow, environment]: readonly [string, string]) => ({ workflow, environment });
const apart = (first: readonly [string, string], second: readonly [string, string]): UsageError => {
  return { problem: 'several_environments', first: placed(first), second: placed(second) };
};
const contradicts = (alias: string, aliasEnvironment: string, typed: string): UsageError => {
  return { problem: 'contradicts_alias', alias, aliasEnvironment, typed };
};
const noWorkflow = (typed: string, suggestion: string | null): UsageError => {
  return { problem: 'bad_workflow', typed, suggestion };
};

describe('an unknown command is answered with the nearest one', () => {
  usageErrors([
    ['stpo WKF110', { problem: 'unknown_command', typed: 'stpo' }],
    ['Stop: WKF110', { problem: 'unknown_command', typed: 'Stop:' }],
    ['"stop WKF110"', { problem: 'unknown_command', typed: '"stop' }],
    ['--help', { problem: 'unknown_command', typed: '--help' }],
    ['restart', { problem: 'no_restart' }],
    ['restart WKF110', { problem: 'no_restart', target: 'WKF110' }],
    ['Redémarrer --env stage WKF110 please', { problem: 'no_restart', target: '--env stage WKF110' }],
    ['starta om WKF110', { problem: 'no_restart', target: 'WKF110' }],
    ['reiniciar WKF110', { problem: 'no_restart', target: 'WKF110' }],
    ['riavvia WKF110', { problem: 'no_restart', target: 'WKF110' }],
    ['Neu starten WKF110', { problem: 'no_restart', target: 'WKF110' }],
    [
      'restart WKF110 WKF111 --env stage please',
      { problem: 'no_restart', target: 'WKF110 WKF111 --env stage', isOfSeveral: true },
    ],
    [`restart ${'WKF110 '.repeat(12)}`, { problem: 'no_restart' }],
    ['restart WKF110 --env moon', { problem: 'no_restart' }],
    ['restart WKF110\nstop WKF111', { problem: 'several_commands', first: 'restart WKF110', others: ['stop WKF111'] }],
    ['st WKF110', { problem: 'unknown_command', typed: 'st' }],
    ['WKF110 stop', { problem: 'unknown_command', typed: 'WKF110' }],
    ['please stop WKF110', { problem: 'unknown_command', typed: 'please' }],
    ['__proto__', { problem: 'unknown_command', typed: '__proto__' }],
    ['constructor', { problem: 'unknown_command', typed: 'constructor' }],
  ]);
});

describe('a workflow is required', () => {
  usageErrors([
    ['stop', { problem: 'missing_workflow', command: 'stop' }],
    ['START --env stage', { problem: 'missing_workflow', command: 'start' }],
  ]);
});

describe('a typo of an alias is never executed', () => {
  usageErrors([
    ['stop "nightly load"', noWorkflow('nightly load', 'nightly-load')],
    ['stop nigthly load', noWorkflow('nigthly load', 'nightly-load')],
    ['stop :warning: nightly load', noWorkflow(':warning:', 'nightly-load')],
    ['stop #110', noWorkflow('#110', 'WKF110')],
    ['stop WKF#110', noWorkflow('WKF#110', 'WKF110')],
    ['stop :warning:WKF309', noWorkflow(':warning:WKF309', 'WKF309')],
    ['stop <@U0BOB> WKF309', noWorkflow('<@U0BOB>', 'WKF309')],
    ['stop ＷＫＦ309', noWorkflow('ＷＫＦ309', 'WKF309')],
    ['stop nightly-laod', noWorkflow('nightly-laod', 'nightly-load')],
    ['stop Nightly_Load', noWorkflow('Nightly_Load', 'nightly-load')],
    ['stop nightlyload', noWorkflow('nightlyload', 'nightly-load')],
    ['stop nightly-load2', noWorkflow('nightly-load2', 'nightly-load')],
    ['stop nightly–load', noWorkflow('nightly–load', 'nightly-load')],
    ['stop cleanup-everywere', noWorkflow('cleanup-everywere', 'Cleanup-Everywhere')],
    ['stop nightly-load.', noWorkflow('nightly-load.', 'nightly-load')],
    ['stop nightly-laod,', noWorkflow('nightly-laod,', 'nightly-load')],
  ]);

  const parseWithAlias = (typed: string, name: string) =>
    parseCommand(`stop ${typed}`, {
      ...vocabulary,
      aliases: [{ name, workflowId: 'WKF1', environment: null, label: null }],
    });

  it.each([
    ['loa1', 'load'],
    ['abcdefg', 'abcdexy'],
    ['wkf1a', 'wkf1b'],
  ])('%s is too similar to %s', (typed, name) => {
    expect(parseWithAlias(typed, name)).toEqual({ ok: false, error: noWorkflow(typed, name) });
  });

  it.each([
    [':warning:MKT', 'mkt'],
    ['#110', '110'],
    ['(Nightly-Load)', 'nightly-load'],
  ])('%s is answered with the alias in its own spelling: %s', (typed, name) => {
    expect(parseWithAlias(typed, name)).toEqual({ ok: false, error: noWorkflow(typed, name) });
  });

  it.each([
    ['lo1', 'load'],
    ['abc', 'abd'],
    ['abcdef', 'abcdxy'],
    ['abcdefghi', 'abcdefxyz'],
    ['wkf1234', 'wkf123x'],
  ])('%s is an ID of its own beside %s', (typed, name) => {
    expect(parseWithAlias(typed, name)).toMatchObject({ ok: true, command: { workflow: { id: typed, alias: null } } });
  });
});

describe('text that is neither ID nor alias is no workflow', () => {
  usageErrors([
    ['stop WKF110,', noWorkflow('WKF110,', 'WKF110')],
    ['stop WKF110, wrong audience', noWorkflow('WKF110,', 'WKF110')],
    ['stop #WKF110', noWorkflow('#WKF110', 'WKF110')],
    ['stop "WKF110 wrong audience"', noWorkflow('"WKF110', 'WKF110')],
    ['stop <@U012>', noWorkflow('<@U012>', null)],
    ['stop a/b?c', noWorkflow('a/b?c', null)],
    ['stop WKF\u0000110', noWorkflow('WKF\u0000110', 'WKF110')],
    ['stop \ud800', noWorkflow('\ufffd', null)],
    ['stop — WKF110', noWorkflow('—', 'WKF110')],
    ['stop ../../x', noWorkflow('../../x', 'x')],
    ['stop WKF 110', noWorkflow('WKF 110', 'WKF110')],
    ['stop wkf 110 wrong audience', noWorkflow('wkf 110', 'WKF110')],
    ['stop --env stage Wkf 110, wrong audience', noWorkflow('Wkf 110,', 'WKF110')],
    ['stop "WKF 110"', noWorkflow('"WKF 110"', 'WKF110')],
    ['stop WKF - 110', noWorkflow('WKF 110', 'WKF110')],
    ['status WKF 110', noWorkflow('WKF 110', 'WKF110')],
    [`stop WKF ${'1'.repeat(62)}`, noWorkflow(`WKF ${'1'.repeat(62)}`, null)],
    [`stop WKF ${'1'.repeat(9000)}`, noWorkflow(`WKF ${'1'.repeat(75)}…`, null)],
    [`stop ${'x'.repeat(65)}`, noWorkflow('x'.repeat(65), null)],
    [`stop ${'x'.repeat(9000)}`, noWorkflow(`${'x'.repeat(79)}…`, null)],
    [`stop ${'😀'.repeat(4000)}`, noWorkflow(`${'😀'.repeat(79)}…`, null)],
    ['stop "--force"', noWorkflow('--force', 'force')],
    ['stop WKF110--env stage', noWorkflow('WKF110--env', null)],
    ['stop WKF110—env stage', noWorkflow('WKF110—env', null)],
  ]);
});

describe('doubtful lists of workflows', () => {
  usageErrors([
    ['pause WKF110 or WKF111', two('WKF110', 'WKF111')],
    ['stop WKF110 --env stage or WKF111', two('WKF110', 'WKF111')],
    ['stop WKF110 WKF111 ou WKF112', two('WKF111', 'WKF112')],
    ['stop nightly-load oder trial-run', two('nightly-load', 'trial-run')],
    ['stop WKF110 -WKF111', two('WKF110', 'WKF111')],
    ['stop WKF110 - WKF112', two('WKF110', 'WKF112')],
    ['stop WKF110-WKF112', two('WKF110', 'WKF112')],
    ['stop WKF110–WKF115', two('WKF110', 'WKF115')],
    ['stop WKF110 .. WKF115', two('WKF110', 'WKF115')],
    ['stop WKF110 -> WKF115', two('WKF110', 'WKF115')],
    ['stop WKF110 bis WKF115', two('WKF110', 'WKF115')],
    ['stop WKF110 (WKF111 is fine)', two('WKF110', 'WKF111')],
    ['stop WKF110 "WKF111 must go on"', two('WKF110', 'WKF111')],
    ['stop WKF110 & !WKF111', two('WKF110', 'WKF111')],
    ['stop WKF110 ≠ WKF111', two('WKF110', 'WKF111')],
    ['stop WKF110 ~WKF111~', two('WKF110', 'WKF111')],
    ['stop WKF110 — WKF111 took over', two('WKF110', 'WKF111')],
    ['stop WKF110 — and, also: WKF111', two('WKF110', 'WKF111')],
    ['stop WKF110 also (wkf111). now', two('WKF110', 'wkf111')],
    ['stop WKF110 the WKF111 export is broken', two('WKF110', 'WKF111')],
    ['stop WKF110,or,WKF111', noWorkflow('or', null)],
    ['stop WKF110/or WKF111', noWorkflow('or', null)],
    ['stop WKF110 WKF111/or/WKF112', noWorkflow('or', null)],
    ['stop WKF110,WKF111,thanks', noWorkflow('thanks', null)],
    ['stop WKF110 WKF111/thanks', noWorkflow('thanks', null)],
    ['stop WKF110,-,WKF111', noWorkflow('-', null)],
    ['status WKF110,WKF111', two('WKF110', 'WKF111')],
    ['history WKF110,nightly-load', two('WKF110', 'nightly-load')],
    ['status WKF110 WKF111', { problem: 'too_many_words', command: 'status', extra: 'WKF111' }],
    ['stop WKF110 wrong list\nWKF111 wrong list', behindReason('WKF110', 'WKF111')],
    ['stop WKF110 WKF111 wrong list\nWKF112', behindReason('WKF110 WKF111', 'WKF112')],
    ['stop WKF110 wrong list\n- nightly-load', behindReason('WKF110', 'nightly-load')],
    ['stop the WKF111 now', noWorkflow('the', 'WKF111')],
    ['stop WKF110,nigthly-load', noWorkflow('nigthly-load', 'nightly-load')],
    ['stop WKF110 WKF111,wrong!x', noWorkflow('wrong!x', null)],
    ['stop WKF110,WKF111!x', noWorkflow('WKF110,WKF111!x', null)],
    [`stop WKF110 WKF${'1'.repeat(9000)}`, noWorkflow(`WKF${'1'.repeat(76)}…`, null)],
    [`pause ${Array.from({ length: 21 }, (_, index) => `WKF${index}`).join(' ')}`, tooMany],
    [`pause ${Array.from({ length: 900 }, (_, index) => `WKF${index}`).join(',')}`, tooMany],
  ]);
});

describe('a further name with a slip in it is not lost in the reason', () => {
  usageErrors([
    ['pause WKF111 and nigthly-load', noWorkflow('nigthly-load', 'nightly-load')],
    ['pause WKF111 nightly-lod', noWorkflow('nightly-lod', 'nightly-load')],
    ['pause WKF111 nightly-laod failed', noWorkflow('nightly-laod', 'nightly-load')],
    ['pause WKF111 + nightly load', noWorkflow('nightly load', 'nightly-load')],
    ['pause WKF111 nightly load', noWorkflow('nightly load', 'nightly-load')],
    ['pause WKF111 et le nigthly load', noWorkflow('nigthly load', 'nightly-load')],
    ['stop WKF110 and 111', noWorkflow('111', 'WKF111')],
    ['stop WKF110 WKF111 and 112', noWorkflow('112', 'WKF112')],
    ['stop WKF110 WKF111, 112 wrong list', noWorkflow('112', 'WKF112')],
    ['stop WKF110 111,112', noWorkflow('111', 'WKF111')],
    ['stop WKF110 111 112\nwrong list', noWorkflow('111', 'WKF111')],
    ['stop WKF110 111 and WKF112 wrong list', noWorkflow('111', 'WKF111')],
    ['stop WKF110 - 112', noWorkflow('112', 'WKF112')],
    ['stop WKF110 WKF 111', noWorkflow('WKF 111', 'WKF111')],
    ['stop WKF110 and WKF#111', noWorkflow('WKF#111', 'WKF111')],
    ['stop WKF110 ＷＫＦ111', noWorkflow('ＷＫＦ111', 'WKF111')],
  ]);
});

describe('what nobody means as a name', () => {
  usageErrors([
    ['stop - WKF110', noWorkflow('-', 'WKF110')],
    ['stop\n-WKF110\n-WKF111', noWorkflow('-WKF110', 'WKF110')],
    ['status _ WKF110', noWorkflow('_', 'WKF110')],
    ['start of WKF110', noWorkflow('of', 'WKF110')],
    ['start and WKF110', noWorkflow('and', 'WKF110')],
    ['pause all WKF110 WKF111', noWorkflow('all', 'WKF110')],
    ['pause both nightly-load and WKF111', noWorkflow('both', 'nightly-load')],
  ]);
});

describe('several workflows are in one environment', () => {
  usageErrors([
    ['stop nightly-load trial-run', apart(['nightly-load', 'prod'], ['trial-run', 'Stage'])],
    ['stop WKF110 trial-run', apart(['WKF110', 'prod'], ['trial-run', 'Stage'])],
    ['stop trial-run cleanup-everywhere', apart(['trial-run', 'Stage'], ['Cleanup-Everywhere', 'prod'])],
    ['stop nightly-load trial-run --env stage', contradicts('nightly-load', 'prod', 'stage')],
    ['stop --env stage WKF110 nightly-load', contradicts('nightly-load', 'prod', 'stage')],
    ['stop nightly-load WKF111 on stage', contradicts('nightly-load', 'prod', 'stage')],
    [
      'stop WKF110 WKF111 in stage',
      {
        problem: 'bare_environment',
        command: 'stop',
        workflow: 'WKF110',
        workflows: ['WKF110', 'WKF111'],
        typed: 'stage',
        environment: 'Stage',
        otherwise: 'prod',
      },
    ],
  ]);

  it('suggests the environment of an alias where the ID beside it needs one', () => {
    const parsed = parseCommand('stop nightly-load WKF111', { ...vocabulary, defaultEnvironment: null });
    expect(parsed).toEqual({
      ok: false,
      error: {
        problem: 'missing_environment',
        command: 'stop',
        known: ['prod', 'Stage'],
        suggestion: 'prod',
        workflows: ['nightly-load', 'WKF111'],
      },
    });
  });
});

describe('unknown options', () => {
  usageErrors([
    ['stop --evn stage WKF110', noOption('--evn', 'env')],
    ['stop WKF110 --environment=stage', noOption('--environment=stage', 'env')],
    ['stop WKF110 --env:stage', noOption('--env:stage', 'env')],
    ['stop WKF110 env:stage', noOption('env:stage', 'env')],
    ['stop WKF110 environment=stage', noOption('environment=stage', 'env')],
    ['stop WKF110 -environment stage', noOption('-environment', 'env')],
    ['stop WKF110 --e stage', noOption('--e', 'env')],
    ['stop WKF110 --force', noOption('--force')],
    ['stop WKF110 --stage', noOption('--stage')],
    ['stop WKF110 —because', noOption('—because')],
    ['stop WKF110 --environnement stage', noOption('--environnement', 'env')],
    ['stop WKF110 --Umgebung=stage', noOption('--Umgebung=stage', 'env')],
    ['stop WKF110 entorno=stage', noOption('entorno=stage', 'env')],
    ['stop WKF110 miljö:stage', noOption('miljö:stage', 'env')],
    ['stop --help', noOption('--help')],
    ['history –all', noOption('–all')],
    [`stop --${'x'.repeat(9000)}`, noOption(`--${'x'.repeat(77)}…`)],
  ]);
});

describe('an environment option without dashes is not taken for a reason', () => {
  usageErrors([
    ['stop WKF110 env stage', noOption('env', 'env')],
    ['stop WKF110 env: "STAGE" oops', noOption('env:', 'env')],
    ['stop WKF110 — env stage', noOption('env', 'env')],
    ['stop WKF110 -- Environment stage', noOption('Environment', 'env')],
    ['stop env stage WKF110', noOption('env', 'env')],
    ['history env prod', noOption('env', 'env')],
  ]);

  const policy = { ...vocabulary, environments: ['acme'], defaultEnvironment: 'acme', aliases: [] };
  it.each([
    ['stop WKF110 env stage', 'env'],
    ['stop WKF110 environment stage wrong audience', 'environment'],
    ['stop WKF110 ENV: stage', 'ENV:'],
    ['stop WKF110 Environment: acme', 'Environment:'],
    ['stop WKF110 -- env — stage', 'env'],
    ['stop WKF110 env --env acme', 'env'],
    ['stop --env acme WKF110 env stage', 'env'],
    ['stop WKF110 --env acme env stage', 'env'],
    ['stop WKF110 on env stage', 'env'],
    ['stop WKF110 In environment stage', 'environment'],
    ['start WKF110 for env: stage', 'env:'],
    ['stop WKF110 at env acme', 'env'],
    ['stop WKF110 — to environment stage', 'environment'],
    ['stop env stage WKF110', 'env'],
    ['stop in env stage WKF110', 'env'],
    ['stop WKF110 environment is down', 'environment'],
    ['stop WKF110 in the env stage', 'env'],
    ['arrêter WKF110 environnement stage', 'environnement'],
    ['arrêter WKF110 sur l’environnement stage', 'environnement'],
    ['stoppa WKF110 i miljön stage', 'miljön'],
    ['stoppa WKF110 milj\u006f\u0308 stage', 'milj\u006f\u0308'],
    ['parar WKF110 no ambiente stage', 'ambiente'],
    ["interrompi WKF110 nell'ambiente stage", 'ambiente'],
    ['detener WKF110 en el entorno stage', 'entorno'],
    ['stoppen WKF110 in der Umgebung stage', 'Umgebung'],
    ['stoppen WKF110 Umgebung: stage', 'Umgebung:'],
  ])('also where the environment is unknown or the only one: %s', (text, typed) => {
    expect(parseCommand(text, policy)).toEqual({ ok: false, error: noOption(typed, 'env') });
  });
});

describe('the environment must be configured', () => {
  const known = vocabulary.environments;
  usageErrors([
    ['stop WKF110 --env stgae', { problem: 'unknown_environment', typed: 'stgae', suggestion: 'Stage', known }],
    ['stop WKF110 env=qa', { problem: 'unknown_environment', typed: 'qa', suggestion: null, known }],
    ['list stgae', { problem: 'unknown_environment', typed: 'stgae', suggestion: 'Stage', known }],
    ['list WKF110', { problem: 'unknown_environment', typed: 'WKF110', suggestion: null, known }],
    ['list --env', { problem: 'missing_option_value', option: 'env' }],
    ['list stage now', { problem: 'too_many_words', command: 'list', extra: 'now' }],
    ['list\nstop WKF110', { problem: 'several_commands', first: 'list', others: ['stop WKF110'] }],
    ['lsit', { problem: 'unknown_command', typed: 'lsit' }],
    ['stop --env WKF110', { problem: 'unknown_environment', typed: 'WKF110', suggestion: null, known }],
    ['stop --env “stage two” WKF110', { problem: 'unknown_environment', typed: '“stage', suggestion: 'Stage', known }],
    ['stop WKF110 --env __proto__', { problem: 'unknown_environment', typed: '__proto__', suggestion: null, known }],
    [`stop --env=${'x'.repeat(99)}`, expect.objectContaining({ typed: `${'x'.repeat(79)}…` })],
    ['stop WKF110 --env', { problem: 'missing_option_value', option: 'env' }],
    ['stop WKF110 --env= stage', { problem: 'missing_option_value', option: 'env' }],
    ['stop WKF110 --env ""', { problem: 'missing_option_value', option: 'env' }],
    ['stop --env --force WKF110', { problem: 'missing_option_value', option: 'env' }],
    ['stop --env stage WKF110 --env stage', { problem: 'repeated_option', option: 'env' }],
    ['stop WKF110 env=stage —env', { problem: 'repeated_option', option: 'env' }],
  ] as Case[]);
});

describe('an option cannot contradict an alias', () => {
  const contradiction = (alias: string, aliasEnvironment: string, typed: string): UsageError => {
    return { problem: 'contradicts_alias', alias, aliasEnvironment, typed };
  };
  usageErrors([
    ['stop nightly-load --env stage', contradiction('nightly-load', 'prod', 'stage')],
    ['stop —env STAGE NIGHTLY-LOAD', contradiction('nightly-load', 'prod', 'STAGE')],
    ['status trial-run env=prod', contradiction('trial-run', 'Stage', 'prod')],
    ['history trial-run -env prod', contradiction('trial-run', 'Stage', 'prod')],
  ]);
});

describe('an option inside the reason does not stop production', () => {
  usageErrors([
    ['stop WKF110 oops --env stage', inReason('--env')],
    ['stop WKF110 oops —env stage', inReason('—env')],
    ['stop WKF110 oops -env stage', inReason('-env')],
    ['stop WKF110 oops env=stage', inReason('env=stage')],
    ['stop WKF110 oops ENV:stage', inReason('ENV:stage')],
    ['stop WKF110 oops --force', inReason('--force')],
    ['stop WKF110 oops –very wrong', inReason('–very')],
    ['stop WKF110 “oops --env stage”', inReason('--env')],
    ['stop WKF110 "--env stage oops"', inReason('"--env')],
    ['stop WKF110 "oops -env"', inReason('-env"')],
    ['stop WKF110 oops (--env=stage)', inReason('(--env=stage)')],
    ['stop WKF110 « —env stage »', inReason('«—env')],
    ['stop WKF110 oops--env stage', inReason('oops--env')],
    ['stop WKF110 oops—env stage', inReason('oops—env')],
    ['stop WKF110 oops,env=stage', inReason('oops,env=stage')],
    ['stop WKF110 oops -\u200b-env stage', inReason('--env')],
    ['stop --env stage WKF110 oops --env stage', inReason('--env')],
    [`stop WKF110 ${'x '.repeat(600)}--env stage`, inReason('--env')],
  ]);
});

describe('commands with too many words', () => {
  usageErrors([
    ['status WKF110 please', { problem: 'too_many_words', command: 'status', extra: 'please' }],
    ['status WKF110 please --env stage', { problem: 'too_many_words', command: 'status', extra: 'please' }],
    ['history WKF110 last week', { problem: 'too_many_words', command: 'history', extra: 'last' }],
    ['approve 0123ABCD now', { problem: 'too_many_words', command: 'approve', extra: 'now' }],
    ['cancel 0123ABCD 0123ABCE', { problem: 'too_many_words', command: 'cancel', extra: '0123ABCE' }],
    [`status WKF110 ${'x'.repeat(200)}`, { problem: 'too_many_words', command: 'status', extra: `${'x'.repeat(79)}…` }],
  ]);
});

describe('a history is of one person and one period', () => {
  const period = (typed: string, suggestion: string | null): UsageError => ({
    problem: 'bad_period',
    typed,
    suggestion,
  });
  const more = (extra: string): UsageError => ({ problem: 'too_many_words', command: 'history', extra });
  usageErrors([
    ['history @bob', { problem: 'unknown_person', typed: '@bob' }],
    ['history WKF110 @bob 7d', { problem: 'unknown_person', typed: '@bob' }],
    ['history <!subteam^S0LEADS|@leads>', { problem: 'unknown_person', typed: '<!subteam^S0LEADS|@leads>' }],
    ['history <@U0BOB', { problem: 'unknown_person', typed: '<@U0BOB' }],
    ['history @stage', { problem: 'environment_as_workflow', typed: '@stage', environment: 'Stage' }],
    ['history <@U0BOB> <@U0CAROL>', more('<@U0CAROL>')],
    ['history 7d 12h', more('12h')],
    ['history 7 days', period('7 days', '7d')],
    ['history 12 Stunden', period('12 Stunden', '12h')],
    ['historique 7j', period('7j', '7d')],
    ['history 2w', period('2w', '14d')],
    ['history 1,5 h', period('1,5 h', '1.5h')],
    ['history today', period('today', '24h')],
    ['historik igår', period('igår', '48h')],
    ['history last 7d', period('last 7d', '7d')],
    ['verlauf seit 2 Tage', period('2 Tage', '2d')],
    ['history WKF110 0m', period('0m', null)],
    ['history 0.5m', period('0.5m', null)],
    ['history WKF110 7d please', more('please')],
    [`history ${'7x '.repeat(3_000)}`, more('7x')],
  ]);
});

describe('access is for one person', () => {
  usageErrors([
    ['access WKF110', { problem: 'bad_person', typed: 'WKF110' }],
    ['access --env stage', { problem: 'bad_person', typed: '--env stage' }],
    ['access U0BOB', { problem: 'bad_person', typed: 'U0BOB' }],
    ['access @bob', { problem: 'bad_person', typed: '@bob' }],
    ['access <!subteam^S0LEADS|@leads>', { problem: 'bad_person', typed: '<!subteam^S0LEADS|@leads>' }],
    ['access <@U0BOB> <@U0CAROL>', { problem: 'bad_person', typed: '<@U0BOB> <@U0CAROL>' }],
    [`access ${'x'.repeat(200)}`, { problem: 'bad_person', typed: `${'x'.repeat(79)}…` }],
  ]);
});

describe('a freeze has an environment, an end and a reason', () => {
  const known = ['prod', 'Stage'];
  usageErrors([
    ['freeze', { problem: 'missing_environment', command: 'freeze', known }],
    ['unfreeze', { problem: 'missing_environment', command: 'unfreeze', known }],
    ['freeze prd 2h oops', { problem: 'unknown_environment', typed: 'prd', suggestion: 'prod', known }],
    ['freeze 2h oops', { problem: 'unknown_environment', typed: '2h', suggestion: null, known }],
    ['freeze --env', { problem: 'missing_option_value', option: 'env' }],
    ['freeze --until 2h', noOption('--until')],
    ['freeze prod', { problem: 'missing_until', environment: 'prod' }],
    ['freeze prod oops', { problem: 'bad_until', environment: 'prod', typed: 'oops' }],
    ['freeze prod 2 hours', { problem: 'bad_until', environment: 'prod', typed: '2' }],
    ['freeze prod -2h oops', { problem: 'bad_until', environment: 'prod', typed: '-2h' }],
    ['freeze prod 18:00 oops', { problem: 'bad_until', environment: 'prod', typed: '18:00' }],
    ['freeze prod 2026-12-24 oops', { problem: 'bad_until', environment: 'prod', typed: '2026-12-24' }],
    ['freeze prod 2026-12-24T18:00 oops', { problem: 'bad_until', environment: 'prod', typed: '2026-12-24T18:00' }],
    ['freeze prod 2026-13-24T18:00Z oops', { problem: 'bad_until', environment: 'prod', typed: '2026-13-24T18:00Z' }],
    ['freeze prod 2h', { problem: 'missing_reason', environment: 'prod' }],
    ['freeze prod 2h --env stage', inReason('--env')],
    ['freeze prod --env stage 2h oops', { problem: 'bad_until', environment: 'prod', typed: '--env' }],
    ['unfreeze prod --env stage', inReason('--env')],
    [`freeze prod 2h ${'x'.repeat(501)}`, { problem: 'reason_too_long', length: 501, most: 500 }],
  ]);
});

describe('a decision must name its request', () => {
  usageErrors([
    ['approve', { problem: 'missing_request', choice: 'approve' }],
    ['cancel \n', { problem: 'missing_request', choice: 'cancel' }],
    ['emergency', { problem: 'missing_request', choice: 'emergency' }],
    ['emergency 7K3M9QPA', { problem: 'missing_statement', choice: 'emergency', request: '7K3M9QPA' }],
    ['review 7k3m9qpa', { problem: 'missing_statement', choice: 'review', request: '7K3M9QPA' }],
    ['review 7K3M9QPA :ok:', { problem: 'missing_statement', choice: 'review', request: '7K3M9QPA' }],
    ['emergency 7K3M9QPA 8K3M9QPA', { problem: 'too_many_words', command: 'emergency', extra: '8K3M9QPA' }],
    ['review now', { problem: 'bad_request', typed: 'now' }],
    ['cancel WKF110', { problem: 'bad_request', typed: 'WKF110' }],
    ['approve U123ABCD', { problem: 'bad_request', typed: 'U123ABCD' }],
    [`approve ${'x'.repeat(99)}`, { problem: 'bad_request', typed: `${'x'.repeat(79)}…` }],
    ['approve 0123ABCDE now', { problem: 'bad_request', typed: '0123ABCDE' }],
  ]);
});

describe('the first problem from left to right is reported', () => {
  usageErrors([
    ['stpo --force', { problem: 'unknown_command', typed: 'stpo' }],
    ['stop --force --env qa', noOption('--force')],
    ['stop a?b --force', noWorkflow('a?b', null)],
    ['stop nightly-load --env stage oops --env prod', expect.objectContaining({ problem: 'contradicts_alias' })],
    ['stop WKF110 --env qa oops --env prod', expect.objectContaining({ problem: 'unknown_environment' })],
  ] as Case[]);
});

describe('a split name, or one with a prefix, is answered with the right one', () => {
  usageErrors([
    ['start nightly load', noWorkflow('nightly load', 'nightly-load')],
    ['start Nightly  Load oops', noWorkflow('Nightly Load', 'nightly-load')],
    ['stop cleanup everywhere', noWorkflow('cleanup everywhere', 'Cleanup-Everywhere')],
    ['status trial run', noWorkflow('trial run', 'trial-run')],
    ['start --env stage trial run.', noWorkflow('trial run', 'trial-run')],
    ['stop 110', noWorkflow('110', 'WKF110')],
    ['status 7 now', noWorkflow('7', 'WKF7')],
    ['pause :warning: WKF309', noWorkflow(':warning:', 'WKF309')],
    ['pause :warning::rotating_light: nightly-load', noWorkflow(':warning::rotating_light:', 'nightly-load')],
    ['pause ⚠️ WKF309', noWorkflow('⚠', 'WKF309')],
    ['pause 🔥 - WKF309 oops', noWorkflow('🔥', 'WKF309')],
  ]);
});
