import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type PretendSlack, startPretendSlack } from '../../../sandbox/slack/pretend-slack.ts';
import { channel, user } from '../../../sandbox/slack/seed.ts';
import { clientOf, refusalOf } from './quiet-client.ts';

let slack: PretendSlack;

beforeEach(async () => {
  slack = await startPretendSlack();
});
afterEach(() => slack.close());

describe('callers', () => {
  it('returns the identity of the bot', async () => {
    expect(await clientOf(slack).auth.test()).toMatchObject({
      ok: true,
      url: 'https://acme.slack.com/',
      team_id: 'T0ACME',
      user_id: 'U0BOT',
      bot_id: 'B0BOT',
    });
  });

  it.each([
    ['no token', '', 'not_authed'],
    ['an unknown token', 'xoxb-somebody-else', 'invalid_auth'],
  ])('refuses a call with %s', async (_case, token, error) => {
    expect(await refusalOf(clientOf(slack, token).auth.test())).toMatchObject({ error });
  });

  it('accepts each token only for its methods', async () => {
    const app = clientOf(slack, slack.appToken);
    expect((await refusalOf(app.chat.postMessage({ channel: 'C0OPS', text: 'x' }))).error).toBe(
      'not_allowed_token_type',
    );
    expect((await refusalOf(clientOf(slack).apps.connections.open({}))).error).toBe('not_allowed_token_type');
    expect((await app.apps.connections.open({})).url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/socket\?ticket=/);
  });

  it('refuses an unsupported method', async () => {
    expect((await refusalOf(clientOf(slack).apiCall('reactions.add', {}))).error).toBe('unknown_method');
  });

  it('returns the scopes of the token and of the method in its headers', async () => {
    const { response_metadata } = await clientOf(slack).users.info({ user: 'U0BOB' });
    expect(response_metadata).toMatchObject({ acceptedScopes: ['users:read'] });
    expect(response_metadata?.scopes).toContain('chat:write');
  });

  it('keeps no token in its record of calls', async () => {
    await clientOf(slack).auth.test({ token: slack.botToken });
    expect(slack.calls).toMatchObject([{ method: 'auth.test', token: 'bot', answer: { ok: true } }]);
    expect(JSON.stringify(slack.calls)).not.toContain(slack.botToken);
  });

  it.each([
    ['in the query', (url: string) => fetch(`${url}?channel=C0OPS`, { headers: bearer() })],
    ['as a form', (url: string) => fetch(url, { method: 'POST', headers: bearer(), body: form({ channel: 'C0OPS' }) })],
    [
      'as a form with its token',
      (url: string) => fetch(url, { method: 'POST', body: form({ channel: 'C0OPS', token: slack.botToken }) }),
    ],
    [
      'as JSON',
      (url: string) =>
        fetch(url, { method: 'POST', headers: { ...bearer(), ...JSON_TYPE }, body: '{"channel":"C0OPS"}' }),
    ],
  ])('understands arguments sent %s', async (_how, send) => {
    const response = await send(`${slack.apiUrl}conversations.info`);
    expect(await response.json()).toMatchObject({ ok: true, channel: { id: 'C0OPS' } });
  });

  const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };
  const bearer = () => ({ authorization: `Bearer ${slack.botToken}` });
  const form = (fields: Record<string, string>) => new URLSearchParams(fields);
});

describe('scopes', () => {
  const withScopes = async (scopes: string[]) => {
    await slack.close();
    slack = await startPretendSlack({ scopes });
    return clientOf(slack);
  };

  it('names the missing scope, and the existing ones', async () => {
    const client = await withScopes(['commands', 'chat:write']);
    const refusal = await refusalOf(client.users.info({ user: 'U0BOB' }));
    expect(refusal).toMatchObject({ error: 'missing_scope', needed: 'users:read', provided: 'commands,chat:write' });
  });

  it('does not show a private channel to a token for public ones', async () => {
    const client = await withScopes(['channels:read', 'channels:history']);
    expect((await client.conversations.info({ channel: 'C0OPS' })).ok).toBe(true);
    const [read, history] = [client.conversations.info, client.conversations.history];
    expect(await refusalOf(read({ channel: 'G0LEADS' }))).toMatchObject({
      error: 'missing_scope',
      needed: 'groups:read',
    });
    expect(await refusalOf(history({ channel: 'G0LEADS' }))).toMatchObject({ needed: 'groups:history' });
  });

  it('lets the bot post without being a member only with chat:write.public', async () => {
    const client = await withScopes(['chat:write', 'chat:write.public']);
    expect((await client.chat.postMessage({ channel: 'C0NOBOT', text: 'hello' })).ok).toBe(true);
  });
});

