import { describe, expect, it } from '@jest/globals';
import { checkModal } from '../../sandbox/slack/views/modal.ts';
import { plain } from '../../src/locales/translator.ts';
import type { Event, EventOf } from '../../src/requests/events.ts';
import type { Request } from '../../src/requests/request.ts';
import { statementView } from '../../src/slack/form/statement-view.ts';
import { announcement } from '../../src/slack/messages/announcement.ts';
import { emergencyMessage } from '../../src/slack/messages/emergency.ts';
import { callReply } from '../../src/slack/messages/escalation.ts';
import { historyEntry } from '../../src/slack/messages/history-entry.ts';
import { emergencyPage } from '../../src/slack/messages/page-message.ts';
import { outcomeReply, pressRefused } from '../../src/slack/messages/replies.ts';
import { renderMessage } from '../../src/slack/render.ts';
import { noon } from '../requests/events.fixture.ts';
import { dispatching, ended, requestWith } from './every-request.ts';
import { context, contexts } from './message-contexts.ts';
import { expectCompleteText } from './shown-text.ts';

const leads = { users: ['U0BOB', 'U0CAROL'], groups: ['S0LEADS'] };
const duty = { users: ['U0EVE'], groups: ['S0DUTY'] };
const expiresAt = noon + 600_000;

const asked = (rest: Partial<EventOf<'granted'>['data']>): readonly Event[] => [
  { type: 'granted', data: { rule: 'Leads', approvers: leads, expiresAt, ...rest } },
  { type: 'announcing', data: { attempt: 1 } },
  { type: 'announced', data: { ts: '1.1' } },
  { type: 'asked', data: { expiresAt } },
];
const offered = asked({ emergency: { people: duty, afterMs: 120_000 } });
const only = asked({
  asked: { users: [], groups: [], except: [] },
  emergency: { people: duty, afterMs: 120_000, isOnlyWay: true },
});
const offer: Event = { type: 'emergency_offered', data: { afterMs: 120_000 } };
const press = (choice: 'emergency' | 'review', by: string, reason: string): Event => ({
  type: 'pressed',
  data: { by, choice, interaction: `${choice}-1`, reason },
});
const approved: Event = {
  type: 'approved',
  data: { by: 'U0EVE', interaction: 'emergency-1', emergency: { rule: 'Leads', people: duty, reviewBy: leads } },
};
const declared: readonly Event[] = [...offered, offer, press('emergency', 'U0EVE', '*fire* & smoke'), approved];
const sent: readonly Event[] = [...declared, dispatching, ended('accepted', { kind: 'taken' })];
const told = (number: number): Event => ({
  type: 'emergency_told',
  data: { message: number === 0 ? 'declared' : 'reminder', number, ts: '1.9' },
});
const reviewed: readonly Event[] = [
  ...sent,
  told(0),
  press('review', 'U0BOB', 'right so'),
  { type: 'reviewed', data: { by: 'U0BOB', interaction: 'review-1' } },
];

const isolated = (all: readonly (readonly Event[])[]): readonly Request[] => all.map((events) => requestWith(events));

