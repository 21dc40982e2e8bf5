import { expect, it } from '@jest/globals';
import { createRates, type RateKind } from '../../../src/slack/listeners/rates.ts';

async function sendAll(times: number, kind: RateKind, rates = createRates(() => {}), person = 'U0ALICE') {
  const answers = [];
  for (let sent = 0; sent < times; sent++) answers.push(await rates(person, kind));
  return answers;
}

it.each([
  ['read', 300],
  ['decision', 300],
  ['start', 1_000],
  ['stop', 1_000],
] as const)('of %s, one person can send %d a minute; the next one is the first above the limit', async (kind, most) => {
  const answers = await sendAll(most + 2, kind);
  expect(answers.slice(0, most).every((answer) => answer === null)).toBe(true);
  expect(answers.slice(most)).toMatchObject([{ isFirst: true }, { isFirst: false }]);
});

it('the limit is per person and kind: a flood of starts and reads blocks no stop, no press and no other person', async () => {
  const counted: RateKind[] = [];
  const rates = createRates((kind) => counted.push(kind));
  await sendAll(1_001, 'start', rates);
  await sendAll(301, 'read', rates);
  expect(counted).toEqual(['start', 'read']);
  for (const kind of ['stop', 'decision'] as const) expect(await rates('U0ALICE', kind)).toBeNull();
  for (const kind of ['start', 'read'] as const) expect(await rates('U0BOB', kind)).toBeNull();
});
