import { expect, it } from '@jest/globals';
import type { Event } from '../../src/requests/events.ts';
import { createProgress } from '../../src/requests/progress.ts';

const recorded = (event: Event) => ({ request: 'R1', sequence: 5, at: 0, previousDigest: '', digest: '', ...event });

it('tells how each decision was judged, and nothing of one that is not', async () => {
  const progress = createProgress();
  const longMs = 60_000;
  const [refused, approved, cancelled, open] = [
    progress.judged('refused one', longMs),
    progress.judged('approving one', longMs),
    progress.judged('cancelling one', longMs),
    progress.judged('open one', 1),
  ];
  const by = 'U0BOB';
  const refusal = { kind: 'counted_already', missing: 1 } as const;
  progress.recorded(recorded({ type: 'pressed', data: { by, choice: 'approve', interaction: 'open one' } }));
  progress.recorded(recorded({ type: 'press_refused', data: { by, interaction: 'refused one', refusal } }));
  progress.recorded(recorded({ type: 'approved', data: { by, interaction: 'approving one', seen: null } }));
  const because = { kind: 'decided', by, interaction: 'cancelling one' } as const;
  progress.recorded(recorded({ type: 'ended', data: { outcome: 'cancelled', because, answer: null } }));
  expect(await Promise.all([refused, approved, cancelled, open])).toEqual(['refused', 'counted', 'counted', null]);
});
