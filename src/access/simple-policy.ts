import { verbs } from '../commands/command.ts';
import type { Action, ApprovalRule, People, Policy, Rule } from './policy.ts';

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
const technicalWorkflows: readonly string[] = [
  'billing',
  'cleanup',
  'tracking',
  'trackinglogrecovery',
  'deliverabilityupdate',
  'updateeventsstatus',
  'mobileappmessages',
];

/** The simple policy as rules: users run workflows, approvers confirm a stop and may read what they judge. */
export function simplePolicy(lists: SimpleLists): Policy {
  const users: Rule = {
    name: 'CAMPAIGN_WF_USERS',
    channels: lists.channels,
    people: lists.users,
    actions: new Set<Action>([...verbs, 'status', 'history']),
    approval: new Map([['stop', stopApproval(lists)]]),
  };
  const approvers: Rule = {
    name: 'CAMPAIGN_WF_APPROVERS',
    channels: lists.channels,
    people: lists.approvers,
    actions: new Set<Action>(['status', 'history']),
    approval: new Map(),
  };
  return { rules: [users, approvers], protectedWorkflows: new Set(technicalWorkflows) };
}

function stopApproval(lists: SimpleLists): ApprovalRule {
  const none = lists.approvers.users.size === 0 && lists.approvers.groups.size === 0;
  return { from: none ? 'requester' : lists.approvers, withinMs: lists.confirmWithinMs };
}
