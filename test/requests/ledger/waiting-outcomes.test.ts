import { expect, it } from '@jest/globals';
import { endedAs, noon } from '../events.fixture.ts';
import { underWay } from '../request.fixture.ts';
import { newLedger, storeRequest, submission } from './ledger.fixture.ts';
import { preparedDuring } from './prepared-statements.fixture.ts';

it('counts the postponed outcomes, with the time since when the first one waits', async () => {
  await using opened = await newLedger();
  const { ledger, clock } = opened;
  expect(await ledger.pendingOutcomes()).toEqual({ count: 0, since: null });
  for (const id of ['A', 'B', 'C']) {
    clock.now += 1_000;
    await storeRequest(ledger, submission(id, { workflowId: id }), ...underWay, {
      type: 'dispatching',
      data: { attempt: 1 },
    });
    clock.now += 1_000;
    await ledger.transaction(async (tx) => {
      const request = await tx.load(id);
      return request && tx.append(request, endedAs('accepted'));
    });
  }
  expect(await ledger.pendingOutcomes()).toEqual({ count: 0, since: null });
  for (const claim of await ledger.claim(99)) {
    const isPostponed = claim.request !== 'A' || claim.task === 'show';
    await ledger.settle(claim, isPostponed ? clock.now + 60_000 : undefined);
  }
  expect(await ledger.pendingOutcomes()).toEqual({ count: 2, since: noon + 4_000 });
});

it('reads due tasks, and not the history', async () => {
  await using opened = await newLedger();
  const statements = await preparedDuring(() => opened.ledger.pendingOutcomes());
  const plans = statements.map((sql) => sql.replaceAll('?', 'null'));
  const steps = plans.flatMap((sql) => opened.raw().prepare(`explain query plan ${sql}`).all());
  const reads = steps.map(({ detail }) => String(detail)).filter((step) => /^(SCAN|SEARCH)/.test(step));
  expect(reads).toEqual(['SCAN tasks', expect.stringMatching(/^SEARCH events USING INDEX .*request=/)]);
});
