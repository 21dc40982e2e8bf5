import { describe, expect, it } from '@jest/globals';
import type { Block } from '../../sandbox/slack/blocks.ts';
import { printBlock } from '../../sandbox/slack/print-blocks.ts';
import { createWorkspace } from '../../sandbox/slack/seed.ts';
import type { Workspace } from '../../sandbox/slack/workspace.ts';
import { wrapLine } from '../../sandbox/slack/wrap.ts';
import type { Event, Order, RecordedWorkflowState } from '../../src/requests/events.ts';
import { announcementState, type Request } from '../../src/requests/request.ts';
import { announcement } from '../../src/slack/messages/announcement.ts';
import type { MessageContext } from '../../src/slack/messages/message-context.ts';
import { followUpReply, outcomeReply } from '../../src/slack/messages/replies.ts';
import type { Message } from '../../src/slack/render.ts';
import { noAnswer, noon } from '../requests/events.fixture.ts';
import { autoApprovedWith, dispatching, ended, probeShowing, requestWith } from './every-request.ts';
import { contexts, context as english } from './message-contexts.ts';
import { acceptedBlocks } from './shown-text.ts';

// How many lines people read on a phone, at 40 characters a line. These numbers may only fall.
const most = {
  /** Of all messages together: the private reply (one line), the announcement at its end, and the thread. */
  pause: 16,
  start: 16,
  /** While it waits. */
  question: 9,
  /** The replies. */
  stopThread: 8,
  keptThread: 8,
  expiredThread: 8,
  refusedThread: 8,
  /** The announcement at its end, and the reply. */
  unknown: 12,
  /** The question about three workflows while it waits, one of which is not asked about. */
  severalQuestion: 14,
  /** Its replies, with a line for each workflow. */
  severalThread: 15,
} as const;

const width = 40;
const privateReply = 1;

const workspace: Workspace = createWorkspace();
const expiresAt = noon + 300_000;
const leads = { users: [], groups: ['S0LEADS'] };

/** The lines of a message as a phone shows it. */
function linesOf(message: Message): readonly string[] {
  return acceptedBlocks(message).flatMap(shown);
}

function shown(block: Block): readonly string[] {
  const lines = printBlock(workspace, block).map((line) => line.replaceAll(/ UTC\b/g, ''));
  // Buttons stand beside each other.
  return block.type === 'actions' ? ['[buttons]'] : lines.flatMap((line) => wrapLine(line, width));
}

function expectAtMost(count: number, lines: readonly string[]): void {
  if (lines.length > count) expect(lines).toEqual({ atMost: count });
  expect(lines.length).toBeGreaterThan(1);
}

const observed = (reading: RecordedWorkflowState): Event => ({
  type: 'observed',
  data: { observation: { kind: 'seen', reading, field: 'logicalStatus', raw: 'raw' }, isShown: true },
});
const question: readonly Event[] = [
  { type: 'granted', data: { rule: 'r', approvers: leads, expiresAt, seen: probeShowing('in_progress') } },
  { type: 'announcing', data: { attempt: 1 } },
  { type: 'announced', data: { ts: '1.1' } },
  { type: 'asked', data: { expiresAt } },
];
const confirmed: readonly Event[] = [
  ...question,
  { type: 'pressed', data: { by: 'U0BOB', choice: 'approve', interaction: 'press-1' } },
  { type: 'approved', data: { by: 'U0BOB', interaction: 'press-1', seen: probeShowing('in_progress') } },
];
const accepted = [dispatching, ended('accepted', { kind: 'taken' })];

const labelled: Partial<Order> = { alias: 'nightly-load', production: true };

