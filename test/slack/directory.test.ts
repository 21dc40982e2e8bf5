import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type PretendSlack, type SlackFault, startPretendSlack } from '../../sandbox/slack/pretend-slack.ts';
import { channel, user } from '../../sandbox/slack/seed.ts';
import type { LookUp, Person, Place } from '../../src/access/decision.ts';
import type { Directory } from '../../src/requests/ports.ts';
import { createClients } from '../../src/slack/clients.ts';
import { type ChannelMemberships, createDirectory, type Languages } from '../../src/slack/directory.ts';
import { type BareServer, httpAnswer, startBareServer } from '../campaign/bare-server.ts';
import { clientOf, quietLogger, unwatchedClock } from '../sandbox/slack/quiet-client.ts';

const team = 'T0ACME';
const home = { team, enterprise: 'E0GRID' };
const noGroups: ReadonlySet<string> = new Set();

let slack: PretendSlack;
let directory: Directory & Languages & ChannelMemberships;
let logged: object[];
let now: number;
let other: BareServer | undefined;

const log = {
  info: () => {},
  warn: (fields: object) => void logged.push(fields),
  error: () => {},
};

beforeEach(async () => {
  slack = await startPretendSlack();
  logged = [];
  now = 1;
  directory = createDirectory(clientOf(slack), home, log, () => now);
});
afterEach(async () => {
  await other?.close();
  await slack.close();
});

/** A directory over a server that returns this response to every call. */
async function directoryReturning(answer: object): Promise<Directory & Languages> {
  other = await startBareServer((socket) => socket.end(httpAnswer(200, JSON.stringify(answer))));
  return createDirectory(clientOf({ ...slack, apiUrl: `${other.url}/api/` }), home, log);
}

const callsOf = (method: string) => slack.calls.filter((call) => call.method === method).length;
const known = (
  id: string,
  membership: string,
  groups: string[] = [],
  unknownGroups: Readonly<Record<string, number | null>> = {},
) => ({
  ok: true,
  value: { id, membership, groups: new Set(groups), unknownGroups: new Map(Object.entries(unknownGroups)) },
});

/** The waiting times of the failed look-ups. */
function retriesOf(lookedUp: LookUp<Person | Place>): Iterable<number | null> {
  if (!lookedUp.ok) return [lookedUp.retryAfterMs];
  return 'unknownGroups' in lookedUp.value ? lookedUp.value.unknownGroups.values() : [];
}

/** Changes this person, channel or group in Slack. */
function change<T extends { id: string }>(all: T[], id: string, changes: Partial<T>): void {
  const found = all.find((each) => each.id === id);
  if (found === undefined) throw new Error(`There is no ${id}.`);
  Object.assign(found, changes);
}

describe('null instead of false', () => {
  const flags = ['deleted', 'is_bot', 'is_restricted', 'is_ultra_restricted', 'is_stranger', 'enterprise_user'];
  const nulls = Object.fromEntries(flags.map((name) => [name, null]));

  it('is read as false for a person', async () => {
    const returning = await directoryReturning({ ok: true, user: { id: 'U0ALICE', team_id: team, ...nulls } });
    expect(await returning.person('U0ALICE', noGroups)).toEqual(known('U0ALICE', 'member'));
  });

  it('does not hide a flag that is true', async () => {
    const user = { id: 'U0GINA', team_id: team, ...nulls, is_ultra_restricted: true };
    const returning = await directoryReturning({ ok: true, user });
    expect(await returning.person('U0GINA', noGroups)).toEqual(known('U0GINA', 'guest'));
  });

  it('makes a person without a workspace a stranger', async () => {
    const user = { id: 'U0ANN', ...nulls, team_id: null, enterprise_user: { enterprise_id: null, teams: null } };
    const returning = await directoryReturning({ ok: true, user });
    expect(await returning.person('U0ANN', noGroups)).toEqual(known('U0ANN', 'stranger'));
  });

  it('is read as false for a channel', async () => {
    const channel = { id: 'C0OPS', is_archived: null, is_ext_shared: null, is_member: true };
    const returning = await directoryReturning({ ok: true, channel });
    const place = { shared: false, archived: false, botIsMember: true };
    expect(await returning.place('C0OPS')).toMatchObject({ ok: true, value: place });
  });
});

