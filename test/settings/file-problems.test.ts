import { describe, expect, it } from '@jest/globals';
import { configurationOf, fileProblems, problemsWith, twoEnvironments } from './with-file.ts';

/** A rule with its required keys and these; it begins on line 2. */
const rule = (keys: string, commands = '[stop]') =>
  `access:\n  - { name: Stops, channels: [C0OPS], people: { users: [U0ALICE] }, commands: ${commands}${keys && `, ${keys}`} }\n`;
/** A freeze with these keys; it begins on line 2. */
const freeze = (keys: string) => `freezes:\n  - { because: Reasons, ${keys} }\n`;
const inFile = (text: string) => fileProblems(`${text}${twoEnvironments}`);

const keys =
  'locale, default_environment, environments, workflows, access, protected_workflows, freezes, watch, guests, shared_channels, record, and open_requests_per_person';

describe('invalid YAML', () => {
  it.each([
    ['an empty file', '', '1: The file is empty. campaign-wf.example.yml shows what belongs in it.'],
    ['comments alone', '# access:\n', '1: The file is empty. campaign-wf.example.yml shows what belongs in it.'],
    ['a list', '- access\n', expect.stringMatching(/^1: The file does not begin with keys, such as access\./)],
    ['a text', 'access\n', expect.stringMatching(/^1: The file does not begin with keys, such as access\./)],
    [
      'a quote without an end',
      'locale: en\naccess: "[]\n',
      expect.stringMatching(/: This cannot be read as YAML: Missing closing/),
    ],
    [
      'a bracket without an end',
      'guests: [U0GINA\nlocale: en\n',
      expect.stringMatching(/^2: This cannot be read as YAML: Flow sequence/),
    ],
    ['a tab', 'locale: en\nguests:\n\t- U0GINA\n', '3: A tab indents this line, and YAML takes spaces only.'],
    [
      'a key twice',
      'locale: en\naccess: []\nlocale: en\n',
      expect.stringMatching(/^3: The same key stands here a second time/),
    ],
    ['a second document', 'locale: en\n---\nlocale: en\n', expect.stringMatching(/^2: A second document begins here/)],
    [
      'an asterisk without quotes',
      'locale: en\nprotected_workflows: [*]\n',
      expect.stringMatching(/^2: A text that begins with \* needs quotes/),
    ],
    [
      'a reference to nothing',
      'locale: en\nguests: *ops\n',
      expect.stringMatching(/^2: A text that begins with \* needs quotes/),
    ],
    ['a tag', 'locale: !en en\n', expect.stringMatching(/^1: A text that begins with ! needs quotes/)],
    [
      'a tag of other YAML',
      'default_environment: !!binary ZW4=\n',
      expect.stringMatching(/^1: A text that begins with ! needs quotes/),
    ],
    ['a key that is a list', '? [a]\n: 1\n', '1: This key is no plain text.'],
    ['brackets in brackets in brackets', '['.repeat(100_000), '1: Lists or keys are nested too deeply to be read.'],
  ])('%s is one problem, with its line', (_what, text, expected) => {
    expect(fileProblems(text)).toEqual([expected]);
  });

  it('consequences of it are not reported', () => {
    const tab = 'access:\n  - name: a\n    people:\n\t  groups: []\n    commands: []\n';
    expect(fileProblems(tab)).toEqual(['4: A tab indents this line, and YAML takes spaces only.']);
    expect(fileProblems('guests: "U0GINA\nlocale: fr\nfreezes: {\n')).toHaveLength(1);
    const tabs =
      'locale: en\nenvironments:\n\tprod: { organization: acme }\n\tstage: { organization: s }\ndefault_environment: prod\n';
    expect(problemsWith(tabs)).toEqual(
      [3, 4].map((line) => `campaign-wf.yml:${line}: A tab indents this line, and YAML takes spaces only.`),
    );
  });

  it('a merge of keys is reported in its line, and nothing is missing because of it', () => {
    const rule = '{ name: a, channels: [C0OPS], people: { users: [U0ALICE] }, commands: [stop] }';
    const noMerge = 'Keys of another part of the file cannot be taken over with << here. Write them out.';
    expect(fileProblems(`${twoEnvironments}access:\n  - &a ${rule}\n  - <<: *a\n    name: b\n`)).toEqual([
      `8: ${noMerge}`,
    ]);
    expect(fileProblems(`${twoEnvironments}  <<: {}\n`)).toEqual([`6: ${noMerge}`]);
  });

  it('references to references, which would exhaust the memory, are refused', () => {
    const letters = [...'bcdefghij'];
    const bomb = letters.map((letter, index) => `${letter}: &${letter} [${`*${'abcdefghi'[index]},`.repeat(9)}]`);
    expect(fileProblems(['a: &a [x]', ...bomb].join('\n'))).toEqual([
      '1: The file refers to parts of itself too often. Write them out.',
    ]);
  });

  it('does not hide other problems where the rest can be read', () => {
    expect(fileProblems(`${twoEnvironments}locale: en\nlocale: en\nguest: []\n`)).toEqual([
      expect.stringMatching(/^7: The same key/),
      '8: guest is not known here: did you mean guests?',
    ]);
  });

  it('is never quoted: it could contain a secret', () => {
    const secret = 'p8e-pasted-into-the-file';
    for (const text of [
      `locale: en\n "${secret}`,
      `%${secret}\n--- [`,
      `a: b: ${secret}`,
      `a: {}\n b ${secret}: [`,
      `a: >${secret}`,
    ])
      expect(fileProblems(text).join('\n')).not.toContain(secret);
  });
});

