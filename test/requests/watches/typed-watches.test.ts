import { describe, expect, it } from '@jest/globals';
import type { WatchChoice } from '../../../src/commands/command.ts';
import type { Ledger } from '../../../src/requests/ledger/ledger.ts';
import { mostTypedWatches, watchEveryMs } from '../../../src/requests/watches/watch-terms.ts';
import { orderOf } from '../events.fixture.ts';
import { engines } from '../ledger/ledger.fixture.ts';
import { lookThatShows, minutes, newWatching, type Watching, watchOf } from './watching.fixture.ts';

function order(
  ledger: Ledger,
  choice: WatchChoice,
  workflowId = 'WKF110',
  { channel = 'C0OPS', id = `OF${workflowId}` } = {},
) {
  return ledger.transaction((tx) =>
    tx.orderWatch({ id, order: orderOf({ workflowId }), channel }, { choice, pausesEndAfterMs: null }),
  );
}

async function sourcesIn({ opened: { ledger } }: Watching, channel = 'C0OPS') {
  return (await ledger.watches.inChannel(channel)).map(({ terms, isOfFile, isResting, asked }) => {
    const source = isOfFile ? 'file' : isResting ? 'resting' : asked;
    return `${terms.workflowId} ${source} ${terms.everyMs / minutes}`;
  });
}

describe.each(engines)('watches of commands (%s)', (engine) => {
  it('tell their channel what the file’s do, until they are ended', async () => {
    await using watching = await newWatching(engine, []);
    const { ledger } = watching.opened;
    expect(await order(ledger, 'watch')).toBeNull();
    await watching.pass();
    expect(watching.looked).toEqual(['WKF110']);
    watching.shows.set('WKF110', lookThatShows('erroneous'));
    await watching.after(watchEveryMs.usual);
    expect(watching.told()).toMatchObject([{ text: '⚠️ WKF110 (prod) has failed.', isReply: false }]);
    expect(await order(ledger, 'unwatch')).toBeNull();
    watching.shows.set('WKF110', lookThatShows('finished'));
    await watching.after(watchEveryMs.usual);
    expect(watching.looked).toHaveLength(2);
    expect(watching.told()).toHaveLength(1);
  });

  it('are of one channel: another one has a watch of its own, and both share the looks', async () => {
    await using watching = await newWatching(engine, [watchOf('WKF110', { channel: 'C0DEV', everyMs: 10 * minutes })]);
    const { ledger } = watching.opened;
    await watching.pass();
    expect(await order(ledger, 'watch')).toBeNull();
    await watching.after(watchEveryMs.usual);
    expect(watching.looked).toHaveLength(2);
    expect(await order(ledger, 'unwatch', 'WKF110', { channel: 'C0DEV' })).toEqual({ kind: 'watched_by_file' });
    expect(await order(ledger, 'unwatch')).toBeNull();
    // The next look was due already; after that, only the other channel counts.
    await watching.after(watchEveryMs.usual);
    await watching.after(watchEveryMs.usual);
    expect(watching.looked).toHaveLength(3);
    expect(await sourcesIn(watching, 'C0DEV')).toEqual(['WKF110 file 10']);
  });

  it('survive a new configuration; what the file takes over comes back once the file drops it', async () => {
    await using watching = await newWatching(engine, []);
    const { ledger } = watching.opened;
    await order(ledger, 'watch');
    await watching.pass();
    expect(await sourcesIn(watching)).toEqual(['WKF110 OFWKF110 5']);
    watching.watches = [watchOf('WKF110'), watchOf('WKF111')];
    await watching.pass();
    expect(await sourcesIn(watching)).toEqual(['WKF110 file 1', 'WKF111 file 1']);
    expect(await order(ledger, 'watch')).toEqual({ kind: 'watched_already', request: null });
    watching.watches = [];
    await watching.pass();
    expect(await sourcesIn(watching)).toEqual(['WKF110 OFWKF110 5']);
  });

  it('rest while their environment is not configured, or no rule names their channel, and begin again after that', async () => {
    await using watching = await newWatching(engine, []);
    const { ledger } = watching.opened;
    await order(ledger, 'watch');
    await watching.pass();
    const { places } = watching;
    for (const missing of [{ environmentOf: () => null }, { isNamed: () => false }]) {
      const looks = watching.looked.length;
      watching.places = { ...places, ...missing };
      watching.shows.set('WKF110', lookThatShows('erroneous'));
      await watching.after(watchEveryMs.usual);
      await watching.after(watchEveryMs.usual);
      expect(await sourcesIn(watching)).toEqual(['WKF110 resting 5']);
      expect(watching.looked).toHaveLength(looks);
      expect(watching.told()).toEqual([]);
      watching.places = places;
      watching.shows.delete('WKF110');
      await watching.pass();
      expect(watching.looked).toHaveLength(looks + 1);
    }
    watching.places = { ...places, isNamed: () => false };
    await watching.pass();
    expect(await order(ledger, 'watch', 'WKF110', { id: 'LATER' })).toBeNull();
    expect(await sourcesIn(watching)).toEqual(['WKF110 LATER 5']);
  });

  it('have the names of today’s configuration', async () => {
    await using watching = await newWatching(engine, []);
    const { ledger } = watching.opened;
    await order(ledger, 'watch');
    watching.places = { ...watching.places, environmentOf: () => 'live', aliasOf: () => 'nightly-load' };
    await watching.pass();
    const [watch] = await ledger.watches.inChannel('C0OPS');
    expect(watch?.terms).toMatchObject({ environment: 'live', alias: 'nightly-load' });
    watching.shows.set('WKF110', lookThatShows('erroneous'));
    await watching.after(watchEveryMs.usual);
    expect(watching.told()).toMatchObject([{ text: '⚠️ nightly-load (WKF110, live) has failed.' }]);
  });

  it(`are ${mostTypedWatches} at most in a channel, beside those of the file`, async () => {
    await using watching = await newWatching(engine, [watchOf('WKF999')]);
    const { ledger } = watching.opened;
    await watching.pass();
    for (let number = 0; number < mostTypedWatches; number += 1) {
      expect(await order(ledger, 'watch', `WKF${number}`)).toBeNull();
    }
    expect(await order(ledger, 'watch', 'WKF110')).toEqual({ kind: 'too_many_watches', most: mostTypedWatches });
    expect(await order(ledger, 'watch', 'WKF110', { channel: 'C0DEV' })).toBeNull();
    expect(await order(ledger, 'unwatch', 'WKF0')).toBeNull();
    expect(await order(ledger, 'watch', 'WKF110')).toBeNull();
  });
});