describe('a person', () => {
  it.each([
    ['U0ALICE', 'member'],
    ['U0GINA', 'guest'],
    ['U0PAT', 'stranger'],
    ['U0ROBOT', 'bot'],
    ['U0GONE', 'deactivated'],
  ])('%s is a %s', async (id, membership) => {
    expect(await directory.person(id, noGroups)).toEqual(known(id, membership));
  });

  it('with a single channel is a guest, and with another team ID a stranger', async () => {
    change(slack.workspace.users, 'U0DAVE', { isUltraRestricted: true });
    change(slack.workspace.users, 'U0CAROL', { teamId: 'T0OTHER' });
    expect(await directory.person('U0DAVE', noGroups)).toEqual(known('U0DAVE', 'guest'));
    expect(await directory.person('U0CAROL', noGroups)).toEqual(known('U0CAROL', 'stranger'));
  });

  it.each([
    [
      'belongs to several workspaces of an organization',
      { team_id: 'E0GRID', enterprise_user: { teams: [team] } },
      'member',
    ],
    [
      'belongs to other workspaces of that organization',
      { team_id: 'T0OTHER', enterprise_user: { enterprise_id: 'E0GRID', teams: ['T0OTHER'] } },
      'other_workspace',
    ],
    [
      'belongs to another organization',
      { team_id: 'T0OTHER', enterprise_user: { enterprise_id: 'E0ELSE', teams: ['T0OTHER'] } },
      'stranger',
    ],
    [
      'is a stranger, whatever organization is named',
      { team_id: 'T0OTHER', is_stranger: true, enterprise_user: { enterprise_id: 'E0GRID', teams: [team] } },
      'stranger',
    ],
    ['belongs to no workspace that Slack names', {}, 'stranger'],
    ['is a stranger in the own workspace', { team_id: team, is_stranger: true }, 'stranger'],
    [
      'is deactivated, whatever else',
      { team_id: team, deleted: true, is_restricted: true, is_bot: true },
      'deactivated',
    ],
  ])('who %s has the right membership', async (_who, fields, membership) => {
    const returning = await directoryReturning({ ok: true, user: { id: 'W0ANN', ...fields } });
    expect(await returning.person('W0ANN', noGroups)).toEqual(known('W0ANN', membership));
  });

  it('is in those of the named groups that have this member, and no other group is looked up', async () => {
    const named = new Set(['S0OPS', 'S0LEADS']);
    expect(await directory.person('U0BOB', named)).toEqual(known('U0BOB', 'member', ['S0LEADS']));
    expect(await directory.person('U0DAVE', named)).toEqual(known('U0DAVE', 'member'));
    expect(callsOf('usergroups.users.list')).toBe(2);
    expect(await directory.person('U0BOB', noGroups)).toEqual(known('U0BOB', 'member'));
  });
});

