import { expect, it } from '@jest/globals';
import { simplePolicy } from '../../../src/access/simple-policy.ts';
import type { Request } from '../../../src/requests/request.ts';
import { askAgain } from '../../../src/slack/listeners/ask-again.ts';
import { endedAs, samples } from '../../requests/events.fixture.ts';
import { append } from '../../requests/ledger/ledger.fixture.ts';
import { lists } from '../../requests/scene/scene.fixture.ts';
import { type ButtonPress, type Harness, openHarness, pressOn, vocabulary } from './harness.fixture.ts';

const policy = simplePolicy(lists, 'prod');
const minute = 60_000;

/** A request that nobody has confirmed in time. */
async function expiredRequest(harness: Harness, command = 'stop WKF110 wrong audience'): Promise<Request> {
  const [id = ''] = (await harness.type('U0ALICE', command)).join(' ').match(/[0-9A-Z]{8}/) ?? [];
  const request = await harness.ledger.load(id);
  if (request === null) throw new Error(`there is no request ${id}`);
  const { granted, announcing, announced, asked } = samples;
  const expired = await append(harness.ledger, request, granted, announcing, announced, asked, endedAs('expired'));
  return expired ?? request;
}

const pressed = (request: string, harness: Harness, press?: ButtonPress) => pressOn(askAgain, request, harness, press);

async function allOf({ ledger }: Harness): Promise<readonly Request[]> {
  return ledger.recent({ channel: 'C0OPS', workflowKey: null, refused: false, limit: 20 });
}

it.each(['stop WKF110 wrong audience', 'watch WKF110 new load', 'unwatch WKF110 old load'])(
  'several clicks of one person make one request with the same order; another person makes another: %s',
  async (command) => {
    await using harness = await openHarness(policy);
    const { id, order } = await expiredRequest(harness, command);
    await Promise.all([pressed(id, harness), pressed(id, harness)]);
    await pressed(id, harness);
    await pressed(id, harness, { by: 'U0BOB' });
    const again = (await allOf(harness)).filter((one) => one.id !== id);
    expect(again.map(({ requester }) => requester).sort()).toEqual(['U0ALICE', 'U0BOB']);
    for (const one of again) expect(one.order).toEqual(order);
  },
);

it('tells whoever clicks that somebody else has asked for the same, with its link, and still asks', async () => {
  await using harness = await openHarness(policy);
  const { id } = await expiredRequest(harness);
  await pressed(id, harness);
  const again = (await allOf(harness)).find((one) => one.id !== id);
  if (again === undefined) throw new Error('it was not asked again');
  const { granted, announcing, announced, asked } = samples;
  await append(harness.ledger, again, granted, announcing, announced, asked);
  const told = `@U0ALICE has asked for the same: ${again.id}.`;
  expect(await pressed(id, harness, { by: 'U0BOB' })).toMatch(new RegExp(`^Asked: [0-9A-Z]{8} ${told}$`));
  expect(await pressed(id, harness)).not.toContain('has asked');
  const pause = await expiredRequest(harness, 'pause WKF110 wrong audience');
  expect(await pressed(pause.id, harness, { by: 'U0BOB' })).not.toContain('has asked');
  await append(harness.ledger, again, endedAs('expired'));
  expect(await pressed(again.id, harness, { by: 'U0BOB' })).not.toContain('has asked');
});

it('tells it of several workflows as well, in whichever order they were named', async () => {
  await using harness = await openHarness(policy);
  const mine = await expiredRequest(harness, 'stop WKF110 WKF111 wrong audience');
  expect(await pressed(mine.id, harness, { by: 'U0BOB' })).toMatch(/^Asked: [0-9A-Z]{8}$/);
  const [id = ''] = (await harness.type('U0ALICE', 'stop WKF111 WKF110')).join(' ').match(/[0-9A-Z]{8}/) ?? [];
  const waiting = await harness.ledger.load(id);
  if (waiting === null) throw new Error('it is not recorded');
  const { granted, announcing, announced, asked } = samples;
  await append(harness.ledger, waiting, granted, announcing, announced, asked);
  expect(await pressed(mine.id, harness, { by: 'U0CAROL' })).toContain(`@U0ALICE has asked for the same: ${id}.`);
});

it('once the new request has ended for a while, a press makes another', async () => {
  await using harness = await openHarness(policy);
  const { id } = await expiredRequest(harness);
  await pressed(id, harness);
  const [first] = (await allOf(harness)).filter((one) => one.id !== id);
  if (first === undefined) throw new Error('it was not asked again');
  await append(harness.ledger, first, endedAs('refused'));
  await pressed(id, harness);
  expect((await allOf(harness)).length).toBe(1);
  const later = { ...harness, ports: { ...harness.ports, now: () => harness.ports.now() + minute } };
  await pressed(id, later);
  await pressed(id, later);
  expect((await allOf(harness)).map(({ state }) => state).sort()).toEqual(['expired', 'submitted']);
});

it('a reason that was erased is left out', async () => {
  await using harness = await openHarness(policy);
  const { id } = await expiredRequest(harness);
  await harness.ledger.eraseText(id, { by: 'dpo', because: 'request 12' });
  await pressed(id, harness);
  const again = (await allOf(harness)).find((one) => one.id !== id);
  expect(again?.order).toMatchObject({ workflowId: 'WKF110', reason: '' });
});

it('says why it makes no request', async () => {
  await using harness = await openHarness(policy);
  const { id } = await expiredRequest(harness);
  const freeze = await expiredRequest(harness, 'freeze prod 30m wrong list');
  const tomorrow = { ...harness, ports: { ...harness.ports, now: () => harness.ports.now() + 60 * minute } };
  expect(await pressed(freeze.id, tomorrow)).toContain('That freeze would be over already');
  const renamed = { ...harness, ports: { ...harness.ports, environmentOf: () => null } };
  expect(await pressed(id, renamed)).toContain('environment');
  expect(await pressed('NOREQ000', harness)).toContain('There is no request');
  expect(await pressed(id, harness, { channel: 'C0MKT' })).toContain('There is no request');
  expect((await allOf(harness)).length).toBe(2);
});

it('counts in a channel with a new ID, where the button is that of its own announcement', async () => {
  await using harness = await openHarness(policy, vocabulary);
  const { id, announcement } = await expiredRequest(harness);
  // The rules do not name the new ID yet: it is judged anew there, and refused.
  expect(await pressed(id, harness, { channel: 'G0LEADS', ts: announcement.ts ?? '' })).not.toContain(
    'There is no request',
  );
});
