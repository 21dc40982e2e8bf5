import { describe, expect, it } from '@jest/globals';
import type { Event } from '../../../src/requests/events.ts';
import { type Request, workflowKey } from '../../../src/requests/request.ts';
import { endedAs } from '../events.fixture.ts';
import { underWay } from '../request.fixture.ts';
import { engines, newLedger, type OpenedLedger, storeRequest, submission } from './ledger.fixture.ts';

const key = (workflowId: string, organization = 'acme') => workflowKey({ organization, workflowId });

async function withHistory(opened: OpenedLedger): Promise<OpenedLedger['ledger']> {
  const write = (id: string, order: Parameters<typeof submission>[1], channel = 'C0OPS') => {
    opened.clock.now += 1_000;
    return storeRequest(opened.ledger, submission(id, order, { channel }), ...(id === 'B' ? underWay : []));
  };
  await write('A', { workflowId: 'WKF1' });
  await write('B', { workflowId: 'WKF2' });
  await write('C', { workflowId: 'wkf1' });
  await write('D', { workflowId: 'WKF1' }, 'C0OTHER');
  await write('E', { workflowId: 'WKF1', organization: 'acme-stage' });
  return opened.ledger;
}

describe.each(engines)('the history (%s)', (engine) => {
  it.each([
    { of: 'a channel', channel: 'C0OPS', workflowKey: null, limit: 9, ids: ['E', 'C', 'B', 'A'] },
    { of: 'a channel, no longer than asked', channel: 'C0OPS', workflowKey: null, limit: 2, ids: ['E', 'C'] },
    { of: 'a workflow, in any case', channel: 'C0OPS', workflowKey: key('WKF1'), limit: 9, ids: ['C', 'A'] },
    { of: 'the same elsewhere', channel: 'C0OPS', workflowKey: key('WKF1', 'acme-stage'), limit: 9, ids: ['E'] },
    { of: 'a workflow in another channel', channel: 'C0OTHER', workflowKey: key('WKF1'), limit: 9, ids: ['D'] },
    { of: 'a workflow never asked for', channel: 'C0OPS', workflowKey: key('WKF9'), limit: 9, ids: [] },
    { of: 'a channel never asked in', channel: 'C0NEW', workflowKey: null, limit: 9, ids: [] },
  ])('of $of comes newest first, and never from elsewhere', async ({ ids, of: _, ...query }) => {
    await using opened = await newLedger(engine);
    const ledger = await withHistory(opened);
    expect((await ledger.recent({ refused: false, ...query })).map(({ id }) => id)).toEqual(ids);
  });

  it('returns requests in their current state', async () => {
    await using opened = await newLedger(engine);
    const ledger = await withHistory(opened);
    const [request] = await ledger.recent({ channel: 'C0OPS', workflowKey: key('WKF2'), refused: false, limit: 1 });
    expect(request).toEqual(await ledger.load('B'));
    expect(request?.state).toBe('approved');
  });

  it('lists refused requests separately, and continues page by page, also where several have the same time', async () => {
    await using opened = await newLedger(engine);
    const { ledger } = opened;
    for (const id of ['A', 'B', 'C', 'D', 'E', 'F']) {
      const refused: Event[] = id < 'E' ? [] : [endedAs('refused')];
      await storeRequest(ledger, submission(id, { workflowId: 'WKF1' }), ...refused);
    }
    for (const workflowKey of [null, key('WKF1')]) {
      const query = { channel: 'C0OPS', workflowKey, limit: 3 };
      const page = async (refused: boolean, after?: Request) =>
        ledger.recent({ ...query, refused, ...(after && { after }) });
      const first = await page(false);
      expect(first.map(({ id }) => id)).toEqual(['D', 'C', 'B']);
      expect((await page(false, first.at(-1))).map(({ id }) => id)).toEqual(['A']);
      expect((await page(true)).map(({ id }) => id)).toEqual(['F', 'E']);
    }
  });
});
