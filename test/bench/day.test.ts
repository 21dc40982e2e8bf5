import { describe, expect, it } from '@jest/globals';
import { backlogChart, roundUp } from '../../bench/day/backlog-chart.ts';
import { burstsOf } from '../../bench/day/bursts.ts';
import { midnight, planDay, timeOf } from '../../bench/day/plan.ts';
import { createVirtualTime } from '../../bench/day/virtual-time.ts';

const size = { commands: 5_000, channels: 25, seed: 7, from: 0, to: 24 };

describe('the commands of a simulated day', () => {
  const plan = planDay(size);

  it('are the same for the same seed, and others for another one', () => {
    expect(planDay(size)).toEqual(plan);
    expect(planDay({ ...size, seed: 8 })).not.toEqual(plan);
  });

  it('are as many as asked for, in order, within the day', () => {
    expect(plan).toHaveLength(5_000);
    expect(plan).toEqual(plan.toSorted((a, b) => a.at - b.at));
    expect(plan[0]?.at).toBeGreaterThanOrEqual(midnight);
    expect(plan.at(-1)?.at).toBeLessThan(timeOf(24));
  });

  it('have a burst of 60 starts at six in the busiest channel, each for another workflow', () => {
    const burst = plan.filter(({ at }) => at >= timeOf(6) && at < timeOf(6) + 3_000);
    const starts = burst.filter(({ verb, channel }) => verb === 'start' && channel === 'C0DAY0');
    expect(new Set(starts.map(({ workflowId }) => workflowId)).size).toBeGreaterThanOrEqual(60);
    const busiest = [...Map.groupBy(plan, ({ channel }) => channel)].toSorted(([, a], [, b]) => b.length - a.length);
    expect(busiest[0]?.[0]).toBe('C0DAY0');
    expect(busiest).toHaveLength(25);
  });

  it('can be those of some hours', () => {
    const morning = planDay({ ...size, from: 8, to: 9.5 });
    expect(morning).toEqual(plan.filter(({ at }) => at >= timeOf(8) && at < timeOf(9.5)));
    expect(morning.length).toBeGreaterThan(500);
  });
});

describe('the 429s of posts', () => {
  const post = (channel: string, begunAt: number) => ({
    method: 'chat.postMessage',
    ...{ channel, begunAt, answeredAt: begunAt + 150, retryAfterMs: 1_000 },
  });

  it('are a burst until the channel is no longer paced; what began before the first answer was on its way', () => {
    const first = [post('C1', 0), post('C1', 100), post('C1', 150), post('C1', 151)];
    const updates = [{ ...post('', 0), method: 'chat.update' }];
    // Paced for 30 seconds after the 1.1 seconds that are between two posts.
    const [paced, after] = [post('C3', 150 + 31_100), post('C1', 301 + 31_101)];
    const bursts = burstsOf([...first, post('C2', 5), post('C3', 0), ...updates, paced, after]);
    expect(bursts.map(({ channel, refused, beyondFirst }) => [channel, refused.length, beyondFirst])).toEqual([
      ['C1', 4, 1],
      ['C1', 1, 0],
      ['C2', 1, 0],
      ['C3', 2, 1],
    ]);
  });
});

describe('virtual time', () => {
  it('fires the timers that are due, in their order, and stands still in between', () => {
    const time = createVirtualTime(1_000);
    const fired: string[] = [];
    for (const [at, name] of [
      [3_000, 'c'],
      [2_000, 'a'],
      [2_000, 'b'],
      [9_000, 'd'],
    ] as const)
      time.at(at, () => fired.push(name));
    expect([time.now(), time.nextAt()]).toEqual([1_000, 2_000]);
    time.moveTo(3_000);
    expect(fired).toEqual(['a', 'b', 'c']);
    expect([time.now(), time.nextAt()]).toEqual([3_000, 9_000]);
  });
});

describe('the chart of the backlog', () => {
  const samples = [0, 1, 2, 3].map((minute) => ({
    at: midnight + minute * 60_000,
    ...{ posts: minute * 10, updates: 5, commands: minute === 2 ? 7 : 0 },
  }));
  const chart = backlogChart('Backlog of <A & B>', samples);

  it('has a line for messages and one for updates, from the left to the right, with the highest at the top mark', () => {
    const points = /class="posts" points="([\d., ]+)"\/>\n/.exec(chart)?.[1]?.split(' ');
    expect(points).toHaveLength(4);
    expect([points?.[0], points?.[3]]).toEqual(['64,284', '864,119']);
    expect(/class="updates" points="([\d., ]+)"\/>\n/.exec(chart)?.[1]?.split(' ')).toHaveLength(4);
  });

  it('names its units and times, and is readable in the dark', () => {
    for (const part of [
      'commands a minute',
      'messages that wait',
      '>00:00<',
      'prefers-color-scheme: dark',
      '&lt;A &amp; B>',
    ])
      expect(chart).toContain(part);
  });

  it.each([
    [1, 1],
    [3, 4],
    [41, 60],
    [600, 600],
    [7_000, 8_000],
    [9_000, 10_000],
  ])('has a round number above %i: %i', (value, mark) => {
    expect(roundUp(value)).toBe(mark);
  });
});
