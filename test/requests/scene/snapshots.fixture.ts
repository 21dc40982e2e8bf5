import { copyLedger } from './ledger-path.fixture.ts';
import { minutes, openScene, type Scene, type SceneOptions } from './scene.fixture.ts';
import { newWorld, type World } from './world.fixture.ts';

export type Scenario = (scene: Scene) => Promise<unknown>;

/** What a process that dies at this moment leaves: its ledger on the disk, and the world. */
export type Snapshot = { readonly moment: string; readonly path: string; readonly world: World };

/** Runs a scenario once, and takes a snapshot before and after each port call. */
export async function takeSnapshots(
  scenario: Scenario,
  world = newWorld(),
  options: SceneOptions = {},
): Promise<readonly Snapshot[]> {
  const snapshots: Snapshot[] = [];
  const calls = new Map<string, number>();
  const onPortCall = (moment: string) => {
    const times = (calls.get(moment) ?? 0) + 1;
    calls.set(moment, times);
    // A crash beside a look-up leaves the same state as a crash beside the call before it.
    if (/person|after place/.test(moment)) return;
    snapshots.push({ moment: `${moment} ${times}`, path: copyLedger(scene.path), world: structuredClone(world) });
  };
  await using scene = await openScene({ ...options, world, onPortCall });
  await scenario(scene);
  await scene.advanceTime(20 * minutes);
  return snapshots;
}
