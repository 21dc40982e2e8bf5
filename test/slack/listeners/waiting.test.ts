import { describe, expect, it } from '@jest/globals';
import type { Rule } from '../../../src/access/policy.ts';
import { pressedBody } from '../../../src/slack/listeners/interaction.ts';
import { answerPress } from '../../../src/slack/listeners/pressed-button.ts';
import type { Message } from '../../../src/slack/render.ts';
import { people, policyOf, ruleOf } from '../../access/policy.fixture.ts';
import { endedAs } from '../../requests/events.fixture.ts';
import { append } from '../../requests/ledger/ledger.fixture.ts';
import { acceptedBlocks, linesOf } from '../shown-text.ts';
import { type Harness, openHarness } from './harness.fixture.ts';
import { ask, later } from './question.fixture.ts';

const approval = { from: people('S0LEADS'), count: 1, withinMs: 300_000, requesterMayApprove: false };
const stops: Partial<Rule> = { people: people('U0ALICE', 'U0BOB'), approval };
const policy = policyOf([
  ruleOf('Operators', { ...stops, channels: new Set(['C0OPS', 'C0MKT', 'G0LEADS', 'C0NOBOT']) }),
]);

type ShownButton = { readonly action_id: string; readonly value: string };

const buttonsIn = (message: Message) =>
  acceptedBlocks(message)
    .flatMap((block) => (block.type === 'actions' ? (block.elements as unknown as readonly ShownButton[]) : []))
    .map(({ action_id, value }) => `${action_id} ${value}`);

const waiting = (harness: Harness, person: string, channel = 'C0OPS') => harness.answer(person, 'waiting', channel);

/** The requests of the lines. */
const namesIn = (message: Message) => linesOf(message).flatMap((line) => /WKF-(\w+)/.exec(line)?.[1] ?? []);

/** An emergency that nobody has reviewed. */
async function declare(harness: Harness, id: string, by = 'U0ALICE', rest: object = {}) {
  const { ledger } = harness;
  const asked = await ask(harness, id, { rest });
  const [interaction, nobody] = [`declares ${id}`, { users: [], groups: [] }];
  const emergency = { rule: 'Operators', people: nobody, reviewBy: { users: [], groups: ['S0LEADS'] } };
  await append(ledger, asked, { type: 'pressed', data: { by, choice: 'emergency', interaction, reason: 'fire' } });
  await append(ledger, asked, { type: 'approved', data: { by, interaction, emergency } });
}

let presses = 0;

async function pressPrivately(
  { ports }: Harness,
  person: string,
  value: string,
  {
    choice = 'approve' as 'approve' | 'cancel' | 'review',
    channel = 'C0MKT',
    team = 'T0ACME',
    ephemeral = true,
    interaction = '',
  } = {},
) {
  const body = pressedBody.parse({
    user: { id: person, team_id: team },
    team: { id: team },
    channel: { id: channel },
    trigger_id: interaction || `private-${++presses}`,
    container: { type: 'message', message_ts: '9.9', is_ephemeral: ephemeral },
    actions: [{ value }],
  });
  const reply = await answerPress(choice, body, ports);
  if (reply === null) return null;
  const message = 'now' in reply ? reply.now(ports.plainContext) : await reply.later(ports);
  return { message, replaces: 'replaces' in reply };
}

const leave = ({ slack }: Harness, channel: string, person: string) => {
  const left = slack.workspace.channels.find(({ id }) => id === channel);
  if (left) left.members = left.members.filter((one) => one !== person);
};

const pressesOn = async ({ ledger }: Harness, id: string) =>
  (await ledger.events(id)).flatMap(({ type, data }) => (type === 'pressed' ? [data] : []));