describe('a key', () => {
  it.each([
    ['chanels: []', `1: chanels is not known here. Known are ${keys}.`],
    ['acess: []', '1: acess is not known here: did you mean access?'],
    [`${'x'.repeat(65)}: 1`, `1: ["…"] is not known here. Known are ${keys}.`],
    ['xoxb-1-2-3: 1', `1: ["…"] is not known here. Known are ${keys}.`],
    ['"a key": 1', `1: ["a key"] is not known here. Known are ${keys}.`],
    ['__proto__: { organization: acme }', `1: __proto__ is not known here. Known are ${keys}.`],
  ])('that is unknown, as in %s, is reported with the known ones, or the nearest', (text, expected) => {
    expect(inFile(`${text}\n`)).toEqual([expected]);
  });

  it('is reported with the keys of its place, also where a word is permitted instead', () => {
    expect(inFile(rule('aproval: { from: requester }'))).toEqual([
      '2: access[0].aproval is not known here: did you mean approval?',
    ]);
    expect(inFile(rule('approval: { from: { user: [U0BOB] } }'))).toEqual([
      '2: access[0].approval.from.user is not known here: did you mean users?',
    ]);
    expect(inFile(freeze('daly: "01:00-02:00", timezone: Europe/Paris'))).toEqual([
      '2: freezes[0].daly is not known here: did you mean daily?',
    ]);
    expect(inFile('locale: en\nworkflow: {}\n')).toEqual(['2: workflow is not known here: did you mean workflows?']);
  });

  it('that is required and missing is reported where it is missing', () => {
    expect(inFile('access:\n  - name: a\n    commands: []\n  - {}\n')).toEqual([
      '2: access[0].channels is missing.',
      '2: access[0].people is missing.',
      '4: access[1].name is missing.',
      '4: access[1].channels is missing.',
      '4: access[1].people is missing.',
      '4: access[1].commands is missing.',
    ]);
    expect(inFile(rule('approval: {}'))).toEqual(['2: access[0].approval.from is missing.']);
    expect(fileProblems('environments:\n  prod: {}\nworkflows:\n  load: {}\nfreezes:\n  - {}\n')).toEqual([
      '2: environments.prod.organization is missing.',
      '4: workflows.load.id is missing.',
      '6: freezes[0].because is missing.',
      expect.stringMatching(/^6: freezes\[0\] says no time/),
    ]);
  });
});