describe('the members of a group, and a membership', () => {
  it('come from the same cache as the look-ups for rights', async () => {
    await directory.person('U0ALICE', new Set(['S0LEADS']));
    expect(await directory.members('S0LEADS')).toEqual({ kind: 'known', users: new Set(['U0BOB', 'U0CAROL']) });
    expect(callsOf('usergroups.users.list')).toBe(1);
    expect(await directory.membership('U0ALICE')).toBe('member');
    expect(callsOf('users.info')).toBe(1);
    expect(await Promise.all(['U0GINA', 'U0GONE', 'U0ROBOT', 'U0PAT'].map(directory.membership))).toEqual([
      'guest',
      'deactivated',
      'bot',
      'stranger',
    ]);
  });

  it('are looked up again where the answer is too old, and the old answer is kept where that fails', async () => {
    const both = () => Promise.all([directory.members('S0LEADS', 10_000), directory.membership('U0BOB', 10_000)]);
    const before = [{ kind: 'known', users: new Set(['U0BOB', 'U0CAROL']) }, 'member'];
    await both();
    change(slack.workspace.groups, 'S0LEADS', { users: ['U0BOB'] });
    change(slack.workspace.users, 'U0BOB', { isRestricted: true });
    now += 10_000;
    expect(await both()).toEqual(before);
    now += 1;
    for (const method of ['users.info', 'usergroups.users.list'])
      slack.fail(method, { kind: 'error', error: 'internal_error' }, { times: 1 });
    expect(await both()).toEqual([{ kind: 'unknown', retryAfterMs: 0 }, 'unknown']);
    expect([await directory.members('S0LEADS'), await directory.membership('U0BOB')]).toEqual(before);
    expect(await both()).toEqual([{ kind: 'known', users: new Set(['U0BOB']) }, 'guest']);
    expect(await directory.membership('U0BOB')).toBe('guest');
  });

  it('are gone or absent where Slack has none with that ID, or the group is disabled', async () => {
    expect(await directory.members('S0NONE')).toEqual({ kind: 'gone' });
    change(slack.workspace.groups, 'S0LEADS', { isDisabled: true });
    expect(await directory.members('S0LEADS')).toEqual({ kind: 'gone' });
    expect(await directory.membership('U0NOBODY')).toBe('absent');
  });

  it.each([
    ['missing_scope', null],
    ['internal_error', 0],
    ['plan_upgrade_required', null],
    ['user_not_visible', null],
  ])('are unknown where Slack returns %s', async (error, retryAfterMs) => {
    for (const method of ['users.info', 'usergroups.users.list']) slack.fail(method, { kind: 'error', error });
    expect(await directory.members('S0LEADS')).toEqual({ kind: 'unknown', retryAfterMs });
    expect(await directory.membership('U0BOB')).toBe('unknown');
  });

  it('are unknown where Slack is slow, while look-ups for rights continue to wait', async () => {
    for (const method of ['users.info', 'usergroups.users.list']) slack.fail(method, { kind: 'slow', ms: 400 });
    const within = { rightsMs: 10_000, approversMs: 20, languageMs: 20 };
    const shortLimits = createDirectory(clientOf(slack), home, log, () => now, within);
    expect(await shortLimits.members('S0LEADS')).toEqual({ kind: 'unknown', retryAfterMs: 0 });
    expect(await shortLimits.membership('U0BOB')).toBe('unknown');
    expect(await shortLimits.person('U0BOB', new Set(['S0LEADS']))).toEqual(known('U0BOB', 'member', ['S0LEADS']));
  });
});

describe('the language of a person', () => {
  it('is looked up once, and then cached', async () => {
    change(slack.workspace.users, 'U0ALICE', { locale: 'fr-CA' });
    expect(directory.language('U0ALICE')).toBeNull();
    expect(await directory.languageOf('U0ALICE')).toBe('fr');
    expect(await directory.languageOf('U0ALICE')).toBe('fr');
    expect(directory.language('U0ALICE')).toBe('fr');
    now += 24 * 3_600_000;
    expect(await directory.languageOf('U0ALICE')).toBe('fr');
    expect(callsOf('users.info')).toBe(1);
  });

  it('follows the settings in Slack, with the next look-up of the person', async () => {
    await directory.languageOf('U0ALICE');
    change(slack.workspace.users, 'U0ALICE', { locale: 'de-DE' });
    now += 60_000;
    await directory.person('U0ALICE', noGroups);
    expect(directory.language('U0ALICE')).toBe('de');
  });

  it.each([null, 7, '', 'zh-TW', ['fr-FR'], undefined])(
    'is English where Slack returns %j, and the rights are not affected',
    async (locale) => {
      const returning = await directoryReturning({ ok: true, user: { id: 'U0ALICE', team_id: team, locale } });
      expect(await returning.languageOf('U0ALICE')).toBe('en');
      expect(await returning.person('U0ALICE', noGroups)).toEqual(known('U0ALICE', 'member'));
    },
  );

  it('is English where the look-up fails, which is then repeated', async () => {
    change(slack.workspace.users, 'U0ALICE', { locale: 'fr-FR' });
    slack.fail('users.info', { kind: 'error', error: 'missing_scope' }, { times: 1 });
    expect(await directory.languageOf('U0ALICE')).toBe('en');
    expect(directory.language('U0ALICE')).toBeNull();
    expect(await directory.languageOf('U0ALICE')).toBe('fr');
  });

  it('is English where the look-up takes too long, and no answer waits for it', async () => {
    change(slack.workspace.users, 'U0ALICE', { locale: 'fr-FR' });
    slack.fail('users.info', { kind: 'slow', ms: 400 }, { times: 1 });
    const shortLimits = createDirectory(clientOf(slack), home, log, () => now, {
      rightsMs: 10_000,
      approversMs: 10_000,
      languageMs: 20,
    });
    expect(await shortLimits.languageOf('U0ALICE')).toBe('en');
    expect(await shortLimits.person('U0ALICE', noGroups)).toEqual(known('U0ALICE', 'member'));
    expect(shortLimits.language('U0ALICE')).toBe('fr');
  });
});

