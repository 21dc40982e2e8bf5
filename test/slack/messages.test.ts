import { describe, expect, it } from '@jest/globals';
import { isVerb } from '../../src/access/policy.ts';
import { verbs } from '../../src/commands/command.ts';
import { plain } from '../../src/locales/translator.ts';
import type { Event, Order, ProbeResult } from '../../src/requests/events.ts';
import type { EndReason, State } from '../../src/requests/outcome.ts';
import { announcementState } from '../../src/requests/request.ts';
import { announcement } from '../../src/slack/messages/announcement.ts';
import { callReply } from '../../src/slack/messages/escalation.ts';
import { historyEntry } from '../../src/slack/messages/history-entry.ts';
import { pageMessage } from '../../src/slack/messages/page-message.ts';
import { directPauseReminder, pauseReminder } from '../../src/slack/messages/pause-reminder.ts';
import {
  directOutcome,
  followUpReply,
  outcomeReply,
  pressRefused,
  privateOutcome,
} from '../../src/slack/messages/replies.ts';
import { renderMessage } from '../../src/slack/render.ts';
import { all } from '../locales/closed-sets.ts';
import { noon, samples } from '../requests/events.fixture.ts';
import {
  askedAgain,
  autoApproved,
  autoApprovedWith,
  confirmed,
  confirmedByTwo,
  dispatching,
  ended,
  endings,
  escalated,
  escalatedAtOnce,
  everyEnd,
  everyObserved,
  everyReminder,
  explainedLate,
  notReached,
  observations,
  oneOfTwo,
  probeShowing,
  refusals,
  releasedWith,
  requestWith,
  untilLater,
  waiting,
  waitingForSome,
  waitingWith,
} from './every-request.ts';
import { context, contexts } from './message-contexts.ts';
import { acceptedBlocks, expectCompleteText, linesOf, smallPrintOf } from './shown-text.ts';

/** What a workflow shows once a command has taken effect. */
const asked: Readonly<Record<string, string>> = {
  start: 'in_progress',
  pause: 'warning',
  resume: 'in_progress',
  stop: 'finished',
};

/** Claims that a workflow did something, which was not observed. */
const claims = /\b(stopped|paused|resumed|started|done)\b(?! from)/i;

const openRequests: readonly (readonly Event[])[] = [
  waiting,
  waitingForSome,
  escalated,
  escalatedAtOnce,
  autoApproved,
  confirmed,
  oneOfTwo,
  askedAgain,
  confirmedByTwo,
  ...[...observations, { kind: 'slow' } as const].map(waitingWith),
  [...confirmed, dispatching, notReached],
];
const announcedEnds = everyEnd.filter(([, request]) => request.announcement.ts !== null);

it('a question that nobody of the first can confirm names those who are asked in their place', () => {
  const lines = linesOf(announcement(requestWith(escalatedAtOnce), 'awaiting_approval', context)).join('\n');
  expect(lines).toContain('@U0DAN or @S0DUTY');
  expect(lines).toContain('too few can confirm now, so others are asked at once.');
  expect(lines).not.toContain('also asked');
  const later = linesOf(announcement(requestWith(escalated), 'awaiting_approval', context)).join('\n');
  expect(later).toContain('Now also asked: @U0DAN and @S0DUTY');
  const past = linesOf(renderMessage(historyEntry(requestWith(escalated), context, 0))).join('\n');
  expect(past).toContain('Later also asked: @U0DAN and @S0DUTY');
});

describe.each(contexts)('in $translator.locale, every', (localized) => {
  it.each([...verbs, 'freeze', 'unfreeze', 'watch', 'unwatch'] as const)(
    'announcement of %s that is not ended is valid for Slack, and has a complete text',
    (verb) => {
      for (const events of openRequests)
        for (const order of [
          { verb },
          { verb, alias: 'nightly-load' },
          { verb, reason: '' },
          { verb, production: true },
        ]) {
          const request = requestWith(events, order);
          expectCompleteText(announcement(request, announcementState(request), localized));
        }
    },
  );

  it('announcement of an ended request is valid for Slack, and has a complete text', () => {
    for (const [, request] of announcedEnds)
      expectCompleteText(announcement(request, announcementState(request), localized));
  });

  it('outcome, in the thread, private and direct, is valid for Slack, and has a complete text', () => {
    for (const [, request] of everyEnd)
      for (const write of [outcomeReply, privateOutcome, directOutcome]) expectCompleteText(write(request, localized));
  });

  it('follow-up is valid for Slack, and has a complete text', () => {
    for (const request of [...everyObserved, ...explainedLate]) expectCompleteText(followUpReply(request, localized));
    for (const request of everyReminder) {
      expectCompleteText(pauseReminder(request, localized));
      expectCompleteText(directPauseReminder(request, localized));
    }
  });

  it('call to confirm, in the thread and direct, is valid for Slack, and has a complete text', () => {
    for (const request of [requestWith(escalated), requestWith(escalatedAtOnce)]) {
      expectCompleteText(callReply(request, { kind: 'reminder', number: 1 }, localized));
      for (const { stage: number } of request.escalation.stages)
        expectCompleteText(callReply(request, { kind: 'stage', number }, localized));
      acceptedBlocks(pageMessage(request, localized));
    }
  });

  it('refusal of a press is valid for Slack, and has a complete text', () => {
    const request = requestWith(waiting);
    for (const refusal of refusals) expectCompleteText(pressRefused(request, { kind: 'access', refusal }, localized));
    expectCompleteText(pressRefused(request, { kind: 'counted_already', missing: 1 }, localized));
    for (const [before, now] of [
      ['in_progress', 'erroneous'],
      ['warning', 'finished'],
      ['editing', 'warning'],
    ] as const)
      expectCompleteText(pressRefused(request, { kind: 'changed', before, now }, localized));
    for (const state of states) expectCompleteText(pressRefused(request, { kind: 'too_late', state }, localized));
  });
});

