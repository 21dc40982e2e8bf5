import { describe, expect, it } from '@jest/globals';
import type { RateKind } from '../../../src/slack/listeners/rates.ts';
import type { Message } from '../../../src/slack/render.ts';
import { context } from '../message-contexts.ts';
import { linesOf } from '../shown-text.ts';
import { openBolt } from './bolt.fixture.ts';
import { vocabulary } from './harness.fixture.ts';

const typed = (text: string) => ({ user_id: 'U0ALICE', channel_id: 'C0OPS', trigger_id: '1.2', text });
const pressed = { user: { id: 'U0ALICE' }, trigger_id: '1.2', channel: { id: 'C0OPS' }, actions: [{ value: 'X' }] };

function formFor(command: string) {
  const select = (name: string, value: string) => ({ [name]: { [name]: { selected_option: { value } } } });
  const values = { ...select('workflow', 'id WKF110 prod'), ...select('command', command) };
  const origin = JSON.stringify({ channel: 'C0OPS', interaction: '1.2' });
  return { user: { id: 'U0ALICE' }, view: { id: 'V1', private_metadata: origin, state: { values } } };
}

const tooMany = 'You have sent too much within a minute, so this was not taken. Try again in 42 seconds.';

/** Delivers an interaction over the limit. Nothing but the answer is possible: every other call would be a fault. `answers`: with the acknowledgement, or after it. */
async function deliver(name: string, body: object, isFirst: boolean) {
  const counted: [person: string, kind: RateKind][] = [];
  const bolt = openBolt(context, {
    vocabulary: () => vocabulary,
    async rates(person, kind) {
      counted.push([person, kind]);
      return { retryInSeconds: 42, isFirst };
    },
  });
  await bolt.deliver(name, body);
  const answers = [...bolt.acknowledged.filter(isMessage), ...bolt.answers.map(({ message }) => message)];
  return { counted, acknowledged: bolt.acknowledged, answers: answers.map(linesOf) };
}

function isMessage(response: unknown): response is Message {
  return typeof response === 'object' && response !== null && 'blocks' in response;
}

describe('over the limit', () => {
  it.each<[string, string, object, RateKind]>([
    ['a typed stop', 'command', typed('stop WKF110'), 'stop'],
    ['a typed pause', 'command', typed('pause WKF110'), 'stop'],
    ['a typed freeze', 'command', typed('freeze prod 2h wrong audience'), 'stop'],
    ['a typed start', 'command', typed('start WKF110'), 'start'],
    ['a typed resume', 'command', typed('resume WKF110'), 'start'],
    ['a typed unfreeze', 'command', typed('unfreeze prod'), 'start'],
    ['a typed decision', 'command', typed('approve 7K3M9QPA'), 'decision'],
    ['a query', 'command', typed('status WKF110'), 'read'],
    ['a typing error', 'command', typed('stpo WKF110'), 'read'],
    ['a press of Confirm', 'approve_request', pressed, 'decision'],
    ['a press of Keep running', 'cancel_request', pressed, 'decision'],
    ['a press that opens the form', 'new_request', pressed, 'read'],
    ['a shortcut', 'shortcut', pressed, 'read'],
  ])('%s does nothing, and is answered with the time of the next attempt', async (_what, name, body, kind) => {
    expect(await deliver(name, body, true)).toEqual({
      counted: [['U0ALICE', kind]],
      acknowledged: [name === 'command' ? expect.objectContaining({ response_type: 'ephemeral' }) : undefined],
      answers: [[tooMany]],
    });
  });

  it.each<[string, string, object, number]>([
    ['a typed command', 'command', typed('stop WKF110'), 1],
    ['a press of Confirm', 'approve_request', pressed, 0],
    ['a press of Keep running', 'cancel_request', pressed, 0],
    ['a press that opens the form', 'new_request', pressed, 0],
    ['a shortcut', 'shortcut', pressed, 0],
  ])(
    '%s is acknowledged again and again; only a command is also answered each time',
    async (_what, name, body, times) => {
      const { acknowledged, answers } = await deliver(name, body, false);
      expect([acknowledged.length, answers.length]).toEqual([1, times]);
    },
  );

  it.each([
    ['stop', 'stop'],
    ['start', 'start'],
  ])('a form for a %s stays open, and says so at its workflow', async (command, kind) => {
    expect(await deliver('request_form', formFor(command), true)).toEqual({
      counted: [['U0ALICE', kind]],
      acknowledged: [{ response_action: 'errors', errors: { workflow: tooMany } }],
      answers: [],
    });
  });
});
