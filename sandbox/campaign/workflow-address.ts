/** The parts of `/{organization}/campaign/workflow/execution/{workflowID}[/commands]`. */
export type WorkflowAddress = { organization: string; workflowId: string; isCommand: boolean };

const ADDRESS = /^\/([^/?]+)\/campaign\/workflow\/execution\/([^/?]+)(\/commands)?$/;

export function workflowAddress(path: string): WorkflowAddress | undefined {
  const [, organization, workflowId, commands] = ADDRESS.exec(path) ?? [];
  if (organization === undefined || workflowId === undefined) return undefined;
  return { organization, workflowId, isCommand: commands !== undefined };
}
