import { expect, it } from '@jest/globals';
import { progressLine } from '../../src/audit/progress-line.ts';

const erased = '\r\x1b[2K';

function newTerminal({ isTTY = true, columns = 80 } = {}) {
  const written: string[] = [];
  return { isTTY, columns, written, write: (text: string) => written.push(text) };
}

it('rewrites one line, and removes it before something else is printed', () => {
  const [terminal, clock] = [newTerminal(), { now: 0 }];
  const line = progressLine(terminal, () => clock.now);
  for (clock.now = 500; clock.now < 700; clock.now += 50) line.show(() => `${clock.now} of 700`);
  line.remove();
  line.remove();
  expect(terminal.written).toEqual([`${erased}500 of 700`, `${erased}600 of 700`, erased]);
});

it('shows nothing of a work that takes a moment', () => {
  const [terminal, clock] = [newTerminal(), { now: 7 }];
  const line = progressLine(terminal, () => clock.now);
  clock.now += 499;
  line.show(() => 'half');
  line.remove();
  expect(terminal.written).toEqual([]);
});

it('shows nothing where the stream is no terminal, such as a file', () => {
  const [terminal, clock] = [newTerminal({ isTTY: false }), { now: 0 }];
  const line = progressLine(terminal, () => clock.now);
  clock.now = 10_000;
  line.show(() => 'half');
  line.remove();
  expect(terminal.written).toEqual([]);
});

it('never wraps, because a line that wraps cannot be erased', () => {
  const [terminal, clock] = [newTerminal({ columns: 8 }), { now: 0 }];
  const line = progressLine(terminal, () => clock.now);
  clock.now = 500;
  line.show(() => '412,000 of 1,000,000 events');
  expect(terminal.written).toEqual([`${erased}412,000`]);
});

it('shows the whole text on a terminal that does not say how wide it is', () => {
  const [terminal, clock] = [newTerminal({ columns: 0 }), { now: 0 }];
  const line = progressLine(terminal, () => clock.now);
  clock.now = 500;
  line.show(() => '412,000 of 1,000,000 events');
  expect(terminal.written).toEqual([`${erased}412,000 of 1,000,000 events`]);
});