const states = all<State>({
  submitted: 1,
  announced: 1,
  awaiting_approval: 1,
  scheduled: 1,
  approved: 1,
  dispatching: 1,
  accepted: 1,
  rejected: 1,
  unknown: 1,
  not_sent: 1,
  refused: 1,
  cancelled: 1,
  expired: 1,
  superseded: 1,
  completed: 1,
});

describe('the longest request', () => {
  const longest = {
    workflowId: 'W'.repeat(64),
    alias: 'a'.repeat(64),
    environment: 'e'.repeat(63),
    reason: '&'.repeat(500),
  };
  const answer = { status: 400, text: '<'.repeat(500), adobeRequestId: '>'.repeat(500) };
  const because = { kind: 'campaign', reason: 'profile_invalid' } as const;

  it('fits into its announcement and its outcome, with the longest responses', () => {
    const request = requestWith([...confirmed, dispatching, ended('unknown', because, answer)], longest);
    const observation = { kind: 'seen', reading: 'warning', field: 'f'.repeat(500), raw: '&'.repeat(500) } as const;
    const observed = requestWith(
      [...confirmed, dispatching, ended('unknown', because, answer), { type: 'observed', data: { observation } }],
      longest,
    );
    for (const each of [request, observed]) {
      acceptedBlocks(announcement(each, 'unknown', context));
      for (const write of [outcomeReply, privateOutcome, directOutcome]) acceptedBlocks(write(each, context));
    }
  });

  it('says that the reason of the freeze was erased', () => {
    const refusal = { reason: 'frozen', because: null, until: noon, request: '7K3M9QPA' } as const;
    const request = requestWith([ended('refused', { kind: 'access', refusal })]);
    expect(linesOf(privateOutcome(request, context)).join()).toContain('“(erased)”');
  });

  it('fits with hundreds of people and channels', () => {
    const users = Array.from({ length: 300 }, (_, index) => `U0${index}AAAAAAA`);
    const channels = Array.from({ length: 300 }, (_, index) => `C0${index}AAAAAAA`);
    const permitted = { users, groups: [] };
    for (const refusal of [
      { reason: 'wrong_channel', channels },
      { reason: 'not_permitted', permitted, channels },
    ] as const) {
      const request = requestWith([ended('refused', { kind: 'access', refusal })]);
      expect(linesOf(privateOutcome(request, context)).join()).toContain('299AAAAAAA');
    }
  });
});

describe('a text that was cut for notifications', () => {
  it('ends with an ellipsis, never within a word or a mention', () => {
    const users = Array.from({ length: 600 }, (_, index) => `U0${index}AAAAAAA`);
    const refusal = { reason: 'not_permitted', permitted: { users, groups: [] }, channels: ['C0OPS'] } as const;
    const { text } = privateOutcome(requestWith([ended('refused', { kind: 'access', refusal })]), context);
    expect(text).toMatch(/…$/);
    expect(text.replace(/<@U0\d+AAAAAAA>/g, '')).not.toMatch(/[<>]/);
    expect(text.length).toBeGreaterThan(3_900);
  });
});

