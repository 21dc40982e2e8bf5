import type { CampaignSide } from '../../snapshot.ts';
import { useDeed } from '../use-deed.ts';
import { RequestList } from './request-list.tsx';
import { WorkflowTable } from './workflow-table.tsx';

/** More than the seven after which Campaign stops what is stuck. */
const days = 8;

export function CampaignPanel({ campaign }: { campaign: CampaignSide }) {
  const { isBusy, problem, act } = useDeed();
  return (
    <>
      <h2>Campaign</h2>
      <p className="lead">
        A pretend Adobe Campaign on this machine. Its workflows take commands as the real one does: some seconds later.
        It listens at <code>{campaign.url}</code>.
      </p>
      <section aria-label="Workflows">
        <WorkflowTable workflows={campaign.workflows} />
        <div className="deed-row">
          <button
            type="button"
            className="button"
            aria-busy={isBusy}
            onClick={() => act({ does: 'let days pass', days })}
          >
            Let {days} days pass
          </button>
          <p>Campaign stops what has been paused or erroneous for more than 7 days.</p>
        </div>
        <p role="alert" className="problem" hidden={problem === null}>
          {problem}
        </p>
      </section>
      <section aria-labelledby="arrived">
        <h3 id="arrived">What arrived</h3>
        <RequestList requests={campaign.requests} />
      </section>
    </>
  );
}