describe('conversations.info', () => {
  it.each([
    ['C0OPS', { is_member: true, is_private: false, is_archived: false, is_ext_shared: false, is_channel: true }],
    ['C0SHARED', { is_member: true, is_ext_shared: true }],
    ['C0NOBOT', { is_member: false }],
    ['G0LEADS', { is_member: true, is_private: true, is_group: true }],
  ])('describes %s', async (channel, expected) => {
    expect((await clientOf(slack).conversations.info({ channel })).channel).toMatchObject(expected);
  });

  it('hides a private channel from a bot that is not a member', async () => {
    const leads = slack.workspace.channels.find(({ id }) => id === 'G0LEADS');
    leads?.members.splice(0, 1);
    const refusal = await refusalOf(clientOf(slack).conversations.info({ channel: 'G0LEADS' }));
    expect(refusal.error).toBe('channel_not_found');
  });
});

describe('people', () => {
  it('describes a guest, a bot and a person of another workspace', async () => {
    const infoOf = async (id: string) => (await clientOf(slack).users.info({ user: id })).user;
    expect(await infoOf('U0GINA')).toMatchObject({
      is_restricted: true,
      is_ultra_restricted: false,
      team_id: 'T0ACME',
    });
    expect(await infoOf('U0ROBOT')).toMatchObject({ is_bot: true });
    expect(await infoOf('U0PAT')).toMatchObject({ is_stranger: true, team_id: 'T0PARTNER' });
  });

  it('returns the time zone of a person', async () => {
    expect((await clientOf(slack).users.info({ user: 'U0BOB' })).user).toMatchObject({ tz: 'Europe/Paris' });
  });

  it('returns the organisation of a workspace and of its people, if any', async () => {
    expect(await clientOf(slack).auth.test()).not.toHaveProperty('enterprise_id');
    expect((await clientOf(slack).users.info({ user: 'U0BOB' })).user).not.toHaveProperty('enterprise_user');
    await slack.close();
    const team = { id: 'T0ACME', name: 'Acme', domain: 'acme', enterpriseId: 'E0ACME' };
    const zoe = user('U0ZOE', 'zoe', 'Zoe', { enterpriseId: 'E0ACME', enterpriseTeams: ['T0ACME', 'T0LAB'] });
    const bob = user('U0BOB', 'bob', 'Bob', { enterpriseId: 'E0ACME' });
    slack = await startPretendSlack({ workspace: { team, users: [zoe, bob] } });
    expect(await clientOf(slack).auth.test()).toMatchObject({ enterprise_id: 'E0ACME' });
    const enterpriseOf = async (id: string) => (await clientOf(slack).users.info({ user: id })).user?.enterprise_user;
    expect(await enterpriseOf('U0ZOE')).toEqual({ id: 'U0ZOE', enterprise_id: 'E0ACME', teams: ['T0ACME', 'T0LAB'] });
    expect(await enterpriseOf('U0BOB')).toEqual({ id: 'U0BOB', enterprise_id: 'E0ACME', teams: ['T0ACME'] });
  });

  it('returns only the deactivation of a deactivated person', async () => {
    const { user } = await clientOf(slack).users.info({ user: 'U0GONE' });
    expect(user).toMatchObject({ deleted: true });
    expect(user).not.toHaveProperty('is_restricted');
  });

  it('returns the locale on request only', async () => {
    const { info } = clientOf(slack).users;
    expect((await info({ user: 'U0BOB' })).user).not.toHaveProperty('locale');
    slack.workspace.users.push(user('U0FR', 'fr', 'Somebody', { locale: 'fr-FR' }));
    expect((await info({ user: 'U0FR', include_locale: true })).user).toMatchObject({ locale: 'fr-FR' });
  });

  it('does not find an unknown person', async () => {
    expect((await refusalOf(clientOf(slack).users.info({ user: 'U0NOBODY' }))).error).toBe('user_not_found');
    const unknownGroup = clientOf(slack).usergroups.users.list({ usergroup: 'S0NONE' });
    expect((await refusalOf(unknownGroup)).error).toBe('no_such_subteam');
  });

  it('lists groups with their current members', async () => {
    const { usergroups } = clientOf(slack);
    slack.workspace.groups.find(({ id }) => id === 'S0LEADS')?.users.pop();
    expect((await usergroups.users.list({ usergroup: 'S0LEADS' })).users).toEqual(['U0BOB']);
    const { usergroups: groups } = await usergroups.list({ include_users: true });
    expect(groups).toMatchObject([{ id: 'S0OPS', handle: 'operators', users: ['U0ALICE'] }, { id: 'S0LEADS' }]);
  });
});