describe('an announcement', () => {
  it('shows the order, the requester, the reason, the approvers and the time limit', () => {
    expect(linesOf(announcement(requestWith(waiting), 'awaiting_approval', context))).toEqual([
      'Stop WKF110 (prod)',
      '@U0ALICE: wrong audience',
      'A stop cannot be undone: imports and SQL are cancelled.',
      'Decide by {time}: @U0BOB, @U0CAROL, or @S0LEADS',
    ]);
  });

  it('has buttons only while it waits', () => {
    const buttonsOf = (events: readonly Event[]) => {
      const request = requestWith(events);
      return acceptedBlocks(announcement(request, announcementState(request), context)).filter(
        ({ type }) => type === 'actions',
      );
    };
    expect(buttonsOf(waiting)).toEqual([
      {
        type: 'actions',
        elements: [
          {
            type: 'button',
            action_id: 'approve_request',
            value: 'REQUEST1',
            text: { type: 'plain_text', text: 'Stop workflow' },
            accessibility_label: 'Stop workflow: WKF110 (prod)',
            style: 'danger',
          },
          {
            type: 'button',
            action_id: 'cancel_request',
            value: 'REQUEST1',
            text: { type: 'plain_text', text: 'Keep running' },
            accessibility_label: 'Keep running: WKF110 (prod)',
          },
        ],
      },
    ]);
    for (const { name, events } of endings) {
      const spoken = /^Ask again: (WKF110|all workflows) \(prod\)$/;
      const button = { action_id: 'ask_again', value: 'REQUEST1', accessibility_label: expect.stringMatching(spoken) };
      const again = [{ type: 'actions', elements: [button] }];
      expect(buttonsOf(events)).toMatchObject(name.startsWith('expired') ? again : []);
    }
    expect([...buttonsOf(autoApproved), ...buttonsOf(confirmed)]).toEqual([]);
  });

  it('has a button to cancel it while a retry is due', () => {
    const request = requestWith([...autoApproved, dispatching, notReached], { verb: 'start' });
    const message = announcement(request, announcementState(request), context);
    const buttons = acceptedBlocks(message).filter(({ type }) => type === 'actions');
    expect(buttons).toMatchObject([{ elements: [{ action_id: 'cancel_request', text: { text: 'Do not send' } }] }]);
    expect(linesOf(message)[2]).toBe('Campaign not reached yet, trying for up to two minutes.');
  });

  it('shows both the alias and the ID', () => {
    const request = requestWith(waiting, { alias: 'nightly-load' });
    expect(linesOf(announcement(request, 'awaiting_approval', context))[0]).toBe('Stop nightly-load (WKF110, prod)');
  });

  it('says that there is no reason where it has no visible characters', () => {
    for (const reason of ['', '\u200b\u202e'])
      expect(linesOf(announcement(requestWith(waiting, { reason }), 'awaiting_approval', context))).toContain(
        '@U0ALICE, no reason given',
      );
  });

  it('says that its reason was erased, in the language of its reader', () => {
    const erased = requestWith(waiting, { reason: null });
    for (const { translator, ...rest } of contexts) {
      const lines = linesOf(announcement(erased, 'awaiting_approval', { translator, ...rest }));
      expect(lines.join()).toContain(plain(translator.translate('text.erased')));
    }
    expect(linesOf(announcement(erased, 'awaiting_approval', context))).toContain('@U0ALICE: (erased)');
  });

  it('has the checkpoint of the log, so that a changed ledger is noticed', () => {
    expect(announcement(requestWith(waiting), 'awaiting_approval', context).blocks.at(-1)).toEqual({
      type: 'context',
      block_id: 'request:REQUEST1',
      elements: [{ type: 'plain_text', text: 'REQUEST1 · record 1234·9ae1c38a9ae1c38a' }],
    });
  });
});

describe('an announcement that needs several confirmations', () => {
  const lines = (events: readonly Event[], order = {}) => {
    const request = requestWith(events, order);
    return linesOf(announcement(request, announcementState(request), context)).slice(2, -1);
  };

  it('shows who has confirmed, and Campaign’s state at the time of the question', () => {
    expect(lines(oneOfTwo)).toEqual([
      'Shows as in progress. A stop cannot be undone: imports and SQL are cancelled.',
      '2 people must confirm by {time}: @U0BOB, @U0CAROL, or @S0LEADS',
    ]);
    expect(linesOf(announcement(requestWith(oneOfTwo), 'awaiting_approval', context)).at(-1)).toBe('1 of 2: @U0BOB.');
  });

  it('asks the group except members who cannot confirm, and nobody else', () => {
    expect(linesOf(announcement(requestWith(waitingForSome), 'awaiting_approval', context)).at(-1)).toBe(
      'Decide by {time}: @S0LEADS (except @U0ALICE and @U0GINA)',
    );
  });

  it('shows what has changed where it is asked again, and that earlier confirmations do not count', () => {
    expect(lines(askedAgain)[1]).toBe(
      'Asked again: it showed as in progress first, and as failed when @U0CAROL confirmed. Earlier confirmations no longer count.',
    );
    expect(lines(askedAgain).join()).not.toContain('1 of 2');
  });

  it('says where Campaign showed no state before, also to the person who confirmed', () => {
    const unseen = askedAgain.map((event) =>
      event.type === 'changed' ? { ...event, data: { ...event.data, before: null } } : event,
    );
    expect(lines(unseen, { verb: 'start' })[1]).toBe(
      'Asked again: its state was not known first, and it showed as failed when @U0CAROL confirmed. Earlier confirmations no longer count.',
    );
    expect(
      linesOf(pressRefused(requestWith(unseen), { kind: 'changed', before: null, now: 'erroneous' }, context))[1],
    ).toBe(
      'Your confirmation of request REQUEST1 does not count: when it was asked, Campaign did not show the state of the workflow, and now it shows as failed. Look at the announcement, and confirm again if it is still right.',
    );
  });

  it.each<ProbeResult>([{ kind: 'slow' }, { kind: 'failed', reason: 'no_connection' }])(
    'says that the state could not be compared for a confirmation, also at the end: %j',
    (seen) => {
      const slow = oneOfTwo.map((event) =>
        event.type === 'confirmed' ? { ...event, data: { ...event.data, seen } } : event,
      );
      const notCompared = 'Its state could not be read at the confirmation, so it was not compared.';
      expect(linesOf(announcement(requestWith(slow), 'awaiting_approval', context)).at(-1)).toBe(
        `1 of 2: @U0BOB. ${notCompared}`,
      );
      const sent = requestWith([...confirmedByTwo, dispatching, ended('accepted', { kind: 'taken' })]);
      expect(linesOf(announcement(sent, announcementState(sent), context)).at(-1)).toContain(
        `Accepted {time}, watching. ${notCompared}`,
      );
    },
  );

  it('names what a freeze of the configuration blocks, and whose confirmation no longer counts', () => {
    const refused = (refusal: object, verb: 'stop' | 'start') => {
      const end = ended('refused', { kind: 'access', refusal: refusal as never });
      return linesOf(outcomeReply(requestWith([...confirmed, end], { verb }), context)).join(' ');
    };
    const frozen = { reason: 'frozen', because: 'restart', until: noon, request: null };
    expect(refused(frozen, 'stop')).toContain(
      'Stopping is held until {time} by a freeze of the configuration: “restart”.',
    );
    expect(refused(frozen, 'start')).toContain('Starting is held until {time} by a freeze');
    expect(refused({ reason: 'deactivated', confirmer: 'U0BOB' }, 'stop')).toContain(
      'The confirmation of @U0BOB does not count any more. This account is deactivated.',
    );
  });

  it('names everybody who confirmed, and says that the state could not be compared', () => {
    expect(linesOf(announcement(requestWith(confirmedByTwo), 'approved', context)).at(-1)).toBe(
      'Confirmed by @U0BOB and @U0CAROL, sending … Its state could not be read at the confirmation, so it was not compared.',
    );
  });
});

