import { type Commands, createCommands } from '../harness/commands.ts';
import { type Services, startServices } from '../harness/services.ts';
import { type Subject, type SubjectName, startSubject } from '../harness/subject.ts';
import type { Measured } from '../harness/table.ts';

export type Quantity = Pick<Measured, 'name' | 'unit' | 'baselines'>;

export type Running = { readonly subject: Subject; readonly commands: Commands; readonly services: Services };

/**
 * Starts each program in turn, `rounds` times, and measures it. `measure` returns a value for each quantity, in their
 * order; null where a program cannot do that.
 */
export async function inRounds(
  rounds: number,
  programs: readonly SubjectName[],
  quantities: readonly Quantity[],
  measure: (running: Running, name: SubjectName) => Promise<readonly (number | null)[]>,
): Promise<readonly Measured[]> {
  const values = quantities.map(() => new Map<string, number[]>());
  for (let round = 0; round < rounds; round++) {
    for (const name of programs) {
      for (const [index, value] of (await once(name, measure)).entries()) {
        if (value === null) continue;
        values[index]?.set(name, [...(values[index]?.get(name) ?? []), value]);
      }
    }
  }
  return quantities.map((quantity, index) => ({ ...quantity, values: values[index] ?? new Map() }));
}

async function once(
  name: SubjectName,
  measure: (running: Running, name: SubjectName) => Promise<readonly (number | null)[]>,
): Promise<readonly (number | null)[]> {
  await using resources = new AsyncDisposableStack();
  const services = resources.adopt(await startServices(), (it) => it.close());
  const subject = resources.adopt(await startSubject(name, services), (it) => it.stop());
  const commands = resources.adopt(createCommands([subject.url], services), (it) => it.close());
  const values = await measure({ subject, commands, services }, name);
  return values;
}
