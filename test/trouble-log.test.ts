import { beforeEach, describe, expect, it } from '@jest/globals';
import { createTroubleLog, type TroubleLog } from '../src/trouble-log.ts';

type Line = { readonly level: string; readonly message: string } & Record<string, unknown>;

let lines: Line[];
let troubles: TroubleLog;
let now: number;
let alarms: { readonly at: number; readonly run: () => void }[];

/** Lets time pass. */
function pass(ms: number): void {
  now += ms;
  const due = alarms.filter(({ at }) => at <= now);
  alarms = alarms.filter(({ at }) => at > now);
  for (const { run } of due) run();
}

beforeEach(() => {
  [lines, alarms, now] = [[], [], 0];
  const write = (level: string) => (fields: object, message: string) => void lines.push({ level, message, ...fields });
  troubles = createTroubleLog({
    log: { info: write('info'), warn: write('warn') },
    clock: () => now,
    schedule(run, ms) {
      const alarm = { at: now + ms, run };
      alarms.push(alarm);
      return () => {
        alarms = alarms.filter((one) => one !== alarm);
      };
    },
  });
});

const texts = { begins: 'it fails', ends: 'it works again', fields: { service: 'It' } };
const messages = () => lines.map(({ level, message }) => `${level}: ${message}`);

describe('a trouble', () => {
  it('has one line when it begins, and one when it ends: how long it has lasted, and how many calls have failed', () => {
    const { failed, worked } = troubles.watch('it', texts);
    worked();
    for (let second = 0; second < 35; second += 1) {
      failed('server_error', { status: 503, method: 'chat.postMessage' });
      pass(1_000);
    }
    worked();
    pass(1_000);
    worked();
    expect(lines).toEqual([
      {
        ...{ level: 'warn', message: 'it fails', service: 'It' },
        ...{ reason: 'server_error', status: 503, method: 'chat.postMessage' },
      },
      {
        ...{ level: 'info', message: 'it works again', service: 'It' },
        ...{ reasons: ['server_error'], lastedMs: 35_000, failedCalls: 35 },
      },
    ]);
  });

  it('with several reasons has a line for each, and one end', () => {
    const { failed, worked } = troubles.watch('it', texts);
    for (const reason of ['timeout', 'server_error', 'timeout']) failed(reason, {});
    worked();
    pass(1_000);
    expect(messages()).toEqual(['warn: it fails', 'warn: it fails', 'info: it works again']);
    expect(lines.at(-1)).toMatchObject({ reasons: ['timeout', 'server_error'], failedCalls: 3 });
  });

  it('that comes and goes is one trouble', () => {
    const { failed, worked } = troubles.watch('it', texts);
    for (let times = 0; times < 100; times += 1) {
      failed('server_error', {});
      worked();
      pass(500);
    }
    pass(1_000);
    expect(messages()).toEqual(['warn: it fails', 'info: it works again']);
  });

  it('that comes back again and again, with pauses, has fewer and fewer lines', () => {
    const { failed, worked } = troubles.watch('it', texts);
    for (let second = 0; second < 3_600; second += 5) {
      failed('server_error', {});
      worked();
      pass(5_000);
    }
    expect(lines.length).toBeLessThan(16);
    pass(120_000);
    pass(60_000);
    expect(lines.at(-1)?.message).toBe('it works again');
    const before = lines.length;
    failed('server_error', {});
    worked();
    pass(1_000);
    expect(lines).toHaveLength(before + 2);
  });

  it('keeps its state under the same key, with the newest texts, and others are apart', () => {
    troubles.watch('it', texts).failed('timeout', {});
    troubles.watch('other', texts).worked();
    troubles.watch('it', { ...texts, ends: 'it is back' }).worked();
    pass(1_000);
    expect(messages()).toEqual(['warn: it fails', 'info: it is back']);
  });

  it('whose last call succeeded ends when the process stops', () => {
    const [over, lasting] = [troubles.watch('over', texts), troubles.watch('lasting', texts)];
    for (const { failed } of [over, lasting]) failed('timeout', {});
    over.worked();
    troubles.flush();
    expect(messages()).toEqual(['warn: it fails', 'warn: it fails', 'info: it works again']);
    pass(60_000);
    expect(lines).toHaveLength(3);
  });
});
