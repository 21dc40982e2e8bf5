import { describe, expect, it } from '@jest/globals';
import { simplePolicy } from '../../../src/access/simple-policy.ts';
import { askOnAlert } from '../../../src/slack/listeners/answer-alert.ts';
import { append } from '../../requests/ledger/ledger.fixture.ts';
import { lists } from '../../requests/scene/scene.fixture.ts';
import { type ButtonPress, type Harness, openHarness, pressOn } from './harness.fixture.ts';

const policy = simplePolicy(lists, 'prod');
const hours = 3_600_000;

const pressed = (
  answer: 'mute' | 'leave_paused',
  harness: Harness,
  press: ButtonPress = {},
  value = 'acme-prod/WKF110',
) => pressOn(askOnAlert(answer), value, harness, press);

const requestsIn = ({ ledger }: Harness) =>
  ledger.recent({ channel: 'C0OPS', workflowKey: null, refused: false, limit: 30 });

describe('Mute and Leave it on an alert', () => {
  it('are recorded before they are judged, as requests of who pressed, for four hours from then on', async () => {
    await using harness = await openHarness(policy);
    const from = harness.ports.now();
    await pressed('mute', harness);
    await pressed('leave_paused', harness, { by: 'U0GINA' });
    await pressed('mute', harness, { by: 'U0BOB' }, 'acme-prod/');
    const [ofEnvironment, left, muted] = await requestsIn(harness);
    const about = { environment: 'prod', organization: 'acme-prod', reason: '' };
    expect(muted).toMatchObject({
      state: 'submitted',
      requester: 'U0ALICE',
      order: { ...about, verb: 'mute', workflowId: 'WKF110' },
    });
    expect(left).toMatchObject({
      requester: 'U0GINA',
      order: { ...about, verb: 'leave_paused', workflowId: 'WKF110' },
    });
    expect(ofEnvironment).toMatchObject({ requester: 'U0BOB', order: { ...about, verb: 'mute', workflowId: '*' } });
    expect(muted?.order.until).toBeGreaterThanOrEqual(from + 4 * hours);
    expect(muted?.order.until).toBeLessThanOrEqual(harness.ports.now() + 4 * hours);
    expect(left?.order.until).toBeUndefined();
  });

  it('make one request for several clicks of one person, and another one once the first is over', async () => {
    await using harness = await openHarness(policy);
    await Promise.all([1, 2, 3].map(() => pressed('mute', harness)));
    const [muted, ...none] = await requestsIn(harness);
    expect(none).toEqual([]);
    await pressed('mute', harness, { by: 'U0BOB' });
    await pressed('mute', harness, { ts: '8.8' });
    expect(await requestsIn(harness)).toHaveLength(3);
    if (muted === undefined) throw new Error('it is not recorded');
    await append(harness.ledger, muted, {
      type: 'ended',
      data: { outcome: 'refused', because: { kind: 'not_watched' }, answer: null },
    });
    await pressed('mute', harness);
    expect(await requestsIn(harness)).toHaveLength(2);
    const later = { ...harness, ports: { ...harness.ports, now: () => harness.ports.now() + 60_000 } };
    await pressed('mute', later);
    await pressed('mute', later);
    expect(await requestsIn(harness)).toHaveLength(3);
  });

  it('can be pressed every day, however long an alert stands', async () => {
    await using harness = await openHarness(policy);
    const began = harness.ports.now();
    for (let time = 0; time < 30; time += 1) {
      const ports = { ...harness.ports, now: () => began + time * 4 * hours };
      await pressed('mute', { ...harness, ports });
      const [muted] = await requestsIn(harness);
      if (muted === undefined) throw new Error(`it is not recorded: ${time}`);
      const ended = { outcome: 'superseded', because: { kind: 'superseded', by: 'OTHER001' }, answer: null } as const;
      await append(harness.ledger, muted, { type: 'ended', data: ended });
    }
    expect(await requestsIn(harness)).toHaveLength(30);
  });

  it('are not recorded in a channel that no rule names, and for an environment that is gone', async () => {
    await using harness = await openHarness(policy);
    expect(await pressed('mute', harness, { channel: 'C0MKT' })).not.toBe('');
    expect(harness.unnamedChannels()).toBe(1);
    expect(await pressed('leave_paused', harness, {}, 'other/WKF110')).toContain('does not have this environment');
    expect(await requestsIn(harness)).toEqual([]);
    expect(await harness.ledger.recent({ channel: 'C0MKT', workflowKey: null, refused: true, limit: 9 })).toEqual([]);
  });
});