describe('waiting', () => {
  it('finds the review that somebody may give among many that others have to give', async () => {
    await using harness = await openHarness(policy);
    for (let number = 0; number < 65; number++) await declare(harness, `A${100 + number}`, 'U0BOB');
    await declare(harness, 'Z1');
    expect(linesOf(await waiting(harness, 'U0BOB')).at(0)).toBe('1 emergency waits for your review');
  });

  it('lists what waits for the decision of a lead in all channels, what ends first first, with its buttons', async () => {
    await using harness = await openHarness(policy);
    await ask(harness, 'R1', { expiresAt: later + 2 });
    await ask(harness, 'R2', { expiresAt: later, rest: { channel: 'C0MKT' } });
    const answer = await waiting(harness, 'U0BOB');
    expect(linesOf(answer)).toEqual([
      '2 requests wait for your decision',
      'Stop WKF-R2 (prod)',
      '@U0ALICE · wrong audience · decide by {time} · #C0MKT · R2',
      'Stop WKF-R1 (prod)',
      '@U0ALICE · wrong audience · decide by {time} · R1',
    ]);
    expect(buttonsIn(answer)).toEqual([
      'approve_request R2',
      'cancel_request R2',
      'approve_request R1',
      'cancel_request R1',
    ]);
  });

  it('shows what the person has asked, with what that person may press', async () => {
    await using harness = await openHarness(policy);
    await ask(harness, 'R1');
    const answer = await waiting(harness, 'U0ALICE', 'C0MKT');
    expect(linesOf(answer)).toEqual([
      'Your open request',
      'Stop WKF-R1 (prod)',
      '@U0ALICE · wrong audience · @S0LEADS until {time} · #C0OPS · R1',
    ]);
    expect(buttonsIn(answer)).toEqual(['cancel_request R1']);
  });

  it('shows nothing to whom no question concerns, and nothing that has ended, expired or is confirmed already', async () => {
    await using harness = await openHarness(policy);
    await append(harness.ledger, await ask(harness, 'R1'), endedAs('cancelled'));
    await ask(harness, 'R2', { expiresAt: 1 });
    const confirmed = { by: 'U0BOB', interaction: 'press-1', needed: 2, seen: null };
    await append(harness.ledger, await ask(harness, 'R3'), { type: 'confirmed', data: confirmed });
    const nothing = ['Nothing waits for your decision, and none of your requests is open.'];
    for (const person of ['U0BOB', 'U0DAVE', 'U0GINA'])
      expect(linesOf(await waiting(harness, person))).toEqual(nothing);
    expect(namesIn(await waiting(harness, 'U0CAROL'))).toEqual(['R3']);
  });

  it('shows only channels of which the person is a member now', async () => {
    await using harness = await openHarness(policy);
    await ask(harness, 'R1', { rest: { channel: 'G0LEADS', requester: 'U0ALICE' } });
    await ask(harness, 'R2', { rest: { channel: 'C0MKT' } });
    expect(namesIn(await waiting(harness, 'U0BOB'))).toEqual(['R2', 'R1']);
    // Carol is a lead and not in #marketing; Alice asked, and is not in #leads.
    expect(namesIn(await waiting(harness, 'U0CAROL'))).toEqual(['R1']);
    expect(namesIn(await waiting(harness, 'U0ALICE'))).toEqual(['R2']);
  });

  it('shows nothing while Slack does not say which channels the person is in', async () => {
    await using harness = await openHarness(policy);
    await ask(harness, 'R1');
    harness.slack.fail('users.conversations', { kind: 'error', error: 'internal_error' });
    const answer = await waiting(harness, 'U0BOB');
    expect(linesOf(answer)).toEqual([expect.stringMatching(/^Slack did not say which channels you are in/)]);
    expect(buttonsIn(answer)).toEqual([]);
  });

  it.each([
    ['a question', ask],
    ['a review', declare],
  ])('says that more may wait where Slack does not say who is in a group: %s', async (_what, begin) => {
    await using harness = await openHarness(policy);
    await begin(harness, 'R1');
    harness.slack.fail('usergroups.users.list', { kind: 'error', error: 'internal_error' });
    expect(linesOf(await waiting(harness, 'U0BOB'))).toEqual([
      expect.stringMatching(/^More may wait for you\. Slack did not say who is in .*S0LEADS/),
    ]);
  });

  it('says how many it does not show', async () => {
    await using harness = await openHarness(policy);
    for (let nth = 10; nth < 40; nth++) await ask(harness, `R${nth}`, { expiresAt: later + nth });
    const answer = await waiting(harness, 'U0BOB');
    expect(linesOf(answer)[0]).toBe('30 requests wait for your decision');
    expect(namesIn(answer)).toEqual(['R10', 'R11', 'R12', 'R13', 'R14', 'R15', 'R16', 'R17', 'R18', 'R19']);
    expect(linesOf(answer).at(-1)).toBe('20 more are not shown: look in the channels.');
    const own = await waiting(harness, 'U0ALICE');
    expect([linesOf(own)[0], linesOf(own).at(-1)]).toEqual([
      'Your 30 open requests',
      '24 more are not shown: look in the channels.',
    ]);
  });

  it('shows nobody of another workspace anything', async () => {
    await using harness = await openHarness(policy);
    await ask(harness, 'R1');
    const { ports, invocation } = harness;
    const { waitingMessage } = await import('../../../src/slack/answers/waiting.ts');
    const answer = await waitingMessage({ ...invocation('U0BOB'), team: 'T0PARTNER' }, ports);
    expect(namesIn(answer)).toEqual([]);
  });

  it('takes no more words', async () => {
    await using harness = await openHarness(policy);
    expect((await harness.type('U0BOB', 'waiting WKF110'))[0]).toContain('WKF110');
    expect((await harness.type('U0BOB', 'waitng'))[0]).not.toContain('Nothing waits');
  });
});