describe('an announcement of a start with further effects', () => {
  const effect = (seen: ProbeResult) => {
    const request = requestWith(waitingWith(seen), { verb: 'start' });
    return linesOf(announcement(request, announcementState(request), context))[2];
  };

  it.each([
    [probeShowing('erroneous'), 'Shows as failed. This start runs the failed activity again.'],
    [probeShowing('warning'), 'Shows as paused or unfinished. If paused, this start resumes it where it was.'],
    [
      { kind: 'slow' },
      'Campaign did not show its state in time. If paused, it resumes; after an error, the failed activity runs again.',
    ],
    [
      { kind: 'failed', reason: 'no_connection' },
      'Its state could not be read. If paused, it resumes; after an error, the failed activity runs again.',
    ],
    [{ kind: 'not_shown' }, 'If paused, it resumes; after an error, the failed activity runs again.'],
    [probeShowing('finished'), 'Shows as finished.'],
    [
      probeShowing(null),
      'Shows as in a state this bot does not know. If paused, it resumes; after an error, the failed activity runs again.',
    ],
  ] as const)('explains them: %j', (seen, text) => expect(effect(seen)).toBe(text));

  it.each([
    [{ kind: 'slow' }, true],
    [{ kind: 'failed', reason: 'no_connection' }, true],
    [probeShowing('editing'), false],
  ] as const)('says at the end whether it was sent without a probe: %j', (seen, isMentioned) => {
    const events = [...autoApprovedWith(seen), dispatching, ended('accepted', { kind: 'taken' })];
    const last = (verb: 'start' | 'pause') =>
      linesOf(announcement(requestWith(events, { verb }), 'accepted', context)).at(-1);
    expect(last('start')?.endsWith('Its state could not be read beforehand.')).toBe(isMentioned);
    expect(last('pause')).not.toContain('could not be read');
  });
});

describe('production', () => {
  it('is marked at the beginning of a message', () => {
    const title = (order: Partial<Order>) =>
      linesOf(announcement(requestWith(waiting, order), 'awaiting_approval', context))[0];
    expect(title({ production: true })).toBe('🔴 PRODUCTION · Stop WKF110 (prod)');
    expect(title({ production: false, environment: 'stage' })).toBe('Stop WKF110 (stage)');
    expect(
      linesOf(directOutcome(requestWith([ended('not_sent', { kind: 'too_late' })], { production: true }), context))[1],
    ).toBe('🔴 PRODUCTION · Stop WKF110 (prod) REQUEST1');
  });
});