describe('three processes that share a ledger', () => {
  it('begin a watch once, look as often as one, and tell it once', async () => {
    await using watching = await newWatching('postgres', [watchOf('WKF200')]);
    const { opened, looked, shows } = watching;
    const replicas = [opened.ledger, await opened.replica(), await opened.replica()];
    await watching.pass();
    const begun = await Promise.all(
      replicas.map((ledger, index) => order(ledger, 'watch', 'WKF110', { id: `R${index}` })),
    );
    expect(begun.filter((one) => one === null)).toHaveLength(1);
    expect(begun.filter((one) => one?.kind === 'watched_already')).toHaveLength(2);
    // Each replica reads the configuration at its own time, also while somebody types.
    const places = watching.places;
    await Promise.all([
      ...replicas.map((ledger) => ledger.watches.sync(watching.watches, places)),
      ...replicas.map((ledger, index) => order(ledger, 'watch', `WKF30${index}`)),
      order(opened.ledger, 'unwatch', 'WKF404'),
    ]);
    looked.length = 0;
    shows.set('WKF110', lookThatShows('finished'));
    await Promise.all(replicas.map((ledger) => watching.pass(ledger)));
    expect(looked.toSorted()).toEqual(['WKF110', 'WKF300', 'WKF301', 'WKF302']);
    shows.set('WKF110', lookThatShows('erroneous'));
    opened.clock.now += watchEveryMs.usual;
    for (let times = 0; times < 3; times += 1) await Promise.all(replicas.map((ledger) => watching.pass(ledger)));
    expect(watching.told().map(({ text }) => text)).toEqual(['⚠️ WKF110 (prod) has failed.']);
  });
});
