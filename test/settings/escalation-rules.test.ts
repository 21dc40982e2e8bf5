import { describe, expect, it } from '@jest/globals';
import { configurationOf, fileProblems, twoEnvironments } from './with-file.ts';

const rule = (approval: string) =>
  `access:\n  - { name: Stops, channels: [C0OPS], people: { users: [U0ALICE] }, commands: [stop], approval: { ${approval} } }\n`;
const problems = (approval: string) => fileProblems(`${rule(approval)}${twoEnvironments}`);
const leads = 'from: { groups: [S0LEADS] }';
const duty = 'to: { groups: [S0DUTY] }';

describe('the escalation of a rule', () => {
  it('has its reminders, its stages and who is on call', () => {
    const onCall =
      'on_call: { users: [U0ANN, U0BEN], rotation: weekly, from: 2026-01-05 08:00, timezone: Europe/Paris }';
    const text = rule(
      `${leads}, remind_after: [3m, 10m], escalate: [{ after: 5m, ${duty} }, { after: 12m, to: { users: [U0CAROL], ${onCall} } }]`,
    );
    expect(configurationOf(`${text}${twoEnvironments}`).policy.rules[0]?.approval).toMatchObject({
      withinMs: 17 * 60_000,
      remindAfterMs: [180_000, 600_000],
      escalation: [
        { afterMs: 300_000, to: { users: new Set(), groups: new Set(['S0DUTY']) }, onCall: null },
        {
          afterMs: 720_000,
          to: { users: new Set(['U0CAROL']), groups: new Set() },
          onCall: { users: ['U0ANN', 'U0BEN'], rotation: 'weekly', from: '2026-01-05T08:00', timezone: 'Europe/Paris' },
        },
      ],
    });
  });

  it.each([
    [`${leads}`, 300_000],
    [`${leads}, remind_after: 3m`, 300_000],
    [`${leads}, remind_after: 3m, escalate: [{ after: 5m, ${duty} }]`, 600_000],
    [`${leads}, escalate: [{ after: 1s, ${duty} }], expires_after: 2s`, 2_000],
  ])('decides how long the question waits where the rule does not: %s', (approval, withinMs) => {
    expect(problems(approval)).toEqual([]);
    expect(configurationOf(`${rule(approval)}${twoEnvironments}`).policy.rules[0]?.approval).toMatchObject({
      withinMs,
    });
  });

  it.each([
    [`from: {}, escalate: [{ after: 5m, ${duty} }]`],
    ['from: { users: [U0BOB] }, count: 2, escalate: [{ after: 5m, to: { users: [U0CAROL] } }]'],
    [`${leads}, escalate: [{ after: 5m, to: { on_call: { users: [U0BOB], rotation: daily, from: 2026-01-05 } } }]`],
    ['from: requester, remind_after: 1m'],
  ])('can be %s', (approval) => {
    expect(problems(approval)).toEqual([]);
  });

  it.each([
    ['remind_after: 5m', 'remind_after comes when the question is over: it expires after 5 minutes.'],
    ['remind_after: [2m, 2m]', 'remind_after[1] is not later than the one before.'],
    ['remind_after: soon', 'remind_after is not a duration from 1 second to 24 hours'],
    ['remind_after: 0s', 'remind_after is not a duration from 1 second to 24 hours'],
    [`remind_after: ${'1'.repeat(200)}m`, 'remind_after is not a duration from 1 second to 24 hours'],
    ['remind_after: 1m30', 'remind_after is not a duration from 1 second to 24 hours'],
    ['remind_after: 1h30m', 'remind_after is not a duration from 1 second to 24 hours'],
    ['remind_after: [1m, soon]', 'remind_after[1] is not a duration from 1 second to 24 hours'],
    [
      `expires_after: 4m, escalate: [{ after: 5m, ${duty} }]`,
      'escalate[0].after comes when the question is over: it expires after 4 minutes.',
    ],
    [
      `escalate: [{ after: 5m, ${duty} }, { after: 4m, ${duty} }]`,
      'escalate[1].after is not later than the one before.',
    ],
    [`escalate: [{ after: 500ms, ${duty} }]`, 'escalate[0].after is not a duration from 1 second to 24 hours'],
    ['escalate: [{ after: 5m, to: {} }]', 'escalate[0].to names nobody, so this stage would ask nobody.'],
    ['escalate: [{ after: 5m, to: S0DUTY }]', 'escalate[0].to needs keys with values, and has a text.'],
    ['escalate: [{ after: 5m, to: { on_call: [U0ANN] } }]', 'escalate[0].to.on_call needs keys with values'],
    ['escalate: [{ after: 5m }]', 'escalate[0].to is missing.'],
    [`escalate: { after: 5m, ${duty} }`, 'escalate needs a list, and has keys with values.'],
    ['escalate: [{ after: 5m, to: { groups: [U0DUTY] } }]', 'escalate[0].to.groups[0] is not the ID of a user group'],
    [
      'escalate: [{ after: 5m, to: { group: [S0DUTY] } }]',
      'escalate[0].to.group is not known here: did you mean groups?',
    ],
    [
      'escalate: [{ after: 5m, to: { users: [U0BOB, U0BOB] } }]',
      'escalate[0].to.users[1] stands in this list already.',
    ],
  ])('cannot be %s', (keys, expected) => {
    const [first, ...more] = problems(`${leads}, ${keys}`);
    expect(more).toEqual([]);
    expect(first).toContain(`approval.${expected}`);
  });

  it.each([
    ['users: [], rotation: weekly, from: 2026-01-05', 'users names nobody'],
    ['users: [U0BOB], rotation: monthly, from: 2026-01-05', 'rotation is not one of daily or weekly.'],
    ['users: [U0BOB], rotation: daily, from: 2026-02-30', 'from is not a date such as 2026-01-05'],
    ['users: [U0BOB], rotation: daily, from: 2026-01-05 24:00', 'from is not a date such as 2026-01-05'],
    [
      'users: [U0BOB], rotation: daily, from: 2026-01-05, timezone: Europe/Pariss',
      'timezone is Europe/Pariss, which is not known here: did you mean Europe/Paris?',
    ],
    ['users: [U0BOB], rotation: daily', 'from is missing.'],
  ])('cannot have on call: %s', (onCall, expected) => {
    const [first, ...more] = problems(`${leads}, escalate: [{ after: 5m, to: { on_call: { ${onCall} } } }]`);
    expect(more).toEqual([]);
    expect(first).toContain(`escalate[0].to.on_call.${expected}`);
  });

  it('does not go with the confirmation of whoever asks', () => {
    const [first] = problems(`from: requester, escalate: [{ after: 5m, ${duty} }]`);
    expect(first).toContain('approval.escalate does not go with approval from the requester');
  });
});