describe('a value of another type', () => {
  it.each([
    ['guests: U0GINA', 'guests needs a list, and has a text. Put square brackets around it.'],
    ['guests: { U0GINA: true }', 'guests needs a list, and has keys with values.'],
    ['guests:', 'guests needs a list, and has nothing.'],
    ['guests: [U0GINA, 12]', 'guests[1] needs a text, and has a number. Put quotes around it.'],
    ['guests: [true]', 'guests[0] needs a text, and has true or false, which is no text. Put quotes around it.'],
    ['guests: [[U0GINA]]', 'guests[0] needs a text, and has a list.'],
    ['protected_workflows: [12345]', 'protected_workflows[0] needs a text, and has a number. Put quotes around it.'],
    ['access: none', 'access needs a list, and has a text. Put square brackets around it.'],
    ['access: [a rule]', 'access[0] needs keys with values, and has a text.'],
    [rule('approval: requester').trimEnd(), 'access[0].approval needs keys with values, and has a text.'],
    [
      rule('approval: { from: U0BOB }').trimEnd(),
      'access[0].approval.from is neither the word requester nor users and groups.',
    ],
    [
      rule('approval: { from: [U0BOB] }').trimEnd(),
      'access[0].approval.from is neither the word requester nor users and groups.',
    ],
    [
      rule('approval: { from: requester, count: "1" }').trimEnd(),
      'access[0].approval.count needs a whole number without quotes, and has a text.',
    ],
    [
      rule('approval: { from: requester, requester_may_approve: yes }').trimEnd(),
      'access[0].approval.requester_may_approve needs true or false without quotes, and has a text.',
    ],
    [
      rule('approval: { from: requester, expires_after: 5 }').trimEnd(),
      'access[0].approval.expires_after is not a duration from 1 second to 24 hours, such as 90s, 5m or 1h.',
    ],
    [
      freeze('daily: 5, timezone: Europe/Paris').trimEnd(),
      'freezes[0].daily needs a text, and has a number. Put quotes around it.',
    ],
  ])('as in %s, is reported with the type that is needed', (text, expected) => {
    expect(inFile(`${text}\n`)).toEqual([expect.stringContaining(`: ${expected}`)]);
  });
});

