import { describe, expect, it } from '@jest/globals';
import type { Order } from '../../../src/requests/events.ts';
import { suggestWorkflows } from '../../../src/slack/listeners/suggest-workflows.ts';
import { people, policyOf, ruleOf } from '../../access/policy.fixture.ts';
import { noAnswer } from '../../requests/events.fixture.ts';
import { storeRequest, submission } from '../../requests/ledger/ledger.fixture.ts';
import { type Desk, openDesk } from './desk.fixture.ts';

const loads = [{ id: 'LOAD*', environment: null }];
const policy = policyOf([
  ruleOf('Operators', { people: people('U0ALICE') }),
  ruleOf('Loaders', { people: people('U0BOB'), workflows: loads }),
]);

let asked = 0;

/** Somebody asked for it and it was sent. */
function carriedOut({ ledger }: Desk, order: Partial<Order>) {
  const ended = { outcome: 'not_sent', because: { kind: 'too_late' }, answer: noAnswer } as const;
  const known = { environment: 'prod', organization: 'acme-prod', verb: 'pause', ...order } as const;
  return storeRequest(ledger, submission(`DONE${++asked}`, known), { type: 'ended', data: ended });
}

function refused({ ledger }: Desk, order: Partial<Order>) {
  const because = { kind: 'access', refusal: { reason: 'guest' } } as const;
  const ended = { outcome: 'refused', because, answer: null } as const;
  const known = { environment: 'prod', organization: 'acme-prod', verb: 'pause', ...order } as const;
  return storeRequest(ledger, submission(`DONE${++asked}`, known), { type: 'ended', data: ended });
}

const namesIn = (lines: readonly string[]) => lines.slice(1).map((line) => /(?:LOAD|JUNK|WKF)-?\d+/.exec(line)?.[0]);

describe('somebody who is refused again and again', () => {
  it('does not wash out the history: a few of them at the most stand beside the rest', async () => {
    await using desk = await openDesk(policy);
    for (let load = 0; load < 12; load++) await carriedOut(desk, { workflowId: `LOAD${load}` });
    for (let junk = 0; junk < 60; junk++) {
      await (junk % 2 === 0
        ? desk.type('U0DAVE', `status JUNK-${junk}`)
        : refused(desk, { workflowId: `JUNK-${junk}`, verb: 'stop' }));
    }
    expect(namesIn(await desk.type('U0ALICE', 'history'))).toEqual([
      ...['JUNK-59', 'JUNK-58', 'JUNK-57'],
      ...['LOAD11', 'LOAD10', 'LOAD9', 'LOAD8', 'LOAD7', 'LOAD6', 'LOAD5'],
    ]);
    expect(namesIn(await desk.type('U0BOB', 'history'))).toHaveLength(10);
  });

  it('is all that is shown where there is nothing else', async () => {
    await using desk = await openDesk(policy);
    for (let junk = 0; junk < 12; junk++) await desk.type('U0DAVE', `status JUNK-${junk}`);
    expect(namesIn(await desk.type('U0ALICE', 'history'))).toHaveLength(10);
    expect(await desk.type('U0BOB', 'history')).toEqual([
      'Among the last requests in this channel there is none of this kind that you may see.',
    ]);
  });

  it('does not wash out what the form offers', async () => {
    await using desk = await openDesk(policy);
    await carriedOut(desk, { workflowId: 'LOAD1' });
    for (let junk = 0; junk < 60; junk++) await desk.type('U0DAVE', `status JUNK-${junk}`);
    const { options } = { options: await suggestWorkflows(suggestionBy('U0ALICE'), desk.ports) };
    expect(options.map(({ value }) => value)).toEqual(['id LOAD1 prod']);
  });
});

const suggestionBy = (id: string) => ({
  user: { id },
  team: { id: 'T0ACME' },
  value: '',
  view: { private_metadata: { channel: 'C0OPS', interaction: '1.2' } },
});

it('finds what somebody may see behind what others asked for', async () => {
  await using desk = await openDesk(policy);
  await carriedOut(desk, { workflowId: 'LOAD1' });
  for (let other = 0; other < 120; other++) await carriedOut(desk, { workflowId: `WKF${other}` });
  expect(namesIn(await desk.type('U0BOB', 'history'))).toEqual(['LOAD1']);
});
