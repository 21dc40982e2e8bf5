import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { jsonSchema } from '../../src/settings/file/file-schema.ts';
import { permitsValue } from './permits-value.ts';
import { fileProblems, twoEnvironments } from './with-file.ts';

const schema = JSON.parse(jsonSchema());
const people = 'channels: [C0OPS], people: { users: [U0ALICE] }, commands: [stop]';
const rule = (keys: string) => `access:\n  - { name: Stops, ${people}, ${keys} }\n${twoEnvironments}`;
const approval = (keys: string) => rule(`approval: { from: { groups: [S0LEADS] }, ${keys} }`);
const emergency = (keys: string) =>
  rule(`approval: { from: { groups: [S0LEADS] } }, emergency: { commands: [stop], after: 2m, ${keys} }`);
const stage = (to: string) => approval(`escalate: [{ after: 5m, to: ${to} }]`);
const onCall = (keys: string) => stage(`{ on_call: { rotation: weekly, ${keys} } }`);
const freeze = (keys: string) => `freezes:\n  - { because: Fair, ${keys} }\n${twoEnvironments}`;
const watch = (keys: string) => `watch:\n  - { workflows: [WKF110], channel: C0OPS, ${keys} }\n${twoEnvironments}`;
const declarers = 'people: { groups: [S0DUTY] }';
const once = 'from: 2026-12-20T00:00:00Z, until: 2027-01-02T00:00:00Z';

describe('the schema for editors', () => {
  it.each([
    approval('remind_after: 3m'),
    approval('remind_after: [1.5m, "3 Minutes"]'),
    rule('approval: { from: requester, escalate: [] }'),
    stage('{ groups: [S0DUTY] }'),
    onCall('users: [U0ANN], from: 2026-01-05'),
    onCall('users: [U0ANN], from: 2026-01-05 08:00'),
    emergency(`${declarers}, review_by: { users: [U0CAROL] }`),
    freeze('days: [fri], daily: "22:00-02:00", timezone: UTC'),
    freeze('weekly: fri 16:00 - mon 08:00, timezone: UTC'),
    freeze('calendar: freezes/2027.ics, timezone: UTC'),
    freeze('calendar: "https://calendar.example.com/a.ics?key=1", timezone: UTC'),
    freeze(once),
    watch('every: 1m, longer_than: 3h'),
    watch('expected_by: "06:30", quiet: { days: [sat] }, timezone: UTC'),
  ])('permits what the program accepts: %s', (text) => {
    expect(fileProblems(text)).toEqual([]);
    expect(permitsValue(schema, parse(text))).toBe(true);
  });

  it.each([
    approval('remind_after: soon'),
    approval('remind_after: -3m'),
    rule('approval: { from: requester, escalate: [{ after: 5m, to: { groups: [S0DUTY] } }] }'),
    stage('{}'),
    stage('{ users: [] }'),
    onCall('users: [], from: 2026-01-05'),
    onCall('users: [U0ANN], from: 05.01.2026'),
    rule(`emergency: { commands: [stop], after: 2m, ${declarers}, review_by: { users: [U0CAROL] } }`),
    rule(
      `approval: { from: requester }, emergency: { commands: [stop], after: 2m, ${declarers}, review_by: { users: [U0CAROL] } }`,
    ),
    emergency(`${declarers}, review_by: {}`),
    emergency('people: {}, review_by: { users: [U0CAROL] }'),
    freeze('days: [sat, sat], timezone: UTC'),
    freeze('days: [sat]'),
    freeze(`${once}, timezone: UTC`),
    freeze(`days: [sat], timezone: UTC, ${once}`),
    freeze('days: [sat], timezone: UTC, from: 2026-12-20T00:00:00Z'),
    freeze('weekly: fri 16:00 - mon 08:00, calendar: a.ics, timezone: UTC'),
    freeze('calendar: webcal://calendar.example.com/a.ics, timezone: UTC'),
    freeze('calendar: " ", timezone: UTC'),
    watch('timezone: UTC'),
    watch('expected_by: "06:30"'),
    watch('quiet: { days: [sat] }'),
    watch('quiet: {}, timezone: UTC'),
    watch('quiet: { days: [sat, sat] }, timezone: UTC'),
    watch('quiet: { days: [sat], weekly: fri 16:00 - mon 08:00 }, timezone: UTC'),
    twoEnvironments.replace('organization: acme }', 'organization: acme, pauses_end_after: Never }'),
  ])('refuses what the program refuses: %s', (text) => {
    expect(fileProblems(text)).not.toEqual([]);
    expect(permitsValue(schema, parse(text))).toBe(false);
  });

  it('has expressions without named groups, which other languages write otherwise', () => {
    expect(jsonSchema()).not.toContain('(?<');
  });
});
