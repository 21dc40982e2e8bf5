import { describe, expect, it } from '@jest/globals';
import { parseCommand } from '../../src/commands/grammar/parse-command.ts';
import type { Vocabulary } from '../../src/commands/vocabulary/vocabulary.ts';
import { vocabulary } from './vocabulary.fixture.ts';

/** What was understood: the workflows, the environment if it is not production, and the reason. */
function read(text: string, known: Vocabulary = vocabulary): string {
  const parsed = parseCommand(text, known);
  if (!parsed.ok) return `error: ${parsed.error.problem}`;
  const { command } = parsed;
  if (command.kind !== 'change' && command.kind !== 'change_several') return command.kind;
  const workflows = command.kind === 'change' ? [command.workflow] : command.workflows;
  const names = workflows.map(({ id, alias }) => (alias === null ? id : `${alias}=${id}`)).join(' ');
  const where = command.environment === 'prod' ? '' : ` in ${command.environment}`;
  return `${command.verb} ${names}${where}: ${command.reason}`;
}

describe('a command names several workflows', () => {
  it.each([
    ['stop WKF110 WKF111', 'stop WKF110 WKF111: '],
    ['pause wkf111 nightly-load oops', 'pause wkf111 nightly-load=WKF110: oops'],
    ['stop WKF112 and WKF111', 'stop WKF112 WKF111: '],
    ['stop WKF112 & WKF111', 'stop WKF112 WKF111: '],
    ['stop WKF112 + nightly-load', 'stop WKF112 nightly-load=WKF110: '],
    ['stop WKF112 , and WKF111 because', 'stop WKF112 WKF111: because'],
    ['stop WKF112 et WKF111', 'stop WKF112 WKF111: '],
    ['stop WKF112 och WKF111', 'stop WKF112 WKF111: '],
    ['stop WKF112 com WKF111', 'stop WKF112 WKF111: '],
    ['stop WKF112 también WKF111', 'stop WKF112 WKF111: '],
    ['stop WKF112 ed anche WKF111', 'stop WKF112 WKF111: '],
    ['stop WKF112 sowie WKF111', 'stop WKF112 WKF111: '],
    ['stop WKF112 ,WKF111;', 'stop WKF112 WKF111: '],
    ['stop WKF112 “WKF111”', 'stop WKF112 WKF111: '],
    ['start WKF112 also *wkf111*. now', 'start WKF112 wkf111: now'],
    ['stop WKF112 , and, also: WKF111', 'stop WKF112 WKF111: '],
    ['stop WKF112 et le WKF111', 'stop WKF112 WKF111: '],
    ['stop WKF112 and workflow WKF111', 'stop WKF112 WKF111: '],
    ['stop two1,two2', 'stop two1 two2: '],
    ['stop\n- WKF112\n- WKF111', 'stop WKF112 WKF111: '],
    ['stop\n1. WKF112\n2. WKF111\nwrong list', 'stop WKF112 WKF111: wrong list'],
    ['stop WKF112,WKF111', 'stop WKF112 WKF111: '],
    ['stop WKF112,nightly-load,cleanup_3 oops', 'stop WKF112 nightly-load=WKF110 cleanup_3: oops'],
    ['stop "WKF112","WKF111"', 'stop WKF112 WKF111: '],
    ['stop WKF112, WKF111', 'stop WKF112 WKF111: '],
    ['stop WKF112 WKF111,WKF113/WKF114 wrong list', 'stop WKF112 WKF111 WKF113 WKF114: wrong list'],
    ['stop WKF112 --env stage WKF111', 'stop WKF112 WKF111 in Stage: '],
    ['stop WKF112 WKF111 --env stage trial-run', 'stop WKF112 WKF111 trial-run=WKF300 in Stage: '],
    ['stop --env stage WKF112 WKF111 why', 'stop WKF112 WKF111 in Stage: why'],
    ['stop WKF112\nWKF111\n- WKF113\nwrong list', 'stop WKF112 WKF111 WKF113: wrong list'],
    ['arrêter WKF112 WKF111 mauvais ciblage', 'stop WKF112 WKF111: mauvais ciblage'],
    ['resume WKF112 cleanup-everywhere', 'resume WKF112 Cleanup-Everywhere=cleanup_2: '],
  ])('%s', (text, expected) => expect(read(text)).toBe(expected));

  it('up to twenty', () => {
    const names = Array.from({ length: 20 }, (_, index) => `WKF${index}`).join(' ');
    expect(read(`pause ${names} ${names} why`)).toBe(`pause ${names}: why`);
  });

  it('also by an alias with a joiner or a separator for its name', () => {
    for (const name of ['plus', 'load!', 'a/b']) {
      const aliases = [{ name, workflowId: 'WKF9', environment: null, label: null }];
      expect(read(`stop WKF110 ${name}`, { ...vocabulary, aliases })).toBe(`stop WKF110 ${name}=WKF9: `);
      expect(read(`stop WKF110 "${name}"`, { ...vocabulary, aliases })).toBe(`stop WKF110 ${name}=WKF9: `);
    }
  });
});

