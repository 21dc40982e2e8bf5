import { setTimeout as wait } from 'node:timers/promises';
import { atOnce, quantile } from '../harness/commands.ts';
import { createDeliveries, type Deliveries, type Question } from '../harness/deliveries.ts';
import { type Services, startServices } from '../harness/services.ts';
import { people, type Subject, startSubject } from '../harness/subject.ts';
import type { Measured } from '../harness/table.ts';

const [lead = '', other = ''] = people;
/** No rule names this person. */
const stranger = 'U0STRANGER';
const refusals = 2_000;
const width = 20;
/** A flood takes long. */
const mostRounds = 2;
/** The time in which somebody reads the question. It does not count. */
const readingMs = 100;

/**
 * A lead stops one workflow after the other: while the bot has nothing else to do, and while somebody sends 2,000 commands
 * and presses that are refused. The time to the POST is that of the bot alone: from the command to its question, and from
 * the confirmation to the POST. The processor times show whether that is fair: the bot is busy with the flood, and the
 * process of the load, which also is Slack and Campaign, must not be, or the bot waits for its answers.
 */
export async function flood(rounds: number): Promise<readonly Measured[]> {
  const measured: Measurement[] = [];
  for (let round = 0; round < Math.min(rounds, mostRounds); round++) measured.push(await measure());
  const row = (name: string, unit: Measured['unit'], of: (course: Course) => number): Measured => ({
    name,
    unit,
    values: new Map([
      ['idle', measured.map(({ idle }) => of(idle))],
      ['flooded', measured.map(({ flooded }) => of(flooded))],
    ]),
    program: 'flooded',
    baselines: unit === 'ms' ? ['idle'] : [],
  });
  return [
    row('a stop’s time to the POST, p50', 'ms', ({ times }) => quantile(times, 0.5)),
    row('a stop’s time to the POST, slowest', 'ms', ({ times }) => Math.max(...times)),
    row('the bot’s share of a core', '%', ({ botShare }) => botShare),
    row('the share of the load, Slack and Campaign', '%', ({ loadShare }) => loadShare),
  ];
}

type Measurement = { readonly idle: Course; readonly flooded: Course };

/** The stops' times in milliseconds, and the processor time meanwhile, in percent of one core. */
type Course = { readonly times: readonly number[]; readonly botShare: number; readonly loadShare: number };

async function measure(): Promise<Measurement> {
  await using resources = new AsyncDisposableStack();
  const services = resources.adopt(await startServices(), (it) => it.close());
  const bot = resources.adopt(await startSubject('campaign-wf', services), (it) => it.stop());
  const deliveries = resources.adopt(createDeliveries([bot.url], services), (it) => it.close());
  const stops = watchStops(deliveries, services);
  await atOnce(1, 5, () => stops.timeOf(lead));
  const idle = await withShares(bot, () => atOnce(1, 10, () => stops.timeOf(lead)));
  const question = await stops.ask(other);
  const flooded = await withShares(bot, async () => {
    let sent = 0;
    const flooding = atOnce(width, refusals, () => refused(deliveries, question, sent++));
    const times: number[] = [];
    while (sent < refusals) times.push(await stops.timeOf(lead));
    await flooding;
    return times;
  });
  return { idle, flooded };
}

async function withShares(bot: Subject, work: () => Promise<readonly number[]>): Promise<Course> {
  const [begun, botBefore, loadBefore] = [performance.now(), bot.cpuMs(), process.cpuUsage()];
  const times = await work();
  const { user, system } = process.cpuUsage(loadBefore);
  const percentOf = (cpuMs: number) => (100 * cpuMs) / (performance.now() - begun);
  return { times, botShare: percentOf(bot.cpuMs() - botBefore), loadShare: percentOf((user + system) / 1_000) };
}

/** Starts, stops and presses, so that no limit for one kind of them is reached early. */
function refused(deliveries: Deliveries, question: Question, serial: number): Promise<void> {
  const workflow = `WKF${900_000 + serial}`;
  switch (serial % 3) {
    case 0:
      return deliveries.press(stranger, 'approve', question);
    case 1:
      return deliveries.command(stranger, `stop ${workflow} bench`);
    default:
      return deliveries.command(stranger, `start ${workflow} bench`);
  }
}

/** Stops, which whoever asks for them confirms. */
function watchStops(deliveries: Deliveries, services: Services) {
  const asked = new Map<string, (question: Question) => void>();
  const sent = new Map<string, () => void>();
  let serial = 0;
  services.onPost(({ ts, threadTs, body }) => {
    const workflow = /WKF\d+/.exec(body)?.[0] ?? '';
    const request = /"action_id":"approve_request"[^{}]*"value":"(\w+)"/.exec(body)?.[1];
    if (threadTs === null && request !== undefined) asked.get(workflow)?.({ request, ts });
  });
  services.onSent((workflow) => sent.get(workflow)?.());

  async function ask(person: string, workflow = `WKF${++serial}`): Promise<Question> {
    const { promise, resolve } = Promise.withResolvers<Question>();
    asked.set(workflow, resolve);
    await deliveries.command(person, `stop ${workflow} bench`);
    return promise;
  }

  return {
    ask,
    async timeOf(person: string): Promise<number> {
      const workflow = `WKF${++serial}`;
      const { promise: posted, resolve } = Promise.withResolvers<void>();
      sent.set(workflow, resolve);
      const begun = performance.now();
      const question = await ask(person, workflow);
      const askedMs = performance.now() - begun;
      await wait(readingMs);
      const confirmed = performance.now();
      await deliveries.press(person, 'approve', question);
      await posted;
      return askedMs + performance.now() - confirmed;
    },
  };
}