describe('an invalid value', () => {
  const oneLine: readonly (readonly [text: string, expected: string])[] = [
    ['locale: nl', 'locale is not one of en, fr, sv, pt-BR, it, es, or de.'],
    ['guests: [gina]', 'guests[0] is not the ID of a person in Slack: U or W, then at least two capitals or digits.'],
    ['guests: [S0OPS]', 'guests[0] is not the ID of a person in Slack'],
    ['shared_channels: ["#ops"]', 'shared_channels[0] is not the ID of a channel in Slack: C, G, or D, then'],
    [
      rule('approval: { from: { groups: [U0BOB] } }'),
      'access[0].approval.from.groups[0] is not the ID of a user group in Slack: S, then',
    ],
    [rule('', '[stop, stopp]'), 'access[0].commands[1] is stopp, which is not known here: did you mean stop?'],
    [
      rule('', '[stop, approve]'),
      'access[0].commands[1] is not one of start, pause, resume, stop, freeze, unfreeze, watch, unwatch, status, history, or access.',
    ],
    [rule('reason: sometimes'), 'access[0].reason is not one of required or optional.'],
    [rule('approval: { from: requester, count: 0 }'), 'access[0].approval.count is not a whole number from 1 to 100.'],
    [
      rule('approval: { from: requester, count: 1.5 }'),
      'access[0].approval.count is not a whole number from 1 to 100.',
    ],
    [
      rule('approval: { from: { groups: [S0LEADS] }, count: 101 }'),
      'access[0].approval.count is not a whole number from 1 to 100.',
    ],
    [
      rule('approval: { from: requester, expires_after: soon }'),
      'access[0].approval.expires_after is not a duration from 1 second to 24 hours',
    ],
    [rule('approval: { from: requester, expires_after: 25h }'), 'access[0].approval.expires_after is not a duration'],
    [rule('approval: { from: requester, expires_after: "" }'), 'access[0].approval.expires_after is not a duration'],
    [rule('').replace('Stops', '" "'), 'access[0].name is blank, or longer than 150 characters.'],
    [rule('').replace('Stops', 'x'.repeat(151)), 'access[0].name is blank, or longer than 150 characters.'],
    [freeze('daily: 5:45-06:15, timezone: Europe/Paris'), 'freezes[0].daily is not a time of day such as 05:45-06:15'],
    [freeze('daily: 23:00-24:00, timezone: Europe/Paris'), 'freezes[0].daily is not a time of day'],
    [freeze('daily: 06:00-06:00, timezone: Europe/Paris'), 'freezes[0].daily ends when it begins.'],
    [freeze('weekly: fri 16:00, timezone: UTC'), 'freezes[0].weekly is not a time of the week such as fri 16:00'],
    [freeze('weekly: freitag 16:00 - mon 08:00, timezone: UTC'), 'freezes[0].weekly is not a time of the week'],
    [freeze('weekly: fri 16:00 - fri 16:00, timezone: UTC'), 'freezes[0].weekly ends when it begins.'],
    [freeze('calendar: http://calendar.example.com/a.ics, timezone: UTC'), 'freezes[0].calendar is neither the path'],
    [freeze('calendar: ftp://calendar.example.com/a.ics, timezone: UTC'), 'freezes[0].calendar is neither the path'],
    [freeze('calendar: freezes.ics'), 'freezes[0].timezone is missing: calendar does not go without it.'],
    [freeze('calendar: freezes.ics, days: [fri], timezone: UTC'), 'freezes[0] has more than one time.'],
    [freeze('days: [fryday], timezone: UTC'), 'freezes[0].days[0] is not one of mon, tue, wed, thu, fri, sat, or sun.'],
    [freeze('days: [sat, sat], timezone: UTC'), 'freezes[0].days[1] stands in this list already.'],
    [freeze('days: [], timezone: UTC'), 'freezes[0].days is empty, so this freeze would hold nothing.'],
    [
      freeze('days: [mon, tue, wed, thu, fri, sat, sun], timezone: UTC'),
      'freezes[0].days has every day, so this freeze would never end.',
    ],
    [
      freeze('daily: 05:45-06:15, timezone: Europe/Pari'),
      'freezes[0].timezone is Europe/Pari, which is not known here: did you mean Europe/Paris?',
    ],
    [
      freeze('daily: 05:45-06:15, timezone: +01:00'),
      'freezes[0].timezone is not the name of a time zone, such as Europe/Paris.',
    ],
    [
      freeze('from: 2026-12-20, until: 2027-01-02T00:00:00Z'),
      'freezes[0].from is not a moment such as 2026-12-20T00:00:00Z',
    ],
    [freeze('from: 2026-12-20T00:00:00, until: 2027-01-02T00:00:00Z'), 'freezes[0].from is not a moment'],
    [freeze('from: 2026-02-30T00:00:00Z, until: 2027-01-02T00:00:00Z'), 'freezes[0].from is not a moment'],
    [freeze('from: 2027-01-02T00:00:00Z, until: 2027-01-02T01:00:00+01:00'), 'freezes[0].until is not after from.'],
    [
      freeze('daily: 05:45-06:15, timezone: Europe/Paris, commands: [status]'),
      'freezes[0].commands[0] is not one of start, pause, resume, or stop.',
    ],
    [
      freeze('daily: 05:45-06:15, timezone: Europe/Paris, environments: []'),
      'freezes[0].environments is empty, so this freeze would hold nothing. Name some, or leave it out.',
    ],
    [
      freeze('daily: 05:45-06:15, timezone: Europe/Paris, commands: []'),
      'freezes[0].commands is empty, so this freeze would hold nothing. Name some, or leave it out.',
    ],
    [
      freeze('environments: [prod]'),
      'freezes[0] says no time. Give daily, days or weekly with a timezone, or from and until.',
    ],
    [
      freeze('daily: 05:45-06:15, timezone: Europe/Paris, until: 2027-01-02T00:00:00Z'),
      'freezes[0] has more than one time.',
    ],
    [freeze('daily: 05:45-06:15, weekly: fri 16:00 - mon 08:00, timezone: UTC'), 'freezes[0] has more than one time.'],
    [freeze('days: [fri], from: 2027-01-02T00:00:00Z'), 'freezes[0] has more than one time.'],
    [freeze('days: [fri]'), 'freezes[0].timezone is missing: days does not go without it.'],
    [freeze('weekly: fri 16:00 - mon 08:00'), 'freezes[0].timezone is missing: weekly does not go without it.'],
    [freeze('daily: 05:45-06:15'), 'freezes[0].timezone is missing: daily does not go without it.'],
    [freeze('timezone: Europe/Paris'), 'freezes[0].daily is missing: timezone does not go without it.'],
    [freeze('from: 2027-01-02T00:00:00Z'), 'freezes[0].until is missing: from does not go without it.'],
    [freeze('until: 2027-01-02T00:00:00Z'), 'freezes[0].from is missing: until does not go without it.'],
  ];

  it.each(oneLine)('as in %s, is one line', (text, expected) => {
    const lines = inFile(`${text.trimEnd()}\n`);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`: ${expected}`);
  });
});

