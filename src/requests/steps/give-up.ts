import type { Step } from '../ports.ts';
import { announcementState } from '../request.ts';
import { record } from './record.ts';
import { postOutcome, logOutcome } from './report.ts';
import { updateAnnouncement } from './show.ts';

/** What has failed this often by a fault of our own fails the next time, too. */
const mostFaults = 10;

/** Reports; after ten faults in a row the outcome goes to the log. That Slack is away is no fault: the step waits for it. */
export const postOutcomeOrLog: Step = async (request, ports, claim) => {
  try {
    return await postOutcome(request, ports, claim);
  } catch (error) {
    // Where not even this can be written, the fault is the ledger's, and does not count.
    const failed = await record(request, ports, { type: 'not_posted', data: { message: 'outcome', reason: 'fault' } });
    if (failed === null || failed.outcomePost.faults < mostFaults) throw error;
    return logOutcome(failed, ports, error);
  }
};

/** Shows; after ten vain tries of which the last was a fault, the announcement stays as it is until there is more to show. */
export const updateAnnouncementOrLeave: Step = async (request, ports, claim) => {
  try {
    return await updateAnnouncement(request, ports, claim);
  } catch (error) {
    if (claim.attempts + 1 < mostFaults) throw error;
    ports.count.fault('step');
    ports.log.error({ request: request.id, err: error }, 'the announcement cannot be brought up to date');
    await record(request, ports, {
      type: 'shown',
      data: { state: announcementState(request), turn: request.questionRevision, problem: 'fault' },
    });
    return undefined;
  }
};