describe('a channel', () => {
  const at = (shared: boolean, archived: boolean, botIsMember: boolean) => ({
    ok: true,
    value: { shared, archived, botIsMember },
  });

  it.each([
    ['C0OPS', at(false, false, true)],
    ['G0LEADS', at(false, false, true)],
    ['C0NOBOT', at(false, false, false)],
    ['C0SHARED', at(true, false, true)],
  ])('%s has its properties', async (id, place) => {
    expect(await directory.place(id)).toEqual(place);
  });

  it('that is archived has this property', async () => {
    change(slack.workspace.channels, 'C0OPS', { isArchived: true });
    expect(await directory.place('C0OPS')).toEqual(at(false, true, true));
  });

  it('that is a direct message, for which the app has no scope, is one without the bot', async () => {
    await slack.command({ user: 'U0ALICE', channel: 'D0ALICE', text: 'access' }).catch(() => {});
    expect(await directory.place('D0ALICE')).toEqual(at(false, false, false));
    expect(logged).toEqual([]);
  });

  it('that Slack hides from the bot is one without the bot', async () => {
    slack.workspace.channels.push(channel('G0SECRET', 'secret', { isPrivate: true, members: ['U0ALICE'] }));
    expect(await directory.place('G0SECRET')).toEqual(at(false, false, false));
  });

  it.each([
    ['a public channel', 'C0NOBOT'],
    ['a private channel', 'G0SECRET'],
  ])('is looked up again soon after an invitation to %s', async (_kind, id) => {
    slack.workspace.channels.push(channel('G0SECRET', 'secret', { isPrivate: true, members: ['U0ALICE'] }));
    expect(await directory.place(id)).toEqual(at(false, false, false));
    slack.workspace.channels.find((each) => each.id === id)?.members.push('U0BOT');
    now += 2_000;
    expect(await directory.place(id)).toEqual(at(false, false, true));
  });
});

it('a channel without the bot is looked up once a second, however many commands come from there', async () => {
  for (const later of [0, 1, 998]) {
    now += later;
    await directory.place('C0NOBOT');
  }
  expect(callsOf('conversations.info')).toBe(1);
  now += 2;
  await directory.place('C0NOBOT');
  expect(callsOf('conversations.info')).toBe(2);
});

describe('the ID of a channel', () => {
  it('is the same, or another one, or that of a channel which Slack does not show', async () => {
    slack.workspace.channels.push(channel('G0SECRET', 'secret', { isPrivate: true, members: ['U0ALICE'] }));
    slack.moveChannel('C0OPS', 'G0OPS');
    slack.moveChannel('C0MKT', 'G0MKT', 'forgets');
    expect(await directory.channelStatus('C0NOBOT')).toEqual({ kind: 'same' });
    expect(await directory.channelStatus('C0OPS')).toEqual({ kind: 'moved', to: 'G0OPS' });
    for (const gone of ['C0MKT', 'G0SECRET', 'C0NOWHERE'])
      expect(await directory.channelStatus(gone)).toEqual({ kind: 'gone' });
  });

  it.each<[SlackFault, number | null]>([
    [{ kind: 'error', error: 'internal_error' }, 0],
    [{ kind: 'error', error: 'missing_scope' }, null],
    [{ kind: 'error', error: 'token_revoked' }, null],
    [{ kind: 'http', status: 500 }, 0],
    [{ kind: 'rate_limited', retryAfterSeconds: 7 }, 7_000],
  ])(
    'is unknown where Slack fails, and such a channel is not taken for a lost one: %j',
    async (fault, retryAfterMs) => {
      slack.fail('conversations.info', fault);
      expect(await directory.channelStatus('C0OPS')).toEqual({ kind: 'unknown', retryAfterMs });
    },
  );
});

