import { describe, expect, it } from '@jest/globals';
import type { Database } from '../../src/requests/ledger/open-ledger.ts';
import { newDatabase } from '../postgres/new-database.ts';
import { type EngineName, engines } from './ledger/ledger.fixture.ts';
import { newLedgerPath } from './scene/ledger-path.fixture.ts';
import { minutes, openScene, type Scene } from './scene/scene.fixture.ts';

async function databaseOf(engine: EngineName): Promise<Database> {
  return engine === 'sqlite'
    ? { kind: 'sqlite', path: newLedgerPath() }
    : { kind: 'postgres', url: await newDatabase() };
}

async function cancelledBy(scene: Scene, person: string, reason = ''): Promise<string> {
  const id = await scene.submit();
  await scene.untilIdle();
  await scene.press(id, person, 'cancel', { reason });
  await scene.untilIdle();
  return id;
}

describe.each(engines)('why somebody said no, in %s,', (engine) => {
  it('is with the decision where it was given with it, and needs no reply of its own', async () => {
    await using scene = await openScene({ database: await databaseOf(engine) });
    const id = await cancelledBy(scene, 'U0CAROL', 'wrong segment');
    expect((await scene.request(id)).decisionReason).toEqual({ by: 'U0CAROL', text: 'wrong segment', isLate: false });
    expect(await scene.events(id, 'noting')).toEqual([]);
    expect(JSON.stringify(await scene.events(id, 'pressed'))).not.toContain('segment');
  });

  it('is told in a reply of its own where it came after the outcome, once', async () => {
    await using scene = await openScene({ database: await databaseOf(engine) });
    const id = await cancelledBy(scene, 'U0CAROL');
    const again = { reason: 'wrong segment' };
    expect(await scene.press(id, 'U0CAROL', 'cancel', again)).toMatchObject({ kind: 'reason_given' });
    expect(await scene.press(id, 'U0CAROL', 'cancel', again)).toMatchObject({ kind: 'reason_given' });
    await scene.untilIdle();
    expect((await scene.request(id)).decisionReason).toEqual({ by: 'U0CAROL', text: 'wrong segment', isLate: true });
    expect(await scene.events(id, 'reason_given')).toHaveLength(1);
    expect(await scene.events(id, 'noted')).toHaveLength(1);
    expect(JSON.stringify(await scene.ledger.events(id))).not.toContain('segment');
    const updates = await scene.events(id, 'shown');
    expect(updates.map(({ data }) => data.state)).toEqual(['cancelled', 'cancelled']);
  });

  it('is not taken from anybody else, nor a second time, nor for a request that ended otherwise', async () => {
    await using scene = await openScene({ database: await databaseOf(engine) });
    const id = await cancelledBy(scene, 'U0CAROL', 'wrong segment');
    expect(await scene.press(id, 'U0DAVE', 'cancel', { reason: 'mine' })).toMatchObject({ kind: 'too_late' });
    expect(await scene.press(id, 'U0CAROL', 'cancel', { reason: 'another' })).toMatchObject({ kind: 'too_late' });
    const expired = await scene.submit({ workflowId: 'WKF2' });
    await scene.advanceTime(10 * minutes);
    expect(await scene.press(expired, 'U0CAROL', 'cancel', { reason: 'late' })).toMatchObject({ kind: 'too_late' });
    expect((await scene.request(expired)).decisionReason).toBeNull();
  });

  it('counts where it is typed while the press without one is not judged yet', async () => {
    await using scene = await openScene({ database: await databaseOf(engine) });
    const id = await scene.submit();
    await scene.untilIdle();
    await scene.press(id, 'U0CAROL', 'cancel');
    await scene.press(id, 'U0CAROL', 'cancel', { reason: 'wrong segment' });
    await scene.untilIdle();
    expect((await scene.request(id)).decisionReason).toMatchObject({ text: 'wrong segment' });
  });

  it('is erased with the other texts, and the record still holds', async () => {
    await using scene = await openScene({ database: await databaseOf(engine) });
    const id = await cancelledBy(scene, 'U0CAROL');
    await scene.press(id, 'U0CAROL', 'cancel', { reason: 'wrong segment' });
    await scene.untilIdle();
    expect(await scene.ledger.eraseText(id, { by: 'dpo', because: 'request 12' })).toMatchObject({ kind: 'erased' });
    expect((await scene.request(id)).decisionReason).toMatchObject({ by: 'U0CAROL', text: null });
  });
});
