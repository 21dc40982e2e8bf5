import { describe, expect, it } from '@jest/globals';
import { endedAs, noon, samples } from '../events.fixture.ts';
import { underWay } from '../request.fixture.ts';
import { append, engines, newLedger, storeRequest, submission } from './ledger.fixture.ts';
import { preparedDuring } from './prepared-statements.fixture.ts';

const { granted, announced } = samples;
const question = { type: 'asked', data: { expiresAt: noon + 300_000 } } as const;

describe.each(engines)('the state of a ledger (%s)', (engine) => {
  it('says what is due, what waits for a person or for Slack, and what has no place in the log', async () => {
    await using opened = await newLedger(engine);
    const { ledger, clock } = opened;
    const nothing = { announcementsWaiting: 0, outcomesWaiting: 0, openApprovals: 0, unsealedEvents: 0 };
    await ledger.seal();
    expect(await ledger.state()).toMatchObject({ ...nothing, dueSince: null, oldestApprovalAt: null });
    clock.now = noon + 1_000;
    await storeRequest(ledger, submission('A', { workflowId: 'A' }), granted, announced, question);
    clock.now = noon + 2_000;
    await storeRequest(ledger, submission('B', { workflowId: 'B' }), granted);
    const sent = await storeRequest(ledger, submission('C', { workflowId: 'C' }), ...underWay);
    await append(ledger, sent, { type: 'dispatching', data: { attempt: 1 } }, endedAs('accepted'));
    clock.now = noon + 9_000;
    for (const claim of await ledger.claim(99))
      if (claim.request === 'C') await ledger.settle(claim, clock.now + 60_000);
    const state = await ledger.state();
    expect(state).toMatchObject({ announcementsWaiting: 1, outcomesWaiting: 1, openApprovals: 1 });
    expect(state).toMatchObject({ dueSince: noon + 1_000, oldestApprovalAt: noon + 1_000, unsealedEvents: 12 });
    expect(state).toMatchObject({ openReviews: 0, oldestReviewAt: null });
    expect(state.sizeBytes).toBeGreaterThan(10_000);
    await ledger.seal();
    expect((await ledger.state()).unsealedEvents).toBe(0);
  });

  it('says what waits for the review of an emergency, and since when one was declared, until the review is told', async () => {
    await using opened = await newLedger(engine);
    const { ledger, clock } = opened;
    const nobody = { users: [], groups: [] };
    const emergency = { rule: 'Operators', people: nobody, reviewBy: nobody };
    const declared = { type: 'approved', data: { by: 'U0EVE', interaction: 'press-1', emergency } } as const;
    for (const [id, minute] of [
      ['A', 1],
      ['B', 2],
    ] as const) {
      clock.now = noon;
      await storeRequest(ledger, submission(id, { workflowId: id }), granted, announced, question);
      clock.now = noon + minute * 60_000;
      await append(ledger, { id }, declared);
    }
    expect(await ledger.state()).toMatchObject({ openReviews: 2, oldestReviewAt: noon + 60_000 });
    const last = { type: 'emergency_told', data: { message: 'reviewed', number: 0, ts: '1.6' } } as const;
    await append(ledger, { id: 'A' }, samples.reviewed, last);
    expect(await ledger.state()).toMatchObject({ openReviews: 1, oldestReviewAt: noon + 120_000 });
  });
});

it('the state of a ledger is read with one statement, from what is open, and not from the history', async () => {
  await using opened = await newLedger();
  const statements = await preparedDuring(() => opened.ledger.state());
  expect(statements).toHaveLength(1);
  const plans = statements.map((sql) => sql.replaceAll('?', '0'));
  const steps = plans.flatMap((sql) => opened.raw().prepare(`explain query plan ${sql}`).all());
  const reads = steps.map(({ detail }) => String(detail)).filter((step) => /^(SCAN|SEARCH)/.test(step));
  const bounded = /tasks|questions_by_channel|requests_open|unsealed|pragma_|CONSTANT ROW|^S\w+ due|(request|id)=\?/;
  for (const read of reads) expect(read).toMatch(bounded);
});