describe('the channels of a person', () => {
  const found = async (id: string) => {
    const answer = await directory.channelsOf(id);
    return answer.ok ? [...answer.channels.keys()] : null;
  };

  it('are those of which the person is a member now, cached for less than a minute', async () => {
    expect(await found('U0CAROL')).toEqual(['C0OPS', 'C0SHARED', 'C0NOBOT', 'G0LEADS']);
    change(slack.workspace.channels, 'C0OPS', { members: ['U0BOT'] });
    now += 30_000;
    expect(await found('U0CAROL')).toContain('C0OPS');
    now += 29_999;
    expect(await found('U0CAROL')).toEqual(['C0SHARED', 'C0NOBOT', 'G0LEADS']);
  });

  it('have their names', async () => {
    const answer = await directory.channelsOf('U0CAROL');
    expect(answer.ok && answer.channels.get('C0OPS')).toBe('ops');
  });

  it('are unknown where Slack fails, and that is not cached', async () => {
    slack.fail('users.conversations', { kind: 'error', error: 'missing_scope' }, { times: 1 });
    expect(await directory.channelsOf('U0CAROL')).toEqual({ ok: false });
    expect(await found('U0CAROL')).toContain('C0OPS');
  });

  it('are read in five pages at most, and then there may be others', async () => {
    const many = Array.from({ length: 5_000 }, (_, nth) => channel(`C1${nth}`, `c${nth}`, { members: ['U0DAVE'] }));
    slack.workspace.channels.push(...many);
    expect(await directory.channelsOf('U0DAVE')).toMatchObject({ ok: true, isComplete: false });
    expect(callsOf('users.conversations')).toBe(5);
    expect(await directory.channelsOf('U0CAROL')).toMatchObject({ ok: true, isComplete: true });
  });
});

describe('who sees a channel', () => {
  it('is everybody, where it is public, and its members, where it is private', async () => {
    expect(await directory.audience('C0OPS')).toBeNull();
    expect(await directory.audience('G0LEADS')).toEqual(new Set(['U0BOT', 'U0BOB', 'U0CAROL']));
    expect(callsOf('conversations.members')).toBe(1);
  });

  it('is cached for less than a minute, and looked up again where that is too old', async () => {
    await directory.audience('G0LEADS');
    change(slack.workspace.channels, 'G0LEADS', { members: ['U0BOT', 'U0BOB'] });
    now += 30_000;
    expect((await directory.audience('G0LEADS'))?.has('U0CAROL')).toBe(true);
    expect(await directory.audience('G0LEADS', 10_000)).toEqual(new Set(['U0BOT', 'U0BOB']));
    change(slack.workspace.channels, 'G0LEADS', { members: ['U0BOT'] });
    now += 59_999;
    expect(await directory.audience('G0LEADS')).toEqual(new Set(['U0BOT']));
  });

  it('is read in three pages at most: of a larger channel it is unknown', async () => {
    const many = (count: number) => ['U0BOT', ...Array.from({ length: count - 1 }, (_, nth) => `U1${nth}`)];
    const [large, larger] = [many(2_997), many(2_998)];
    slack.workspace.channels.push(channel('G0LARGE', 'large', { isPrivate: true, members: large }));
    slack.workspace.channels.push(channel('G0LARGER', 'larger', { isPrivate: true, members: larger }));
    expect(await directory.audience('G0LARGE')).toEqual(new Set(large));
    expect(await directory.audience('G0LARGER')).toBeNull();
    expect(callsOf('conversations.members')).toBe(6);
  });

  it.each(['conversations.info', 'conversations.members'])(
    'is unknown where Slack fails, and that is not cached: %s',
    async (method) => {
      slack.fail(method, { kind: 'error', error: 'missing_scope' }, { times: 1 });
      expect(await directory.audience('G0LEADS')).toBeNull();
      expect((await directory.audience('G0LEADS'))?.has('U0BOB')).toBe(true);
    },
  );

  it('is unknown where Slack takes too long', async () => {
    slack.fail('conversations.members', { kind: 'hang' });
    const limits = { rightsMs: 10_000, approversMs: 50, languageMs: 2_000 };
    const hasty = createDirectory(clientOf(slack), home, log, () => now, limits);
    expect(await hasty.audience('G0LEADS')).toBeNull();
  });
});

