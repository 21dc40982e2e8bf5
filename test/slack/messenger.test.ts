import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type PretendSlack, type SlackFault, startPretendSlack } from '../../sandbox/slack/pretend-slack.ts';
import { user } from '../../sandbox/slack/seed.ts';
import { translatorFor } from '../../src/locales/translator.ts';
import type { Event } from '../../src/requests/events.ts';
import type { Messenger } from '../../src/requests/ports.ts';
import type { Request } from '../../src/requests/request.ts';
import { createClients } from '../../src/slack/clients.ts';
import { createMessenger } from '../../src/slack/messenger.ts';
import { createReplies, type Replies } from '../../src/slack/private-replies.ts';
import { quietLogger, unwatchedClock } from '../sandbox/slack/quiet-client.ts';
import { autoApproved, confirmed, dispatching, ended, everyReminder, requestWith, waiting } from './every-request.ts';
import { checkpoint, context } from './message-contexts.ts';

let slack: PretendSlack;
let replies: Replies;
let messenger: Messenger;
/** The requests that the last message could link. */
let linked: readonly string[];

beforeEach(async () => {
  slack = await startPretendSlack();
  replies = createReplies();
  const options = { token: slack.botToken, apiUrl: slack.apiUrl, logger: quietLogger, clock: unwatchedClock };
  messenger = createMessenger({
    ...createClients(options),
    identity: { team: 'T0ACME', enterprise: null, userId: 'U0BOT', name: 'campaign-wf', workspace: null },
    translator: translatorFor('en'),
    languages: { languageOf: async (person) => (person === 'U0FRAN' ? 'fr' : 'en') },
    replies,
    references: async (ids) => {
      linked = ids;
      return context.refer;
    },
    itemsOf: async () => [],
    checkpoint: () => checkpoint,
    reviewersOf: () => ({ users: [], groups: ['S0HEADS'] }),
    isKnownHere: () => true,
  });
});
afterEach(async () => {
  expect(slack.workspace.mistakes).toEqual([]);
  await slack.close();
});

/** A new request, announced in Slack. */
async function announced(...events: Event[]): Promise<Request> {
  const [granted, announcing, , ...after] = waiting;
  const before = [granted, announcing].filter((event) => event !== undefined);
  const request = { ...requestWith(before), requestedAt: Date.now() };
  const posted = await messenger.announce(request);
  const ts = posted.kind === 'posted' ? posted.ts : '';
  const all = [...before, { type: 'announced', data: { ts } } as const, ...after, ...events];
  return { ...requestWith(all), requestedAt: request.requestedAt };
}

it('an announcement of a burst links the one that has notified its approvers', async () => {
  const announcing: Event = { type: 'announcing', data: { attempt: 1, notifiedBy: 'REQUEST0' } };
  await messenger.announce(requestWith([...waiting.slice(0, 1), announcing]));
  expect(linked).toEqual(['REQUEST0']);
});

const messages = () => slack.workspace.messages;
const cancelled = ended('cancelled', { kind: 'decided', by: 'U0BOB', interaction: 'press-1' });

describe('the check whether Slack is reachable', () => {
  it('succeeds while Slack answers and accepts the token', async () => {
    expect(await messenger.isReachable()).toBe(true);
    slack.fail('auth.test', { kind: 'error', error: 'a_name_of_the_future' }, { times: 1 });
    expect(await messenger.isReachable()).toBe(true);
  });

  it.each<SlackFault>([
    { kind: 'error', error: 'token_revoked' },
    { kind: 'error', error: 'account_inactive' },
    { kind: 'error', error: 'internal_error' },
    { kind: 'http', status: 503 },
    { kind: 'rate_limited', retryAfterSeconds: 30 },
    { kind: 'drop_before' },
  ])('fails: %j', async (fault) => {
    slack.fail('auth.test', fault);
    expect(await messenger.isReachable()).toBe(false);
    slack.clearFaults();
    expect(await messenger.isReachable()).toBe(true);
  });
});