describe.each(contexts)('in $translator.locale', (localized) => {
  const context: MessageContext = {
    ...localized,
    labelOf: ({ alias }) => (alias === null ? null : 'Nightly profile load'),
  };
  const announced = (request: Request) => linesOf(announcement(request, announcementState(request), context));
  const thread = (request: Request) => [
    ...linesOf(outcomeReply(request, context)),
    ...(request.state === 'accepted' && request.observation !== null ? linesOf(followUpReply(request, context)) : []),
  ];

  it.each([
    ['pause', 'warning'],
    ['start', 'in_progress'],
  ] as const)('a %s', (verb, reading) => {
    const request = requestWith([...autoApprovedWith(null), ...accepted, observed(reading)], { ...labelled, verb });
    expectAtMost(most[verb] - privateReply, [...announced(request), ...thread(request)]);
  });

  it('a stop that waits', () => {
    expectAtMost(most.question, announced(requestWith(question, labelled)));
  });

  it('the thread of a stop that was confirmed', () => {
    expectAtMost(most.stopThread, thread(requestWith([...confirmed, ...accepted, observed('finished')], labelled)));
  });

  it('the thread of one that was kept running, expired, or was refused', () => {
    const kept = ended('cancelled', { kind: 'decided', by: 'U0BOB', interaction: 'press-1' });
    expectAtMost(most.keptThread, thread(requestWith([...question, kept], labelled)));
    expectAtMost(
      most.expiredThread,
      thread(requestWith([...question, ended('expired', { kind: 'expired' })], labelled)),
    );
    const refused = ended('refused', { kind: 'access', refusal: { reason: 'deactivated', confirmer: 'U0BOB' } });
    expectAtMost(most.refusedThread, thread(requestWith([...confirmed, refused], labelled)));
  });

  it('an unknown outcome', () => {
    const unknown = ended('unknown', { kind: 'campaign', reason: 'timeout' }, noAnswer);
    const order = { verb: 'pause', workflowId: 'WKF205', production: true } as const;
    const request = requestWith([...autoApprovedWith(null), dispatching, unknown, observed('in_progress')], order);
    expectAtMost(most.unknown, [...announced(request), ...thread(request)]);
  });
});

const workflows = ['WKF110', 'WKF111', 'WKF112'].map((workflowId, index) => {
  return { request: `ITEM000${index}`, workflowId, alias: index === 0 ? 'nightly-load' : null };
});
const busy = ended('refused', { kind: 'busy', request: 'REQUEST2' });

/** A batch of three stops, and its items, of which the last is not asked about. */
function several(ends: readonly Event[], last: readonly Event[] = []): { batch: Request; items: readonly Request[] } {
  const asked = workflows.slice(0, 2).map(({ request }) => ({ request, seen: probeShowing('in_progress') }));
  const granted: Event = { type: 'granted', data: { rule: 'r', approvers: leads, expiresAt, items: asked } };
  const order = { workflowId: 'WKF110,WKF111,WKF112', workflows, production: true };
  const batch = requestWith([granted, ...question.slice(1), ...ends], order);
  const items = workflows.map(({ request, workflowId, alias }, index) => {
    const events = index === 2 ? [busy] : [...question.slice(0, 3), ...last];
    return { ...requestWith(events, { workflowId, alias, production: true }), id: request, batch: batch.id };
  });
  return { batch, items };
}

const approved: readonly Event[] = confirmed.slice(question.length);
const eachAccepted: readonly Event[] = [
  ...approved,
  { type: 'progressed', data: { ended: 2, observing: 0, observed: 2 } },
  ended('completed', { kind: 'each' }),
];

describe.each(contexts)('several at once in $translator.locale', (localized) => {
  const labelOf: MessageContext['labelOf'] = ({ alias }) => (alias === null ? null : 'Nightly profile load');

  it('a question that waits', () => {
    const { batch, items } = several([]);
    const context = { ...localized, labelOf, items };
    expectAtMost(most.severalQuestion, linesOf(announcement(batch, 'awaiting_approval', context)));
  });

  it('the thread at its end', () => {
    const sent = [...approved.slice(1), ...accepted, observed('finished')];
    const { batch, items } = several(eachAccepted, sent);
    const context = { ...localized, labelOf, items };
    expectAtMost(most.severalThread, [
      ...linesOf(outcomeReply(batch, context)),
      ...linesOf(followUpReply(batch, context)),
    ]);
  });
});

