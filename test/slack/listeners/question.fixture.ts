import type { Event, Order } from '../../../src/requests/events.ts';
import { storeRequest, submission } from '../../requests/ledger/ledger.fixture.ts';
import type { Harness } from './harness.fixture.ts';

/** 11 November 2026: after all times of the tests. */
export const later = Date.UTC(2026, 10, 11);

type Stored = { readonly order?: Partial<Order>; readonly expiresAt?: number; readonly rest?: object };

/** A question that waits for a lead. */
export async function ask({ ledger }: Harness, id: string, { order = {}, expiresAt = later, rest = {} }: Stored = {}) {
  const asked = { verb: 'stop', organization: 'acme-prod', workflowId: `WKF-${id}`, ...order } as const;
  const approvers = { users: [], groups: ['S0LEADS'] };
  const events: readonly Event[] = [
    { type: 'granted', data: { rule: 'Operators', approvers, expiresAt } },
    { type: 'announcing', data: { attempt: 1 } },
    { type: 'announced', data: { ts: '1.1' } },
    { type: 'asked', data: { expiresAt } },
  ];
  return storeRequest(ledger, submission(id, asked, rest), ...events);
}
