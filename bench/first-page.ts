import { type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import { spawnPage } from '../sandbox/page-process.ts';

// The time from `npm run sandbox` until the address is printed, and until the first
// snapshot of the page arrives, in a client without a browser. Prints the median and the slowest. The target is 3 s at most.

const rounds = Number(process.argv[2] ?? 5);

type Round = { readonly printedMs: number; readonly answeredMs: number };

async function round(mode: string): Promise<Round> {
  const begun = performance.now();
  const { page, ready } = spawnPage({ args: ['--mode', mode] });
  try {
    const url = await ready;
    const printedMs = performance.now() - begun;
    await Promise.all([firstSnapshot(url), wholeAnswer(`${url}/`)]);
    return { printedMs, answeredMs: performance.now() - begun };
  } finally {
    await page.end('SIGTERM');
  }
}

async function firstSnapshot(url: string): Promise<void> {
  const stream = await open(`${url}/events`);
  for await (const line of createInterface(stream)) if (line.startsWith('data: ')) break;
  stream.destroy();
}

async function wholeAnswer(url: string): Promise<void> {
  const answer = await open(url);
  for await (const _ of answer);
}

function open(url: string): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request(url, { agent: false }, resolve).on('error', reject).end();
  return promise;
}

function told(name: string, times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const [median = Number.NaN, slowest = Number.NaN] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return `${name} ${(median / 1000).toFixed(2)} s, slowest ${(slowest / 1000).toFixed(2)} s`;
}

console.log(`median of ${rounds} starts:`);
for (const mode of ['http', 'socket']) {
  const measured: Round[] = [];
  for (let count = 0; count < rounds; count++) measured.push(await round(mode));
  const printed = told(
    'address printed',
    measured.map(({ printedMs }) => printedMs),
  );
  const answered = told(
    'page and first snapshot',
    measured.map(({ answeredMs }) => answeredMs),
  );
  console.log(`${mode.padEnd(8)} ${printed}; ${answered}`);
}