describe('users.list', () => {
  const idsOf = (members: readonly { id?: string }[] = []) => members.map(({ id }) => id);

  it('lists everybody in the workspace, also the deactivated and bots, and nobody of another one', async () => {
    slack.workspace.users.push(
      user('U0ZOE', 'zoe', 'Zoe', { teamId: 'T0LAB', enterpriseId: 'E0ACME', enterpriseTeams: ['T0LAB', 'T0ACME'] }),
    );
    const { members, response_metadata } = await clientOf(slack).users.list({});
    const everybody = ['ALICE', 'BOB', 'CAROL', 'DAVE', 'GINA', 'GONE', 'ROBOT', 'BOT', 'ZOE'];
    expect(idsOf(members)).toEqual(everybody.map((name) => `U0${name}`));
    expect(response_metadata).toMatchObject({ next_cursor: '', acceptedScopes: ['users:read'] });
  });

  it('describes them like users.info, with the locale on request only', async () => {
    const { info, list } = clientOf(slack).users;
    for (const include_locale of [true, false]) {
      const { members = [] } = await list({ include_locale });
      for (const id of ['U0GINA', 'U0GONE', 'U0ROBOT'])
        expect(members.find((one) => one.id === id)).toEqual((await info({ user: id, include_locale })).user);
    }
  });

  it('comes in pages, whose cursor stays valid when somebody joins', async () => {
    const { list } = clientOf(slack).users;
    const first = await list({ limit: 3 });
    expect(idsOf(first.members)).toEqual(['U0ALICE', 'U0BOB', 'U0CAROL']);
    slack.workspace.users.unshift(user('U0ZOE', 'zoe', 'Zoe'));
    const cursor = first.response_metadata?.next_cursor ?? '';
    expect(idsOf((await list({ limit: 3, cursor })).members)).toEqual(['U0DAVE', 'U0GINA', 'U0GONE']);
    const pages = [];
    for await (const page of clientOf(slack).paginate('users.list', { limit: 4 })) pages.push(page);
    expect(pages).toHaveLength(3);
  });

  it('has at most 999 people in a page, and without a limit everybody', async () => {
    slack.workspace.users.push(...Array.from({ length: 1_000 }, (_, one) => user(`U1${one}`, `n${one}`, 'Somebody')));
    const { list } = clientOf(slack).users;
    expect((await list({ limit: 2_000 })).members).toHaveLength(999);
    expect((await list({})).members).toHaveLength(1_008);
  });

  it('refuses a wrong cursor and a wrong limit, and ignores arguments that it does not know', async () => {
    const { list } = clientOf(slack).users;
    expect(await refusalOf(list({ cursor: 'somewhere' }))).toMatchObject({ error: 'invalid_cursor' });
    expect(await refusalOf(list({ limit: -1 }))).toMatchObject({ error: 'invalid_arguments' });
    expect((await clientOf(slack).apiCall('users.list', { presence: true, nonsense: 'x' })).ok).toBe(true);
  });
});

