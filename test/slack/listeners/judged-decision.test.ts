import { describe, expect, it } from '@jest/globals';
import type { Judged } from '../../../src/requests/progress.ts';
import { messageFrom } from '../../../src/slack/listeners/command-reply.ts';
import { decideInHome, homeBody } from '../../../src/slack/listeners/home.ts';
import { pressedBody } from '../../../src/slack/listeners/interaction.ts';
import { onStatementSent } from '../../../src/slack/listeners/on-statement.ts';
import { answerPress } from '../../../src/slack/listeners/pressed-button.ts';
import { answerCommand } from '../../../src/slack/listeners/typed-command.ts';
import type { LocalizedMessage } from '../../../src/slack/messages/message-context.ts';
import { people, policyOf, ruleOf } from '../../access/policy.fixture.ts';
import { linesOf } from '../shown-text.ts';
import { type Harness, openHarness } from './harness.fixture.ts';
import { ask } from './question.fixture.ts';

const approval = { from: people('S0LEADS'), count: 1, withinMs: 300_000, requesterMayApprove: false };
const policy = policyOf([ruleOf('Operators', { people: people('U0ALICE', 'U0BOB'), approval })]);

/** The harness, whose decisions are judged at once. */
const judging = ({ ports }: Harness, judged: Judged | null) => ({ ...ports, judged: async () => judged });

async function typed(harness: Harness, text: string, judged: Judged | null): Promise<readonly string[]> {
  const ports = judging(harness, judged);
  const { person: user, ...where } = harness.invocation('U0BOB');
  const message = await messageFrom(await answerCommand({ text, user, ...where }, ports), ports);
  return message === null ? [] : linesOf(message);
}

it('a typed decision that does not count is told that alone, and one that counts or is not judged in time that it is recorded', async () => {
  await using harness = await openHarness(policy);
  await ask(harness, 'R1000000');
  expect(await typed(harness, 'emergency R1000000 fire', 'refused')).toEqual([]);
  await ask(harness, 'R1000001');
  const [note, ...more] = await typed(harness, 'emergency R1000001 password=hunter2', 'refused');
  expect([note, more]).toEqual([expect.stringContaining('was masked'), []]);
  for (const judged of ['counted', null] as const) {
    await ask(harness, `R200000${judged === null ? 0 : 1}`);
    const lines = await typed(harness, `cancel R200000${judged === null ? 0 : 1}`, judged);
    expect(lines.at(-1)).toContain('Recorded your decision');
  }
});

it('a press on a private message that does not count is answered with what waits alone', async () => {
  await using harness = await openHarness(policy);
  await ask(harness, 'R1000000');
  const ports = judging(harness, 'refused');
  const body = pressedBody.parse({
    user: { id: 'U0BOB', team_id: 'T0ACME' },
    team: { id: 'T0ACME' },
    channel: { id: 'C0MKT' },
    trigger_id: 'private',
    container: { type: 'message', message_ts: '9.9', is_ephemeral: true },
    actions: [{ action_id: 'approve_request', value: 'R1000000' }],
  });
  const answer = await answerPress('approve', body, ports);
  const message = answer === null ? null : await messageFrom(answer, ports);
  expect(message).not.toBeNull();
  const lines = message === null ? [] : linesOf(message);
  expect(lines[0]).toContain('1 request waits for your decision');
  expect(lines.join(' ')).not.toContain('Recorded your decision');
});

describe('a decision in the App Home', () => {
  /** What stands above the home afterwards, for each time that it was shown. */
  async function inHome(judged: Judged | null, act: (ports: Harness['ports'], id: string) => Promise<void>) {
    await using harness = await openHarness(policy);
    await ask(harness, 'R1000000');
    const notes: (readonly string[])[] = [];
    const show = async (_: string, note?: LocalizedMessage) => {
      notes.push(note === undefined ? [] : linesOf(note(harness.ports.plainContext)));
    };
    await act({ ...judging(harness, judged), homes: { show } }, 'R1000000');
    return { notes, pressed: (await harness.ledger.events('R1000000')).filter(({ type }) => type === 'pressed') };
  }
  const user = { id: 'U0BOB', team_id: 'T0ACME' };
  const recorded = [expect.arrayContaining([expect.stringContaining('Recorded your decision')])];

  it.each([
    ['refused', [[]]],
    ['counted', recorded],
    [null, recorded],
  ] as const)('is shown as recorded unless it is refused: %s', async (judged, shown) => {
    const press = (ports: Harness['ports'], value: string) => {
      const body = homeBody.parse({ user, view: { type: 'home' }, trigger_id: 'home', actions: [{ value }] });
      return decideInHome('approve', body, async () => {}, ports);
    };
    const { notes, pressed } = await inHome(judged, press);
    expect(notes).toEqual(shown);
    expect(pressed).toHaveLength(1);
  });

  it.each([
    ['refused', [[]]],
    ['counted', recorded],
  ] as const)('and so is one with words, whose dialog was opened there: %s', async (judged, shown) => {
    const send = (ports: Harness['ports'], request: string) => {
      const where = { request, channel: 'C0OPS', surface: 'home', interaction: 'opened', locale: 'en' };
      const reason = { reason: { reason: { value: 'fire' } } };
      const view = { id: 'V1', private_metadata: JSON.stringify(where), state: { values: reason } };
      return onStatementSent('emergency', { body: { user, view } as never, ack: async () => {} }, ports);
    };
    const { notes, pressed } = await inHome(judged, send);
    expect(notes).toEqual(shown);
    expect(pressed).toHaveLength(1);
  });
});