describe('environments', () => {
  const environments = (lines: string) => fileProblems(`environments:\n${lines}`);

  it.each(['Prod', 'a.b', '-a', '_a', 'pröd', 'a b', '"', 'x'.repeat(33), '__proto__'])(
    'cannot have the name %s',
    (name) => {
      expect(environments(`  ${JSON.stringify(name)}: { organization: acme }\n`)).toEqual([
        expect.stringMatching(/^2: environments.* is not a name for an environment: lower-case letters/),
      ]);
    },
  );

  it.each(['prod', '0', 'a-b_c', 'constructor', 'x'.repeat(32)])('can have the name %s', (name) => {
    expect(environments(`  ${name}: { organization: acme }\n`)).toEqual([]);
  });

  it.each(['Acme', 'acme.campaign', 'a'.repeat(64), ''])('cannot have the organization %j', (organization) => {
    expect(environments(`  prod: { organization: "${organization}" }\n`)).toEqual([
      '2: environments.prod.organization is not a tenant’s name: lower-case letters, digits and hyphens, up to 63.',
    ]);
  });

  it('have an organization each, and variables of their own', () => {
    expect(environments('  a-b: { organization: acme }\n  a_b: { organization: acme }\n')).toEqual([
      '3: environments.a_b has variables that begin with CAMPAIGN_A_B_, and so has a-b. Choose another name.',
      '3: environments.a_b.organization is the organization of a-b already. Each environment has its own.',
    ]);
  });

  it('are at least one', () => {
    expect(fileProblems('environments: {}\n')).toEqual([
      '1: environments names none. Name one, or leave it out and set CAMPAIGN_ORGANIZATION.',
    ]);
  });

  it('must exist where they are named', () => {
    const text = `${twoEnvironments}  other: { id: WKF1, environment: pord }\ndefault_environment: qa
access:
  - { name: a, channels: [], people: {}, commands: [], environments: [prod, satge, live] }
freezes:
  - { environments: [Stage], daily: 05:45-06:15, timezone: Europe/Paris, because: Reasons }
`;
    expect(fileProblems(text)).toEqual([
      '6: workflows.other.environment is pord, which is not known here: did you mean prod?',
      '7: default_environment is not an environment. Known are prod and stage.',
      '9: access[0].environments[1] is satge, which is not known here: did you mean stage?',
      '9: access[0].environments[2] is not an environment. Known are prod and stage.',
      '11: freezes[0].environments[0] is Stage, which is not known here: did you mean stage?',
    ]);
  });

  it('are the organization of the variables where the file names none', () => {
    const text = 'default_environment: prod\n';
    expect(problemsWith(text, { CAMPAIGN_ORGANIZATION: 'acme' })).toEqual([
      'campaign-wf.yml:1: default_environment is not an environment. Known are acme.',
    ]);
    expect(problemsWith(text.replace('prod', 'acme'), { CAMPAIGN_ORGANIZATION: 'acme' })).toEqual([]);
  });

  it('are not reported as missing where they are unknown', () => {
    const text = 'default_environment: prod\n';
    expect(problemsWith(text)).toEqual([expect.stringMatching(/^CAMPAIGN_ORGANIZATION is missing\./)]);
    expect(fileProblems(`environments: [prod]\n${text}`)).toEqual([
      '1: environments needs keys with values, and has a list.',
    ]);
  });
});

describe('an alias', () => {
  const alias = (name: string, id = 'WKF1') =>
    fileProblems(`${twoEnvironments}  ${JSON.stringify(name)}: { id: "${id}" }\n`);

  it.each([
    ['nightly load', 'is not a name that can be typed'],
    ['nightly\u00a0load', 'is not a name that can be typed'],
    ['nightly\u200bload', 'is not a name that can be typed'],
    ['', 'is not a name that can be typed'],
    ['--env', 'is not a name that can be typed'],
    ['env=stage', 'is not a name that can be typed'],
    ['load--env', 'is not a name that can be typed'],
    ['"load"', 'is not a name that can be typed'],
    ['__proto__', 'is not a name that can be typed'],
    [
      'x'.repeat(65),
      'is not a name that can be typed: up to 64 characters without white space, with a letter or digit first.',
    ],
    ['WKF7', 'looks like an ID that Campaign gives. Choose another name.'],
    ['wkf7-load', 'looks like an ID that Campaign gives. Choose another name.'],
    ['Stop', 'is a command. Choose another name.'],
    ['approve', 'is a command. Choose another name.'],
    ['help', 'is a command. Choose another name.'],
    ['unfreeze', 'is a command. Choose another name.'],
    ['PROD', 'is the name of an environment. Choose another name.'],
    ['Tracking', 'is one of Campaign’s technical workflows. Choose another name.'],
    ['Nightly-Load', 'is the same as nightly-load: case does not matter. Choose another name.'],
  ])('cannot have the name %j', (name, expected) => {
    expect(alias(name)).toEqual([expect.stringMatching(/^6: workflows/)]);
    expect(alias(name)[0]).toContain(` ${expected}`);
  });

  it.each(['load', 'Nächtlich', 'a.b', '24h', 'wkf', 'prod-load', 'x'.repeat(64), 'constructor'])(
    'can have the name %s',
    (name) => {
      expect(alias(name)).toEqual([]);
    },
  );

  it.each(['WKF 110', 'a/b', 'ä', '', 'x'.repeat(65), 'WKF*'])('cannot have the ID %j', (id) => {
    expect(alias('load', id)).toEqual([expect.stringMatching(/^6: workflows\.load\.id is not a workflow’s ID/)]);
  });

  it('cannot have a protected workflow', () => {
    const expected = 'is a protected workflow, which no rule opens. Remove the alias.';
    expect(alias('load', 'Tracking')).toEqual([`6: workflows.load.id ${expected}`]);
    expect(fileProblems(`${twoEnvironments}protected_workflows: [wkf110]\n`)).toEqual([
      `5: workflows.nightly-load.id ${expected}`,
    ]);
    expect(fileProblems(`${twoEnvironments}protected_workflows: [Nightly-Load]\n`)).toEqual([]);
  });
});

