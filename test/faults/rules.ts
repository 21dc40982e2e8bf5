import type { PretendCampaign } from '../../sandbox/campaign/pretend-campaign.ts';
import type { PretendState } from '../../sandbox/campaign/workflow-states.ts';
import { CHANNELS, channel, GROUPS, USERS, user, type WorkspaceSeed } from '../../sandbox/slack/seed.ts';
import type { Watched } from './evidence.ts';

/** By the prefix of a workflow, its stops need two people; or their approvers sleep, so that others are asked or an emergency is declared. */
export const needsTwo = 'TWO';
export const escalating = 'WAKE';
export const inEmergency = 'FIRE';

/** Freezes are for an environment without other requests. */
export const spareEnvironment = 'spare';

/** Whom each stage of an escalation asks. The first of the first stage may also declare an emergency. */
export const onDuty = [['U0DAVE'], ['U0ERIK', 'U0FAY']] as const;

type FileWatch = { readonly workflowId: string; readonly channel: string; readonly state: PretendState };

/** Each in a channel of its own: a post whose bot was killed holds up the others of its channel for a minute. */
export const watchedByFile: readonly FileWatch[] = Array.from({ length: 12 }, (_, index) => ({
  workflowId: `LOAD${index + 1}`,
  channel: `C0LOAD${index + 1}`,
  state: index % 2 === 0 ? 'erroneous' : 'started',
}));

/** These workflows as they are when the first bot starts. */
export function watchedAtStart(campaign: PretendCampaign): Watched[] {
  return watchedByFile.map(({ workflowId, channel, state }) => {
    campaign.addWorkflow(workflowId, state);
    const failures = state === 'erroneous' ? 1 : 0;
    return { workflowId, channel, isTyped: false, failures, isWell: failures === 0 };
  });
}

export const workspace: Partial<WorkspaceSeed> = {
  users: [...USERS, user('U0ERIK', 'erik', 'Erik Duty'), user('U0FAY', 'fay', 'Fay Duty')],
  groups: [...GROUPS, { id: 'S0DUTY', handle: 'duty', users: onDuty[1] as unknown as string[] }],
  channels: [
    ...CHANNELS.map((one) => (one.id === 'C0OPS' ? { ...one, members: [...one.members, ...onDuty[1]] } : one)),
    ...watchedByFile.map(({ channel: id, workflowId }) =>
      channel(id, workflowId.toLowerCase(), { members: ['U0BOT'] }),
    ),
  ],
};

export function configuration(confirmWithinSeconds: number, { hasWatches }: { readonly hasWatches: boolean }): string {
  const shared = 'channels: [C0OPS], people: { users: [U0ALICE, U0GINA] }';
  const leads = 'from: { groups: [S0LEADS] }';
  const confirmed = `${leads}, expires_after: ${confirmWithinSeconds}s`;
  const stages = `[{ after: 2s, to: { users: [${onDuty[0]}] } }, { after: 5s, to: { groups: [S0DUTY] } }]`;
  const declared = `people: { users: [${onDuty[0]}] }, commands: [stop], after: 1s, review_by: { groups: [S0LEADS] }`;
  const watches = watchedByFile.map(
    ({ workflowId, channel: id }) =>
      `  - { workflows: [${workflowId}], environments: [acme], channel: ${id}, every: 1m }`,
  );
  return `
default_environment: acme
environments: { acme: { organization: acme, pauses_end_after: 1h }, ${spareEnvironment}: { organization: acme-spare } }
access:
  - { name: Two leads, ${shared}, workflows: ["${needsTwo}*"], commands: [stop], approval: { count: 2, ${confirmed} } }
  - name: Somebody awake
    ${shared.replace(', people', '\n    people')}
    workflows: ["${escalating}*"]
    commands: [stop]
    approval: { ${leads}, remind_after: 1s, escalate: ${stages}, expires_after: 50s }
  - name: Emergency
    ${shared.replace(', people', '\n    people')}
    workflows: ["${inEmergency}*"]
    commands: [stop]
    approval: { ${leads}, expires_after: 40s }
    emergency: { ${declared} }
  - { name: A lead, ${shared}, commands: [stop], approval: { ${confirmed} } }
  - { name: Operators, ${shared}, commands: [start, pause, resume, freeze, unfreeze, watch, unwatch, status, history] }
${hasWatches ? ['watch:', ...watches].join('\n') : ''}
`;
}
