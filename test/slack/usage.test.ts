import { describe, expect, it } from '@jest/globals';
import { commandWords } from '../../src/commands/command.ts';
import { parseCommand } from '../../src/commands/grammar/parse-command.ts';
import type { UsageError } from '../../src/commands/grammar/parse-result.ts';
import { translatorFor } from '../../src/locales/translator.ts';
import { namesConfiguration, usageMessage } from '../../src/slack/messages/usage.ts';
import { context, contexts } from './message-contexts.ts';
import { expectCompleteText, linesOf } from './shown-text.ts';

/** The only environment has the name of the tenant, as without a configuration file. */
const vocabulary = { environments: ['acme'], defaultEnvironment: 'acme', aliases: [] };

const known = ['acme', 'acme-mkt-stage1'];

/** Possible configurations: one environment, or several with and without a default. */
const vocabularies = [
  vocabulary,
  { ...vocabulary, environments: known },
  { ...vocabulary, environments: known, defaultEnvironment: null },
];

/** Each problem in every form. */
const byProblem: { [P in UsageError['problem']]: readonly Omit<Extract<UsageError, { problem: P }>, 'problem'>[] } = {
  doubtful_command: [{ typed: 'anhalten', meanings: ['pause', 'stop'] }],
  no_restart: [{}, { target: 'WKF110 --env acme' }],
  unknown_command: [{ typed: 'strat' }, { typed: 'x' }],
  missing_workflow: (['start', 'pause', 'resume', 'stop', 'status'] as const).map((command) => ({ command })),
  missing_environment: (['start', 'status', 'history', 'freeze', 'unfreeze'] as const).flatMap((command) => [
    { command, known },
    { command, known, suggestion: 'acme' },
  ]),
  bare_environment: [
    { command: 'start', workflow: 'WKF110', typed: 'Acme', environment: 'acme', otherwise: 'acme-mkt-stage1' },
    {
      command: 'start',
      workflow: 'WKF110',
      workflows: ['WKF110', 'WKF111'],
      typed: 'Acme',
      environment: 'acme',
      otherwise: 'acme-mkt-stage1',
    },
  ],
  environment_as_workflow: [{ typed: 'Acme', environment: 'acme' }],
  doubtful_time: [
    { command: 'pause', typed: 'until 1500', suggestions: ['until 15:00'] },
    { command: 'stop', typed: 'at 06:00', suggestions: ['at 06:00', '"failed at 06:00"'] },
    { command: 'stop', typed: 'at 25:00', suggestions: [] },
  ],
  condition: [
    { command: 'start', typed: 'once the load is done', suggestions: ['"once the load is done"'] },
    { command: 'pause', typed: 'until the data is there', suggestions: [] },
  ],
  time_out_of_range: [{ typed: 'in 31d' }],
  until_without_pause: [{ command: 'stop', typed: 'until 18:00' }],
  until_of_several: [{ typed: 'until 06:00' }],
  time_of_watch: [{ command: 'watch', typed: 'until 18:00' }],
  watch_of_several: [{ command: 'unwatch', first: 'nightly-load', second: 'WKF111' }],
  missing_until: [{ environment: 'acme' }],
  bad_until: [{ environment: 'acme', typed: '18:00' }],
  missing_reason: [{ environment: 'acme' }],
  bad_person: [{ typed: '@bob' }],
  unknown_person: [{ typed: '@bob' }],
  bad_period: [
    { typed: 'today', suggestion: '24h' },
    { typed: '0m', suggestion: null },
  ],
  bad_workflow: [
    { typed: 'WKF110!', suggestion: 'WKF110' },
    { typed: '!', suggestion: null },
  ],
  second_workflow: [{ first: 'WKF110', second: 'WKF111' }],
  workflow_behind_reason: [
    { first: 'WKF110', second: 'nightly-load' },
    { first: 'WKF110 nightly-load', second: 'WKF111' },
  ],
  too_many_workflows: [{ most: 20 }],
  several_environments: [
    {
      first: { workflow: 'nightly-load', environment: 'acme' },
      second: { workflow: 'WKF111', environment: 'acme-mkt-stage1' },
    },
  ],
  several_commands: [
    { first: 'access', others: ['history', 'history'] },
    { first: null, others: ['history'] },
  ],
  unknown_option: [
    { typed: '--evn', suggestion: 'env' },
    { typed: '--force', suggestion: null },
  ],
  option_in_reason: [{ typed: '--env' }],
  missing_option_value: [{ option: 'env' }],
  repeated_option: [{ option: 'env' }],
  unknown_environment: [
    { typed: 'acmee', suggestion: 'acme', known },
    { typed: 'prod', suggestion: null, known: ['acme'] },
  ],
  contradicts_alias: [{ alias: 'nightly-load', aliasEnvironment: 'acme', typed: 'acme-mkt-stage1' }],
  too_many_words: commandWords.map((command) => ({ command, extra: 'more' })),
  missing_request: [{ choice: 'approve' }, { choice: 'cancel' }, { choice: 'emergency' }, { choice: 'review' }],
  missing_statement: [
    { choice: 'emergency', request: '7K3M9QPA' },
    { choice: 'review', request: '7K3M9QPA' },
  ],
  bad_request: [{ typed: '7K3M' }],
  reason_too_long: [
    { length: 501, most: 500 },
    { length: 1, most: 1 },
  ],
};

