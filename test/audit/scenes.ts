import type { Database } from '../../src/requests/ledger/open-ledger.ts';
import { newDatabase } from '../postgres/new-database.ts';
import type { EngineName } from '../requests/ledger/ledger.fixture.ts';
import { newLedgerPath } from '../requests/scene/ledger-path.fixture.ts';
import { minutes, openScene, type Scene } from '../requests/scene/scene.fixture.ts';
import { finished } from '../requests/scene/world.fixture.ts';

/** The IDs of requests that the real runner has brought as far as it can, and the scene, which keeps the ledger open. */
export type Told = {
  readonly scene: Scene;
  readonly database: Database;
  readonly url: string;
  /** Confirmed by Carol after Eve was refused, accepted, and seen as finished. */
  readonly stop: string;
  /** By Eve, who may not. */
  readonly refused: string;
  /** In force for two hours. */
  readonly freeze: string;
  /** Reached Campaign with its second attempt. */
  readonly retried: string;
  /** Taken back by Bob. */
  readonly cancelled: string;
  /** Waits for a confirmation. */
  readonly open: string;
};

/** A reason that a spreadsheet would compute, with everything that CSV has to quote. */
export const dangerousReason = '=HYPERLINK("https://evil.example","a, b")';

/** Plays one request after the other, a minute apart. */
export async function playScenes(engine: EngineName): Promise<Told & AsyncDisposable> {
  const database: Database =
    engine === 'sqlite' ? { kind: 'sqlite', path: newLedgerPath() } : { kind: 'postgres', url: await newDatabase() };
  const scene = await openScene({ database });
  const { world } = scene;
  const play = async (...typed: Parameters<Scene['submit']>) => {
    const id = await scene.submit(...typed);
    await scene.untilIdle();
    return id;
  };
  const stop = await play({ alias: 'CRM_NIGHTLY', production: true, reason: dangerousReason });
  await scene.press(stop, 'U0EVE');
  await scene.untilIdle();
  scene.skipTime(2_500);
  world.answers.observe.push(finished);
  await scene.press(stop, 'U0CAROL');
  await scene.advanceTime(minutes);
  const refused = await play({ verb: 'start', workflowId: 'WKF2' }, 'U0EVE');
  await scene.advanceTime(minutes);
  world.answers.send.push({
    kind: 'not_reached',
    reason: 'no_connection',
    retryAfterMs: null,
    answer: { status: null, text: null, adobeRequestId: null },
  });
  const retried = await play({ verb: 'pause', workflowId: 'WKF3', reason: '' }, 'U0BOB');
  await scene.advanceTime(minutes);
  const cancelled = await play({ workflowId: 'WKF4' });
  await scene.press(cancelled, 'U0BOB', 'cancel');
  await scene.press(cancelled, 'U0ALICE', 'cancel', { reason: 'wrong segment' });
  await scene.advanceTime(minutes);
  const freeze = await play({
    verb: 'freeze',
    workflowId: '*',
    until: world.now + 120 * minutes,
    reason: 'Black Friday',
  });
  await scene.press(freeze, 'U0CAROL');
  await scene.advanceTime(minutes);
  const open = await play({ workflowId: 'WKF5', environment: 'stage', organization: 'acme-stage' });
  await scene.ledger.seal();
  const url = database.kind === 'postgres' ? database.url : `sqlite:${database.path}`;
  return {
    scene,
    database,
    url,
    stop,
    refused,
    freeze,
    retried,
    cancelled,
    open,
    [Symbol.asyncDispose]: scene[Symbol.asyncDispose],
  };
}
