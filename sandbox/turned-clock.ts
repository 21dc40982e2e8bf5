import { readFileSync } from 'node:fs';

// Loaded before a bot of the sandbox (`--import`). It turns that process's clock ahead by as many milliseconds as a file
// says. The product does not know of it.

/** The variable with the path of that file. */
const path = process.env.SANDBOX_CLOCK_AHEAD ?? '';
const RealDate = Date;
const realNow = Date.now.bind(Date);
const readEveryMs = 20;

let ahead = 0;
let readAt = 0;

function aheadMs(): number {
  const now = performance.now();
  if (now - readAt > readEveryMs) {
    readAt = now;
    ahead = Number(readFileSync(path, 'utf8'));
  }
  return ahead;
}

class TurnedDate extends RealDate {
  constructor(...parts: readonly unknown[]) {
    const given = parts.length === 0 ? [realNow() + aheadMs()] : parts;
    super(...(given as [number]));
  }

  static override now(): number {
    return realNow() + aheadMs();
  }
}

globalThis.Date = TurnedDate as DateConstructor;
