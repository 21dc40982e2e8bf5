import { describe, expect, it } from '@jest/globals';
import { fileProblems, problemsWith, twoEnvironments } from './with-file.ts';

/** An invalid value under every key. */
const mistakes = `locale: nl
default_environment: qa
environments:
  prod: { organization: Acme, production: 1 }
  stage: { organization: acme-mkt-stage1 }
workflows:
  nightly-load: { id: "WKF 110", environment: live, label: "" }
protected_workflows: ["a b"]
guests: [gina]
shared_channels: [ops]
access:
  - name: ""
    channels: [ops]
    people: { users: [alice], groups: [leads] }
    environments: [qa]
    workflows: ["a b"]
    commands: [dance]
    reason: { required: 1, matches: "(", hint: "" }
    approval: { from: { users: [bob], groups: [leads] }, count: 0, requester_may_approve: 1, expires_after: 5y }
freezes:
  - because: ""
    environments: [qa]
    commands: [dance]
    daily: "25:00-26:00"
    timezone: Europe/Nowhere
  - because: Holiday
    from: tomorrow
    until: later
`;
const all = fileProblems(mistakes);
const keys = [...mistakes.matchAll(/(?<=^|[\s{])([a-z_]+):(?= |\n)/gm)]
  .map(({ 1: key = '', index }) => ({ key, index }))
  .filter(({ key }) => !['prod', 'stage'].includes(key));

/** Doubles one of its letters. */
const misspell = (key: string) => `${key.slice(0, 2)}${key.slice(1)}`;

function withMisspelled(places: readonly { readonly key: string; readonly index: number }[]): string {
  return places.reduceRight(
    (text, { key, index }) => text.slice(0, index) + misspell(key) + text.slice(index + key.length),
    mistakes,
  );
}

/** These lines, with the keys spelled correctly. */
function withRightKeys(lines: readonly string[]): readonly string[] {
  const byLength = [...new Set(keys.map(({ key }) => key))].sort((a, b) => b.length - a.length);
  return lines.map((line) =>
    byLength.reduce((text, key) => text.replace(new RegExp(`\\b${misspell(key)}\\b`, 'g'), key), line),
  );
}

describe('a misspelled key', () => {
  it('is one of many in this file', () => {
    expect(keys.length).toBeGreaterThan(35);
    expect(all.length).toBeGreaterThan(30);
  });

  it.each(keys.map((one) => [one.key, one.index, one] as const))(
    'hides no other problem, nor those of its value: %s at %i',
    (key, _index, one) => {
      const lines = withRightKeys(fileProblems(withMisspelled([one])));
      expect(lines.filter((line) => !line.includes('did you mean'))).toEqual(all);
      expect(lines.filter((line) => line.endsWith(` is not known here: did you mean ${key}?`))).toHaveLength(1);
    },
  );

  it('hides nothing where every key is misspelled', () => {
    const lines = withRightKeys(fileProblems(withMisspelled(keys)));
    expect(lines.filter((line) => !line.includes('did you mean'))).toEqual(all);
    expect(lines.filter((line) => line.includes('did you mean'))).toHaveLength(keys.length);
  });

  it('hides nothing of the correct key beside it, and both values are checked', () => {
    const rule = (name: string) => `  - { name: ${name}, channels: [ops], people: {}, commands: [stop] }\n`;
    const channel = 'is not the ID of a channel in Slack: C, G, or D, then at least two capitals or digits.';
    const misspelled = 'acess is not known here: did you mean access?';
    const right = `${twoEnvironments}access:\n${rule('a')}`;
    expect(fileProblems(`${right}acess: []\n`)).toEqual([`7: access[0].channels[0] ${channel}`, `8: ${misspelled}`]);
    expect(fileProblems(`${twoEnvironments}acess: []\naccess:\n${rule('a')}`)).toEqual([
      `6: ${misspelled}`,
      `8: access[0].channels[0] ${channel}`,
    ]);
    expect(fileProblems(`${right}acess:\n${rule('b')}${rule('c')}`)).toEqual([
      `7: access[0].channels[0] ${channel}`,
      `8: ${misspelled}`,
      `9: acess[0].channels[0] ${channel}`,
      `10: acess[1].channels[0] ${channel}`,
    ]);
    expect(fileProblems(`${twoEnvironments}guests:\nguest: [gina]\n`)).toHaveLength(2);
    const environments =
      'enviroments:\n  live: { organization: acme-live, production: 1 }\ndefault_environment: live\n';
    expect(fileProblems(`${twoEnvironments}${environments}`)).toEqual([
      '6: enviroments is not known here: did you mean environments?',
      '7: enviroments.live.production needs true or false without quotes, and has a number.',
    ]);
  });

  it('for the environments does not make CAMPAIGN_ORGANIZATION a missing variable', () => {
    const text = 'enviroments:\n  prod: { organization: acme }\ndefault_environment: prod\n';
    expect(problemsWith(text)).toEqual([
      'campaign-wf.yml:1: enviroments is not known here: did you mean environments?',
    ]);
    expect(problemsWith(text.replace('acme', 'Acme'))).toHaveLength(2);
  });
});

describe('what YAML parses as a reference', () => {
  const star =
    'A text that begins with * needs quotes around it: to YAML it is a reference to another part of the file.';
  const merge = 'Keys of another part of the file cannot be taken over with << here. Write them out.';
  const rules = (workflows: string) => `${twoEnvironments}access:
  - name: a
    channels: [C0OPS]
    people: { users: [alice] }
    workflows: ${workflows}
    commands: [stopp]
`;
  const rest = [
    '9: access[0].people.users[0] is not the ID of a person in Slack: U or W, then at least two capitals or digits.',
    `10: ${star}`,
    '11: access[0].commands[0] is stopp, which is not known here: did you mean stop?',
  ];

  it.each(['[*]', '[*load]', '[WKF1, *-load]', '[*, WKF1]', '*loads', '*', '\n      - WKF1\n      - *load'])(
    'hides nothing else: workflows: %s',
    (workflows) => {
      const lines = fileProblems(rules(workflows));
      expect(lines.map((line) => line.replace(/^\d+/, ''))).toEqual(rest.map((line) => line.replace(/^\d+/, '')));
      if (!workflows.includes('\n')) expect(lines).toEqual(rest);
    },
  );

  it.each(['{}', '*missing', 'text', '[]', '[*missing]'])('hides nothing else: << : %s', (value) => {
    const lines = fileProblems(`${twoEnvironments}  <<: ${value}\nguests: [gina]\nacess: []\n`);
    expect(lines).toContain(`6: ${merge}`);
    expect(lines).toContainEqual(expect.stringMatching(/^7: guests\[0\] is not the ID/));
    expect(lines).toContain('8: acess is not known here: did you mean access?');
  });

  it('reports problems of merged keys in their own lines', () => {
    const rule = '{ name: a, channels: [C0OPS], people: { users: [alice] }, commands: [stop] }';
    expect(fileProblems(`${twoEnvironments}access:\n  - &a ${rule}\n  - <<: *a\n    name: b\n`)).toEqual([
      expect.stringMatching(/^7: access\[0\]\.people\.users\[0\] /),
      `8: ${merge}`,
      expect.stringMatching(/^8: access\[1\]\.people\.users\[0\] /),
    ]);
  });
});

it('a key over several lines is named by the line on which it begins', () => {
  const text = `${twoEnvironments}  ? "trial
    run"
  : { id: WKF1, environment: prod }
? "acc\\
  es"
: []
`;
  expect(fileProblems(text)).toEqual([
    expect.stringMatching(/^6: workflows\["trial run"\] is not a name/),
    expect.stringMatching(/^9: acces is not known here/),
  ]);
});
