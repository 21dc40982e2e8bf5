import { type Commands, createCommands } from '../harness/commands.ts';
import { startServices } from '../harness/services.ts';
import { type Subject, type SubjectName, type SubjectOptions, startSubject } from '../harness/subject.ts';
import type { Measured } from '../harness/table.ts';

export type Quantity = Pick<Measured, 'name' | 'unit' | 'baselines'>;

/** Returns a value for each quantity, in their order. */
type Measure = (running: { readonly subject: Subject; readonly commands: Commands }) => Promise<readonly number[]>;

/** Starts each program in turn, `rounds` times, and measures it. */
export async function inRounds(
  rounds: number,
  programs: readonly SubjectName[],
  quantities: readonly Quantity[],
  measure: Measure,
  options: SubjectOptions = {},
): Promise<readonly Measured[]> {
  const values = quantities.map(() => new Map<string, number[]>(programs.map((name) => [name, []])));
  for (let round = 0; round < rounds; round++) {
    for (const name of programs) {
      const measured = await once(name, measure, options);
      for (const [index, value] of measured.entries()) values[index]?.get(name)?.push(value);
    }
  }
  return quantities.map((quantity, index) => ({ ...quantity, values: values[index] ?? new Map() }));
}

async function once(name: SubjectName, measure: Measure, options: SubjectOptions): Promise<readonly number[]> {
  await using resources = new AsyncDisposableStack();
  const services = resources.adopt(await startServices(), (it) => it.close());
  const subject = resources.adopt(await startSubject(name, services, options), (it) => it.stop());
  const commands = resources.adopt(createCommands([subject], services), (it) => it.close());
  // Awaited here: the resources are closed at the end of this function.
  const measured = await measure({ subject, commands });
  return measured;
}
