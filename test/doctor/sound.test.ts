import { expect, it } from '@jest/globals';
import { areas } from '../../src/doctor/finding.ts';
import { locales } from '../../src/locales/translator.ts';
import { examine, inWorld, ruleFile } from './examine.ts';

it('finds nothing wrong with a sound set-up: every area is ✓, except for what no API tells', async () => {
  await inWorld({}, async ({ env, slack, campaign }) => {
    const { exit, findings } = await examine(env);
    expect(findings.filter(({ level }) => level !== 'ok').map(({ name }) => name)).toEqual([
      'home_tab_unknown',
      'messages_tab_unknown',
    ]);
    expect(exit).toBe(0);
    // There is nothing to say of calendars where none is named.
    const spoken = new Set(findings.map(({ area }) => area));
    expect(areas.filter((area) => !spoken.has(area))).toEqual(['calendars']);
    expect(findings.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['settings_valid', 'slack_token_accepted', 'scopes_granted', 'socket_mode_works']),
    );
    expect(findings.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['channel_ready', 'people_ready', 'token_issued', 'organization_answers', 'clock_right']),
    );
    expect(campaign.posts()).toEqual([]);
    expect(campaign.tokenRequests).toHaveLength(1);
    expect(slack.workspace.messages).toEqual([]);
    expect(slack.calls.map(({ method }) => method).filter((method) => /^(chat|views)\./.test(method))).toEqual([]);
    expect(slack.socketCount()).toBe(0);
  });
});

it('says in HTTP mode that nobody can tell whether the signing secret is right, which is no failure', async () => {
  await inWorld({ mode: 'http' }, async ({ env }) => {
    const { exit, named } = await examine(env);
    expect(named('signing_secret_unknown')).toMatchObject([{ area: 'slack', level: 'warning' }]);
    expect(exit).toBe(0);
  });
});

it('reads rules with several environments and aliases', async () => {
  await inWorld({}, async ({ rules }) => {
    const more = 'workflows:\n  nightly: { id: WKF110, environment: prod }\n  weekly: { id: WKF111 }\n';
    const { exit, named } = await examine(rules(ruleFile({ more, groups: ['S0OPS'], channels: ['C0OPS', 'G0LEADS'] })));
    expect(named('aliases_known')).toMatchObject([{ environment: 'prod', count: 2 }]);
    expect(named('channel_ready')).toMatchObject([{ kind: 'public' }, { kind: 'private' }]);
    expect(named('people_ready')).toMatchObject([{ people: 1, groups: 1 }]);
    expect(exit).toBe(0);
  });
});

it.each(locales)('has a text for each finding in the operator’s language: %s', async (locale) => {
  await inWorld({}, async ({ env }) => {
    const { findings } = await examine({ ...env, CAMPAIGN_WF_CHANNELS: 'C0NOBOT' }, { locale });
    expect(findings.filter(({ message }) => message === '' || /undefined|[{}]/.test(message))).toEqual([]);
  });
});
