import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { httpAnswer, startBareServer } from '../campaign/bare-server.ts';
import { examine, inWorld, newFolder, ruleFile } from './examine.ts';

const only = 'ims,campaign';

it('credentials that IMS refuses', async () => {
  await inWorld({}, async ({ env }) => {
    const { exit, named } = await examine({ ...env, CAMPAIGN_CLIENT_SECRET: 'wrong-secret' }, { only });
    expect(exit).toBe(1);
    expect(named('token_not_issued')).toMatchObject([{ environment: 'acme', reason: 'ims_refused' }]);
    expect(named('token_not_issued')[0]?.message).toContain('CAMPAIGN_CLIENT_SECRET');
    expect(named('not_checked')).toMatchObject([{ area: 'campaign', because: 'token' }]);
  });
});

it('an IMS that cannot be reached', async () => {
  await inWorld({}, async ({ env }) => {
    const { exit, named } = await examine({ ...env, IMS_URL: 'http://127.0.0.1:1' }, { only: 'ims,clock' });
    expect(exit).toBe(1);
    expect(named('token_not_issued')).toMatchObject([{ reason: 'ims_unreachable' }]);
    expect(named('clock_unknown')).toMatchObject([{ service: 'Adobe' }]);
  });
});

it('a token with fewer scopes than were asked for', async () => {
  const answer = { access_token: 'a-token', token_type: 'bearer', expires_in: 3600, scope: 'openid' };
  const ims = await startBareServer((socket) => socket.end(httpAnswer(200, JSON.stringify(answer))));
  await inWorld({}, async ({ env }) => {
    const { named, output } = await examine(
      { ...env, IMS_URL: ims.url, CAMPAIGN_SCOPES: 'openid,AdobeID' },
      { only: 'ims' },
    );
    expect(named('token_scopes_missing')).toMatchObject([{ scopes: 'AdobeID', level: 'warning' }]);
    expect(output).not.toContain('a-token');
  });
  await ims.close();
});

it('a new token that Campaign refuses is not called a fixed one', async () => {
  const answer = { access_token: 'not-of-this-campaign', token_type: 'bearer', expires_in: 3600 };
  const ims = await startBareServer((socket) => socket.end(httpAnswer(200, JSON.stringify(answer))));
  await inWorld({}, async ({ env }) => {
    const { named } = await examine({ ...env, IMS_URL: ims.url }, { only: 'campaign' });
    expect(named('organization_unusable')).toMatchObject([{ reason: 'token_expired' }]);
    expect(named('organization_unusable')[0]?.message).not.toContain('CAMPAIGN_ACCESS_TOKEN');
  });
  await ims.close();
});

it('a fixed token, which ends after a day', async () => {
  await inWorld({}, async ({ env, campaign }) => {
    const { CAMPAIGN_CLIENT_SECRET: _, CAMPAIGN_SCOPES: __, ...rest } = env;
    const { exit, named } = await examine({ ...rest, CAMPAIGN_ACCESS_TOKEN: campaign.issueToken() }, { only });
    expect(named('token_fixed')).toMatchObject([{ environment: 'acme', level: 'warning' }]);
    expect(named('organization_answers')).toHaveLength(1);
    expect(exit).toBe(0);
  });
});

it('a fixed token that has ended', async () => {
  await inWorld({}, async ({ env }) => {
    const { CAMPAIGN_CLIENT_SECRET: _, CAMPAIGN_SCOPES: __, ...rest } = env;
    const { exit, named } = await examine({ ...rest, CAMPAIGN_ACCESS_TOKEN: 'ended-token' }, { only });
    expect(exit).toBe(1);
    expect(named('organization_unusable')).toMatchObject([{ environment: 'acme' }]);
  });
});

it('an organization that does not exist', async () => {
  await inWorld({}, async ({ env }) => {
    const { exit, named } = await examine({ ...env, CAMPAIGN_ORGANIZATION: 'other' }, { only });
    expect(exit).toBe(1);
    expect(named('organization_unusable')).toMatchObject([{ organization: 'other' }]);
    expect(named('organization_unusable')[0]?.message).toContain('CAMPAIGN_ORGANIZATION');
  });
});

it.each([
  ['scope_403003', 'key_or_scope'],
  ['profile_403023', 'profile_invalid'],
  ['html_404', 'other'],
  ['drop_before', 'connection_lost'],
  ['sign_in_200', 'unexpected_answer'],
] as const)('a Campaign that answers with %s', async (fault, reason) => {
  await inWorld({}, async ({ env, campaign }) => {
    campaign.fail(fault, { times: Number.POSITIVE_INFINITY });
    const { exit, named } = await examine(env, { only });
    expect(exit).toBe(1);
    expect(named('organization_unusable')).toMatchObject([{ reason, level: 'failure' }]);
  });
});

it('an alias of a workflow that Campaign does not know, beside one that it knows', async () => {
  await inWorld({}, async ({ rules, campaign }) => {
    const more =
      'workflows:\n  nightly: { id: WKF110, environment: prod }\n  gone: { id: WKF999, environment: prod }\n';
    const { exit, named } = await examine(rules(ruleFile({ more })), { only });
    expect(exit).toBe(1);
    expect(named('alias_unknown')).toMatchObject([{ alias: 'gone', workflow: 'WKF999', environment: 'prod' }]);
    expect(named('aliases_known')).toMatchObject([{ count: 1 }]);
    expect(named('organization_answers')).toHaveLength(1);
    expect(campaign.requests.every(({ method }) => method === 'GET')).toBe(true);
  });
});

it('calendars of freezes: one that can be read, and one that cannot, without its secret address', async () => {
  const path = join(newFolder(), 'freezes.ics');
  const day = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
  const event = ['BEGIN:VEVENT', 'UID:1', `DTSTART;VALUE=DATE:${day}`, 'SUMMARY:Sale', 'END:VEVENT'];
  writeFileSync(path, ['BEGIN:VCALENDAR', 'VERSION:2.0', ...event, 'END:VCALENDAR', ''].join('\r\n'));
  await inWorld({}, async ({ rules }) => {
    const freezes = [path, 'https://127.0.0.1:1/secret-path.ics'].map(
      (source) => `  - { environments: [prod], calendar: "${source}", timezone: Europe/Paris, because: Sale }\n`,
    );
    const text = rules(ruleFile({ more: `freezes:\n${freezes.join('')}` }));
    const { exit, named, output } = await examine(text, { only: 'calendars,settings' });
    expect(named('setting_wrong')).toEqual([]);
    expect(named('calendar_read')).toMatchObject([{ calendar: path, events: 1 }]);
    expect(named('calendar_unread')).toMatchObject([{ calendar: '127.0.0.1:1', level: 'failure' }]);
    expect(output).not.toContain('secret-path');
    expect(exit).toBe(1);
  });
});
