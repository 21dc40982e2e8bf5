import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ledger } from '../../src/requests/ledger/ledger.ts';
import { type Sealer, startSealer } from '../../src/requests/ledger/log/sealer.ts';
import { watchSqlite } from '../../test/requests/ledger/executed-statements.ts';
import { minutes, openScene, type Scene } from '../../test/requests/scene/scene.fixture.ts';
import type { Measured } from '../harness/table.ts';

const commandsPerRound = 50;
const mostRounds = 3;
const quiet = { info() {}, warn() {}, error() {} };

type Program = {
  readonly around?: (ledger: Ledger) => Ledger;
  /** Wakes after each command, and ends with what still waits. */
  readonly sealer?: (ledger: Ledger) => Sealer;
};

const programs: Readonly<Record<string, Program>> = {
  'without the log': {},
  'with the log': { sealer: (ledger) => startSealer(ledger, quiet) },
  'a batch for each step': {
    around: (ledger) => ({
      ...ledger,
      submit: (...args) => ledger.submit(...args).finally(ledger.seal),
      complete: (...args) => ledger.complete(...args).finally(ledger.seal),
    }),
  },
};

/**
 * What a command costs with the log against without it: starts up to their follow-ups, one after the other, by the real
 * runner on SQLite, over fakes of Slack and Campaign that answer at once. Without the log, nothing gets its place. With it,
 * the sealer runs as in the bot; because nothing else takes time here, some commands share a batch. On a quiet bot each step
 * has a batch of its own: the last program seals after each, and waits for it, as the bot never does.
 */
export async function log(rounds: number): Promise<readonly Measured[]> {
  const values = () => new Map<string, number[]>(Object.keys(programs).map((name) => [name, []]));
  const [times, cpu, statements] = [values(), values(), values()];
  for (let round = 0; round <= Math.min(rounds, mostRounds); round++) {
    for (const [name, program] of Object.entries(programs)) {
      const of = await measure(program);
      // The first round compiles.
      if (round === 0) continue;
      times.get(name)?.push(of.ms);
      cpu.get(name)?.push(of.cpuMs);
      statements.get(name)?.push(of.statements);
    }
  }
  const compared = { program: 'with the log', baselines: ['without the log'] };
  return [
    { name: 'a start up to its follow-up', unit: 'ms', values: times, ...compared },
    { name: 'its processor time', unit: 'ms', values: cpu, ...compared },
    { name: 'its statements', unit: 'number', values: statements, ...compared },
  ];
}

async function measure({ around, sealer: start }: Program) {
  await using resources = new AsyncDisposableStack();
  const folder = resources.adopt(await mkdtemp(join(tmpdir(), 'campaign-wf-bench-')), (it) =>
    rm(it, { recursive: true }),
  );
  let executed = 0;
  const unwatch = watchSqlite(() => {
    executed += 1;
  });
  resources.defer(unwatch);
  const scene = resources.use(await openScene({ path: join(folder, 'ledger'), ...(around && { around }) }));
  const sealer = start?.(scene.ledger);
  const [begun, cpu] = [performance.now(), process.cpuUsage()];
  executed = 0;
  await commands(scene, sealer);
  sealer?.end();
  await sealer?.sealRest();
  const { user, system } = process.cpuUsage(cpu);
  return {
    ms: (performance.now() - begun) / commandsPerRound,
    cpuMs: (user + system) / 1_000 / commandsPerRound,
    statements: executed / commandsPerRound,
  };
}

async function commands(scene: Scene, sealer: Sealer | undefined): Promise<void> {
  for (let count = 0; count < commandsPerRound; count++) {
    await scene.submit({ verb: 'start' });
    await scene.advanceTime(minutes);
    sealer?.wake();
  }
}