describe('a list of workflows', () => {
  const workflows = (entry: string) => inFile(rule(`workflows: [${JSON.stringify(entry)}]`));

  it.each(['nightly-load', 'NIGHTLY-LOAD', 'WKF1', 'WKF2*', '*', '*_*', 'payroll-export', 'nightly-*', 'nightly-loa*'])(
    'can have %s',
    (entry) => {
      expect(workflows(entry)).toEqual([]);
    },
  );

  it.each(['nightly-laod', 'nightlyload', 'Nightly-Loads'])('treats %s as a typo', (entry) => {
    expect(workflows(entry)).toEqual([
      `2: access[0].workflows[0] is ${entry}, which is not known here: did you mean nightly-load?`,
    ]);
  });

  it.each(['every load', 'WKF?', 'a/b', '', 'x'.repeat(65)])('cannot have %j', (entry) => {
    expect(workflows(entry)).toEqual([
      '2: access[0].workflows[0] is neither an alias nor a workflow’s ID: letters, digits, underscores and hyphens, up to 64, and * for any others.',
    ]);
  });

  it('does not treat an ID of Campaign as a typo', () => {
    expect(fileProblems(`${twoEnvironments}  wkf: { id: a }\nprotected_workflows: [WKF1]\n`)).toEqual([]);
    expect(fileProblems(`${twoEnvironments}  wkf: { id: a }\nprotected_workflows: [WKFx]\n`)).toHaveLength(1);
  });

  it('of protected ones accepts no pattern and no typo', () => {
    expect(inFile('protected_workflows: ["WKF*", nightly-laod, WKF7]\n')).toEqual([
      '1: protected_workflows[0] is neither an alias nor a workflow’s ID: letters, digits, underscores and hyphens, up to 64.',
      '1: protected_workflows[1] is nightly-laod, which is not known here: did you mean nightly-load?',
    ]);
  });
});

describe('a list', () => {
  it.each([
    ['guests: [U0GINA, U0ALICE, U0GINA]', 'guests[2]'],
    ['shared_channels: [C0OPS, C0OPS]', 'shared_channels[1]'],
    ['protected_workflows: [payroll, payroll]', 'protected_workflows[1]'],
    [rule('', '[stop, start, stop]'), 'access[0].commands[2]'],
    [rule('environments: [prod, prod]'), 'access[0].environments[1]'],
    [rule('workflows: [WKF1, WKF1]'), 'access[0].workflows[1]'],
    [rule('').replace('[C0OPS]', '[C0OPS, C0OPS]'), 'access[0].channels[1]'],
    [rule('').replace('[U0ALICE]', '[U0ALICE, U0ALICE]'), 'access[0].people.users[1]'],
    [rule('approval: { from: { groups: [S0LEADS, S0LEADS] } }'), 'access[0].approval.from.groups[1]'],
    [freeze('daily: 05:45-06:15, timezone: Europe/Paris, environments: [prod, prod]'), 'freezes[0].environments[1]'],
    [freeze('daily: 05:45-06:15, timezone: Europe/Paris, commands: [stop, stop]'), 'freezes[0].commands[1]'],
  ])('has no duplicates: %s', (text, key) => {
    expect(inFile(`${text.trimEnd()}\n`)).toEqual([
      expect.stringMatching(`^[12]: ${key.replace(/[[\].]/g, '\\$&')} stands in this list already\\.`),
    ]);
  });

  it('may be empty: it permits nobody', () => {
    expect(
      inFile(
        'access:\n  - { name: a, channels: [], people: { users: [] }, commands: [], environments: [], workflows: [] }\n',
      ),
    ).toEqual([]);
  });
});