describe('a freeze', () => {
  const order = { verb: 'freeze', workflowId: '*', until: noon } as const;

  it('shows its environment, its end and its effect', () => {
    expect(linesOf(announcement(requestWith(autoApproved, order), 'approved', context))).toEqual([
      'Freeze prod until {time}',
      '@U0ALICE: wrong audience',
      'Until then nobody starts or resumes anything there. Stops and pauses still work.',
    ]);
  });

  it('that would shorten another one, or conflicts with an open one, says what to do', () => {
    const refusedFor = (because: EndReason, verb: 'freeze' | 'unfreeze') =>
      linesOf(privateOutcome(requestWith([ended('refused', because)], { ...order, verb }), context))[1];
    expect(refusedFor({ kind: 'frozen_longer', request: 'OTHER001', until: noon }, 'freeze')).toBe(
      'Refused. Nothing was sent. prod is frozen until {time} already, by OTHER001, and a freeze does not shorten another one. To shorten it, type /campaign-wf unfreeze prod first.',
    );
    for (const verb of ['freeze', 'unfreeze'] as const) {
      expect(refusedFor({ kind: 'busy', request: 'OTHER001' }, verb)).toContain(
        'Another freeze of prod, or the lifting of one, is open: OTHER001.',
      );
    }
  });

  it('in force says how it is lifted; one that is not says so', () => {
    const inForce = requestWith([...autoApproved, dispatching, ended('accepted', { kind: 'taken' })], order);
    expect(linesOf(outcomeReply(inForce, context))[0]).toBe(
      '@U0ALICE Freeze prod until {time} · In force. Until {time} nobody starts or resumes a workflow in prod. To lift it before: /campaign-wf unfreeze prod',
    );
    expect(linesOf(privateOutcome(requestWith([ended('not_sent', { kind: 'too_late' })], order), context))[1]).toMatch(
      /This freeze is not in force\.$/,
    );
  });
});

describe('a watch', () => {
  const order = { verb: 'watch', alias: 'nightly-load' } as const;

  it('shows its workflow and what it does, and how it is ended', () => {
    expect(linesOf(announcement(requestWith(autoApproved, order), 'approved', context))).toEqual([
      'Watch nightly-load (WKF110, prod)',
      '@U0ALICE: wrong audience',
      'The bot looks at it every few minutes, and tells this channel once for each change that matters.',
    ]);
    const done = requestWith([...autoApproved, dispatching, ended('accepted', { kind: 'taken' })], order);
    expect(linesOf(outcomeReply(done, context))[0]).toContain('/campaign-wf unwatch nightly-load --env prod');
  });

  it('that has no effect says why, and what is watched', () => {
    const refusedFor = (because: EndReason) =>
      linesOf(privateOutcome(requestWith([ended('refused', because)], order), context))[1];
    expect(refusedFor({ kind: 'watched_already', request: 'OTHER001' })).toBe(
      'Refused. Nothing was sent. It is watched in this channel already, since OTHER001.',
    );
    expect(refusedFor({ kind: 'watched_by_file' })).toContain('stands in campaign-wf.yml');
    expect(refusedFor({ kind: 'not_watched' })).toContain('/campaign-wf watch');
    expect(refusedFor({ kind: 'too_many_watches', most: 100 })).toContain('100 watches');
  });
});

describe('an answer to an alert', () => {
  const order = { verb: 'mute', alias: 'nightly-load', reason: '', until: noon } as const;
  const { granted } = samples;
  const unannounced: Event = { type: 'approved', data: { by: null, interaction: null, unannounced: true } };
  const taken = [granted, unannounced, dispatching, ended('accepted', { kind: 'taken' })];
  const told = (events: readonly Event[], rest: Partial<Order> = {}) =>
    linesOf(privateOutcome(requestWith(events, { ...order, ...rest }), context));

  it('is told to whoever gave it, and in the history', () => {
    expect(told(taken)[1]).toMatch(/^Muted until .+ by @U0ALICE\. What is still wrong then is told\.$/);
    expect(told(taken, { verb: 'leave_paused' })[1]).toBe('@U0ALICE leaves it paused.');
    const history = linesOf(renderMessage(historyEntry(requestWith(taken, order), context, noon))).join('\n');
    expect(history).toMatch(/mute nightly-load.*\n.*In force until /);
  });

  it('that has no effect says why, and which request was first', () => {
    const refused = (because: EndReason) => told([granted, ended('refused', because)])[1];
    expect(refused({ kind: 'muted_already', request: 'OTHER001', until: noon })).toMatch(
      /It is muted already, until .+\. Request OTHER001\.$/,
    );
    expect(refused({ kind: 'left_already', request: null, by: 'U0BOB' })).toMatch(/@U0BOB leaves it .+ again\.$/);
    expect(refused({ kind: 'not_paused' })).toContain('not seen as paused any more');
  });
});

