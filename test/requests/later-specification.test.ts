import { describe, expect, it } from '@jest/globals';
import type { Membership } from '../../src/access/decision.ts';
import type { Verb, When } from '../../src/commands/command.ts';
import type { Observation } from '../../src/requests/events.ts';
import type { Request } from '../../src/requests/request.ts';
import { configurationOf } from '../settings/with-file.ts';
import { minutes, openScene, type Scene } from './scene/scene.fixture.ts';

/*
 * The specification of commands for later: what is judged when they are asked for, and once more when they are due. The
 * rules are those of `rules`, by the real ledger and the real steps. It is 12:00 in UTC, on a Tuesday.
 */

const environments = 'environments: { prod: { organization: acme } }';
const shared = 'channels: [C0OPS], people: { users: [U0ALICE], groups: [S0NIGHT] }';
const leads = 'approval: { from: { groups: [S0LEADS] }, expires_after: 10m';

type Parts = { operators?: string; stop?: string; more?: string };

const usual = {
  operators: `{ name: Operators, ${shared}, commands: [start, pause, resume] }`,
  stop: `{ name: Leads confirm stops, ${shared}, commands: [stop], ${leads} } }`,
} as const;

/** The rules, with some of them changed; an empty text removes one. */
function rules({ operators = usual.operators, stop = usual.stop, more = '' }: Parts = {}): string {
  const access = [operators, stop].filter(Boolean).map((rule) => `  - ${rule}\n`);
  return `${environments}\naccess:${access.length === 0 ? ' []' : ''}\n${access.join('')}${more}`;
}

type Change = (scene: Scene) => unknown;

const setRules =
  (parts: Parts): Change =>
  (scene) =>
    scene.setPolicy(configurationOf(rules(parts)).policy);
const account =
  (person: string, membership: Membership): Change =>
  ({ world }) =>
    world.people.set(person, {
      ...world.people.get(person),
      membership,
      groups: world.people.get(person)?.groups ?? new Set(),
    });
const groups =
  (person: string, ...of: string[]): Change =>
  ({ world }) =>
    world.people.set(person, { membership: 'member', groups: new Set(of) });
const freeze = (time: string, commands = '[start, resume]') =>
  `freezes: [{ because: a launch, commands: ${commands}, ${time} }]\n`;
const once = (from: string, until: string) => `from: 2026-11-10T${from}:00Z, until: 2026-11-10T${until}:00Z`;
const seen = (reading: 'editing' | 'in_progress' | 'finished' | 'warning' | 'erroneous'): Observation => ({
  kind: 'seen',
  reading,
  field: 'logicalStatus',
  raw: reading,
});
const livesIn =
  (timezone: string): Change =>
  ({ world }) =>
    world.people.set('U0ALICE', { membership: 'member', groups: new Set(), timezone });
const shows =
  (...readings: Observation[]): Change =>
  ({ world }) =>
    void world.answers.probe.push(...readings);

