import { expect, it } from '@jest/globals';
import { channel } from '../../sandbox/slack/seed.ts';
import { examine, inWorld, ruleFile } from './examine.ts';

const inChannels = (ids: string) => ({ CAMPAIGN_WF_CHANNELS: ids });
const only = 'channels';

it('a channel that does not exist, or is private without the bot', async () => {
  await inWorld({}, async ({ env, slack }) => {
    slack.workspace.channels.push(channel('G0SECRET', 'secret', { isPrivate: true, members: ['U0BOB'] }));
    const { exit, named } = await examine({ ...env, ...inChannels('C0NONE,G0SECRET') }, { only });
    expect(exit).toBe(1);
    expect(named('channel_hidden').map(({ channel }) => channel)).toEqual(['C0NONE', 'G0SECRET']);
    expect(named('channel_hidden')[0]?.message).toContain('/invite @campaign-wf');
  });
});

it('a channel without the bot', async () => {
  await inWorld({}, async ({ env }) => {
    const { exit, named } = await examine({ ...env, ...inChannels('C0OPS,C0NOBOT') }, { only });
    expect(exit).toBe(1);
    expect(named('channel_without_bot')).toMatchObject([{ channel: 'C0NOBOT', level: 'failure' }]);
    expect(named('channel_without_bot')[0]?.message).toContain('#nobot');
    expect(named('channel_ready')).toMatchObject([{ channel: 'C0OPS', kind: 'public' }]);
  });
});

it('a channel that has another ID now', async () => {
  await inWorld({}, async ({ env, slack }) => {
    slack.moveChannel('C0OPS', 'C0NEW');
    const { exit, named } = await examine({ ...env, ...inChannels('C0OPS') }, { only });
    expect(exit).toBe(1);
    expect(named('channel_moved')).toMatchObject([{ before: 'C0OPS', label: '#ops (C0NEW)', level: 'failure' }]);
  });
});

it('an archived channel', async () => {
  await inWorld({}, async ({ env, slack }) => {
    for (const one of slack.workspace.channels) if (one.id === 'C0OPS') one.isArchived = true;
    const { exit, named } = await examine(env, { only });
    expect(exit).toBe(1);
    expect(named('channel_archived')).toMatchObject([{ channel: 'C0OPS' }]);
  });
});

it('a channel that is shared with other organizations, unless it is listed', async () => {
  await inWorld({}, async ({ rules }) => {
    const channels = ['C0SHARED'];
    const alone = await examine(rules(ruleFile({ channels })), { only });
    expect(alone.exit).toBe(1);
    expect(alone.named('channel_shared')).toMatchObject([{ channel: 'C0SHARED' }]);
    const listed = await examine(rules(ruleFile({ channels, more: 'shared_channels: [C0SHARED]\n' })), { only });
    expect(listed.exit).toBe(0);
    expect(listed.named('channel_ready')).toMatchObject([{ kind: 'shared' }]);
  });
});

it('a channel that is read-only', async () => {
  await inWorld({}, async ({ env, slack }) => {
    for (const one of slack.workspace.channels) if (one.id === 'C0OPS') one.isReadOnly = true;
    const { exit, named } = await examine(env, { only });
    expect(named('channel_restricted')).toMatchObject([{ channel: 'C0OPS', level: 'warning' }]);
    expect(exit).toBe(0);
  });
});

it('a channel that the bot cannot read', async () => {
  await inWorld({}, async ({ env, slack }) => {
    slack.fail('conversations.history', { kind: 'error', error: 'access_denied' });
    const { named } = await examine(env, { only });
    expect(named('channel_unreadable')).toMatchObject([{ channel: 'C0OPS', problem: 'access_denied' }]);
  });
});

it('the channel of the record', async () => {
  await inWorld({}, async ({ rules }) => {
    const { exit, named } = await examine(rules(ruleFile({ more: 'record: { channel: C0NOBOT }\n' })), { only });
    expect(exit).toBe(1);
    expect(named('channel_without_bot')).toMatchObject([{ channel: 'C0NOBOT' }]);
  });
});

it('hundreds of channels cost few calls, within Slack’s limits', async () => {
  const channels = Array.from({ length: 300 }, (_, index) =>
    channel(`C0${1000 + index}`, `channel-${index}`, { members: index < 250 ? ['U0BOT'] : [] }),
  );
  await inWorld({ workspace: { channels } }, async ({ env, slack }) => {
    slack.limitRates(true);
    const { named } = await examine({ ...env, ...inChannels(channels.map(({ id }) => id).join(',')) }, { only });
    expect(named('channel_ready')).toHaveLength(250);
    expect(named('channel_without_bot')).toHaveLength(20);
    expect(named('not_all_checked')).toMatchObject([{ left: 30 }]);
    expect(slack.calls.filter(({ answer }) => JSON.stringify(answer).includes('ratelimited'))).toEqual([]);
    expect(slack.calls.length).toBeLessThan(50);
  });
});