describe('rules', () => {
  it('have different names', () => {
    expect(inFile(rule('') + rule('').replace('access:\n', ''))).toEqual([
      '3: access[1].name is the name of a rule above, too. Choose another name.',
    ]);
  });

  it('of queries only have neither a reason nor an approval', () => {
    const more = 'reason: required, approval: { from: requester }';
    expect(inFile(rule(more, '[status, history, access]'))).toEqual([
      '2: access[0].reason has no effect: this rule permits only what reads.',
      '2: access[0].approval has no effect: this rule permits only what reads.',
    ]);
    for (const commands of ['[status, start]', '[freeze]', '[]']) expect(inFile(rule(more, commands))).toEqual([]);
    expect(inFile(rule('reason: optional', '[status]'))).toEqual([]);
  });
});

describe('an approval', () => {
  const approval = (keys: string, people = '{ users: [U0ALICE] }') =>
    inFile(rule(`approval: { ${keys} }`).replace('{ users: [U0ALICE] }', people));

  it.each(['from: {}', 'from: { users: [] }', 'from: { users: [], groups: [] }'])(
    'cannot be from nobody: %s',
    (keys) => {
      expect(approval(keys)).toEqual([
        expect.stringMatching(/^2: access\[0\]\.approval\.from names nobody, so nobody/),
      ]);
    },
  );

  it('cannot need more people than there are', () => {
    const expected = '2: access[0].approval.count asks for 3 approvals, and only 2 people may approve.';
    expect(approval('from: { users: [U0BOB, U0CAROL] }, count: 3')).toEqual([expected]);
    expect(approval('from: { users: [U0BOB, U0CAROL] }, count: 2')).toEqual([]);
    expect(approval('from: { users: [U0BOB], groups: [S0LEADS] }, count: 3')).toEqual([]);
    expect(approval('from: requester, count: 2')).toEqual([
      '2: access[0].approval.count asks for 2 approvals, and only 1 person may approve.',
    ]);
  });

  it('cannot be from others where there are none', () => {
    const nobodyLeft = [
      expect.stringMatching(/^2: access\[0\]\.approval\.from names too few: whoever asks may not approve/),
    ];
    expect(approval('from: { users: [U0ALICE] }')).toEqual(nobodyLeft);
    expect(approval('from: { users: [U0ALICE, U0BOB] }, count: 2')).toEqual(nobodyLeft);
    expect(approval('from: { users: [U0ALICE] }, requester_may_approve: true')).toEqual([]);
    expect(approval('from: { users: [U0ALICE, U0BOB] }')).toEqual([]);
    expect(approval('from: { users: [U0ALICE] }', '{ users: [U0ALICE, U0BOB] }')).toEqual([]);
    expect(approval('from: { users: [U0ALICE] }', '{ users: [U0ALICE], groups: [S0OPS] }')).toEqual([]);
    expect(approval('from: { users: [U0ALICE] }', '{}')).toEqual([]);
  });

  it.each([
    ['approval: { from: requester }, ', '', '', 'emergency has no effect: only a rule with an approval by others'],
    ['', '', '', 'emergency has no effect: only a rule with an approval by others'],
    ['bob', 'people: { users: [] }', '', 'emergency.people names nobody'],
    ['bob', 'review_by: { groups: [] }', '', 'emergency.review_by names nobody'],
    ['bob', 'people: {}', '', 'emergency.people names nobody'],
    ['bob', 'review_by: { users: [U0DAVE] }', '', 'emergency.review_by names one person, who may also declare'],
    [
      'bob',
      'after: 5m',
      'expires_after: 5m',
      'emergency.after has to be shorter than the time that the approval waits',
    ],
    ['bob', 'after: 999ms', '', 'emergency.after is not a duration'],
    ['bob', 'commands: [stop, start]', '', 'emergency.commands[1] is not among the commands of this rule'],
    ['bob', 'commands: [stop, status]', '', 'emergency.commands[1] only reads, so there is no emergency for it.'],
    ['bob', 'commands: []', '', 'emergency.commands is empty. Name at least one.'],
    ['bob', 'commands: [stop, history]', '', 'emergency.commands[1] is not among the commands of this rule'],
    ['bob', 'after: 120', '', 'emergency.after is not a duration from 1 second to 24 hours, such as 90s, 5m or 1h.'],
  ])('beside an emergency: %s%s %s: %s', (before, wrong, expiry, expected) => {
    const approval = before === 'bob' ? `approval: { from: { users: [U0BOB] }, ${expiry} }, ` : before;
    const keys = {
      people: 'people: { users: [U0DAVE] }',
      commands: 'commands: [stop]',
      after: 'after: 2m',
      review_by: 'review_by: { groups: [S0HEADS] }',
    };
    const written = Object.entries(keys).map(([key, usual]) => (wrong.startsWith(key) ? wrong : usual));
    const found = inFile(rule(`${approval}emergency: { ${written.join(', ')} }`, '[stop, status]'));
    expect(found).toEqual([expect.stringContaining(`2: access[0].${expected}`)]);
  });

  it('waits five minutes more than an emergency, unless it says for how long', () => {
    const within = (emergency: string, expiry = '') => {
      const keys = `approval: { from: { users: [U0BOB] }${expiry} }, ${emergency}`;
      return configurationOf(`${rule(keys)}${twoEnvironments}`).policy.rules[0]?.approval?.withinMs;
    };
    const emergency =
      'emergency: { people: { users: [U0DAVE] }, commands: [stop], after: 8m, review_by: { users: [U0EVE] } }';
    expect(within('')).toBe(5 * 60_000);
    expect(within(emergency)).toBe(13 * 60_000);
    expect(within(emergency, ', expires_after: 9m')).toBe(9 * 60_000);
  });

  it('from the requester cannot forbid the requester to approve', () => {
    expect(approval('from: requester, requester_may_approve: false')).toEqual([
      expect.stringMatching(/^2: access\[0\]\.approval\.requester_may_approve cannot be false/),
    ]);
    expect(approval('from: requester, requester_may_approve: true')).toEqual([]);
  });

  it.each([
    ['requester_may_approve: 1', 'requester_may_approve needs true or false'],
    ['expires_after: 5', 'expires_after is not a duration'],
  ])('with an invalid %s does not hide problems of the rules', (wrong, expected) => {
    const twice = rule(`approval: { from: requester, ${wrong} }`);
    expect(inFile(`${twice}${twice.slice(twice.indexOf('  - '))}`)).toEqual([
      expect.stringContaining(`2: access[0].approval.${expected}`),
      expect.stringContaining(`3: access[1].approval.${expected}`),
      expect.stringContaining('3: access[1].name is the name of a rule above'),
    ]);
  });

  it('is not compared with people that are misspelled', () => {
    expect(approval('from: { users: [bob] }, count: 2')).toEqual([
      expect.stringMatching(/^2: access\[0\]\.approval\.from\.users\[0\] is not the ID of a person/),
    ]);
  });
});

