import { decide } from '../../access/decide.ts';
import { decidePress } from '../../access/decide-press.ts';
import type { Decision, Refusal } from '../../access/decision.ts';
import { groupsNamed, type People } from '../../access/policy.ts';
import type { Choice } from '../../commands/command.ts';
import type { Ports } from '../ports.ts';
import type { RecordedPeople, RecordedRefusal } from '../reasons.ts';
import type { Request } from '../request.ts';

type Needs = Pick<Ports, 'directory' | 'policy'>;

/** Whether the requester may ask for this, by what Slack and the policy say now. */
export async function mayAsk(request: Request, { directory, policy }: Needs): Promise<Decision> {
  const rules = policy();
  const [person, place] = await Promise.all([
    directory.person(request.requester, groupsNamed(rules)),
    directory.place(request.channel),
  ]);
  const { verb, workflowId } = request.order;
  return decide(rules, { action: verb, workflowId, channel: request.channel, person, place });
}

/** Whether somebody may decide on the request, by what Slack and the policy say now. */
export async function mayDecide(request: Request, by: string, choice: Choice, needs: Needs): Promise<Decision> {
  const named = groupsNamed(needs.policy());
  const [asked, person, place] = await Promise.all([
    mayAsk(request, needs),
    needs.directory.person(by, named),
    needs.directory.place(request.channel),
  ]);
  const { requester, grant } = request;
  const announcedTo = peopleOf(grant?.approvers ?? { users: [], groups: [] });
  return decidePress({ choice, requester, announcedTo, asked, person, place });
}

function peopleOf({ users, groups }: RecordedPeople): People {
  return { users: new Set(users), groups: new Set(groups) };
}

export function recordedPeople({ users, groups }: People): RecordedPeople {
  return { users: [...users].sort(), groups: [...groups].sort() };
}

export function recordedRefusal(refusal: Refusal): RecordedRefusal {
  switch (refusal.reason) {
    case 'wrong_channel':
      return { reason: refusal.reason, channels: refusal.channels };
    case 'not_permitted':
    case 'not_an_approver':
    case 'approval_needed':
      return { reason: refusal.reason, permitted: recordedPeople(refusal.permitted) };
    case 'lookup_failed':
      return { reason: refusal.reason, failed: refusal.failed };
    default:
      return { reason: refusal.reason };
  }
}