it('several stops name each workflow, also in the question', () => {
  const { batch, items } = several([]);
  const context: MessageContext = { ...english, labelOf: ({ alias }) => alias && 'Nightly profile load', items };
  expect(linesOf(announcement(batch, 'awaiting_approval', context))).toEqual([
    '🔴 PRODUCTION · Stop 2 workflows (prod)',
    '@alice: wrong audience',
    'Nightly profile load (WKF110) · In',
    'progress',
    'WKF111 · In progress',
    'WKF112 · ⛔ another request is open',
    'A stop cannot be undone: imports and SQL',
    'are cancelled.',
    'Decide by 12:05: @leads',
    '[buttons]',
    'REQUEST1 · record 1234·9ae1c38a9ae1c38a',
  ]);
  const end = several(eachAccepted, [...approved.slice(1), ...accepted, observed('finished')]);
  const atEnd = { ...context, items: end.items };
  expect(linesOf(announcement(end.batch, 'completed', atEnd))).toEqual([
    '🔴 PRODUCTION · Stop 2 workflows (prod)',
    '@alice: wrong audience',
    'Nightly profile load (WKF110) · ✅ Shows',
    'as finished.',
    'WKF111 · ✅ Shows as finished.',
    'WKF112 · ⛔ another request is open',
    'REQUEST1 · record 1234·9ae1c38a9ae1c38a',
  ]);
  expect([...linesOf(outcomeReply(end.batch, atEnd)), ...linesOf(followUpReply(end.batch, atEnd))]).toEqual([
    '@alice Stop 2 workflows (prod, acme) ·',
    'Confirmed by @bob.',
    'Campaign accepted the stop of Nightly',
    'profile load (WKF110).',
    'Campaign accepted the stop of WKF111.',
    'WKF112 · ⛔ another request is open',
    'REQUEST1 · outcome completed · record',
    '1234·9ae1c38a9ae1c38a',
    'Stop 2 workflows (prod)',
    '✅ Nightly profile load (WKF110) shows as',
    'finished.',
    '✅ WKF111 shows as finished.',
  ]);
});

it('a stop reads as in the README', () => {
  const context: MessageContext = { ...english, labelOf: () => 'Nightly profile load' };
  const waiting = requestWith(question, labelled);
  const stopped = requestWith([...confirmed, ...accepted, observed('finished')], labelled);
  expect(linesOf(announcement(waiting, 'awaiting_approval', context))).toEqual([
    '🔴 PRODUCTION · Stop Nightly profile',
    'load (WKF110, prod)',
    '@alice: wrong audience',
    'Shows as in progress. A stop cannot be',
    'undone: imports and SQL are cancelled.',
    'Decide by 12:05: @leads',
    '[buttons]',
    'REQUEST1 · record 1234·9ae1c38a9ae1c38a',
  ]);
  expect([...linesOf(outcomeReply(stopped, context)), ...linesOf(followUpReply(stopped, context))]).toEqual([
    '@alice Campaign accepted the stop of',
    'Nightly profile load (WKF110, prod,',
    'acme). Confirmed by @bob.',
    'REQUEST1 · outcome accepted · record',
    '1234·9ae1c38a9ae1c38a',
    '✅ WKF110 shows as finished.',
  ]);
  expect(linesOf(announcement(stopped, 'accepted', context))).toEqual([
    '🔴 PRODUCTION · Stop Nightly profile',
    'load (WKF110, prod)',
    '@alice: wrong audience',
    '✅ Shows as finished.',
    'REQUEST1 · record 1234·9ae1c38a9ae1c38a',
  ]);
});