describe.each(contexts)('in $translator.locale', (context) => {
  it('the announcements, outcomes and history entries of emergencies are valid, and complete', () => {
    for (const request of isolated([only.slice(0, 1), only, [...only, offer], offered, [...offered, offer]]))
      expectCompleteText(announcement(request, 'awaiting_approval', context));
    for (const request of isolated([declared, sent, reviewed])) {
      expectCompleteText(announcement(request, request.end === null ? 'approved' : 'accepted', context));
      expectCompleteText(renderMessage(historyEntry(request, context, noon)));
      if (request.end !== null) expectCompleteText(outcomeReply(request, context));
    }
  });

  it('the history says of its presses that did not count only how many', () => {
    const refused = (number: number): readonly Event[] => [
      { type: 'pressed', data: { by: `U0NO${number}`, choice: 'approve', interaction: `no-${number}` } },
      {
        type: 'press_refused',
        data: {
          ...{ by: `U0NO${number}`, interaction: `no-${number}` },
          refusal: { kind: 'access', refusal: { reason: 'guest' } },
        },
      },
    ];
    const presses = [1, 2, 3, 4].flatMap(refused);
    for (const events of [presses.slice(0, 2), presses]) {
      const all = [...offered, ...events, ...sent.slice(offered.length)];
      const text = JSON.stringify(renderMessage(historyEntry(requestWith(all), context, noon)));
      const count = { count: events.length / 2 };
      expect(text).toContain(plain(context.translator.translate('history.presses_refused', count)));
      expect(text).not.toContain('U0NO');
    }
    expect(JSON.stringify(renderMessage(historyEntry(requestWith([...offered, ...presses]), context, noon)))).toContain(
      'U0NO4',
    );
  });

  it('each message about an emergency is valid, and complete', () => {
    for (const request of isolated([sent, [...sent, told(0)], reviewed]))
      for (const reviewers of [leads, { users: ['U0EVE'], groups: [] }])
        expectCompleteText(emergencyMessage(request, reviewers, context));
    const listed = { number: 0, people: ['U0BOB', 'U0EVE'], reviewers: ['U0BOB'] };
    for (const events of [sent, reviewed])
      for (const person of ['U0BOB', 'U0EVE'])
        expectCompleteText(
          emergencyPage(requestWith([...events, { type: 'emergency_listed', data: listed }]), person, context),
        );
    const refusal = { kind: 'reviewed_already', by: 'U0BOB' } as const;
    expectCompleteText(pressRefused(requestWith(reviewed), refusal, context));
  });

  it('the dialogs are valid for Slack', () => {
    const origin = { channel: 'C0OPS', interaction: '1.2', surface: 'home' } as const;
    for (const hint of [null, 'an incident, such as INC0012345', 'x'.repeat(150)]) {
      const view = statementView('emergency', requestWith([...offered, offer]), { origin, hint }, context);
      expect(checkModal(view)).toMatchObject({ ok: true });
    }
    expect(checkModal(statementView('review', requestWith(sent), { origin, hint: null }, context))).toMatchObject({
      ok: true,
    });
  });
});

describe('what people read', () => {
  const textOf = (events: readonly Event[]) => announcement(requestWith(events), 'awaiting_approval', context).blocks;

  it('says from when an emergency can be declared only where nothing else is left', () => {
    expect(JSON.stringify(textOf(offered))).not.toContain('emergency');
    expect(JSON.stringify(textOf(only))).toContain('Too few people can confirm this now.');
    expect(JSON.stringify(textOf([...offered, offer]))).toContain('Not confirmed in time:');
  });

  it('says who may declare it also where nobody can confirm any more after a change, and in a reminder', () => {
    const seen = { kind: 'seen', reading: 'erroneous', field: 'f', raw: 'erroneous' } as const;
    const changed: Event = {
      type: 'changed',
      data: {
        ...{ by: 'U0BOB', interaction: 'x', before: 'in_progress', now: 'erroneous', seen, expiresAt },
        asked: { users: [], groups: [], except: [] },
      },
    };
    const events = [...offered, changed];
    expect(JSON.stringify(textOf(events))).toContain('Too few people can confirm this now.');
    expect(JSON.stringify(textOf(events))).not.toContain('Confirm by');
    const reminded = callReply(requestWith([...events, offer]), { kind: 'reminder', number: 1 }, context);
    expect(JSON.stringify(reminded.blocks)).toContain('S0DUTY');
  });

  it('names whom escalation asked among those who are told', () => {
    const to = { users: ['U0NIA'], groups: [] };
    const stage: Event = { type: 'escalated', data: { stage: 1, to, asked: { ...to, except: [] }, people: ['U0NIA'] } };
    const events = [...offered, stage, offer, press('emergency', 'U0EVE', 'fire'), approved];
    expect(JSON.stringify(emergencyMessage(requestWith(events), leads, context).blocks)).toContain('U0NIA');
  });

  it('says where nobody may review it any more', () => {
    const nobody = emergencyMessage(requestWith(sent), { users: ['U0EVE'], groups: [] }, context);
    expect(nobody.blocks).toMatchObject([{ type: 'rich_text' }, { type: 'actions' }, { type: 'context' }]);
    expect(JSON.stringify(nobody.blocks)).toContain('names nobody else');
  });
});