/** What is so when somebody asks, and what changes before the command is due. */
const circumstances: Readonly<Record<string, Change>> = {
  '-': () => {},
  'Carol confirms': async (scene) => {
    const [asked] = await scene.ledger.recent({ channel: 'C0OPS', workflowKey: null, refused: false, limit: 1 });
    await scene.press(asked?.id ?? '', 'U0CAROL');
    await scene.untilIdle();
  },
  'no rule any more': setRules({ operators: '', stop: '' }),
  'the rule is for others': setRules({ operators: usual.operators.replace('U0ALICE', 'U0BOB') }),
  'the rule is for another channel': setRules({ operators: usual.operators.replace('C0OPS', 'C0MKT') }),
  'the rule is for other workflows': setRules({
    operators: usual.operators.replace('commands', 'workflows: [WKF9*], commands'),
  }),
  'the rule permits pauses': setRules({ operators: usual.operators.replace('[start, pause, resume]', '[pause]') }),
  'the rule has another name': setRules({ operators: usual.operators.replace('Operators', 'Night shift') }),
  'the rule needs a reason': setRules({ operators: usual.operators.replace('commands', 'reason: required, commands') }),
  'the rule needs a number': setRules({
    operators: usual.operators.replace('commands', 'reason: { required: true, matches: "CHG[0-9]+" }, commands'),
  }),
  'the rule needs a confirmation': setRules({
    operators: usual.operators.replace(/ }$/, `, ${leads} } }`),
  }),
  'the rule needs two': setRules({ stop: usual.stop.replace(leads, `${leads}, count: 2`) }),
  'the rule needs none': setRules({ stop: usual.stop.replace(`, ${leads} }`, ', approval: { from: requester }') }),
  'other leads': setRules({ stop: usual.stop.replace('S0LEADS', 'S0BOSSES') }),
  'the workflow is protected': setRules({ more: 'protected_workflows: [WKF110]\n' }),
  'Alice is deactivated': account('U0ALICE', 'deactivated'),
  'Alice is a guest': account('U0ALICE', 'guest'),
  'Nora works at night': groups('U0EVE', 'S0NIGHT'),
  'Nora leaves': groups('U0EVE'),
  'Carol leads no more': groups('U0CAROL'),
  'Carol is deactivated': account('U0CAROL', 'deactivated'),
  'the channel is archived': ({ world }) => Object.assign(world.place, { archived: true }),
  'the bot is removed': ({ world }) => Object.assign(world.place, { botIsMember: false }),
  'others share the channel': ({ world }) => Object.assign(world.place, { shared: true }),
  'the environment is gone': (scene) => scene.renameEnvironment(null),
  'the environment has another name': (scene) => scene.renameEnvironment('live'),
  'Slack does not say who is who': ({ world }) => {
    world.unavailable.add('U0ALICE');
    world.retryAfterMs = null;
  },
  'a freeze at 12:30': setRules({ more: freeze(once('12:25', '12:40')) }),
  'a freeze until 12:20': setRules({ more: freeze(once('11:00', '12:20')) }),
  'a freeze of tonight': setRules({ more: freeze(once('20:00', '22:00')) }),
  'a freeze of pauses': setRules({ more: freeze(once('12:25', '12:40'), '[pause]') }),
  'a freeze at 12:30 in Kolkata': setRules({ more: freeze('daily: "18:00-18:10", timezone: Asia/Kolkata') }),
  'it was finished': shows(seen('finished')),
  'it is finished': shows(seen('finished')),
  'it runs': shows(seen('in_progress')),
  'it is not shown': shows({ kind: 'not_shown' }),
  'it has failed': shows(seen('erroneous')),
  'Alice lives in Paris': livesIn('Europe/Paris'),
  'Alice lives in London': livesIn('Europe/London'),
};

const times: Readonly<Record<string, When>> = {
  'in 30m': { kind: 'in', ms: 30 * minutes, typed: 'in 30m' },
  'at 12:30': { kind: 'at', day: 'next', time: '12:30', typed: 'at 12:30' },
  'at 13:30': { kind: 'at', day: 'next', time: '13:30', typed: 'at 13:30' },
  'at 12:00': { kind: 'at', day: 'today', time: '12:00', typed: 'at 12:00' },
};

const people: Readonly<Record<string, string>> = { alice: 'U0ALICE', bob: 'U0BOB', nora: 'U0EVE' };