describe('a look-up', () => {
  const lookUps = {
    'users.info': () => directory.person('U0BOB', noGroups),
    'usergroups.users.list': () => directory.person('U0BOB', new Set(['S0LEADS'])),
    'conversations.info': () => directory.place('C0OPS'),
  } as const;
  const methods = ['users.info', 'usergroups.users.list', 'conversations.info'] as const;
  /** Otherwise they answer what Slack limits. */
  const limitLists = () => {
    for (const list of ['users.list', 'users.conversations'])
      slack.fail(list, { kind: 'rate_limited', retryAfterSeconds: 20 });
  };

  it.each(methods)('is shared by fifty concurrent callers: %s', async (method) => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => lookUps[method]()));
    expect(callsOf(method)).toBe(1);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  it.each(methods)('is cached for less than a minute: %s', async (method) => {
    await lookUps[method]();
    now += 30_000;
    await lookUps[method]();
    expect(callsOf(method)).toBe(1);
    // Reading the cache does not extend it.
    now += 29_999;
    await lookUps[method]();
    expect(callsOf(method)).toBe(2);
  });

  it('is cached from its start: a removed member has no rights after a minute', async () => {
    const leads = new Set(['S0LEADS']);
    expect(await directory.person('U0BOB', leads)).toEqual(known('U0BOB', 'member', ['S0LEADS']));
    change(slack.workspace.groups, 'S0LEADS', { users: ['U0CAROL'] });
    change(slack.workspace.users, 'U0BOB', { isRestricted: true });
    now += 60_000;
    expect(await directory.person('U0BOB', leads)).toEqual(known('U0BOB', 'guest'));
  });

  it('is cached for each person, channel and group', async () => {
    slack.workspace.users.push(user('U0ERIN', 'erin', 'Erin Guest', { isRestricted: true }));
    const [alice, erin] = await Promise.all(['U0ALICE', 'U0ERIN'].map((id) => directory.person(id, noGroups)));
    expect([alice, erin]).toEqual([known('U0ALICE', 'member'), known('U0ERIN', 'guest')]);
  });

  const failures = [
    ['person', 'users.info'],
    ['channel', 'conversations.info'],
  ] as const;

  it.each(failures)('of a %s that fails is a refusal, and is not cached', async (failed, method) => {
    limitLists();
    for (const [fault, retryAfterMs] of [
      [{ kind: 'error', error: 'missing_scope' }, null],
      [{ kind: 'error', error: 'internal_error' }, 0],
      [{ kind: 'error', error: 'something_new' }, 0],
      [{ kind: 'error', error: 'ratelimited' }, 0],
      [{ kind: 'http', status: 500 }, 0],
      [{ kind: 'http', status: 403 }, 0],
      [{ kind: 'drop_before' }, 0],
    ] as const) {
      slack.fail(method, fault, { times: 1 });
      expect(await lookUps[method]()).toEqual({ ok: false, failed, retryAfterMs });
    }
    // Slack's own failures and limits are logged as such, elsewhere.
    expect(logged).toMatchObject([
      { lookup: failed, reason: 'missing_scope' },
      { lookup: failed, reason: 'something_new' },
    ]);
    expect(await lookUps[method]()).toMatchObject({ ok: true });
  });

  it.each(methods)('is not repeated before the end of Retry-After, for anybody: %s', async (method) => {
    const another = {
      'users.info': () => directory.person('U0CAROL', noGroups),
      'usergroups.users.list': () => directory.person('U0CAROL', new Set(['S0OPS'])),
      'conversations.info': () => directory.place('G0LEADS'),
    }[method];
    limitLists();
    slack.fail(method, { kind: 'rate_limited', retryAfterSeconds: 20 }, { times: 1 });
    expect([...retriesOf(await lookUps[method]())]).toEqual([20_000]);
    now += 19_000;
    expect([...retriesOf(await another())]).toEqual([1_000]);
    expect(callsOf(method)).toBe(1);
    now += 1_000;
    expect([...retriesOf(await another())]).toEqual([]);
  });

  it.each([
    [null, 1_000],
    [86_400, 120_000],
  ])('has a limited waiting time after a Retry-After of %j s', async (retryAfterSeconds, retryAfterMs) => {
    const { reader } = createClients({
      token: slack.botToken,
      apiUrl: slack.apiUrl,
      logger: quietLogger,
      clock: unwatchedClock,
    });
    const limitedDirectory = createDirectory(reader, home, log, () => now);
    limitLists();
    slack.fail('users.info', { kind: 'rate_limited', retryAfterSeconds });
    expect(await limitedDirectory.person('U0BOB', noGroups)).toEqual({ ok: false, failed: 'person', retryAfterMs });
  });

  it.each(failures)('that fails is a refusal for all concurrent callers: %s', async (failed, method) => {
    slack.fail(method, { kind: 'http', status: 503 }, { times: 1 });
    const answers = await Promise.all(Array.from({ length: 50 }, () => lookUps[method]()));
    expect(callsOf(method)).toBe(1);
    expect(answers).toEqual(Array.from({ length: 50 }, () => ({ ok: false, failed, retryAfterMs: 0 })));
  });

  it('of an unknown person is a refusal', async () => {
    expect(await directory.person('U0NOBODY', noGroups)).toEqual({ ok: false, failed: 'person', retryAfterMs: null });
  });

  it('of several user groups shows which of them failed, and those are looked up again', async () => {
    const named = new Set(['S0LEADS', 'S0NONE']);
    expect(await directory.person('U0BOB', named)).toEqual(known('U0BOB', 'member', ['S0LEADS'], { S0NONE: null }));
    expect(logged).toMatchObject([{ lookup: 'group', id: 'S0NONE' }]);
    await directory.person('U0BOB', named);
    expect(callsOf('usergroups.users.list')).toBe(3);
  });

  it('that takes too long has failed', async () => {
    const shortLimits = createDirectory(clientOf(slack), home, log, () => now, {
      rightsMs: 100,
      approversMs: 100,
      languageMs: 100,
    });
    for (const method of ['users.info', 'conversations.info']) slack.fail(method, { kind: 'hang' });
    expect(await shortLimits.person('U0BOB', noGroups)).toEqual({ ok: false, failed: 'person', retryAfterMs: 0 });
    expect(await shortLimits.place('C0OPS')).toEqual({ ok: false, failed: 'channel', retryAfterMs: 0 });
    slack.clearFaults();
    slack.fail('usergroups.users.list', { kind: 'hang' });
    expect(await shortLimits.person('U0CAROL', new Set(['S0LEADS']))).toEqual(
      known('U0CAROL', 'member', [], { S0LEADS: 0 }),
    );
  });

  it('with an invalid response is a refusal', async () => {
    const returning = await directoryReturning({ ok: true });
    expect(await returning.place('C0OPS')).toEqual({ ok: false, failed: 'channel', retryAfterMs: 0 });
    expect(await returning.person('U0BOB', noGroups)).toEqual({ ok: false, failed: 'person', retryAfterMs: 0 });
  });
});

