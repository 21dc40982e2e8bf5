import { describe, expect, it } from '@jest/globals';
import type { ApprovalChoice } from '../../src/commands/command.ts';
import { type Pressed, recordPress } from '../../src/requests/rules/press.ts';
import { cancelPressed, endedAs, noon, samples } from './events.fixture.ts';
import { neverAborted, newLedger, type OpenedLedger, storeRequest, submission } from './ledger/ledger.fixture.ts';
import { underWay } from './request.fixture.ts';

const { announced, dispatching } = samples;
const expiresAt = noon + 300_000;
const waiting = [
  { type: 'granted', data: { rule: 'leads', approvers: null, expiresAt } },
  announced,
  { type: 'asked', data: { expiresAt } },
] as const;

function press({ ledger, clock }: OpenedLedger, choice: ApprovalChoice, rest: Partial<Pressed> = {}) {
  const pressed = { request: 'A', channel: 'C0OPS', team: 'T0ACME', by: 'U0CAROL', interaction: 'press-1', ...rest };
  return recordPress(ledger, { ...pressed, choice }, () => clock.now, neverAborted);
}

describe('a press', () => {
  it('is recorded when it is acknowledged, and judged afterwards', async () => {
    await using opened = await newLedger();
    await storeRequest(opened.ledger, submission('A'), ...waiting);
    const result = await press(opened, 'approve');
    expect(result).toEqual({ kind: 'recorded', request: await opened.ledger.load('A') });
    expect(result).toMatchObject({
      request: {
        state: 'awaiting_approval',
        presses: [{ by: 'U0CAROL', choice: 'approve', interaction: 'press-1', at: noon }],
      },
    });
    expect(await opened.ledger.claim(9)).toMatchObject([{ task: 'decide' }]);
  });

  it('counts once, however often Slack delivers it, also after it was judged', async () => {
    await using opened = await newLedger();
    await storeRequest(opened.ledger, submission('A'), ...waiting);
    await press(opened, 'approve');
    expect(await press(opened, 'approve')).toMatchObject({ kind: 'repeated' });
    const { request } = { request: await opened.ledger.load('A') };
    await opened.ledger.transaction(async (tx) => request && tx.append(request, samples.approved));
    expect(await press(opened, 'approve')).toMatchObject({
      kind: 'repeated',
      request: { state: 'approved', presses: [] },
    });
    expect((await opened.ledger.events('A')).filter(({ type }) => type === 'pressed')).toHaveLength(1);
  });

  it.each([
    ['another channel', { channel: 'C0OTHER' }, 'elsewhere'],
    ['another workspace', { team: 'T0OTHER' }, 'no_such_request'],
    ['another workspace and channel', { team: 'T0OTHER', channel: 'C0OTHER' }, 'no_such_request'],
    ['a request that does not exist', { request: 'B' }, 'no_such_request'],
  ])('in %s matches no request and writes nothing', async (_, elsewhere, kind) => {
    await using opened = await newLedger();
    const request = await storeRequest(opened.ledger, submission('A'), ...waiting);
    expect(await press(opened, 'cancel', elsewhere)).toMatchObject({ kind });
    expect(await opened.ledger.load('A')).toEqual(request);
  });

  it('confirms until the question expires; a cancellation is never too late before the dispatch', async () => {
    await using opened = await newLedger();
    await storeRequest(opened.ledger, submission('A'), ...waiting);
    opened.clock.now = expiresAt - 1;
    expect(await press(opened, 'approve')).toMatchObject({ kind: 'recorded' });
    opened.clock.now = expiresAt;
    const late = { interaction: 'press-2', by: 'U0DAVE' };
    expect(await press(opened, 'approve', late)).toMatchObject({ kind: 'over' });
    // The previous press is not judged yet, so a cancellation is still in time.
    expect(await press(opened, 'cancel', { interaction: 'press-3' })).toMatchObject({ kind: 'recorded' });
    expect(await opened.ledger.load('A')).toMatchObject({
      presses: [{ interaction: 'press-1' }, { interaction: 'press-3' }],
    });
  });

  it.each([
    { when: 'is not recorded as announced yet', events: [], approve: null, cancel: null },
    { when: 'needs no confirmation', events: underWay, approve: 'approved', cancel: null },
    { when: 'is being sent', events: [...underWay, dispatching], approve: 'dispatching', cancel: 'dispatching' },
    {
      when: 'waits for a retry',
      events: [...underWay, dispatching, samples.not_reached],
      approve: 'approved',
      cancel: null,
    },
    {
      when: 'has ended',
      events: [...underWay, dispatching, endedAs('accepted')],
      approve: 'accepted',
      cancel: 'accepted',
    },
  ])('on a request that $when: too late to approve ($approve), to cancel ($cancel)', async (example) => {
    await using opened = await newLedger();
    const request = await storeRequest(opened.ledger, submission('A'), ...example.events);
    for (const choice of ['approve', 'cancel'] as const) {
      const state = example[choice];
      const expected = state === null ? { kind: 'recorded' } : { kind: 'too_late', state, request };
      expect(await press(opened, choice, { interaction: choice })).toMatchObject(expected);
    }
  });

  it('is recorded beside presses that are not judged yet, and once where the same person repeats it meanwhile', async () => {
    await using opened = await newLedger();
    await storeRequest(opened.ledger, submission('A'), ...waiting, cancelPressed);
    const people = [
      { interaction: 'a', by: 'U0CAROL' },
      { interaction: 'b', by: 'U0DAVE' },
      { interaction: 'c', by: 'U0DAVE' },
    ];
    for (const one of people) await press(opened, 'approve', one);
    const { presses } = { presses: [], ...(await opened.ledger.load('A')) };
    expect(presses.map(({ interaction }) => interaction)).toEqual(['press-3', 'a', 'b']);
  });

  it('that cannot be recorded in time is not recorded later either', async () => {
    await using opened = await newLedger();
    const request = await storeRequest(opened.ledger, submission('A'), ...waiting);
    const pressed = { request: 'A', channel: 'C0OPS', team: 'T0ACME', by: 'U0CAROL', interaction: 'press-1' };
    const late = new AbortController();
    const now = () => {
      late.abort();
      return noon;
    };
    await expect(recordPress(opened.ledger, { ...pressed, choice: 'approve' }, now, late.signal)).rejects.toThrow();
    expect(await opened.ledger.load('A')).toEqual(request);
  });
});
