import { expect, it } from '@jest/globals';
import { scopes } from '../../src/slack/names.ts';
import { examine, inWorld } from './examine.ts';

const granted = (...without: string[]) => Object.keys(scopes).filter((scope) => !without.includes(scope));

it('a bot token that Slack refuses', async () => {
  await inWorld({}, async ({ env }) => {
    const { exit, named } = await examine({ ...env, SLACK_BOT_TOKEN: 'xoxb-wrong' });
    expect(exit).toBe(1);
    expect(named('slack_refused')).toMatchObject([{ message: expect.stringContaining('SLACK_BOT_TOKEN') }]);
    expect(named('slack_refused')[0]?.message).toContain('invalid_auth');
    expect(named('not_checked').map(({ area, because }) => [area, because])).toEqual([
      ['channels', 'slack'],
      ['people', 'slack'],
    ]);
  });
});

it('a token for a whole organization', async () => {
  const team = { id: 'T0ACME', name: 'Acme', domain: 'acme', isOrgWide: true };
  await inWorld({ workspace: { team } }, async ({ env }) => {
    const { exit, named } = await examine(env, { only: 'slack' });
    expect(exit).toBe(1);
    expect(named('slack_refused')[0]?.message).toContain('Enterprise Grid');
  });
});

it('a Slack that cannot be reached', async () => {
  await inWorld({}, async ({ env }) => {
    const { exit, named } = await examine({ ...env, SLACK_API_URL: 'http://127.0.0.1:1/api/' });
    expect(exit).toBe(1);
    expect(named('slack_unreachable').map(({ level }) => level)).toEqual(['failure']);
    expect(named('clock_unknown')).toMatchObject([{ service: 'Slack' }]);
    expect(named('organization_answers')).toHaveLength(1);
  });
});

it('a page of a proxy in the place of Slack’s answer', async () => {
  await inWorld({}, async ({ env, slack }) => {
    slack.fail('auth.test', { kind: 'http', status: 403, body: '<html>no</html>', type: 'text/html' });
    const { exit, named } = await examine(env, { only: 'slack' });
    expect(exit).toBe(1);
    expect(named('slack_unreachable')[0]?.message).toContain('status 403');
  });
});

it('a Slack that limits the calls for longer than the checks wait', async () => {
  await inWorld({}, async ({ env, slack }) => {
    slack.fail('auth.test', { kind: 'rate_limited', retryAfterSeconds: 30 });
    const limited = await examine(env, { only: 'slack,channels' });
    expect(limited.named('slack_limits')).toMatchObject([{ area: 'slack', level: 'failure', seconds: 30 }]);
    slack.clearFaults();
    slack.fail('users.conversations', { kind: 'rate_limited', retryAfterSeconds: 30 });
    slack.fail('users.info', { kind: 'rate_limited', retryAfterSeconds: 30 });
    const { named } = await examine(env, { only: 'channels,people' });
    expect(named('slack_limits')).toMatchObject([{ area: 'channels', seconds: 30 }]);
    expect(named('look_up_failed')[0]).toMatchObject({ id: 'U0ALICE', problem: 'ratelimited' });
  });
});

it('a Slack that fails after it has accepted the token is no fault of this program', async () => {
  await inWorld({}, async ({ env, slack }) => {
    slack.fail('users.conversations', { kind: 'http', status: 500 });
    const { exit, findings } = await examine(env, { only: 'channels' });
    expect(exit).toBe(1);
    expect(findings.map(({ name }) => name)).toEqual(['slack_unreachable']);
  });
});

it.each(['commands', 'chat:write', 'users:read', 'channels:read', 'groups:read', 'usergroups:read'])(
  'the missing scope %s, with what does not work without it',
  async (scope) => {
    await inWorld({ scopes: granted(scope) }, async ({ env }) => {
      const { exit, named } = await examine(env, { only: 'slack,channels,people' });
      expect(exit).toBe(1);
      expect(named('scope_missing')).toMatchObject([{ scope, level: 'failure' }]);
      expect(named('scope_missing')[0]?.message).toMatch(/(refused|sent|command): .*Add it|Add it/);
      expect(named('check_failed')).toEqual([]);
    });
  },
);

it.each(['channels:history', 'groups:history'])('the missing scope %s is a warning', async (scope) => {
  await inWorld({ scopes: granted(scope) }, async ({ env }) => {
    const { exit, named } = await examine(env, { only: 'slack,channels' });
    expect(named('scope_missing')).toMatchObject([{ scope, level: 'warning' }]);
    expect(exit).toBe(0);
  });
});

it.each(['invalid_auth', 'missing_scope'])('an app-level token that Slack refuses as %s', async (error) => {
  await inWorld({}, async ({ env, slack }) => {
    slack.refuseSockets(error);
    const { exit, named } = await examine(env, { only: 'slack' });
    expect(exit).toBe(1);
    expect(named('app_token_refused')[0]?.message).toContain(`SLACK_APP_TOKEN was refused by Slack (${error})`);
    expect(named('slack_token_accepted')).toHaveLength(1);
  });
});

it.each([
  [60, 'warning', 0],
  [600, 'failure', 1],
])('a clock that is %d seconds behind Slack’s', async (seconds, level, exitCode) => {
  await inWorld({ now: () => Date.now() + seconds * 1000 }, async ({ env }) => {
    const { exit, named } = await examine(env, { only: 'clock' });
    expect(named('clock_wrong')).toMatchObject([{ level, service: 'Slack', direction: 'behind' }]);
    expect(named('clock_right')).toMatchObject([{ service: 'Adobe' }]);
    expect(exit).toBe(exitCode);
  });
});
