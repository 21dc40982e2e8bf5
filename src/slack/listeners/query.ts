import { allWorkflows } from '../../access/patterns.ts';
import type { ReadAction } from '../../access/policy.ts';
import type { Command, WorkflowName } from '../../commands/command.ts';
import { type Invocation, type Rights, rightsOf } from '../answers/invocation.ts';
import type { LocalizedPorts } from '../listener-ports.ts';
import type { Message } from '../render.ts';
import { type OrderDraft, refuseQuery } from './recording.ts';

export type Query = Command & { kind: ReadAction };

type HistoryQuery = Pick<Query & { kind: 'history' }, 'kind' | 'workflow' | 'environment'>;
/** What a query is about. Who or when does not matter for the rights to a history. Without a workflow: any. */
type Asked =
  | (Query & { kind: 'access' })
  | HistoryQuery
  | { readonly kind: 'status'; readonly workflow: WorkflowName | null; readonly environment: string | null };

/** The person's rights; or a refusal, which is recorded, and the message with its reason. */
type Permission =
  | { readonly permitted: true; readonly rights: Rights }
  | { readonly permitted: false; readonly message: Message };

/** Looks up whether somebody may make a query in a channel. */
export async function askToRead(asked: Asked, invocation: Invocation, ports: LocalizedPorts): Promise<Permission> {
  const rights = await rightsOf(invocation, ports);
  const draft = draftOf(asked);
  const { environment, workflowId } = draft;
  const decision = rights.may({
    action: asked.kind,
    environment: environment === '' ? null : environment,
    workflowId: workflowId === allWorkflows ? null : workflowId,
    hasReason: false,
  });
  if (decision.permitted) return { permitted: true, rights };
  return { permitted: false, message: await refuseQuery(draft, decision.refusal, invocation, ports) };
}

function draftOf(asked: Asked): OrderDraft {
  if (asked.kind === 'access') {
    const { kind: verb, person } = asked;
    const about = { verb, workflowId: allWorkflows, alias: null, environment: '', reason: '' };
    return person === null ? about : { ...about, person };
  }
  const { kind: verb, workflow, environment } = asked;
  const { id: workflowId = allWorkflows, alias = null } = workflow ?? {};
  return { verb, workflowId, alias, environment: environment ?? '', reason: '' };
}
