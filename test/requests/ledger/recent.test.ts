import { describe, expect, it } from '@jest/globals';
import type { Event } from '../../../src/requests/events.ts';
import { type Request, workflowKey } from '../../../src/requests/request.ts';
import { endedAs, samples } from '../events.fixture.ts';
import { underWay } from '../request.fixture.ts';
import { append, engines, newLedger, type OpenedLedger, storeRequest, submission } from './ledger.fixture.ts';

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

const { granted, announced, asked, confirmed, moved } = samples;
const confirmedBy = (by: string): Event => ({ type: 'approved', data: { by, interaction: `press-${by}` } });
const question = [granted, announced, asked];

describe.each(engines)('the history of a person (%s)', (engine) => {
  const write = async (opened: OpenedLedger, id: string, requester: string, ...events: Event[]) => {
    opened.clock.now += 1_000;
    const order = { workflowId: id, ...(id === 'STAGE' && { organization: 'acme-stage' }) };
    return storeRequest(opened.ledger, submission(id, order, { requester }), ...events);
  };
  const idsOf = async ({ ledger }: OpenedLedger, query: Partial<Parameters<typeof ledger.recent>[0]>) => {
    const all = { channel: 'C0OPS', workflowKey: null, refused: false, limit: 9 };
    return (await ledger.recent({ ...all, ...query })).map(({ id }) => id);
  };

  async function withPeople(opened: OpenedLedger): Promise<void> {
    await write(opened, 'ALICE', 'U0ALICE', ...question, confirmedBy('U0ALICE'));
    await write(opened, 'BOB', 'U0BOB');
    await write(opened, 'NO', 'U0BOB', endedAs('refused'));
    await write(opened, 'BOTH', 'U0ALICE', ...question, confirmed, confirmedBy('U0BOB'));
    await write(opened, 'GONE', 'U0ALICE', ...question, confirmedBy('U0BOB'), endedAs('refused'));
    await write(opened, 'STAGE', 'U0DAVE');
  }

  it('has what the person requested or confirmed, and what was refused to the person separately', async () => {
    await using opened = await newLedger(engine);
    await withPeople(opened);
    expect(await idsOf(opened, { person: 'U0BOB' })).toEqual(['GONE', 'BOTH', 'BOB']);
    expect(await idsOf(opened, { person: 'U0BOB', refused: true })).toEqual(['NO']);
    expect(await idsOf(opened, { person: 'U0CAROL' })).toEqual(['BOTH']);
    expect(await idsOf(opened, { person: 'U0ALICE' })).toEqual(['BOTH', 'ALICE']);
    expect(await idsOf(opened, { person: 'U0ALICE', refused: true })).toEqual(['GONE']);
    expect(await idsOf(opened, { person: 'U0BOB', channel: 'C0OTHER' })).toEqual([]);
  });

  it('continues after each of its requests, whether requested or confirmed', async () => {
    await using opened = await newLedger(engine);
    await withPeople(opened);
    const ids: string[] = [];
    for (let after: Request | undefined; ; ) {
      const query = { channel: 'C0OPS', workflowKey: null, refused: false, person: 'U0BOB', limit: 1 };
      const [next] = await opened.ledger.recent({ ...query, ...(after && { after }) });
      if (next === undefined) break;
      ids.push(next.id);
      after = next;
    }
    expect(ids).toEqual(['GONE', 'BOTH', 'BOB']);
  });

  it('can be that of an organization', async () => {
    await using opened = await newLedger(engine);
    await withPeople(opened);
    expect(await idsOf(opened, { organization: 'acme-stage' })).toEqual(['STAGE']);
    expect(await idsOf(opened, { organization: 'acme' })).toEqual(['BOTH', 'BOB', 'ALICE']);
    expect(await idsOf(opened, { organization: 'acme', refused: true })).toEqual(['GONE', 'NO']);
  });

  it('follows a channel to its new ID', async () => {
    await using opened = await newLedger(engine);
    await withPeople(opened);
    const both = await opened.ledger.load('BOTH');
    if (both === null) throw new Error('the request is missing');
    await append(opened.ledger, both, moved);
    expect(await idsOf(opened, { person: 'U0CAROL' })).toEqual([]);
    expect(await idsOf(opened, { person: 'U0CAROL', channel: 'G0OPS' })).toEqual(['BOTH']);
  });
});

describe.each(engines)('what waits (%s)', (engine) => {
  it('are the questions of the given channels, and what the person has asked there that has no outcome', async () => {
    await using opened = await newLedger(engine);
    const { ledger } = opened;
    const write = (id: string, requester: string, ...events: readonly Event[]) =>
      storeRequest(ledger, submission(id, { workflowId: id }, { requester, channel: `C0${id}` }), ...events);
    await write('NEW', 'U0ALICE');
    await write('NEWER', 'U0BOB');
    await write('QUESTION', 'U0BOB', ...question);
    await write('ENDED', 'U0BOB', ...question, endedAs('expired'));
    await write('SENT', 'U0BOB', ...underWay);
    const all = new Set(['NEW', 'NEWER', 'QUESTION', 'ENDED', 'SENT'].map((id) => `C0${id}`));
    expect(await ledger.waiting('U0CAROL', all)).toEqual(['QUESTION']);
    expect(await ledger.waiting('U0ALICE', all)).toEqual(['NEW', 'QUESTION']);
    expect((await ledger.waiting('U0BOB', all)).toSorted()).toEqual(['NEWER', 'QUESTION', 'SENT']);
    expect(await ledger.waiting('U0BOB', new Set(['C0SENT', 'C0OTHER']))).toEqual(['SENT']);
    expect(await ledger.waiting('U0BOB', new Set())).toEqual([]);
  });
});