/** `who  command  time  when asked for  until it is due  what comes of it` */
const table = `
  alice  start   in 30m    -                             -                                 sent
  alice  pause   at 12:30  -                             -                                 never asked for: no_zone
  alice  pause   at 12:30  Alice lives in London         -                                 sent
  alice  resume  in 30m    -                             the rule has another name         sent
  bob    start   in 30m    -                             -                                 never asked for: not_permitted
  bob    start   in 30m    -                             the rule is for others            never asked for: not_permitted
  nora   start   in 30m    Nora works at night           -                                 sent
  nora   start   in 30m    -                             Nora works at night               never asked for: not_permitted
  nora   start   in 30m    Nora works at night           Nora leaves                       refused: not_permitted
  alice  start   in 30m    -                             no rule any more                  refused: not_permitted
  alice  start   in 30m    -                             the rule is for others            refused: not_permitted
  alice  start   in 30m    -                             the rule is for another channel   refused: wrong_channel
  alice  start   in 30m    -                             the rule is for other workflows   refused: not_permitted
  alice  start   in 30m    -                             the rule permits pauses           refused: not_permitted
  alice  pause   in 30m    -                             the rule permits pauses           sent
  alice  start   in 30m    -                             the workflow is protected         refused: protected_workflow
  alice  start   in 30m    the workflow is protected     -                                 never asked for: protected_workflow
  alice  start   in 30m    -                             the rule needs a reason           refused: reason_required
  alice  start   in 30m    the rule needs a reason       -                                 never asked for: reason_required
  alice  start   in 30m    -                             the rule needs a number           refused: reason_required
  alice  start   in 30m    -                             Alice is deactivated              refused: deactivated
  alice  start   in 30m    -                             Alice is a guest                  refused: guest
  alice  start   in 30m    -                             the channel is archived           refused: archived_channel
  alice  start   in 30m    -                             the bot is removed                refused: bot_not_in_channel
  alice  start   in 30m    -                             others share the channel          refused: shared_channel
  alice  start   in 30m    -                             Slack does not say who is who     refused: lookup_failed
  alice  start   in 30m    -                             the environment is gone           refused: environment_gone
  alice  start   in 30m    -                             the environment has another name  refused: not_permitted
  alice  start   in 30m    -                             a freeze at 12:30                 refused: frozen
  alice  start   in 30m    a freeze at 12:30             -                                 never asked for: frozen
  alice  start   in 30m    a freeze until 12:20          -                                 sent
  alice  start   in 30m    -                             a freeze of tonight               sent
  alice  pause   in 30m    -                             a freeze at 12:30                 sent
  alice  pause   in 30m    -                             a freeze of pauses                refused: frozen
  alice  start   in 30m    -                             a freeze at 12:30 in Kolkata      refused: frozen
  alice  stop    in 30m    Carol confirms                -                                 sent
  alice  stop    in 30m    -                             -                                 expired
  alice  stop    in 30m    Carol confirms                Carol leads no more               refused: not_an_approver
  alice  stop    in 30m    Carol confirms                Carol is deactivated              refused: deactivated
  alice  stop    in 30m    Carol confirms                other leads                       refused: not_an_approver
  alice  stop    in 30m    Carol confirms                the rule needs two                refused: approval_needed
  alice  stop    in 30m    Carol confirms                the rule needs none               refused: not_an_approver
  alice  stop    in 30m    Carol confirms                Alice is deactivated              refused: deactivated
  alice  stop    in 30m    Carol confirms                a freeze at 12:30                 sent
  alice  start   in 30m    -                             the rule needs a confirmation     refused: approval_needed
  alice  start   in 30m    it was finished               it is finished                    sent
  alice  start   in 30m    it was finished               it runs                           superseded: changed_since
  alice  start   in 30m    it was finished               it is not shown                   sent
  alice  start   in 30m    it is not shown               it has failed                     superseded: changed_since
  alice  pause   in 30m    it runs                       it is finished                    superseded: changed_since
  alice  start   at 12:30  Alice lives in Paris          -                                 not yet
  alice  start   at 13:30  Alice lives in Paris          -                                 sent
  alice  start   at 12:00  Alice lives in London         -                                 never asked for: past
`;

const rows = table
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s{2,}/))
  .map(([who = '', verb = '', time = '', asked = '', before = '', result = '']) => ({
    who,
    verb,
    time,
    asked,
    before,
    result,
  }));

function named<T>(all: Readonly<Record<string, T>>, name: string): T {
  const found = all[name];
  if (found === undefined) throw new Error(`there is no "${name}"`);
  return found;
}

/** What came of a request, in words of the table. */
function resultOf({ state, end, approval }: Request, isSent: boolean): string {
  if (isSent) return state === 'accepted' ? 'sent' : `sent, and ${state}`;
  if (state === 'scheduled') return 'not yet';
  const because = end?.because;
  const wasAsked = approval !== null || state !== 'refused';
  const how = wasAsked ? state : 'never asked for';
  if (because?.kind === 'access') return `${how}: ${because.refusal.reason}`;
  if (because?.kind === 'bad_time') return `${how}: ${because.problem}`;
  return because === undefined || state === 'expired' ? state : `${how}: ${because.kind}`;
}

describe('a command for later', () => {
  it.each(rows)('$verb $time by $who, asked for: $asked, before it is due: $before: $result', async (row) => {
    await using scene = await openScene({ policy: configurationOf(rules()).policy });
    const isAnswer = row.asked.endsWith('confirms');
    if (!isAnswer) await named(circumstances, row.asked)(scene);
    const id = await scene.submit(
      { verb: row.verb as Verb, due: named(times, row.time), reason: '' },
      named(people, row.who),
    );
    await scene.untilIdle();
    if (isAnswer) await named(circumstances, row.asked)(scene);
    await scene.advanceTime(5 * minutes);
    await named(circumstances, row.before)(scene);
    await scene.advanceTime(24 * minutes);
    expect(scene.world.sent).toEqual([]);
    await scene.advanceTime(10 * minutes);
    const isSent = scene.world.sent.some(({ command }) => command === row.verb);
    expect(scene.world.sent.length).toBeLessThanOrEqual(1);
    expect(resultOf(await scene.request(id), isSent)).toBe(row.result);
  });

  it('is specified by at least 20 rows, and by every circumstance', () => {
    expect(rows.length).toBeGreaterThanOrEqual(20);
    const used = new Set(rows.flatMap(({ asked, before }) => [asked, before]));
    expect(Object.keys(circumstances).filter((name) => !used.has(name))).toEqual([]);
  });
});
