import { expect, it } from '@jest/globals';
import { context } from '../message-contexts.ts';
import { openBolt } from './bolt.fixture.ts';

/** What is counted for a delivery that fails, because the ports can do nothing. */
async function countedFor(name: string) {
  const counted: string[] = [];
  const bolt = openBolt(context, {
    count: { arrived: (kind) => void counted.push(kind), fault: (kind) => void counted.push(`fault: ${kind}`) },
  });
  const user = { id: 'U0ALICE' };
  await bolt.deliver(name, { user, user_id: user.id, trigger_id: '1.2', text: 'stop WKF110', view: { id: 'V1' } });
  return { names: bolt.names, counted };
}

it.each([
  ['command', ['command', 'fault: interaction']],
  ['approve_request', ['press', 'fault: interaction']],
  ['cancel_request', ['press', 'fault: interaction']],
  ['new_request', ['form', 'fault: interaction']],
  ['shortcut', ['form', 'fault: interaction']],
  ['request_form', ['form', 'fault: interaction']],
  ['reason_form', ['form', 'fault: interaction']],
  // A form asks for suggestions at every letter, and nobody sent anything yet.
  ['options', ['fault: interaction']],
])('a delivery of %s is counted by its kind, and its failure as a fault: %j', async (name, expected) => {
  expect((await countedFor(name)).counted).toEqual(expected);
});

it('a press of a button that this version does not know is counted as a press', async () => {
  const { names } = await countedFor('');
  const [other = ''] = names.filter((name) => name.startsWith('/'));
  expect((await countedFor(other)).counted).toEqual(['press', 'fault: interaction']);
});