const errors = Object.entries(byProblem).flatMap(([problem, forms]) =>
  forms.map((form) => [problem, { problem, ...form } as UsageError] as const),
);

describe.each(errors)('%s: %j', (_problem, error) => {
  it.each(contexts)('is explained in $translator.locale', (localized) => {
    expectCompleteText(usageMessage(error, vocabulary, localized));
  });

  it.each(vocabularies)('is answered with valid commands for %j, and none changes something else', (configured) => {
    const examples = Array.from(
      linesOf(usageMessage(error, configured, context))
        .join('\n')
        .matchAll(/\/campaign-wf [^,.\n]+?(?=,? or |, or |\.|,|$)/gm),
    );
    expect(examples.length).toBeGreaterThanOrEqual(1);
    const requested = error.problem === 'no_restart' ? ['stop', 'start'] : ['command' in error ? error.command : null];
    for (const [example] of examples) {
      const parsed = parseCommand(example.replace('/campaign-wf ', ''), configured);
      expect([example, parsed.ok]).toEqual([example, true]);
      if (parsed.ok && parsed.command.kind === 'change') expect(requested).toContain(parsed.command.verb);
    }
  });
});

it.each(vocabularies)(
  'every answer that names an environment or an alias is known as one, so that strangers do not get it: %j',
  (configured) => {
    const names = /acme|nightly-load/;
    const naming = errors.filter(([, error]) =>
      linesOf(usageMessage(error, configured, context))
        .join()
        .match(names),
    );
    expect(naming.length).toBeGreaterThan(10);
    for (const [, error] of naming) expect([error, namesConfiguration(error, configured)]).toEqual([error, true]);
  },
);

it('an answer that names nothing of the configuration is for everybody', () => {
  expect(namesConfiguration({ problem: 'unknown_command', typed: 'strat' }, vocabulary)).toBe(false);
  expect(namesConfiguration({ problem: 'bad_workflow', typed: '!', suggestion: null }, vocabulary)).toBe(false);
});

it('a watch with a time is answered with how often it looks, and where another interval is set', () => {
  const error = { problem: 'time_of_watch', command: 'watch', typed: 'every 1m' } as const;
  const [text = ''] = linesOf(usageMessage(error, vocabulary, context));
  expect(text).toContain('every 1m');
  expect(text).toContain('looks every 5 minutes');
  expect(text).toContain('campaign-wf.yml');
});

it('an example for several workflows has all of them', () => {
  const workflows = ['WKF110', 'WKF111'];
  const missing: UsageError = { problem: 'missing_environment', command: 'stop', known, suggestion: 'acme', workflows };
  const environment = { typed: 'Acme', environment: 'acme', otherwise: 'acme-mkt-stage1' };
  const bare: UsageError = {
    problem: 'bare_environment',
    command: 'stop',
    workflow: 'WKF110',
    workflows,
    ...environment,
  };
  for (const error of [missing, bare]) {
    const text = linesOf(usageMessage(error, { ...vocabulary, environments: known }, context)).join();
    expect(text).toContain('Try /campaign-wf stop WKF110 WKF111 --env acme,');
  }
});

describe('a typo', () => {
  it('is answered with what was probably meant', () => {
    expect(linesOf(usageMessage({ problem: 'unknown_command', typed: 'strat' }, vocabulary, context))).toEqual([
      'There is no command strat.',
      'Did you mean start?',
      'Try /campaign-wf status WKF110, or /campaign-wf help for all commands. Nothing was sent.',
    ]);
  });

  it.each([
    ['it', 'Intendevi pausa?'],
    ['fr', 'Vouliez-vous dire pause ?'],
  ] as const)('is answered in the reader’s own language: %s', (locale, suggestion) => {
    const localized = { ...context, translator: translatorFor(locale) };
    const answered = linesOf(usageMessage({ problem: 'unknown_command', typed: 'paus' }, vocabulary, localized));
    expect(answered.map((line) => line.replaceAll('\u00a0', ' '))).toContain(suggestion);
  });

  it('as close to a command as to its opposite is answered with both', () => {
    const italian = { ...context, translator: translatorFor('it') };
    const answered = linesOf(usageMessage({ problem: 'unknown_command', typed: 'csongela' }, vocabulary, italian));
    expect(answered).toContain('Intendevi congela o scongela?');
  });
});
