import { describe, expect, it } from '@jest/globals';
import { LedgerUnavailableError } from '../../../src/requests/ledger/retry.ts';
import { answerCommand } from '../../../src/slack/listeners/typed-command.ts';
import { people, policyOf, ruleOf } from '../../access/policy.fixture.ts';
import { linesOf } from '../shown-text.ts';
import { type Harness, openHarness, toldBy } from './harness.fixture.ts';

const policy = policyOf([
  ruleOf('Operators', {
    channels: new Set(['C0OPS']),
    environments: new Set(['prod']),
    people: people('U0ALICE'),
    actions: new Set(['pause']),
  }),
]);

/** The reply to a command whose recording fails, and what else happened. */
async function typeWhileFailing({ ports, invocation }: Harness, error: Error) {
  const [failures, wakes]: [unknown[], string[]] = [[], []];
  const { person: user, ...where } = invocation('U0ALICE');
  const answered = await answerCommand(
    { text: 'pause WKF110', user, ...where },
    {
      ...ports,
      ledger: { ...ports.ledger, submitWithin: () => Promise.reject(error) },
      notRecorded: (reason) => failures.push(reason),
      wake: () => wakes.push('wake'),
    },
  );
  return { lines: linesOf(await toldBy(answered, ports)), failures, wakes };
}

describe('a command that cannot be recorded', () => {
  it('was not sent where nothing was written', async () => {
    await using harness = await openHarness(policy);
    const error = new LedgerUnavailableError(false, new Error('locked'));
    const { lines, failures } = await typeWhileFailing(harness, error);
    expect(lines).toEqual([expect.stringContaining('so nothing was sent. Try again in a moment')]);
    expect(failures).toEqual([error]);
  });

  it('may be recorded where the commit was not confirmed, and the runner looks for it', async () => {
    await using harness = await openHarness(policy);
    const error = new LedgerUnavailableError(true, new Error('lost'));
    const { lines, wakes } = await typeWhileFailing(harness, error);
    expect(lines).toEqual([expect.stringContaining('Wait for that before you type it again')]);
    expect(wakes).toEqual(['wake']);
  });
});
