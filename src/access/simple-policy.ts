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
 * Adobe's technical workflows: they keep the instance alive and "are not for hands"
 * (Adobe Campaign documentation, technical workflows). Lower case.
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

/** What users and approvers may do alike. */
const everybodys: readonly Action[] = ['freeze', 'unfreeze', 'status', 'history', 'access'];

/** The simple policy as rules: users run workflows, approvers confirm a stop; both read, and freeze what they are afraid for. */
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
      rule('CAMPAIGN_WF_USERS', lists.users, [...others, ...everybodys], null),
      rule('CAMPAIGN_WF_USERS, stop', lists.users, ['stop'], stopApproval(lists)),
      rule('CAMPAIGN_WF_APPROVERS', lists.approvers, everybodys, null),
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