describe('users.conversations', () => {
  const idsOf = (channels: readonly { id?: string }[] = []) => channels.map(({ id }) => id);
  const types = 'public_channel,private_channel';

  it('lists where the bot is a member, by default the public channels, without is_member', async () => {
    const { conversations } = clientOf(slack).users;
    expect(idsOf((await conversations({})).channels)).toEqual(['C0OPS', 'C0MKT', 'C0SHARED']);
    const { channels = [] } = await conversations({ types });
    expect(channels).toMatchObject([
      { id: 'C0OPS', is_archived: false, is_ext_shared: false },
      { id: 'C0MKT' },
      { id: 'C0SHARED', is_ext_shared: true },
      { id: 'G0LEADS', is_private: true },
    ]);
    for (const one of channels) expect(one).not.toHaveProperty('is_member');
  });

  it('leaves out archived channels, and those without a person, on request', async () => {
    const { conversations } = clientOf(slack).users;
    const market = slack.workspace.channels.find(({ id }) => id === 'C0MKT');
    if (market) market.isArchived = true;
    expect(idsOf((await conversations({})).channels)).toContain('C0MKT');
    expect(idsOf((await conversations({ exclude_archived: true })).channels)).toEqual(['C0OPS', 'C0SHARED']);
    expect(idsOf((await conversations({ user: 'U0PAT' })).channels)).toEqual(['C0SHARED']);
  });

  it('lists the channels of a person, of the private ones only those with the bot', async () => {
    const { conversations } = clientOf(slack).users;
    slack.workspace.channels.push(channel('G0SECRET', 'secret', { isPrivate: true, members: ['U0BOB'] }));
    const all = ['C0OPS', 'C0MKT', 'C0SHARED', 'C0NOBOT', 'G0LEADS'];
    expect(idsOf((await conversations({ user: 'U0BOB', types })).channels)).toEqual(all);
  });

  it('comes in pages', async () => {
    const pages: unknown[] = [];
    for await (const page of clientOf(slack).paginate('users.conversations', { types, limit: 3 })) pages.push(page);
    expect(pages).toMatchObject([{ channels: [{}, {}, {}] }, { channels: [{ id: 'G0LEADS' }] }]);
  });

  it('needs the scope of each type', async () => {
    await slack.close();
    slack = await startPretendSlack({ scopes: ['channels:read', 'commands'] });
    const { conversations } = clientOf(slack).users;
    expect((await conversations({})).ok).toBe(true);
    expect(await refusalOf(conversations({ types }))).toMatchObject({
      error: 'missing_scope',
      needed: 'groups:read',
      provided: 'channels:read,commands',
    });
  });

  it.each([
    ['invalid_types', { types: 'public_channel,nonsense' }],
    ['invalid_limit', { limit: 1_000 }],
    ['invalid_limit', { limit: 0 }],
    ['invalid_cursor', { cursor: 'somewhere' }],
  ])('refuses with %s: %j', async (error, args) => {
    expect(await refusalOf(clientOf(slack).users.conversations(args))).toMatchObject({ error });
  });

  it('ignores arguments that it does not know', async () => {
    expect((await clientOf(slack).apiCall('users.conversations', { nonsense: 'x' })).ok).toBe(true);
  });
});

describe('conversations.members', () => {
  it('lists the members of a channel in pages', async () => {
    const { conversations } = clientOf(slack);
    expect((await conversations.members({ channel: 'G0LEADS' })).members).toEqual(['U0BOT', 'U0BOB', 'U0CAROL']);
    expect((await conversations.members({ channel: 'C0NOBOT' })).members).toContain('U0DAVE');
    const pages: unknown[] = [];
    const args = { channel: 'G0LEADS', limit: 2 };
    for await (const page of clientOf(slack).paginate('conversations.members', args)) pages.push(page);
    expect(pages).toMatchObject([{ members: ['U0BOT', 'U0BOB'] }, { members: ['U0CAROL'] }]);
  });

  it('hides a private channel from a bot that is not a member, and needs the scope of the channel', async () => {
    slack.workspace.channels.push(channel('G0SECRET', 'secret', { isPrivate: true, members: ['U0BOB'] }));
    const refused = (of: string) => refusalOf(clientOf(slack).conversations.members({ channel: of }));
    expect(await refused('G0SECRET')).toMatchObject({ error: 'channel_not_found' });
    await slack.close();
    slack = await startPretendSlack({ scopes: ['channels:read'] });
    expect(await refused('G0LEADS')).toMatchObject({ error: 'missing_scope', needed: 'groups:read' });
  });

  it.each([
    ['channel_not_found', { channel: 'C0NONE' }],
    ['invalid_limit', { channel: 'C0OPS', limit: 1_000 }],
    ['invalid_cursor', { channel: 'C0OPS', cursor: 'somewhere' }],
  ])('refuses with %s: %j', async (error, args) => {
    expect(await refusalOf(clientOf(slack).conversations.members(args))).toMatchObject({ error });
  });
});

it('has the people that the caller sets, always including the bot', async () => {
  await slack.close();
  const zoe = user('U0ZOE', 'zoe', 'Zoe', { isUltraRestricted: true });
  const lab = channel('C0LAB', 'lab', { members: [zoe.id, 'U0BOT'] });
  slack = await startPretendSlack({ workspace: { users: [zoe], channels: [lab], groups: [] } });
  expect(slack.workspace.users.map(({ id }) => id)).toEqual(['U0ZOE', 'U0BOT']);
  await clientOf(slack).chat.postMessage({ channel: 'C0LAB', text: 'hello' });
  slack.workspace.channels[0]?.members.pop();
  expect(lab.members).toContain('U0BOT');
});
