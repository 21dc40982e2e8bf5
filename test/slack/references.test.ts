import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type PretendSlack, startPretendSlack } from '../../sandbox/slack/pretend-slack.ts';
import type { Ledger } from '../../src/requests/ledger/ledger.ts';
import { openLedger } from '../../src/requests/ledger/open-ledger.ts';
import { createReferences, referTo } from '../../src/slack/references.ts';
import { samples } from '../requests/events.fixture.ts';
import { append, ledgerOptions, storeRequest, submission } from '../requests/ledger/ledger.fixture.ts';
import { clientOf } from '../sandbox/slack/quiet-client.ts';

describe('a reference to another request', () => {
  let slack: PretendSlack;
  let ledger: Ledger;
  beforeEach(async () => {
    slack = await startPretendSlack();
    ledger = await openLedger(ledgerOptions({ kind: 'sqlite', path: ':memory:' }));
  });
  afterEach(async () => {
    await ledger.close();
    await slack.close();
  });

  /** Posts a message, and returns the event that makes it the announcement. */
  async function posted() {
    const { ts } = await clientOf(slack).chat.postMessage({ channel: 'C0OPS', text: 'stop WKF110?' });
    return { type: 'announced', data: { ts: String(ts) } } as const;
  }

  const isLink = (piece: object | undefined) => piece !== undefined && 'url' in piece;

  it('is a link, also while the request is being announced', async () => {
    const announcing = await storeRequest(ledger, submission('REQUEST1'), samples.granted, samples.announcing);
    const referring = createReferences('https://acme.slack.com/', ledger)(['REQUEST1']);
    await append(ledger, announcing, await posted());
    const refer = await referring;
    expect(refer('REQUEST1')).toMatchObject([{ kind: 'link', text: 'REQUEST1' }]);
  });

  it('is the link that Slack gives to the announcement', async () => {
    const announced = await posted();
    await storeRequest(ledger, submission('REQUEST1'), samples.granted, announced);
    const { url } = await clientOf(slack).auth.test();
    const refer = await createReferences(url ?? null, ledger)(['REQUEST1']);
    const { permalink } = await clientOf(slack).chat.getPermalink({ channel: 'C0OPS', message_ts: announced.data.ts });
    expect(refer('REQUEST1')).toMatchObject([{ kind: 'link', url: permalink }]);
  });

  it('is the link of the batch for each of its items, also for one that was refused before the announcement', async () => {
    const announced = await storeRequest(ledger, submission('REQUEST1'), samples.granted, samples.announced);
    const refused = await storeRequest(ledger, submission('REQUEST2', { workflowId: 'WKF111' }));
    const items = [announced, refused].map((item) => ({ ...item, batch: 'BATCH001' }));
    const refer = referTo('https://acme.slack.com/', items);
    expect(refer('REQUEST2')).toEqual(refer('REQUEST1'));
    expect(refer('REQUEST2')).toMatchObject([{ kind: 'link', text: 'BATCH001' }]);
  });

  it('is the ID alone where the request is not announced or does not exist, or Slack does not say where it is', async () => {
    await storeRequest(ledger, submission('REQUEST1'), samples.granted);
    await storeRequest(ledger, submission('REQUEST2', { workflowId: 'WKF111' }), samples.granted, samples.announced);
    const all = ['REQUEST1', 'REQUEST2', 'REQUEST3'];
    const [refer, nowhere] = await Promise.all(
      ['https://acme.slack.com/', null].map((workspace) => createReferences(workspace, ledger)(all)),
    );
    for (const id of ['REQUEST1', 'REQUEST3', 'REQUEST4']) {
      expect(refer?.(id)).toMatchObject([{ text: id }]);
      expect(isLink(refer?.(id)[0])).toBe(false);
    }
    expect(isLink(refer?.('REQUEST2')[0])).toBe(true);
    expect(isLink(nowhere?.('REQUEST2')[0])).toBe(false);
  });
});
