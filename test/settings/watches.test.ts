import { describe, expect, it } from '@jest/globals';
import { configurationOf, fileProblems, twoEnvironments } from './with-file.ts';

/** A watch with these keys; it begins on line 2. */
const watch = (keys: string) => `watch:\n  - { channel: C0OPS, ${keys} }\n${twoEnvironments}`;
const problemsOf = (keys: string) => fileProblems(watch(keys));
const watches = (text: string) => configurationOf(text).watches;

describe('the watches of a file', () => {
  it('are one for each workflow, environment and channel', () => {
    const found = watches(watch('workflows: [Nightly-Load, WKF207]'));
    const common = {
      channel: 'C0OPS',
      everyMs: 300_000,
      timezone: null,
      quiet: [],
      longerThanMs: null,
      expectedBy: null,
      pausesEndAfterMs: 604_800_000,
    };
    expect(found).toEqual([
      { ...common, environment: 'prod', organization: 'acme', workflowId: 'WKF110', alias: 'nightly-load' },
      { ...common, environment: 'prod', organization: 'acme', workflowId: 'WKF207', alias: null },
      { ...common, environment: 'stage', organization: 'acme-mkt-stage1', workflowId: 'WKF207', alias: null },
    ]);
  });

  it('have their times, and the first of two entries counts', () => {
    const times =
      'every: 1m, longer_than: 3h, expected_by: "06:30", quiet: { daily: "20:00-06:00" }, timezone: Europe/Paris';
    const first = watch(`workflows: [WKF110], environments: [prod], ${times}`);
    const second = '  - { channel: C0OPS, workflows: [nightly-load], every: 1h }\n';
    const found = watches(first.replace(twoEnvironments, `${second}${twoEnvironments}`));
    expect(found).toHaveLength(1);
    expect(found).toMatchObject([
      { everyMs: 60_000, longerThanMs: 10_800_000, expectedBy: '06:30', timezone: 'Europe/Paris' },
    ]);
    expect(found[0]?.quiet).toHaveLength(7);
  });

  it.each([
    [
      'a pattern',
      'workflows: ["WKF*"]',
      /^2: watch\[0\]\.workflows\[0\] is neither .* A pattern with \* cannot be watched/,
    ],
    ['a misspelled alias', 'workflows: [nightly-laod]', /^2: watch\[0\]\.workflows\[0\] .*nightly-load/],
    ['no workflow', 'workflows: []', /^2: watch\[0\]\.workflows .*/],
    ['an unknown environment', 'workflows: [WKF110], environments: [test]', /^2: watch\[0\]\.environments\[0\] /],
    [
      'an alias of another environment',
      'workflows: [nightly-load], environments: [stage]',
      /^2: watch\[0\]\.workflows\[0\] is an alias of a workflow in prod/,
    ],
    ['less than a minute', 'workflows: [WKF110], every: 30s', /^2: watch\[0\]\.every is less than a minute/],
    ['no duration', 'workflows: [WKF110], longer_than: long', /^2: watch\[0\]\.longer_than /],
    [
      'no time of the day',
      'workflows: [WKF110], expected_by: "6.30", timezone: UTC',
      /^2: watch\[0\]\.expected_by is not a time/,
    ],
    ['a time without a zone', 'workflows: [WKF110], expected_by: "06:30"', /^2: watch\[0\]\.timezone is missing/],
    ['a zone without a time', 'workflows: [WKF110], timezone: UTC', /^2: watch\[0\]\.quiet is missing/],
    [
      'a zone that is none',
      'workflows: [WKF110], quiet: { days: [sun] }, timezone: Europe/Pari',
      /^2: watch\[0\]\.timezone .*Europe\/Paris/,
    ],
    ['quiet at no time', 'workflows: [WKF110], quiet: {}, timezone: UTC', /^2: watch\[0\]\.quiet needs one time/],
    [
      'quiet at two times',
      'workflows: [WKF110], quiet: { days: [sun], weekly: "fri 18:00 - mon 07:00" }, timezone: UTC',
      /^2: watch\[0\]\.quiet needs one time/,
    ],
    [
      'quiet for ever',
      'workflows: [WKF110], quiet: { days: [mon, tue, wed, thu, fri, sat, sun] }, timezone: UTC',
      /^2: watch\[0\]\.quiet\.days has every day/,
    ],
    ['the same twice', 'workflows: [WKF110, WKF110]', /^2: watch\[0\]\.workflows\[1\] /],
    ['a misspelled key', 'workflows: [WKF110], evry: 5m', /^2: .*every/],
    [
      'no channel ID',
      'workflows: [WKF110], quiet: { daily: "20:00-20:00" }, timezone: UTC',
      /^2: watch\[0\]\.quiet\.daily ends when it begins/,
    ],
  ])('may not have %s', (_what, keys, problem) => {
    expect(problemsOf(keys)).toEqual([expect.stringMatching(problem)]);
  });
});