describe('the line of a problem', () => {
  it('is that of the key, of the entry, or of the part that lacks something', () => {
    const text = `# a comment
access:

  - name: a
    channels:
      - C0OPS
      - c0mkt
    people:
      users: U0ALICE
    commands:

      - start
      - >-
        strat
  -
    name: b
`;
    expect(inFile(text).map((line) => line.split(' ', 2).join(' '))).toEqual([
      '7: access[0].channels[1]',
      '9: access[0].people.users',
      '13: access[0].commands[1]',
      '16: access[1].channels',
      '16: access[1].people',
      '16: access[1].commands',
    ]);
  });

  it('is counted as in editors with CRLF line ends and after a byte-order mark', () => {
    expect(fileProblems(`\ufeff${twoEnvironments}guest: []\n`.replaceAll('\n', '\r\n'))).toEqual([
      '6: guest is not known here: did you mean guests?',
    ]);
  });

  it('is that of the original text where the file refers to it', () => {
    const text =
      'guests: &people\n  - U0GINA\n  - gina\naccess:\n  - { name: a, channels: [], commands: [], people: { users: *people } }\n';
    expect(inFile(text).map((line) => line.split(' ', 2).join(' '))).toEqual([
      '3: access[0].people.users[1]',
      '3: guests[1]',
    ]);
  });

  it('of a duplicate key is that of the one that counts', () => {
    expect(inFile('locale: en\nguests: []\nlocale: nl\n')).toEqual([
      expect.stringMatching(/^3: The same key/),
      '3: locale is not one of en, fr, sv, pt-BR, it, es, or de.',
    ]);
  });
});
