import { describe, expect, it } from '@jest/globals';
import type { UsageError } from '../../src/commands/grammar/parse-result.ts';
import { LedgerUnavailableError } from '../../src/requests/ledger/retry.ts';
import { announcementState } from '../../src/requests/request.ts';
import type { PressResult } from '../../src/requests/rules/press.ts';
import { submittedBody } from '../../src/slack/listeners/interaction.ts';
import { actOnMessage, openEmptyForm } from '../../src/slack/listeners/open-form.ts';
import type { TimedWrite } from '../../src/slack/listeners/recording.ts';
import { submitForm } from '../../src/slack/listeners/submit-form.ts';
import { answerCommand, pressMessage } from '../../src/slack/listeners/typed-command.ts';
import { announcement } from '../../src/slack/messages/announcement.ts';
import type { MessageContext } from '../../src/slack/messages/message-context.ts';
import { directPauseReminder, pauseReminder } from '../../src/slack/messages/pause-reminder.ts';
import {
  directOutcome,
  followUpReply,
  outcomeReply,
  pressRefused,
  privateOutcome,
} from '../../src/slack/messages/replies.ts';
import { usageMessage } from '../../src/slack/messages/usage.ts';
import { people, policyOf, ruleOf } from '../access/policy.fixture.ts';
import { pseudoWords } from '../locales/pseudo.ts';
import {
  askedAgain,
  autoApproved,
  confirmed,
  confirmedByTwo,
  dispatching,
  everyEnd,
  everyObserved,
  everyReminder,
  explainedLate,
  notReached,
  oneOfTwo,
  refusals,
  requestWith,
  waiting,
  waitingForSome,
} from './every-request.ts';
import { openBolt } from './listeners/bolt.fixture.ts';
import { openHarness, vocabulary } from './listeners/harness.fixture.ts';
import { context as englishContext } from './message-contexts.ts';

const policy = policyOf([
  ruleOf('Operators', {
    channels: new Set(['C0OPS']),
    people: people('U0ALICE'),
    environments: new Set(['prod', 'stage']),
    actions: new Set(['start', 'stop', 'freeze', 'status', 'history', 'access']),
  }),
]);

const context: MessageContext = { ...englishContext, translator: pseudoWords };

/** Texts of people, other systems, the configuration, and `Intl`. */
const foreign = [
  /\b\d+·[0-9a-f]{16}\b/g,
  /\b[A-Z0-9]{8}\b/g,
  /\bWKF\d+\b/g,
  /\b(acme|prod|stage|nightly-load|everybody|Operators|campaign-wf)\b/g,
  /[wW]rong audience|Campaign restarts at 06:00|Leads stop anything|a change number, such as CHG0012345|\bstpo\b/g,
  /logicalStatus|11, failed|\braw\b/g,
  /RST-360011 An error has occurred|req-1/g,
  /\b(and|or|seconds?|minutes?|hours?)\b/g,
];

/** Every visible text, except commands that can be typed. */
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

