import { describe, expect, it } from '@jest/globals';
import { rowOf } from '../../src/audit/export/row.ts';
import { translatorFor } from '../../src/locales/translator.ts';
import type { Event } from '../../src/requests/events.ts';
import { replay } from '../../src/requests/replay.ts';
import { noon, recorded, requestedBy } from '../requests/events.fixture.ts';

const dueAt = noon + 1_800_000;

/** The row of a command for later. Each event is a second after the one before. */
function rowWith(...rest: readonly Event[]) {
  const events = recorded([
    { type: 'requested', data: requestedBy({}, { interaction: 'typed-1' }) },
    { type: 'granted', data: { rule: 'leads', approvers: null, expiresAt: null, dueAt, zone: 'Europe/Paris' } },
    { type: 'announced', data: { ts: '1.1' } },
    ...rest,
  ]);
  return rowOf(replay(events), events, translatorFor('en'));
}

const released: Event = { type: 'approved', data: { by: null, interaction: null } };

describe('the row of a command for later', () => {
  it('counts the decision to when it was scheduled, and not to its release', () => {
    const row = rowWith({ type: 'scheduled', data: { by: null, interaction: null } }, released);
    expect(row).toMatchObject({ decision_ms: 3_000, due_at: new Date(dueAt).toISOString(), confirmed_by: [] });
  });

  it('counts it to the press of its last confirmation', () => {
    const press: Event = { type: 'pressed', data: { by: 'U0BOB', choice: 'approve', interaction: 'press-1' } };
    const scheduled: Event = { type: 'scheduled', data: { by: 'U0BOB', interaction: 'press-1' } };
    const row = rowWith({ type: 'asked', data: { expiresAt: dueAt } }, press, scheduled, released);
    expect(row).toMatchObject({ decision_ms: 4_000, confirmed_by: ['U0BOB'] });
  });
});
