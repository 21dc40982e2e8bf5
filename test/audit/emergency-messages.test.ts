import { describe, expect, it } from '@jest/globals';
import { compareMessage } from '../../src/audit/slack/compare-message.ts';
import { messagesOf } from '../../src/audit/slack/expected-messages.ts';
import { postedMessage } from '../../src/audit/slack/posted-message.ts';
import type { Event } from '../../src/requests/events.ts';
import type { Request } from '../../src/requests/request.ts';
import { emergencyMetadata } from '../../src/slack/messages/emergency.ts';
import { recorded, requestedBy } from '../requests/events.fixture.ts';
import { requestWith } from '../slack/every-request.ts';

const nobody = { users: [], groups: [] };

const declared: readonly Event[] = [
  { type: 'granted', data: { rule: 'Leads', approvers: nobody, expiresAt: 1 } },
  { type: 'announcing', data: { attempt: 1 } },
  { type: 'announced', data: { ts: '1.1' } },
  { type: 'asked', data: { expiresAt: 1 } },
  { type: 'pressed', data: { by: 'U0EVE', choice: 'emergency', interaction: 'press-1', reason: 'fire' } },
  {
    type: 'approved',
    data: { by: 'U0EVE', interaction: 'press-1', emergency: { rule: 'Leads', people: nobody, reviewBy: nobody } },
  },
];
const told: readonly Event[] = [
  { type: 'emergency_told', data: { message: 'declared', number: 0, ts: '1.2' } },
  { type: 'emergency_told', data: { message: 'reminder', number: 1, ts: '1.3' } },
];

const known = (request: Request) => ({
  request,
  places: { channel: 'C0OPS', messages: [] },
  shownAt: 0,
  isChanging: false,
  items: new Map(),
});

describe('the comparison with Slack', () => {
  it('expects each message about an emergency', () => {
    const events = recorded([{ type: 'requested', data: requestedBy() }, ...declared, ...told]);
    expect(messagesOf('REQUEST1', events).messages.map(({ kind, ts }) => `${kind} ${ts}`)).toEqual([
      'announcement 1.1',
      'emergency 1.2',
      'emergency 1.3',
    ]);
  });

  it('names one of a request without an emergency, and one that was edited', () => {
    const metadata = emergencyMetadata(requestWith(declared));
    const message = postedMessage('C0OPS', { ts: '1.2', user: 'U0BOT', metadata }, true);
    if (message === null) throw new Error('it is not recognized');
    expect(message).toMatchObject({ kind: 'emergency', hasMetadata: true });
    expect(compareMessage(message, known(requestWith(declared)), null, true)).toEqual([]);
    expect(compareMessage(message, known(requestWith(declared.slice(0, 4))), null, true)).toEqual(['ahead']);
    expect(compareMessage({ ...message, editedAt: 5 }, known(requestWith(declared)), null, true)).toEqual(['edited']);
  });
});
