import { describeIntegrityProblem } from '../../src/command-line.ts';
import { translatorFor } from '../../src/locales/translator.ts';
import type { Engine } from '../../src/requests/ledger/engine.ts';
import { verify } from '../../src/requests/ledger/integrity.ts';
import { openToRead } from '../../src/requests/ledger/open-ledger.ts';
import { withTexts } from '../../src/requests/ledger/with-texts.ts';
import type { State } from '../../src/requests/outcome.ts';
import type { RecordedRequest } from './snapshot.ts';

/** The number of requests that are shown. */
const mostRequests = 50;

const translator = translatorFor('en');

/** The latest requests of the ledger, newest first, each verified against its digests while the bot runs. */
export async function readRecord(ledgerPath: string): Promise<readonly RecordedRequest[]> {
  const engine = openToRead({ kind: 'sqlite', path: ledgerPath });
  try {
    const rows = await engine.db
      .selectFrom('requests')
      .select(['id', 'requested_at', 'state'])
      .orderBy('requested_at', 'desc')
      .limit(mostRequests)
      .execute();
    const record = [];
    for (const row of rows) record.push(await recorded(engine, row));
    return record;
  } finally {
    await engine.close();
  }
}

type Row = { id: string; requested_at: number; state: State };

async function recorded(engine: Engine, { id, requested_at: requestedAt, state }: Row): Promise<RecordedRequest> {
  const results: RecordedRequest[] = [];
  for await (const {
    events,
    texts,
    problems: [problem],
  } of verify(engine, id)) {
    results.push({
      id,
      requestedAt,
      state,
      events: withTexts(events, texts),
      flaw: problem === undefined ? null : describeIntegrityProblem(translator, id, problem),
    });
  }
  const [only] = results;
  if (only === undefined) throw new Error(`no verification result for ${id}`);
  return only;
}