describe('a press on a private message', () => {
  it('counts in the channel of the request, and is answered with what waits then', async () => {
    await using harness = await openHarness(policy);
    await ask(harness, 'R1000000');
    const answered = await pressPrivately(harness, 'U0BOB', 'R1000000');
    expect(answered?.replaces).toBe(true);
    const lines = linesOf(answered?.message as Message);
    expect(lines.slice(0, 3)).toEqual([
      'Stop WKF-R1000000 (prod)',
      'Recorded your decision on request R1000000. What happens next shows in its thread.',
      '1 request waits for your decision',
    ]);
    expect(lines.at(-1)).toContain('your decision is recorded');
    expect(buttonsIn(answered?.message as Message)).toEqual([]);
    expect(await pressesOn(harness, 'R1000000')).toMatchObject([
      { by: 'U0BOB', choice: 'approve', surface: 'message' },
    ]);
  });

  it('counts once, however often it is delivered or pressed', async () => {
    await using harness = await openHarness(policy);
    await ask(harness, 'R1000000');
    const twice = { interaction: 'the same' };
    await Promise.all([1, 2].map(() => pressPrivately(harness, 'U0BOB', 'R1000000', twice)));
    await pressPrivately(harness, 'U0BOB', 'R1000000');
    expect(await pressesOn(harness, 'R1000000')).toHaveLength(1);
  });

  it.each([
    ['by somebody who has left the channel', 'U0BOB', {}],
    ['in the channel itself, by somebody who has left it', 'U0BOB', { channel: 'C0OPS' }],
    ['by a person of another workspace', 'U0CAROL', { team: 'T0PARTNER' }],
    ['in a direct message, by somebody who has left', 'U0BOB', { channel: 'D0BOB', ephemeral: false }],
  ])('is not recorded %s', async (_who, person, how) => {
    await using harness = await openHarness(policy);
    await ask(harness, 'R1000000');
    leave(harness, 'C0OPS', 'U0BOB');
    const answered = await pressPrivately(harness, person, 'R1000000', how);
    expect(linesOf(answered?.message as Message)[0]).toBe('There is no request R1000000 in a channel that you are in.');
    expect(await pressesOn(harness, 'R1000000')).toEqual([]);
  });

  it.each([
    ['counts in a public channel', 'C0OPS', [['U0BOB', 'approve']]],
    ['does not count in a private one that the person has left', 'G0LEADS', []],
  ])('of somebody whom a stage asked by direct message %s', async (_how, channel, pressed) => {
    await using harness = await openHarness(policy);
    const to = { users: ['U0BOB'], groups: [] };
    const stage = { stage: 1, to, asked: { ...to, except: [] }, people: ['U0BOB'] };
    await append(harness.ledger, await ask(harness, 'R1000000', { rest: { channel } }), {
      type: 'escalated',
      data: stage,
    });
    leave(harness, channel, 'U0BOB');
    await pressPrivately(harness, 'U0BOB', 'R1000000', { channel: 'D0BOB', ephemeral: false });
    const recorded = await pressesOn(harness, 'R1000000');
    expect(recorded.map(({ by, choice }) => [by, choice])).toEqual(pressed);
  });

  it.each([
    ['may be given by a reviewer who is not in the public channel', 'U0BOB', 'C0OPS', ['U0BOB']],
    ['is left to those who are in a private one', 'U0BOB', 'G0LEADS', []],
    ['is not found by others', 'U0DAVE', 'C0OPS', []],
  ])('the review of an emergency %s', async (_how, person, channel, pressed) => {
    await using harness = await openHarness(policy);
    await declare(harness, 'R1000000', 'U0ALICE', { channel });
    leave(harness, channel, person);
    const found = linesOf(await waiting(harness, person, 'C0MKT')).includes('1 emergency waits for your review');
    const answered = await pressPrivately(harness, person, 'R1000000', { choice: 'review', channel: 'D0ANY' });
    const recorded = (await pressesOn(harness, 'R1000000')).filter(({ choice }) => choice === 'review');
    expect(recorded.map(({ by }) => by)).toEqual(pressed);
    expect(found).toBe(pressed.length > 0);
    if (pressed.length === 0)
      expect(linesOf(answered?.message as Message)[0]).toContain('in a channel that you are in');
  });

  it('says the same of a value that is no request', async () => {
    await using harness = await openHarness(policy);
    for (const value of ['R2000000', '', 'none', 'x'.repeat(2_000), '{"request":"R1"}']) {
      const answered = await pressPrivately(harness, 'U0BOB', value);
      expect(linesOf(answered?.message as Message)[0]).toMatch(
        /^There is no request .* ?in a channel that you are in\.$/,
      );
    }
  });

  it('is not recorded for a request of another workspace', async () => {
    await using harness = await openHarness(policy);
    await ask(harness, 'R1000000', { rest: { team: 'T0PARTNER' } });
    await pressPrivately(harness, 'U0BOB', 'R1000000');
    expect(await pressesOn(harness, 'R1000000')).toEqual([]);
  });

  it('does not count while Slack does not say which channels the person is in', async () => {
    await using harness = await openHarness(policy);
    await ask(harness, 'R1000000');
    harness.slack.fail('users.conversations', { kind: 'error', error: 'internal_error' });
    const answered = await pressPrivately(harness, 'U0BOB', 'R1000000');
    expect(linesOf(answered?.message as Message)[0]).toContain('Slack did not say whether you are in its channel');
    expect(await pressesOn(harness, 'R1000000')).toEqual([]);
  });

  it('counts for a channel that has another ID by now', async () => {
    await using harness = await openHarness(policy);
    await ask(harness, 'R1000000');
    harness.slack.moveChannel('C0OPS', 'G0OPS');
    await pressPrivately(harness, 'U0BOB', 'R1000000');
    expect(await pressesOn(harness, 'R1000000')).toHaveLength(1);
    expect(await harness.ledger.load('R1000000')).toMatchObject({ channel: 'G0OPS' });
  });

  it('says that it is too late where the request has ended', async () => {
    await using harness = await openHarness(policy);
    await append(harness.ledger, await ask(harness, 'R1000000'), endedAs('cancelled'));
    const answered = await pressPrivately(harness, 'U0BOB', 'R1000000', { choice: 'cancel' });
    expect(linesOf(answered?.message as Message)[1]).toContain('is no longer waiting for that');
  });

  it('leaves a press in another channel as it was: it does not count', async () => {
    await using harness = await openHarness(policy);
    await ask(harness, 'R1000000');
    const answered = await pressPrivately(harness, 'U0BOB', 'R1000000', { ephemeral: false });
    expect(linesOf(answered?.message as Message)[0]).toContain('There is no request R1000000 in this channel.');
    expect(await pressesOn(harness, 'R1000000')).toEqual([]);
  });
});
