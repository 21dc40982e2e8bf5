import { proveRequest } from '../../src/audit/proof/prove-request.ts';
import { type Story, tellEvent } from '../../src/audit/story/tell-event.ts';
import { summaryOf, terminalContext } from '../../src/audit/story/tell-request.ts';
import { describeIntegrityProblem } from '../../src/command-line.ts';
import { translatorFor } from '../../src/locales/translator.ts';
import type { Engine } from '../../src/requests/ledger/engine.ts';
import { type VerifiedRequest, verify } from '../../src/requests/ledger/integrity.ts';
import { newestCheckpoint } from '../../src/requests/ledger/log/checkpoints.ts';
import { openToRead } from '../../src/requests/ledger/open-ledger.ts';
import { withTexts } from '../../src/requests/ledger/with-texts.ts';
import type { State } from '../../src/requests/outcome.ts';
import { replay } from '../../src/requests/replay.ts';
import { confirmers } from '../../src/requests/request.ts';
import { describeOrder, writtenText } from '../../src/slack/messages/message-context.ts';
import { shortCheckpoint } from '../../src/transparency-log/checkpoint.ts';
import type { RecordedRequest, ShownRecord } from './snapshot.ts';

/** The number of requests that are shown. */
const mostRequests = 50;

const translator = translatorFor('en');

/** The newest checkpoint, and the latest requests of the ledger, newest first, each verified while the bot runs. */
export async function readRecord(ledgerPath: string): Promise<ShownRecord> {
  return reading(ledgerPath, async (engine) => {
    const rows = await engine.db
      .selectFrom('requests')
      .select(['id', 'requested_at', 'state'])
      .orderBy('requested_at', 'desc')
      .limit(mostRequests)
      .execute();
    const requests: RecordedRequest[] = [];
    for (const row of rows) requests.push(await recorded(engine, row));
    const newest = await newestCheckpoint(engine.db);
    const checkpoint = newest === undefined ? null : { short: shortCheckpoint(newest), text: newest.note };
    return { checkpoint, requests };
  });
}

/** The document that proves one request, as JSON. Null: it cannot be proved, or not yet. */
export async function readProof(ledgerPath: string, id: string): Promise<string | null> {
  const proved = await reading(ledgerPath, (engine) => proveRequest(engine, id));
  return proved.kind === 'proved' ? `${JSON.stringify(proved.document, null, 2)}\n` : null;
}

async function reading<T>(path: string, read: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = openToRead({ kind: 'sqlite', path });
  try {
    return await read(engine);
  } finally {
    await engine.close();
  }
}

type Row = { id: string; requested_at: number; state: State };

async function recorded(engine: Engine, { id, requested_at: requestedAt, state }: Row): Promise<RecordedRequest> {
  for await (const verified of verify(engine, id)) {
    const { events, texts, problems, unsealed } = verified;
    const [problem] = problems;
    return {
      ...{ id, requestedAt, state },
      events: withTexts(events, texts),
      story: storyOf(verified),
      isSealed: unsealed === 0,
      flaw: problem === undefined ? null : describeIntegrityProblem(translator, id, problem),
    };
  }
  throw new Error(`no verification result for ${id}`);
}

/** In words. Null where events were changed so that they tell nothing. */
function storyOf({ events: stored, texts, problems }: VerifiedRequest): RecordedRequest['story'] {
  try {
    const events = withTexts(stored, texts);
    const request = replay(events);
    const story: Story = { request, context: terminalContext(translator, request) };
    return {
      requester: request.requester,
      order: describeOrder(request.order, story.context),
      reason: writtenText(request.order.reason, story.context),
      confirmers: confirmers(request),
      // The order stands above, and the page knows the name.
      summary: summaryOf(story, undefined).slice(1),
      events: events.map((event) => tellEvent(event, story)),
    };
  } catch (error) {
    if (problems.length > 0) return null;
    throw error;
  }
}
