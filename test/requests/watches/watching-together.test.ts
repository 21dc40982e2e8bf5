import { describe, expect, it } from '@jest/globals';
import type { RecordedWorkflowState } from '../../../src/requests/events.ts';
import { tellChannel } from '../../../src/requests/watches/tell-channel.ts';
import { samples } from '../events.fixture.ts';
import { type EngineName, engines, storeRequest, submission } from '../ledger/ledger.fixture.ts';
import { endsNothing, lookThatShows, minutes, newWatching, type Watching, watchOf } from './watching.fixture.ts';

/** A workflow fails, is repaired, and fails again some hours later. The process dies at this call; null: never. */
async function story(engine: EngineName, diesAt: number | null): Promise<{ watching: Watching; calls: number }> {
  const watching = await newWatching(engine, [watchOf('WKF110')]);
  let calls = 0;
  watching.onPortCall = (moment) => {
    calls += 1;
    if (calls === diesAt) throw new Error(`died ${moment}`);
  };
  for (const state of ['in_progress', 'erroneous', 'in_progress', 'erroneous'] as const) {
    watching.shows.set('WKF110', lookThatShows(state));
    // Whoever is next waits for the leases of the one that died.
    for (const _look of [1, 2, 3, 4]) await watching.after(70 * minutes);
  }
  return { watching, calls };
}

const endedByChange = {
  outcome: 'superseded',
  because: { kind: 'changed_since', before: 'finished', now: 'in_progress' },
};

/** A start for later of a workflow that a watch has seen as finished, and that was seen so when it was asked for. */
async function startLater(watching: Watching, reading: RecordedWorkflowState = 'finished'): Promise<string> {
  const { ledger, clock } = watching.opened;
  watching.shows.set('WKF110', lookThatShows('finished'));
  await watching.pass();
  const dueAt = clock.now + 600 * minutes;
  const seen = { kind: 'seen', reading, field: 'logicalStatus', raw: reading } as const;
  const granted = { ...samples.granted, data: { ...samples.granted.data, dueAt, zone: 'UTC', seen } };
  const order = { verb: 'start', workflowId: 'WKF110' } as const;
  const scheduled = { type: 'scheduled', data: { by: null, interaction: null } } as const;
  return (await storeRequest(ledger, submission('A', order), granted, samples.announced, scheduled)).id;
}

describe.each(engines)('watching (%s)', (engine) => {
  it('tells everything once, wherever a process dies', async () => {
    const { watching, calls } = await story(engine, null);
    const told = watching.told();
    expect(told.map(({ isReply }) => isReply)).toEqual([false, true, false]);
    await watching[Symbol.asyncDispose]();
    const every = engine === 'sqlite' ? 1 : 7;
    const moments = Array.from({ length: Math.ceil(calls / every) }, (_, index) => 1 + index * every);
    for (const diesAt of moments) {
      const again = await story(engine, diesAt);
      expect({ diesAt, told: again.watching.told() }).toEqual({ diesAt, told });
      await again.watching[Symbol.asyncDispose]();
    }
  });

  it('posts nothing for a process that was suspended until another one had posted it', async () => {
    await using watching = await newWatching(engine, [watchOf('WKF110')]);
    const { ledger, clock } = watching.opened;
    watching.shows.set('WKF110', lookThatShows('erroneous'));
    await ledger.watches.sync(watching.watches, watching.places);
    const [look] = await ledger.watches.claimLooks({ organization: 'acme', most: 1, leaseMs: minutes });
    if (look === undefined) throw new Error('no look was due');
    await ledger.watches.settleLook(look, lookThatShows('erroneous'), endsNothing);
    const [post] = await ledger.watches.claimPosts(minutes);
    if (post === undefined) throw new Error('no post was due');
    const ports = watching.ports();
    const suspended = async (channel: string) => {
      clock.now += 2 * minutes;
      await watching.pass();
      return ports.directory.place(channel);
    };
    await tellChannel(post, { ...ports, directory: { ...ports.directory, place: suspended } });
    await watching.after(2 * minutes);
    expect(watching.told()).toEqual([{ text: '⚠️ WKF110 (prod) has failed.', isReply: false, isEdited: false }]);
  });

  it('ends what was asked for later, when the workflow is another than it was', async () => {
    await using watching = await newWatching(engine, [watchOf('WKF110')]);
    const { ledger } = watching.opened;
    const id = await startLater(watching);
    await watching.after(minutes);
    expect((await ledger.load(id))?.state).toBe('scheduled');
    watching.shows.set('WKF110', lookThatShows('in_progress'));
    await watching.after(minutes);
    expect((await ledger.load(id))?.end).toMatchObject(endedByChange);
  });

  it('leaves what was asked for since the workflow has changed: that is how it was then', async () => {
    await using watching = await newWatching(engine, [watchOf('WKF110')]);
    const id = await startLater(watching, 'in_progress');
    watching.shows.set('WKF110', lookThatShows('in_progress'));
    await watching.after(minutes);
    expect((await watching.opened.ledger.load(id))?.state).toBe('scheduled');
    watching.shows.set('WKF110', lookThatShows('erroneous'));
    await watching.after(minutes);
    expect((await watching.opened.ledger.load(id))?.end).toMatchObject({
      because: { kind: 'changed_since', before: 'in_progress', now: 'erroneous' },
    });
  });

  it('ends it where the process dies once the change is recorded, and the workflow is as it was at the next look', async () => {
    await using watching = await newWatching(engine, [watchOf('WKF110')]);
    const { ledger } = watching.opened;
    const id = await startLater(watching);
    watching.opened.clock.now += minutes;
    watching.shows.set('WKF110', lookThatShows('in_progress'));
    const dying: typeof ledger.watches.settleLook = async (...look) => {
      await ledger.watches.settleLook(...look);
      throw new Error('died');
    };
    await watching.pass({ ...ledger, watches: { ...ledger.watches, settleLook: dying } });
    watching.shows.set('WKF110', lookThatShows('finished'));
    await watching.after(2 * minutes);
    expect((await ledger.load(id))?.end).toMatchObject(endedByChange);
  });
});

describe('three processes that share a ledger', () => {
  it('look as often as one, and tell everything once', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `WKF${200 + index}`);
    await using watching = await newWatching(
      'postgres',
      ids.map((id) => watchOf(id)),
    );
    const { opened, shows, looked } = watching;
    const replicas = [opened.ledger, await opened.replica(), await opened.replica()];
    const allPass = () => Promise.all(replicas.map((ledger) => watching.pass(ledger)));
    await Promise.all(replicas.map((ledger) => ledger.watches.sync(watching.watches, watching.places)));
    await allPass();
    expect(looked.toSorted()).toEqual(ids);
    for (const id of ids.slice(0, 10)) shows.set(id, lookThatShows('erroneous'));
    for (const round of [2, 3]) {
      opened.clock.now += minutes;
      await allPass();
      expect(looked).toHaveLength(round * ids.length);
    }
    for (let times = 0; times < 6; times += 1) await allPass();
    const texts = watching.told().map(({ text }) => text);
    expect(texts.toSorted()).toEqual(ids.slice(0, 10).map((id) => `⚠️ ${id} (prod) has failed.`));
  });
});
