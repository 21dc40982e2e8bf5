import type { ShownWorkflow } from '../../snapshot.ts';
import { duration, fullDate } from '../time-format.ts';
import { useNow } from '../use-now.ts';
import { WorkflowState } from './workflow-state.tsx';

export function WorkflowTable({ workflows }: { workflows: readonly ShownWorkflow[] }) {
  const now = useNow();
  return (
    <table className="workflows">
      <caption className="visually-hidden">Workflows of the pretend Campaign</caption>
      <thead>
        <tr>
          <th scope="col">Workflow</th>
          <th scope="col">Organization</th>
          <th scope="col">State</th>
          <th scope="col">For</th>
        </tr>
      </thead>
      <tbody>
        {workflows.map(({ id, organization, state, logicalStatus, since }) => (
          <tr key={`${organization}/${id}`}>
            <th scope="row">{id}</th>
            <td>{organization}</td>
            <td title={`logicalStatus: ${logicalStatus}`}>
              <WorkflowState state={state} />
            </td>
            <td title={`Since ${fullDate(since)}`}>{duration(now - since)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