describe('a look-up that Slack limits', () => {
  const bob = { id: 'U0BOB', team_id: team, locale: 'de-DE' };
  const guest = { id: 'U0GINA', team_id: team, is_restricted: true };
  const ops = { id: 'C0OPS', is_archived: false, is_ext_shared: false };
  const calls = () => (other?.received ?? []).map((request) => /\/api\/([\w.]+)/.exec(request)?.[1]);

  /** Slack's answers to these methods: one for each page. All other calls are refused with 429. */
  async function limited(lists: Record<string, readonly object[]>): Promise<Directory & Languages> {
    other = await startBareServer((socket, request) => {
      const method = /\/api\/([\w.]+)/.exec(request)?.[1] ?? '';
      const page = Number(/cursor=(\d+)/.exec(request)?.[1] ?? 0);
      const answer = lists[method]?.[page];
      const next = { response_metadata: { next_cursor: lists[method]?.[page + 1] ? String(page + 1) : '' } };
      const body = JSON.stringify({ ok: true, ...answer, ...next });
      socket.end(answer ? httpAnswer(200, body) : httpAnswer(429, '{}', { 'Retry-After': '20' }));
    });
    return createDirectory(clientOf({ ...slack, apiUrl: `${other.url}/api/` }), home, log, () => now);
  }

  it('of a person is answered from the list of people, all its pages, with one reading for everybody', async () => {
    const list = await limited({ 'users.list': [{ members: [guest] }, { members: [bob] }] });
    const found = await Promise.all(['U0BOB', 'U0GINA'].map((id) => list.person(id, noGroups)));
    expect(found).toEqual([known('U0BOB', 'member'), known('U0GINA', 'guest')]);
    expect(await list.membership('U0BOB')).toBe('member');
    expect(await list.languageOf('U0BOB')).toBe('de');
    expect(calls().filter((method) => method === 'users.list')).toHaveLength(2);
    expect(logged).toEqual([]);
  });

  it('with status 200 is answered from the list as well', async () => {
    for (const method of ['users.info', 'conversations.info'])
      slack.fail(method, { kind: 'error', error: 'ratelimited' });
    expect(await directory.person('U0BOB', noGroups)).toEqual(known('U0BOB', 'member'));
    expect(await directory.place('C0SHARED')).toMatchObject({ ok: true, value: { shared: true, botIsMember: true } });
  });

  it('of a channel is answered from the list of the bot’s channels', async () => {
    const shared = { id: 'C0SHARED', is_archived: true, is_ext_shared: true };
    const list = await limited({ 'users.conversations': [{ channels: [ops, shared] }] });
    const place = { ok: true, value: { shared: false, archived: false, botIsMember: true } };
    expect(await list.place('C0OPS')).toEqual(place);
    expect(await list.place('C0SHARED')).toEqual({
      ok: true,
      value: { shared: true, archived: true, botIsMember: true },
    });
    expect(calls()).toEqual(['conversations.info', 'users.conversations']);
  });

  it('is answered from a list that is as fresh as a single answer', async () => {
    const list = await limited({ 'users.list': [{ members: [bob] }] });
    await list.person('U0BOB', noGroups);
    now += 39_999;
    // Retry-After is over, and the list is asked first.
    await list.person('U0BOB', noGroups);
    expect(calls()).toEqual(['users.info', 'users.list']);
    now += 2;
    await list.person('U0BOB', noGroups);
    expect(calls()).toEqual(['users.info', 'users.list', 'users.info', 'users.list']);
  });

  it.each<[string, Record<string, readonly object[]>]>([
    ['does not name it', { 'users.list': [{ members: [guest] }], 'users.conversations': [{ channels: [] }] }],
    ['is limited as well', {}],
    ['says nothing about sharing', { 'users.list': [{}], 'users.conversations': [{ channels: [{ id: 'C0OPS' }] }] }],
  ])('waits for Retry-After where the list %s', async (_what, lists) => {
    const list = await limited(lists);
    expect(await list.person('U0BOB', noGroups)).toEqual({ ok: false, failed: 'person', retryAfterMs: 20_000 });
    expect(await list.place('C0OPS')).toEqual({ ok: false, failed: 'channel', retryAfterMs: 20_000 });
  });

  it('reads five pages of a list at most', async () => {
    const pages = Array.from({ length: 6 }, (_, page) => ({ members: [{ ...bob, id: `U${page}` }] }));
    const list = await limited({ 'users.list': pages });
    expect(await list.membership('U4')).toBe('member');
    expect(await list.membership('U5')).toBe('unknown');
    expect(calls().filter((method) => method === 'users.list')).toHaveLength(5);
  });
});
