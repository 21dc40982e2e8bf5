import { newRequestId } from '../../src/commands/vocabulary/ids.ts';
import type { RecordedEvent } from '../../src/requests/events.ts';
import { openToRead } from '../../src/requests/ledger/open-ledger.ts';
import { recordedEvent, type TextRow } from '../../src/requests/ledger/tables.ts';
import { recordRefusedQuery } from '../../src/requests/refuse-reading.ts';
import { requestedBy } from '../../test/requests/events.fixture.ts';
import { minutes, neverAborted, openScene } from '../../test/requests/scene/scene.fixture.ts';

/** A request that has ended, as the real runner has recorded it. */
export type SampleRequest = { readonly events: readonly RecordedEvent[]; readonly texts: readonly TextRow[] };

/** A query and a start that are refused, a start, and a stop that somebody confirmed. `path`: of a new file for them. */
export async function sampleRequests(path: string): Promise<readonly SampleRequest[]> {
  const query = {
    id: newRequestId(crypto.getRandomValues(new Uint8Array(5))),
    requested: requestedBy({}, { interaction: 'query' }),
  };
  {
    await using scene = await openScene({ path });
    await recordRefusedQuery(scene.ledger, query, { reason: 'not_permitted' }, neverAborted);
    await scene.submit({ verb: 'start' }, 'U0EVE');
    await scene.submit({ verb: 'start', reason: 'the file was late' });
    await scene.advanceTime(minutes);
    const stop = await scene.submit({ verb: 'stop', reason: 'wrong audience' });
    await scene.untilIdle();
    await scene.press(stop, 'U0CAROL');
    await scene.advanceTime(minutes);
  }
  const { db, close } = openToRead({ kind: 'sqlite', path });
  const rows = await db.selectFrom('events').selectAll().orderBy('sequence').execute();
  const texts = await db.selectFrom('texts').selectAll().execute();
  await close();
  return [...Map.groupBy(rows.map(recordedEvent), ({ request }) => request)].map(([id, events]) => ({
    events,
    texts: texts.filter(({ request }) => request === id),
  }));
}
