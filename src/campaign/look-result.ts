import type { ResponseSummary, FailureReason } from './send-result.ts';

/** The five statuses that Campaign shows to its users. */
export type WorkflowState = 'editing' | 'in_progress' | 'finished' | 'warning' | 'erroneous';

export type WorkflowLookUp =
  /**
   * `raw` is what Campaign wrote in `field` (at most 80 characters), e.g. `started` in `logicalStatus`, or
   * `11, failed` when a flag beside it tells of an error. `reading` is null when the value means nothing to us.
   */
  | { kind: 'seen'; reading: WorkflowState | null; field: string; raw: string }
  /** Campaign answered, but shows no state. */
  | { kind: 'not_shown' }
  /** Campaign's own 404. One that a proxy wrote is `failed`. */
  | { kind: 'not_found'; answer: ResponseSummary }
  | { kind: 'failed'; reason: FailureReason; answer: ResponseSummary };
