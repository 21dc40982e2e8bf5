import { describe, expect, it } from '@jest/globals';
import { compareMessage } from '../../src/audit/slack/compare-message.ts';
import { messagesOf } from '../../src/audit/slack/expected-messages.ts';
import { postedMessage, slackMessage } from '../../src/audit/slack/posted-message.ts';
import type { Event } from '../../src/requests/events.ts';
import { replay } from '../../src/requests/replay.ts';
import { endedAs, noon, recorded, samples } from '../requests/events.fixture.ts';

const { requested, granted, announcing, announced, approved, dispatching } = samples;
const accepted = [requested, granted, announcing, announced, approved, dispatching, endedAs('accepted')];
const { pause_reminding: reminding, pause_reminded: reminded, pause_answered: answered } = samples;

/** How the reminder in the thread fits a ledger with these events. */
function mismatches(events: readonly Event[], edited?: { readonly ts: string }): readonly string[] {
  const all = recorded(events);
  const request = replay(all);
  const places = messagesOf(request.id, all);
  const metadata = { event_type: 'campaign_wf_pause', event_payload: { request_id: request.id } };
  const read = slackMessage.parse({ ts: '1.4', thread_ts: '1.1', user: 'U0BOT', metadata, ...(edited && { edited }) });
  const message = postedMessage('C0OPS', read, false);
  if (message === null) throw new Error('it is not seen as one of the bot’s');
  const known = { request, places, shownAt: noon, isChanging: false, items: new Map() };
  return compareMessage(message, known, places.messages.find(({ ts }) => ts === '1.4') ?? null, true);
}

describe('verify --slack and the reminder of a pause', () => {
  it('knows it, and where it stands', () => {
    const all = recorded([...accepted, reminding, reminded]);
    expect(messagesOf('R', all).messages.map(({ kind, ts }) => [kind, ts])).toContainEqual(['pause_reminder', '1.4']);
    expect(mismatches([...accepted, reminding, reminded])).toEqual([]);
    expect(mismatches([...accepted, reminding])).toEqual([]);
  });

  it('names one that the ledger does not know of', () => {
    expect(mismatches(accepted)).toEqual(['ahead']);
  });

  it('names one that was edited without an answer', () => {
    expect(mismatches([...accepted, reminding, reminded], { ts: '1.9' })).toEqual(['edited']);
    expect(mismatches([...accepted, reminding, reminded, answered], { ts: '1.9' })).toEqual([]);
  });
});