describe('a workflow counts once', () => {
  it.each([
    ['stop WKF110 WKF110', 'stop WKF110: '],
    ['pause WKF111 wkf111 twice', 'pause WKF111: twice'],
    ['stop WKF110 nightly-load', 'stop nightly-load=WKF110: '],
    ['stop nightly-load WKF110 WKF111', 'stop nightly-load=WKF110 WKF111: '],
  ])('%s', (text, expected) => expect(read(text)).toBe(expected));
});

describe('a reason is not a list', () => {
  it.each([
    ['stop WKF110 because WKF111 failed', 'stop WKF110: because WKF111 failed'],
    ['stop WKF110 cleanup_3 failed', 'stop WKF110: cleanup_3 failed'],
    ['stop WKF110 WKF111 wrong, see nightly-load', 'stop WKF110 WKF111: wrong, see nightly-load'],
    ['stop nightly-load - wrong audience', 'stop nightly-load=WKF110: - wrong audience'],
    ['stop WKF110 500 errors', 'stop WKF110: 500 errors'],
    ['stop WKF110 500 and counting', 'stop WKF110: 500 and counting'],
    ['stop WKF110 with 20 errors', 'stop WKF110: with 20 errors'],
    ['stop WKF110 - 20 errors', 'stop WKF110: - 20 errors'],
    ['stop WKF110 and 3 others failed', 'stop WKF110: and 3 others failed'],
    ['stop WKF110 the nightly load is late', 'stop WKF110: the nightly load is late'],
    ['stop WKF110 nightly target is wrong', 'stop WKF110: nightly target is wrong'],
    ['stop WKF110 to unblock WKF111', 'stop WKF110: to unblock WKF111'],
    ['stop WKF110 (not WKF111)', 'stop WKF110: (not WKF111)'],
  ])('%s', (text, expected) => expect(read(text)).toBe(expected));

  it('also where a word is similar to a short alias by chance', () => {
    const aliases = [{ name: 'load', workflowId: 'WKF9', environment: null, label: null }];
    expect(read('stop WKF110 lead asked', { ...vocabulary, aliases })).toBe('stop WKF110: lead asked');
    expect(read('stop WKF110 and lead', { ...vocabulary, aliases })).toBe('error: bad_workflow');
    expect(read('stop WKF110 the load failed', { ...vocabulary, aliases })).toBe('stop WKF110: the load failed');
    expect(read('stop WKF110 to load again', { ...vocabulary, aliases })).toBe('stop WKF110: to load again');
    expect(read('stop WKF110 to WKF111', { ...vocabulary, aliases })).toBe('error: second_workflow');
    expect(read('stop WKF110 lead', { ...vocabulary, aliases })).toBe('error: bad_workflow');
  });

  it.each(['stop WKF110 WKF111 and start WKF112', 'stop WKF110 and stop WKF111', 'pause WKF110 WKF111\nstop WKF112'])(
    'two commands stay an error: %s',
    (text) => expect(read(text)).toBe('error: several_commands'),
  );
});

describe('phrases between names', () => {
  it.each([
    ['pause WKF110 as well as WKF111 wrong list', 'pause WKF110 WKF111: wrong list'],
    ['arrêter WKF110 ainsi que la nightly-load', 'stop nightly-load=WKF110: '],
    ['stoppen WKF110 zusammen mit WKF111', 'stop WKF110 WKF111: '],
    ['stoppa WKF110 liksom WKF111', 'stop WKF110 WKF111: '],
    ['pause WKF110 as well as it can be', 'pause WKF110: as well as it can be'],
    ['pause WKF110 along with the campaign', 'pause WKF110: along with the campaign'],
    ['stop WKF110 WKF111 except WKF111', 'error: second_workflow'],
    ['stoppen WKF110 WKF111 außer WKF110', 'error: second_workflow'],
    ['detener WKF110 WKF111 menos WKF110', 'error: second_workflow'],
    ['stop WKF110 without errors', 'stop WKF110: without errors'],
    ['stop WKF110 without the load it cannot end', 'stop WKF110: without the load it cannot end'],
  ])('%s', (text, expected) => expect(read(text)).toBe(expected));
});

describe('a time is no further workflow', () => {
  it.each([
    ['pause WKF110 until 1500', 'error: doubtful_time'],
    ['pause WKF110 bis 0730.', 'error: doubtful_time'],
    ['pause WKF110 until 2560', 'error: bad_workflow'],
    ['pause WKF110 to 115', 'error: bad_workflow'],
    ['pause WKF1110 to 1115', 'error: bad_workflow'],
    ['pause WKF110, 1500', 'error: bad_workflow'],
    ['pause WKF110 until 1500 WKF111', 'error: bad_workflow'],
  ])('%s', (text, expected) => expect(read(text)).toBe(expected));
});

describe('names in italics, and aliases that are words', () => {
  const aliases = [{ name: 'sync', workflowId: 'WKF9', environment: null, label: null }];

  it.each([
    ['start WKF110 _WKF111_', 'error: second_workflow'],
    ['stop WKF110 and _WKF111_', 'error: second_workflow'],
    ['stop WKF110 _sync_', 'error: second_workflow'],
    ['stop WKF110 *WKF111*', 'stop WKF110 WKF111: '],
    ['stop WKF110 the sync', 'stop WKF110: the sync'],
    ['stop WKF110 sync', 'stop WKF110 sync=WKF9: '],
  ])('%s', (text, expected) => expect(read(text, { ...vocabulary, aliases })).toBe(expected));
});