describe('an outcome', () => {
  it('has the checkpoint of the log', () => {
    const request = requestWith([...autoApproved, dispatching, ended('accepted', { kind: 'taken' })]);
    expect(smallPrintOf(outcomeReply(request, context))).toBe(
      'REQUEST1 · outcome accepted · record 1234·9ae1c38a9ae1c38a',
    );
  });

  it('does not claim that an accepted command was executed', () => {
    const accepted = everyEnd.filter(([name]) => name.endsWith('accepted'));
    expect(accepted).toHaveLength(22);
    for (const [, request] of accepted.filter(([, { order }]) => isVerb(order.verb)))
      for (const line of [
        ...linesOf(outcomeReply(request, context)),
        ...linesOf(announcement({ ...request, order: { ...request.order, verb: 'stop' } }, 'accepted', context)),
      ])
        expect(line).not.toMatch(claims);
  });

  it('unknown says what to do, and shows the result of the probe; the cause is small', () => {
    const crashed = ended('unknown', { kind: 'crashed' });
    const observed: Event = {
      type: 'observed',
      data: { observation: { kind: 'seen', reading: 'in_progress', field: 'state', raw: '11' } },
    };
    const reply = outcomeReply(requestWith([...confirmed, dispatching, crashed, observed]), context);
    expect(linesOf(reply)).toEqual([
      '@U0ALICE ⚠️ WKF110 (prod) may be stopped or not. Look in Campaign before repeating. Shows as in progress. Confirmed by @U0CAROL.',
    ]);
    expect(smallPrintOf(reply)).toMatch(
      /^campaign-wf was interrupted while it was sending\.REQUEST1 · outcome unknown/,
    );
  });

  it('unknown says of a pause that was to end that nothing resumes it', () => {
    const crashed = ended('unknown', { kind: 'crashed' });
    const reply = outcomeReply(requestWith([...untilLater, dispatching, crashed], { verb: 'pause' }), context);
    expect(linesOf(reply)[0]).toContain(
      'It is not resumed by itself: if Campaign shows it as paused, type /campaign-wf resume WKF110 --env prod when the pause is to end.',
    );
  });

  it.each([
    [probeShowing('in_progress'), probeShowing('in_progress'), null],
    [probeShowing('in_progress'), { kind: 'slow' }, 'due'],
    [{ kind: 'failed', reason: 'timeout' }, probeShowing('in_progress'), 'asked for'],
  ] as const)('says of a command for later which change goes unnoticed: %j, then %j', (before, seen, when) => {
    const sent = [...releasedWith(before, seen), dispatching, ended('accepted', { kind: 'taken' })];
    const request = requestWith(sent);
    const lines = [...linesOf(announcement(request, 'accepted', context)), ...linesOf(outcomeReply(request, context))];
    const said = lines.filter((line) => line.includes('a change goes unnoticed'));
    expect(said).toHaveLength(when === null ? 0 : 2);
    for (const line of said) expect(line).toContain(`Its state could not be read when it was ${when}`);
  });

  it.each([
    ['finished', 'finished', '✅ WKF110 shows as finished.', ''],
    [
      'erroneous',
      'error',
      '@U0ALICE and @U0CAROL ⚠️ WKF110 shows as failed. Read its log in Campaign before it is started: a start runs the failed activity again.',
      '(logicalStatus: error)',
    ],
    [
      'in_progress',
      'started',
      '@U0ALICE and @U0CAROL ⚠️ WKF110 shows as in progress. Ten minutes after the stop, that is not what was asked for. Look in Campaign.',
      '(logicalStatus: started)',
    ],
  ] as const)(
    'has a follow-up that says that a stopped workflow shows %s, and mentions people where they must act',
    (reading, raw, line, small) => {
      const observed: Event = {
        type: 'observed',
        data: { observation: { kind: 'seen', reading, field: 'logicalStatus', raw } },
      };
      const request = requestWith([...confirmed, dispatching, ended('accepted', { kind: 'taken' }), observed]);
      expect(linesOf(followUpReply(request, context))).toEqual([line]);
      expect(smallPrintOf(followUpReply(request, context))).toBe(small);
    },
  );

  it('has ✅ only for what was seen and is as it was asked for', () => {
    for (const request of everyObserved) {
      const isAsAsked =
        request.observation?.kind === 'seen' && request.observation.reading === asked[request.order.verb];
      for (const message of [announcement(request, 'accepted', context), followUpReply(request, context)]) {
        expect(linesOf(message).join().includes('✅')).toBe(isAsAsked);
        expect(message.text.includes('✅')).toBe(isAsAsked);
      }
    }
    for (const [, request] of everyEnd) expect(linesOf(outcomeReply(request, context)).join()).not.toContain('✅');
  });

  it('shows a state by its raw value where it has no name', () => {
    const observed = (reading: 'warning' | null): Event => ({
      type: 'observed',
      data: { observation: { kind: 'seen', reading, field: 'state', raw: '21' } },
    });
    const small = (reading: 'warning' | null) =>
      smallPrintOf(
        outcomeReply(
          requestWith([...confirmed, dispatching, ended('unknown', { kind: 'crashed' }), observed(reading)]),
          context,
        ),
      );
    expect(small(null)).toContain('(state: 21)');
    expect(small('warning')).not.toContain('21');
  });

  it('quotes Campaign’s response after a rejection, and not after an acceptance', () => {
    const answer = { status: 400, text: 'RST-360011 <b>no</b>', adobeRequestId: 'req-1' };
    const because = { kind: 'campaign', reason: 'other' } as const;
    const rejected = requestWith([...autoApproved, dispatching, ended('rejected', because, answer)]);
    expect(smallPrintOf(outcomeReply(rejected, context))).toContain(
      'Campaign’s answer: RST-360011 <b>no</b> Adobe’s request id: req-1',
    );
    const accepted = requestWith([...autoApproved, dispatching, ended('accepted', { kind: 'taken' }, answer)]);
    expect(JSON.stringify(outcomeReply(accepted, context))).not.toContain('RST-360011');
  });

  it('in a direct message names its channel', () => {
    const request = requestWith([...autoApproved, ended('not_sent', { kind: 'too_late' })]);
    expect(linesOf(directOutcome(request, context)).slice(0, 2)).toEqual([
      'This is about a request of yours in #C0OPS:',
      'Stop WKF110 (prod) REQUEST1',
    ]);
  });
});

