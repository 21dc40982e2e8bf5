import { Gauge, Histogram, type Registry } from 'prom-client';
import type { LedgerState } from '../requests/ledger/ledger-state.ts';
import { commitBuckets } from './buckets.ts';

/** What the ledger holds. */
export type LedgerMetrics = {
  /** A transaction with events was committed and would survive a power failure. */
  readonly committed: (ms: number) => void;
  /** Shows what was read; null: the ledger cannot be read. `now`: by the ledger's clock, in milliseconds. */
  readonly showLedger: (state: LedgerState | null, now: number) => void;
};

export function ledgerMetrics(registers: [Registry]): LedgerMetrics {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const commits = new Histogram({
    name: 'campaign_wf_commit_seconds',
    help: 'Transactions that record events, until they would survive a power failure, retries included.',
    buckets: commitBuckets,
    registers,
  });
  const waiting = gauge(
    'campaign_wf_outcomes_waiting',
    'Outcomes that could not be told in Slack so far and are tried again; NaN while the ledger cannot be read.',
  );
  const due = gauge(
    'campaign_wf_oldest_due_step_seconds',
    'For how long the oldest step has been due that is not done; 0 without one, NaN while the ledger cannot be read.',
  );
  const announcements = gauge(
    'campaign_wf_announcements_waiting',
    'Requests whose announcement is not posted yet; NaN while the ledger cannot be read.',
  );
  const approvals = gauge(
    'campaign_wf_open_approvals',
    'Questions that wait for a confirmation; NaN while the ledger cannot be read.',
  );
  const oldestApproval = gauge(
    'campaign_wf_oldest_open_approval_seconds',
    'The age of the oldest request that waits for a confirmation; 0 without one, NaN while the ledger cannot be read.',
  );
  const reviews = gauge(
    'campaign_wf_open_reviews',
    'Emergencies that were declared and are not reviewed; NaN while the ledger cannot be read.',
  );
  const oldestReview = gauge(
    'campaign_wf_oldest_open_review_seconds',
    'How long ago the oldest emergency that is not reviewed was declared; 0 without one, NaN while the ledger cannot be read.',
  );
  const size = gauge('campaign_wf_ledger_size_bytes', 'The size of the ledger; NaN while it cannot be read.');
  const unsealed = gauge(
    'campaign_wf_unsealed_events',
    'Recorded events without a place in the log, 10,000 at most; NaN while the ledger cannot be read.',
  );
  return {
    committed: (ms) => commits.observe(ms / 1_000),
    showLedger(state, now) {
      const age = (since: number | null) => (since === null ? 0 : Math.max(0, now - since) / 1_000);
      waiting.set(state?.outcomesWaiting ?? Number.NaN);
      due.set(state === null ? Number.NaN : age(state.dueSince));
      announcements.set(state?.announcementsWaiting ?? Number.NaN);
      approvals.set(state?.openApprovals ?? Number.NaN);
      oldestApproval.set(state === null ? Number.NaN : age(state.oldestApprovalAt));
      reviews.set(state?.openReviews ?? Number.NaN);
      oldestReview.set(state === null ? Number.NaN : age(state.oldestReviewAt));
      size.set(state?.sizeBytes ?? Number.NaN);
      unsealed.set(state?.unsealedEvents ?? Number.NaN);
    },
  };
}