describe('an announcement', () => {
  it('has metadata for programs', async () => {
    const request = await announced();
    expect(messages()).toMatchObject([
      {
        channel: 'C0OPS',
        threadTs: null,
        metadata: {
          event_type: 'campaign_wf_request',
          event_payload: {
            request_id: 'REQUEST1',
            command: 'stop',
            workflow_id: 'WKF110',
            environment: 'prod',
            state: 'awaiting_approval',
            digest: request.firstDigest,
            checkpoint: checkpoint.note,
          },
        },
      },
    ]);
  });

  it('is updated in place: its blocks and its metadata', async () => {
    const request = await announced(cancelled);
    expect(await messenger.updateAnnouncement(request, 'cancelled')).toMatchObject({ kind: 'posted' });
    expect(messages()).toHaveLength(1);
    const { firstDigest: digest } = request;
    const payload = { state: 'cancelled', digest, checkpoint: checkpoint.note };
    expect(messages()[0]?.metadata?.event_payload).toMatchObject(payload);
    expect(messages()[0]?.blocks.map(({ type }) => type)).toEqual(['rich_text', 'context']);
  });

  it('that was posted without a response is found, and nothing is posted twice', async () => {
    slack.fail('chat.postMessage', { kind: 'drop_after' }, { times: 1 });
    const request = { ...requestWith(waiting.slice(0, 2)), requestedAt: Date.now() };
    expect(await messenger.announce(request)).toEqual({ kind: 'doubt' });
    expect(messages()).toHaveLength(1);
    expect(await messenger.findAnnouncement(request)).toEqual({ kind: 'found', ts: messages()[0]?.ts });
    expect(slack.calls.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(1);
  });

  it.each([
    [{ kind: 'http', status: 500 }, { kind: 'doubt' }],
    [
      { kind: 'rate_limited', retryAfterSeconds: 3 },
      { kind: 'rate_limited', retryAfterMs: 3_000 },
    ],
    [
      { kind: 'error', error: 'is_archived' },
      { kind: 'refused', reason: 'channel_archived' },
    ],
  ] as const)('is attempted once: after %j', async (fault, result) => {
    slack.fail('chat.postMessage', fault, { times: 1 });
    expect(await messenger.announce(requestWith(waiting.slice(0, 2)))).toEqual(result);
    expect(messages()).toEqual([]);
    expect(slack.calls).toHaveLength(1);
  });
});

describe('what the channel shows of a request', () => {
  it('is the current announcement and the outcome', async () => {
    const request = await announced(cancelled);
    const ts = request.announcement.ts;
    expect(await messenger.readThread(request)).toMatchObject({
      kind: 'read',
      announcement: { ts, shows: 'awaiting_approval' },
      outcome: null,
    });
    await messenger.updateAnnouncement(request, 'cancelled');
    await messenger.postOutcome(request);
    expect(await messenger.readThread(request)).toMatchObject({
      kind: 'read',
      announcement: { ts, shows: 'cancelled' },
      outcome: { outcome: 'cancelled', digest: request.end?.digest, ts: messages()[1]?.ts },
    });
  });

  it('has what the newest message about an emergency says of it, without its texts', async () => {
    const reviewBy = { users: ['U0BOB'], groups: ['S0HEADS'] };
    const emergency = { rule: 'Leads', people: { users: ['U0EVE'], groups: [] }, reviewBy };
    const [by, interaction] = ['U0EVE', 'emergency-1'];
    const declared: readonly Event[] = [
      { type: 'pressed', data: { by, choice: 'emergency', interaction, reason: 'fire' } },
      { type: 'approved', data: { by, interaction, emergency } },
    ];
    const first = await announced(...declared);
    await messenger.tellEmergency(first);
    const { emergency: state } = first;
    const later = state && { ...state, told: { ...state.told, count: 1 } };
    await messenger.tellEmergency({ ...first, emergency: later });
    const found = { by, rule: 'Leads', reviewBy, at: first.emergency?.at, reviewedBy: null };
    expect(await messenger.readThread(first)).toMatchObject({
      emergency: { ...found, number: 1, ts: messages().at(-1)?.ts },
    });
    expect(JSON.stringify(messages().map(({ metadata }) => metadata))).not.toContain('fire');
  });

  it('is nothing where the announcement was deleted', async () => {
    const request = await announced(cancelled);
    slack.deleteMessage('C0OPS', request.announcement.ts ?? '');
    expect(await messenger.readThread(request)).toMatchObject({ kind: 'read', announcement: null, outcome: null });
  });

  it('is unknown where the thread cannot be read, whatever the channel shows', async () => {
    const request = await announced(cancelled);
    slack.fail('conversations.replies', { kind: 'error', error: 'missing_scope' });
    expect(await messenger.readThread(request)).toEqual({ kind: 'unknowable' });
  });
});

describe('an outcome', () => {
  it('is posted in the thread of its announcement, with its own digest and the checkpoint of the log', async () => {
    const request = await announced(cancelled);
    expect(await messenger.postOutcome(request)).toMatchObject({ kind: 'posted' });
    expect(messages()[1]).toMatchObject({
      threadTs: request.announcement.ts,
      replyBroadcast: false,
      metadata: {
        event_type: 'campaign_wf_outcome',
        event_payload: {
          request_id: 'REQUEST1',
          outcome: 'cancelled',
          digest: request.end?.digest,
          checkpoint: checkpoint.note,
        },
      },
    });
    expect(await messenger.findOutcome(request)).toEqual({ kind: 'found', ts: messages()[1]?.ts });
  });

  it.each([
    ['unknown', true],
    ['rejected', true],
    ['accepted', false],
  ] as const)('%s is also shown in the channel: %s', async (outcome, broadcast) => {
    const because = { kind: 'campaign', reason: 'other' } as const;
    const request = await announced(...confirmed.slice(waiting.length), dispatching, ended(outcome, because));
    await messenger.postOutcome(request);
    expect(messages()[1]).toMatchObject({ replyBroadcast: broadcast });
  });

  it('is not mistaken for that of another request in the thread', async () => {
    const request = await announced(cancelled);
    await messenger.postOutcome(request);
    expect(await messenger.findOutcome({ ...request, id: 'REQUEST2' })).toEqual({ kind: 'absent' });
  });

  it('without an announcement is sent as a direct message where no private reply is possible', async () => {
    const refused = ended('refused', { kind: 'access', refusal: { reason: 'guest' } });
    expect(await messenger.postOutcomePrivately(requestWith([refused]))).toMatchObject({ kind: 'posted' });
    expect(messages()).toMatchObject([{ channel: 'D0ALICE', metadata: { event_type: 'campaign_wf_outcome' } }]);
    expect(messages()[0]?.text).toContain('This is about a request of yours in <#C0OPS>:');
  });

  it('is sent as a direct message also after a private reply in doubt', async () => {
    replies.remember('typed-1', 'http://127.0.0.1:1/gone');
    const late = requestWith([...autoApproved, ended('not_sent', { kind: 'too_late' })]);
    expect(await messenger.postOutcomePrivately(late)).toMatchObject({ kind: 'posted' });
    expect(messages()).toMatchObject([{ channel: 'D0ALICE' }]);
  });
});

describe('a reply', () => {
  const answer = (message: object | null) => JSON.stringify({ ok: true, channel: 'C0OPS', ts: '7.7', message });
  it.each([
    ['no thread', answer({ ts: '7.7' }), { unthreaded: true }],
    ['null as its thread', answer({ ts: '7.7', thread_ts: null }), { unthreaded: true }],
    ['its thread', answer({ ts: '7.7', thread_ts: '1.1' }), {}],
    ['null as the message', answer(null), {}],
    ['no message', '{"ok":true,"channel":"C0OPS","ts":"7.7"}', {}],
  ])('for which Slack returns %s', async (_, body, noticed) => {
    const request = await announced(cancelled);
    slack.fail('chat.postMessage', { kind: 'http', status: 200, body, type: 'application/json' }, { times: 2 });
    const posted = { kind: 'posted', ts: '7.7', ...noticed };
    expect(await messenger.postOutcome(request)).toEqual(posted);
    expect(await messenger.sendOutcomeDirectly(request)).toEqual({ kind: 'posted', ts: '7.7' });
  });
});

it('a reminder of a pause that the channel does not take goes to the requester, with the channel and without a button', async () => {
  const [request] = everyReminder;
  if (request === undefined) throw new Error('there is no reminder');
  expect(await messenger.sendPauseReminderDirectly(request)).toMatchObject({ kind: 'posted' });
  const [message] = messages();
  expect(message).toMatchObject({ channel: 'D0ALICE' });
  const shown = JSON.stringify(message?.blocks);
  expect(shown).toContain('This is about a request of yours in');
  expect(shown).toContain('from another channel, or in Campaign.');
  expect(shown).not.toContain('resume_paused');
});

describe('a press that does not count', () => {
  it('is answered to the person, as a direct message where no private reply is possible', async () => {
    const refusal = { kind: 'too_late', state: 'expired' } as const;
    const refused = { by: 'U0DAVE', interaction: 'press-1', refusal };
    expect(await messenger.replyToPress(requestWith(waiting), refused)).toMatchObject({ kind: 'posted' });
    expect(messages()).toMatchObject([
      {
        channel: 'D0DAVE',
        text: 'Stop WKF110 (prod)\nRequest REQUEST1 is no longer waiting for that. It ended as: expired.',
        metadata: { event_type: 'campaign_wf_note' },
      },
    ]);
  });

  it('is answered with a link to the freeze', async () => {
    const refusal = { kind: 'access', refusal: { reason: 'frozen', request: 'FREEZE01' } } as const;
    const refused = { by: 'U0ALICE', interaction: 'press-1', refusal };
    const pressed = { by: 'U0ALICE', choice: 'approve', interaction: 'press-1' } as const;
    const events: readonly Event[] = [
      { type: 'pressed', data: pressed },
      { type: 'press_refused', data: refused },
    ];
    await messenger.replyToPress(requestWith([...waiting, ...events]), refused);
    expect(linked).toEqual(['FREEZE01']);
  });

  it('is answered with the channel that the bot has to join', async () => {
    const refusal = { kind: 'access', refusal: { reason: 'bot_not_in_channel' } } as const;
    await messenger.replyToPress(requestWith(waiting), { by: 'U0DAVE', interaction: 'press-1', refusal });
    expect(messages()[0]?.text).toContain('not in <#C0OPS>');
    expect(messages()[0]?.text).toContain('/invite @campaign-wf there');
  });

  it('is answered in the person’s language, with the button’s label of the channel', async () => {
    slack.workspace.users.push(user('U0FRAN', 'fran', 'Fran French'));
    const refusal = { kind: 'access', refusal: { reason: 'own_request' } } as const;
    await messenger.replyToPress(requestWith(waiting), { by: 'U0FRAN', interaction: 'press-1', refusal });
    expect(messages()[0]?.text).toContain('Votre décision sur la demande REQUEST1 n’a pas compté.');
    expect(messages()[0]?.text).toContain('Keep running reste possible');
  });
});