it.each([
  [ended('not_sent', { kind: 'slack', reason: 'not_in_channel' })],
  [ended('not_sent', { kind: 'slack', reason: 'channel_not_found' })],
  [ended('refused', { kind: 'access', refusal: { reason: 'bot_not_in_channel' } })],
])('a text about a missing invitation fits the place where it is read: %j', (end) => {
  const request = requestWith([end]);
  const inChannel = linesOf(privateOutcome(request, context)).join();
  expect(inChannel).toContain('this channel');
  expect(inChannel).toContain('/invite @campaign-wf here');
  const direct = linesOf(directOutcome(request, context)).slice(1).join();
  expect(direct).toContain('#C0OPS');
  expect(direct).toContain('/invite @campaign-wf there');
});

describe('a refusal', () => {
  it('of a second stop links to the first one, and says when another is possible', () => {
    const because = { kind: 'stopped_lately', request: 'OTHER001', until: noon } as const;
    const refused = requestWith([ended('refused', because)]);
    expect(linesOf(privateOutcome(refused, context))[1]).toContain('already sent a stop: OTHER001.');
    const [linked = context] = contexts;
    const lines = linesOf(privateOutcome(refused, linked));
    expect(lines[1]).toBe(
      'Refused. Nothing was sent. This workflow was already sent a stop: [OTHER001]. Adobe says not to send several; another stop is possible from {time}.',
    );
  });

  it('names who may do it, and where to ask', () => {
    const refusal = {
      reason: 'not_permitted',
      permitted: { users: [], groups: ['S0LEADS'] },
      channels: ['C0OPS'],
    } as const;
    expect(linesOf(privateOutcome(requestWith([ended('refused', { kind: 'access', refusal })]), context))[1]).toBe(
      'Refused. Nothing was sent. @S0LEADS may stop WKF110 in prod, and you are not among them. Ask in #C0OPS.',
    );
  });

  it('names the requester where everybody reads it', () => {
    const refusal = { reason: 'lookup_failed', failed: 'person' } as const;
    const refused = requestWith([...waiting, ended('refused', { kind: 'access', refusal })]);
    expect(linesOf(outcomeReply(refused, context)).join()).toContain('Slack did not say who @U0ALICE is');
    expect(linesOf(announcement(refused, 'refused', context)).at(-1)).toBe('Refused, see thread');
    expect(linesOf(directOutcome(refused, context)).join()).toContain('Slack did not say who you are');
  });

  it.each([
    [
      { reason: 'reason_required', rule: 'Leads stop' },
      'The rule “Leads stop” wants to know why. Type the command again with a reason at its end.',
    ],
    [
      { reason: 'reason_mismatch', rule: 'Leads stop', hint: 'a change number' },
      'The rule “Leads stop” does not take this reason. It asks for: “a change number”. Type the command again with such a reason at its end.',
    ],
  ] as const)('names the rule that requires a reason, and which: %j', (refusal, text) => {
    expect(linesOf(privateOutcome(requestWith([ended('refused', { kind: 'access', refusal })]), context))[1]).toBe(
      `Refused. Nothing was sent. ${text}`,
    );
  });

  it.each([
    [null, ''],
    [
      { workflowId: 'WKF300', alias: null, environment: 'stage' },
      ' Did you mean /campaign-wf stop WKF300 --env stage?',
    ],
    [
      { workflowId: 'WKF300', alias: 'trial', environment: 'prod' },
      ' Did you mean /campaign-wf stop trial --env prod?',
    ],
  ])('of a workflow that does not exist has the command that was probably meant: %j', (nearest, meant) => {
    const refused = requestWith([ended('refused', { kind: 'no_such_workflow', nearest })]);
    expect(linesOf(privateOutcome(refused, context))[1]).toBe(
      `Refused. Nothing was sent. Campaign has no workflow WKF110 in prod. Check its ID in Campaign: it may have been renamed.${meant}`,
    );
  });

  it('says that the rule permits too few approvers, and what helps', () => {
    const refusal = { reason: 'too_few_approvers', rule: 'Leads stop', count: 2 } as const;
    expect(linesOf(privateOutcome(requestWith([ended('refused', { kind: 'access', refusal })]), context))[1]).toBe(
      'Refused. Nothing was sent. Under the rule “Leads stop” whoever asks may not confirm it, and it names too few others for confirmations by 2 people. Let somebody else ask for it, or ask the people who run campaign-wf to name more people.',
    );
  });

  it.each([
    ['requester', ['S0LEADS'], [], 'the only one in @S0LEADS is you, who asked. ', ', or somebody else has to ask'],
    ['empty', ['S0LEADS', 'S0GONE'], ['S0GONE'], 'nobody is in @S0LEADS and S0GONE. ', ''],
    [
      'accounts',
      ['S0LEADS'],
      [],
      '@U0GINA and @S0LEADS cannot, since guests, bots, outsiders and deactivated accounts may not. ',
      '',
    ],
  ] as const)('says that nobody can confirm it (%s), and what has to change', (shortage, groups, gone, why, or) => {
    const permitted = { users: shortage === 'accounts' ? ['U0GINA'] : [], groups };
    const refusal = {
      reason: 'too_few_can_approve',
      rule: 'Leads stop',
      count: 1,
      permitted,
      able: [],
      shortage,
      gone,
    } as const;
    const refused = requestWith([ended('refused', { kind: 'access', refusal })]);
    expect(linesOf(privateOutcome(refused, context))[1]).toBe(
      `Refused. Nothing was sent. Nobody could confirm it: ${why}Somebody who may confirm has to be added there or to the rule “Leads stop”${or}.`,
    );
  });

  it('says that too few approvers can confirm it', () => {
    const permitted = { users: [], groups: ['S0LEADS'] };
    const able = ['U0CAROL'];
    const refusal = { reason: 'too_few_can_approve', rule: 'Leads stop', count: 2, permitted, able } as const;
    expect(linesOf(privateOutcome(requestWith([ended('refused', { kind: 'access', refusal })]), context))[1]).toContain(
      'This needs confirmations by 2 people, and in @S0LEADS only @U0CAROL can give one.',
    );
  });

  it.each([
    [
      1,
      [],
      'Nobody could confirm it: the channel is private, and of @S0LEADS nobody who may confirm is in it. Invite one of them, then try again.',
    ],
    [
      2,
      ['U0CAROL'],
      'This needs confirmations by 2 people. The channel is private, and of @S0LEADS only @U0CAROL can confirm in it. Invite somebody else who may, then try again.',
    ],
  ])('says who has to be invited to the private channel, where %i people have to confirm', (count, able, why) => {
    const permitted = { users: [], groups: ['S0LEADS'] };
    const what = { rule: 'Leads stop', count, permitted, able, shortage: 'not_in_channel' } as const;
    const refusal = { reason: 'too_few_can_approve', ...what } as const;
    expect(linesOf(privateOutcome(requestWith([ended('refused', { kind: 'access', refusal })]), context))[1]).toBe(
      `Refused. Nothing was sent. ${why}`,
    );
  });

  it('of each decision on an expired request is shown in its thread: a press may have confirmed it, or declared an emergency', () => {
    const refusal = {
      kind: 'access',
      refusal: { reason: 'not_an_approver', permitted: { users: ['U0BOB'], groups: [] } },
    } as const;
    const press: Event = { type: 'press_refused', data: { by: 'U0EVE', interaction: 'press-9', refusal } };
    expect(
      linesOf(outcomeReply(requestWith([...waiting, press, ended('expired', { kind: 'expired' })]), context)),
    ).toContain('A decision of @U0EVE did not count: Only @U0BOB may decide on this.');
  });

  it('of a press names the person whose look-up failed, where it is another one', () => {
    const refusal = { reason: 'lookup_failed', failed: 'person', person: 'U0ALICE' } as const;
    expect(linesOf(pressRefused(requestWith(waiting), { kind: 'access', refusal }, context))[1]).toContain(
      'Slack did not say who @U0ALICE is',
    );
  });

  it('of a press has its reason: too late, or not permitted', () => {
    const request = requestWith(waiting);
    const late = (state: State) => linesOf(pressRefused(request, { kind: 'too_late', state }, context));
    const what = 'Stop WKF110 (prod)';
    expect(late('superseded')).toEqual([
      what,
      'Request REQUEST1 is no longer waiting for that. It ended as: superseded.',
    ]);
    const refusal = { reason: 'not_an_approver', permitted: { users: ['U0BOB'], groups: [] } } as const;
    expect(linesOf(pressRefused(request, { kind: 'access', refusal }, context))).toEqual([
      what,
      'Your decision on request REQUEST1 did not count. Only @U0BOB may decide on this.',
    ]);
    expect(
      linesOf(pressRefused(request, { kind: 'access', refusal: { ...refusal, reason: 'own_request' } }, context)),
    ).toEqual([
      what,
      'Your decision on request REQUEST1 did not count. You asked for this yourself, so somebody else has to confirm it: @U0BOB. You can press Keep running until it is sent.',
    ]);
  });
});
