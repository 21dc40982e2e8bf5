import { describe, expect, it } from '@jest/globals';
import type { UsageError } from '../../src/commands/usage-error.ts';
import { code } from '../../src/locales/phrase.ts';
import { toShow } from '../../src/requests/request.ts';
import { openEmptyForm } from '../../src/slack/listeners/form.ts';
import { announcement } from '../../src/slack/messages/announcement.ts';
import {
  directOutcome,
  noteReply,
  outcomeReply,
  pressRefused,
  privateOutcome,
} from '../../src/slack/messages/report.ts';
import { usageMessage } from '../../src/slack/messages/usage.ts';
import type { Voice } from '../../src/slack/messages/voice.ts';
import { people, policyOf, ruleOf } from '../access/policy.fixture.ts';
import { pseudoWords } from '../locales/pseudo.ts';
import {
  askedAgain,
  confirmed,
  confirmedByTwo,
  everyEnd,
  everySeen,
  notReached,
  oneOfTwo,
  refusals,
  sending,
  told,
  unasked,
  waiting,
} from './every-request.ts';
import { openDesk, vocabulary } from './listeners/desk.fixture.ts';

const policy = policyOf([
  ruleOf('Operators', {
    channels: new Set(['C0OPS']),
    people: people('U0ALICE'),
    environments: new Set(['prod', 'stage']),
    actions: new Set(['start', 'stop', 'freeze', 'status', 'history', 'access']),
  }),
]);

const voice: Voice = { words: pseudoWords, botName: 'campaign-wf', refer: (id) => [code(id)] };

/** Of other people and systems, of the configuration, or of `Intl`, which has its own words. */
const foreign = [
  /\b[0-9a-f]{64}\b/g,
  /\b[A-Z0-9]{8}\b/g,
  /\bWKF\d+\b/g,
  /\b(acme|prod|stage|nightly-load|everybody|Operators|campaign-wf)\b/g,
  /wrong audience|Campaign restarts at 06:00|Leads stop anything|\bstpo\b/g,
  /logicalStatus|11, failed|\braw\b/g,
  /RST-360011 An error has occurred|req-1/g,
  /\b(and|or|seconds?|minutes?|hours?)\b/g,
];

/** Every text that somebody sees, but for what stands there to be typed. */
function textsIn(shown: unknown): readonly string[] {
  if (Array.isArray(shown)) return shown.flatMap(textsIn);
  if (typeof shown !== 'object' || shown === null) return [];
  if ('style' in shown && typeof shown.style === 'object' && shown.style !== null && 'code' in shown.style) return [];
  if ('type' in shown && shown.type === 'date') return [];
  return Object.entries(shown).flatMap(([key, value]) =>
    (key === 'text' || key === 'label') && typeof value === 'string' ? [value] : textsIn(value),
  );
}

function leftOver(shown: unknown): readonly string[] {
  const without = (text: string) => foreign.reduce((rest, known) => rest.replaceAll(known, ''), text);
  return textsIn(shown).filter((text) => /[A-Za-z]/.test(without(text)));
}

function expectFromCatalogue(message: { readonly blocks: unknown }): void {
  const texts = textsIn(message.blocks);
  expect(texts.join('')).toMatch(/[Ａ-Ｚａ-ｚ]/);
  expect(leftOver(message.blocks)).toEqual([]);
}

describe('every word that the bot says is from a catalogue', () => {
  const ways = [waiting, unasked, confirmed, oneOfTwo, askedAgain, confirmedByTwo, [...confirmed, sending, notReached]];
  const verbs = ['start', 'pause', 'resume', 'stop', 'freeze', 'unfreeze'] as const;

  it('sees what is not', () => {
    expect(leftOver([{ type: 'text', text: 'Ｓtop WKF110' }])).toEqual(['Ｓtop WKF110']);
  });

  it.each(verbs)('in the announcement of %s', (verb) => {
    for (const events of ways) {
      const request = told(events, { verb, reason: 'wrong audience', alias: 'nightly-load', production: true });
      expectFromCatalogue(announcement(request, toShow(request), voice));
    }
  });

  it.each(everyEnd)('in the outcome %s', (_name, request) => {
    for (const write of [outcomeReply, privateOutcome, directOutcome]) expectFromCatalogue(write(request, voice));
    if (request.announcement.ts !== null) expectFromCatalogue(announcement(request, toShow(request), voice));
  });

  it('in notes and refused presses', () => {
    for (const request of everySeen) expectFromCatalogue(noteReply(request, voice));
    for (const refusal of refusals) {
      expectFromCatalogue(pressRefused(told(waiting), { kind: 'access', refusal }, voice));
    }
  });

  it('in usage errors', () => {
    const errors: readonly UsageError[] = [
      { problem: 'doubtful_command', typed: 'acme', meanings: ['pause', 'stop'] },
      { problem: 'missing_workflow', command: 'stop' },
      { problem: 'missing_environment', command: 'stop', known: ['prod', 'stage'] },
      { problem: 'missing_until', environment: 'prod' },
      { problem: 'bad_until', environment: 'prod', typed: 'acme' },
      { problem: 'unknown_option', typed: '--acme', suggestion: 'env' },
      { problem: 'too_many_words', command: 'history', extra: 'acme' },
      { problem: 'reason_too_long', length: 501, most: 500 },
    ];
    for (const error of errors) expectFromCatalogue(usageMessage(error, vocabulary, voice));
  });

  it('in what is answered to who types, and in the form', async () => {
    await using desk = await openDesk(policy, vocabulary, voice);
    for (const text of [
      'help',
      'access',
      'access <@U0BOB>',
      'status WKF110',
      'history',
      'start WKF110',
      'stpo',
      'approve 7K3M9QPA',
    ]) {
      expectFromCatalogue(await desk.answer('U0ALICE', text));
      expectFromCatalogue(await desk.answer('U0DAVE', text));
    }
    await openEmptyForm(desk.asking('U0ALICE'), desk.ports);
    expect(desk.forms).toHaveLength(1);
    expect(leftOver(desk.forms)).toEqual([]);
  });
});
