import type { CampaignSide } from '../../snapshot.ts';
import { useAction } from '../use-action.ts';
import { RequestList } from './request-list.tsx';
import { WorkflowTable } from './workflow-table.tsx';

/** The one that the bot watches, by the sandbox's rules. */
const watched = 'WKF400';

/** More than the seven days after which Campaign stops an unattended workflow. */
const days = 8;

export function CampaignPanel({ campaign }: { campaign: CampaignSide }) {
  const { isBusy, problem, act } = useAction();
  return (
    <>
      <h2>Campaign</h2>
      <p className="lead">
        A pretend Adobe Campaign on this machine. As in the real one, a command takes effect some seconds later. It
        listens at <code>{campaign.url}</code>.
      </p>
      <section aria-label="Workflows">
        <WorkflowTable workflows={campaign.workflows} />
        <div className="action-row">
          <button
            type="button"
            className="button"
            aria-busy={isBusy}
            onClick={() => act({ type: 'let days pass', days })}
          >
            Let {days} days pass
          </button>
          <p>Campaign stops workflows that are paused or erroneous for more than 7 days.</p>
        </div>
        <div className="action-row">
          <button
            type="button"
            className="button"
            aria-busy={isBusy}
            onClick={() => act({ type: 'let fail', workflow: watched })}
          >
            Let {watched} fail
          </button>
          <p>The bot watches it: within a minute, it says so in #ops.</p>
        </div>
        <p role="alert" className="problem" hidden={problem === null}>
          {problem}
        </p>
      </section>
      <section aria-labelledby="received">
        <h3 id="received">Received requests</h3>
        <RequestList requests={campaign.requests} />
      </section>
    </>
  );
}