describe('every text of the bot is from a catalogue', () => {
  const openRequests = [
    waiting,
    waitingForSome,
    autoApproved,
    confirmed,
    oneOfTwo,
    askedAgain,
    confirmedByTwo,
    [...confirmed, dispatching, notReached],
  ];
  const verbs = ['start', 'pause', 'resume', 'stop', 'freeze', 'unfreeze'] as const;

  it('a text that is not is detected', () => {
    expect(leftOver([{ type: 'text', text: 'Ｓtop WKF110' }])).toEqual(['Ｓtop WKF110']);
  });

  it.each(verbs)('in the announcement of %s', (verb) => {
    for (const events of openRequests) {
      const request = requestWith(events, { verb, reason: 'wrong audience', alias: 'nightly-load', production: true });
      expectFromCatalogue(announcement(request, announcementState(request), context));
    }
  });

  it.each(everyEnd)('in the outcome %s', (_name, request) => {
    for (const write of [outcomeReply, privateOutcome, directOutcome]) expectFromCatalogue(write(request, context));
    if (request.announcement.ts !== null)
      expectFromCatalogue(announcement(request, announcementState(request), context));
  });

  it('in follow-ups and refused presses', () => {
    for (const request of [...everyObserved, ...explainedLate]) expectFromCatalogue(followUpReply(request, context));
    for (const request of everyReminder) {
      expectFromCatalogue(pauseReminder(request, context));
      expectFromCatalogue(directPauseReminder(request, context));
    }
    for (const refusal of refusals) {
      expectFromCatalogue(pressRefused(requestWith(waiting), { kind: 'access', refusal }, context));
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
    for (const error of errors) expectFromCatalogue(usageMessage(error, vocabulary, context));
  });

  it('in the answers to a press', () => {
    const request = requestWith(waiting);
    const pressed: readonly TimedWrite<PressResult>[] = [
      { ok: false, inDoubt: true },
      { ok: false, inDoubt: false },
      ...(['recorded', 'over'] as const).map((kind) => ({ ok: true, written: { kind, request } }) as const),
      { ok: true, written: { kind: 'no_such_request' } },
      ...(['approved', 'dispatching', 'expired'] as const).map(
        (state) => ({ ok: true, written: { kind: 'too_late', request, state } }) as const,
      ),
    ];
    for (const result of pressed)
      for (const choice of ['approve', 'review'] as const)
        expectFromCatalogue(
          pressMessage(result, { request: request.id, reason: 'password=hunter2x', choice }, context),
        );
    expectFromCatalogue(pressRefused(request, { kind: 'counted_already', missing: 2 }, context));
    for (const before of ['in_progress', null] as const) {
      expectFromCatalogue(pressRefused(request, { kind: 'changed', before, now: 'erroneous' }, context));
    }
  });

  it('where the ledger fails, the form does not open, or there is nothing to act on', async () => {
    await using harness = await openHarness(policy, vocabulary, context);
    const invocation = harness.invocation('U0ALICE');
    for (const inDoubt of [true, false]) {
      const submit = async () => {
        throw new LedgerUnavailableError(inDoubt, null);
      };
      const failing = { ...harness.ports, notRecorded: () => {}, ledger: { ...harness.ledger, submitWithin: submit } };
      const answered = await answerCommand({ text: 'start WKF110', user: 'U0ALICE', ...invocation }, failing);
      if (!('now' in answered)) throw new Error('an immediate answer was expected');
      expectFromCatalogue(answered.now(context));
    }
    const messages = [
      await openEmptyForm(invocation, { ...harness.ports, openForm: async () => null }),
      await actOnMessage(
        { user: { id: 'U0ALICE' }, channel: { id: 'C0OPS' }, trigger_id: '1.2', message: { blocks: [] } },
        harness.ports,
      ),
    ];
    for (const message of messages) expectFromCatalogue(message ?? { blocks: [] });
  });

  it('in the texts for a fault, an outdated button, and a bot that is stopping', async () => {
    const bolt = openBolt(context);
    const typed = { user_id: 'U0ALICE', trigger_id: '1.2', text: 'stop WKF110' };
    const pressed = { user: { id: 'U0ALICE' }, trigger_id: '1.2', channel: { id: 'C0OPS' }, actions: [{ value: 'X' }] };
    await bolt.deliver('command', typed);
    await bolt.deliver('shortcut', pressed);
    for (const name of bolt.names) await bolt.deliver(name, pressed);
    await bolt.inFlight.drain();
    for (const text of ['stop WKF110', 'approve 7K3M9QPA']) await bolt.deliver('command', { ...typed, text });
    await bolt.deliver('approve_request', pressed);
    expect(bolt.answers.length).toBeGreaterThanOrEqual(8);
    for (const { message } of bolt.answers) expectFromCatalogue(message);
  });

  it('at the fields of a form', async () => {
    await using harness = await openHarness(policy, vocabulary, context);
    const view = { id: 'V1', private_metadata: { channel: 'C0OPS', interaction: '1.2' } };
    const values = {
      workflow: {
        workflow: { type: 'external_select' as const, selected_option: { value: 'alias nightly-load 0a1b2c3d' } },
      },
      command: { command: { type: 'static_select' as const, selected_option: { value: 'stop' } } },
    };
    const body = submittedBody.parse({
      user: { id: 'U0ALICE' },
      view: { ...view, private_metadata: JSON.stringify(view.private_metadata), state: { values } },
    });
    const answer = await submitForm(body, harness.ports);
    if (answer.kind !== 'wrong') throw new Error('a refused form was expected');
    const texts = Object.values(answer.errors).map((text) => ({ text }));
    expectFromCatalogue({ blocks: texts });
  });

  it('in the answers to commands, and in the form', async () => {
    await using harness = await openHarness(policy, vocabulary, context);
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
      expectFromCatalogue(await harness.answer('U0ALICE', text));
      expectFromCatalogue(await harness.answer('U0DAVE', text));
    }
    await openEmptyForm(harness.invocation('U0ALICE'), harness.ports);
    expect(harness.forms).toHaveLength(1);
    expect(leftOver(harness.forms)).toEqual([]);
  });
});
