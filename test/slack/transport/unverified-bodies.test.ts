import { expect, it } from '@jest/globals';
import { createUnverifiedBodies } from '../../../src/slack/transport/slack-body.ts';

function bodiesOf(limitBytes: number) {
  const dropped: string[] = [];
  const bodies = createUnverifiedBodies(limitBytes);
  return { dropped, begin: (name: string) => bodies.begin(() => dropped.push(name)) };
}

it('above the limit the largest body is dropped', () => {
  const { begin, dropped } = bodiesOf(10_000);
  const [small, large, late] = [begin('small'), begin('large'), begin('late')];
  small.add(1_000);
  large.add(7_000);
  late.add(3_000);
  expect(dropped).toEqual(['large']);
  late.add(3_000);
  expect(dropped).toEqual(['large']);
  late.add(9_000);
  expect(dropped).toEqual(['large', 'late']);
});

it('ended and dropped bodies do not count', () => {
  const { begin, dropped } = bodiesOf(10_000);
  const ended = begin('ended');
  ended.add(9_000);
  ended.end();
  ended.add(9_000);
  const other = begin('other');
  other.add(9_000);
  expect(dropped).toEqual([]);
  other.add(9_000);
  other.add(9_000);
  begin('last').add(9_000);
  expect(dropped).toEqual(['other']);
});

it('a body in tiny chunks counts for more than its bytes', () => {
  const { begin, dropped } = bodiesOf(10_000);
  const tiny = begin('tiny');
  for (let chunk = 0; chunk < 100; chunk++) tiny.add(1);
  expect(dropped).toEqual(['tiny']);
});
