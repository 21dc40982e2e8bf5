import { expect, it } from '@jest/globals';
import { USERS, user } from '../../sandbox/slack/seed.ts';
import { examine, inWorld, ruleFile } from './examine.ts';

const only = 'people';

it('a person whom Slack does not know', async () => {
  await inWorld({}, async ({ env }) => {
    const { exit, named } = await examine({ ...env, CAMPAIGN_WF_USERS: 'U0ALICE,U0NOBODY' }, { only });
    expect(exit).toBe(1);
    expect(named('person_unknown')).toMatchObject([{ person: 'U0NOBODY', level: 'failure' }]);
    expect(named('people_ready')).toEqual([]);
  });
});

it.each([
  ['U0GONE', 'deactivated', 'deactivated'],
  ['U0GINA', 'guest', 'guest'],
  ['U0ROBOT', 'bot', 'a bot'],
  ['U0PAT', 'stranger', 'another organization'],
])('%s, who is refused whatever the rules say: %s', async (person, membership, words) => {
  await inWorld({}, async ({ env }) => {
    const { exit, named } = await examine({ ...env, CAMPAIGN_WF_USERS: person }, { only });
    expect(named('person_barred')).toMatchObject([{ person, membership, level: 'warning' }]);
    expect(named('person_barred')[0]?.message).toContain(words);
    expect(exit).toBe(0);
  });
});

it('accepts a guest that the rules list as one', async () => {
  await inWorld({}, async ({ rules }) => {
    const { named } = await examine(rules(ruleFile({ users: ['U0GINA'], more: 'guests: [U0GINA]\n' })), { only });
    expect(named('people_ready')).toHaveLength(1);
  });
});

it('a group that does not exist, one that is disabled, and one that is empty', async () => {
  await inWorld({}, async ({ rules, slack }) => {
    slack.workspace.groups.push({ id: 'S0OFF', handle: 'off', users: ['U0BOB'], isDisabled: true });
    slack.workspace.groups.push({ id: 'S0EMPTY', handle: 'empty', users: [] });
    const { exit, named } = await examine(rules(ruleFile({ groups: ['S0NONE', 'S0OFF', 'S0EMPTY'] })), { only });
    expect(exit).toBe(1);
    expect(named('group_unknown')).toMatchObject([{ group: 'S0NONE', level: 'failure' }]);
    expect(named('group_disabled')).toMatchObject([{ group: 'S0OFF', level: 'failure' }]);
    expect(named('group_empty')).toMatchObject([{ group: 'S0EMPTY', level: 'warning' }]);
  });
});

it('a rule that too few people can confirm', async () => {
  await inWorld({}, async ({ rules, slack }) => {
    const from = '{ from: { groups: [S0LEADS] }, count: 2 }';
    const enough = await examine(rules(ruleFile({ from })), { only });
    expect(enough.exit).toBe(0);
    for (const one of slack.workspace.users) if (one.id === 'U0CAROL') one.deleted = true;
    const { exit, named } = await examine(rules(ruleFile({ from })), { only });
    expect(exit).toBe(1);
    expect(named('approval_impossible')).toMatchObject([{ rule: 'Operators', able: 1, needed: 2 }]);
  });
});

it('a rule whose emergencies nobody could review, or only whoever declares them', async () => {
  await inWorld({}, async ({ rules, slack }) => {
    slack.workspace.groups.push({ id: 'S0EMPTY', handle: 'empty', users: [] });
    const reviewedBy = async (people: string) => {
      const emergency = `emergency: { people: { users: [U0ALICE] }, commands: [stop], after: 2m, review_by: ${people} }`;
      const file = ruleFile({ from: '{ from: { groups: [S0LEADS] } }', more: `    ${emergency}\n` });
      const { exit, named } = await examine(rules(file), { only });
      return { exit, impossible: named('review_impossible'), own: named('review_own') };
    };
    const warned = [expect.objectContaining({ rule: 'Operators', level: 'warning' })];
    const empty = await reviewedBy('{ groups: [S0EMPTY] }');
    expect(empty).toEqual({ exit: 0, impossible: warned, own: [] });
    expect(await reviewedBy('{ users: [U0GONE] }')).toMatchObject({ impossible: warned, own: [] });
    expect(await reviewedBy('{ users: [U0ALICE, U0GONE] }')).toMatchObject({ impossible: [], own: warned });
    expect(await reviewedBy('{ groups: [S0LEADS] }')).toEqual({ exit: 0, impossible: [], own: [] });
  });
});

it('people and groups of an escalation are looked at as those who confirm first', async () => {
  await inWorld({}, async ({ rules }) => {
    const onCall = 'on_call: { users: [U0NOBODY], rotation: weekly, from: 2026-01-05 }';
    const escalate = `[{ after: 1m, to: { groups: [S0NONE] } }, { after: 2m, to: { ${onCall} } }]`;
    const { named } = await examine(
      rules(ruleFile({ from: `{ from: { groups: [S0LEADS] }, escalate: ${escalate} }` })),
      {
        only,
      },
    );
    expect(named('person_unknown')).toMatchObject([{ person: 'U0NOBODY' }]);
    expect(named('group_unknown')).toMatchObject([{ group: 'S0NONE' }]);
    expect(named('approval_impossible')).toEqual([]);
  });
});

it('a look-up that Slack does not answer says so, and condemns nobody', async () => {
  await inWorld({}, async ({ env, slack }) => {
    slack.fail('users.info', { kind: 'error', error: 'internal_error' });
    const { exit, named } = await examine(env, { only });
    expect(named('look_up_failed').length).toBeGreaterThan(0);
    expect(named('person_unknown')).toEqual([]);
    expect(named('approval_impossible')).toEqual([]);
    expect(exit).toBe(0);
  });
});

it('hundreds of people cost few calls, within Slack’s limits', async () => {
  const users = Array.from({ length: 400 }, (_, index) => user(`U0P${1000 + index}`, `p${index}`, `Person ${index}`));
  await inWorld({ workspace: { users: [...USERS, ...users] } }, async ({ rules, slack }) => {
    slack.limitRates(true);
    const { named } = await examine(rules(ruleFile({ users: users.map(({ id }) => id) })), { only });
    expect(named('people_ready')).toMatchObject([{ people: 400 }]);
    expect(slack.calls.filter(({ method }) => method.startsWith('users.'))).toHaveLength(1);
  });
});

it('waits as long as Slack says after a 429', async () => {
  await inWorld({}, async ({ env, slack }) => {
    slack.fail('users.info', { kind: 'rate_limited', retryAfterSeconds: 1 }, { times: 1 });
    const { named } = await examine(env, { only });
    expect(named('people_ready')).toHaveLength(1);
  });
});
