import { verbs } from '../commands/command.ts';
import { allWorkflows } from './patterns.ts';
import { type Action, type Approval, isNobody, type People, type Policy, type Rule } from './policy.ts';

/** The three lists of the environment: `CAMPAIGN_WF_CHANNELS`, `_USERS`, `_APPROVERS`. */
export type SimpleLists = {
  readonly channels: ReadonlySet<string>;
  readonly users: People;
  readonly approvers: People;
  readonly confirmWithinMs: number;
};

/**
 * Adobe's technical workflows (Adobe Campaign documentation, "Technical workflows"): the instance depends on them. Lower
 * case.
 */
export const technicalWorkflows: readonly string[] = [
  'billing',
  'cleanup',
  'tracking',
  'trackinglogrecovery',
  'deliverabilityupdate',
  'updateeventsstatus',
  'mobileappmessages',
];

/** What both users and approvers may do. */
const sharedActions: readonly Action[] = ['freeze', 'unfreeze', 'watch', 'unwatch', 'status', 'history', 'access'];

/** The simple policy as rules: users run workflows, approvers confirm stops; both may read, watch, freeze and unfreeze. */
export function simplePolicy(lists: SimpleLists, environment: string): Policy {
  const rule = (name: string, people: People, actions: readonly Action[], approval: Approval | null): Rule => ({
    name,
    channels: lists.channels,
    people,
    environments: new Set([environment]),
    workflows: [{ id: allWorkflows, environment: null }],
    actions: new Set(actions),
    reasonRequired: false,
    approval,
  });
  const others = verbs.filter((verb) => verb !== 'stop');
  return {
    rules: [
      rule('CAMPAIGN_WF_USERS', lists.users, [...others, ...sharedActions], null),
      rule('CAMPAIGN_WF_USERS, stop', lists.users, ['stop'], stopApproval(lists)),
      rule('CAMPAIGN_WF_APPROVERS', lists.approvers, sharedActions, null),
    ],
    protectedWorkflows: new Set(technicalWorkflows),
    freezes: [],
    guests: new Set(),
    sharedChannels: new Set(),
  };
}

function stopApproval({ approvers, confirmWithinMs: withinMs }: SimpleLists): Approval {
  return { from: isNobody(approvers) ? 'requester' : approvers, count: 1, requesterMayApprove: true, withinMs };
}
