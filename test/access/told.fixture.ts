import type { Decision, Refusal } from '../../src/access/decision.ts';
import type { Approval, People } from '../../src/access/policy.ts';

/** A decision with everything that it says, as the specification writes it. */
export function told(decision: Decision): string {
  if (!decision.permitted) return `✗ ${toldRefusal(decision.refusal)}`;
  return decision.approval === null ? `✓ ${decision.rule}` : `✓ ${decision.rule} [${toldApproval(decision.approval)}]`;
}

function toldApproval({ from, count, requesterMayApprove, withinMs }: Approval): string {
  const who = from === 'requester' ? 'themselves' : toldPeople(from);
  const others = requesterMayApprove ? '' : ', others only';
  return `${count} of ${who}${others}, ${withinMs / 60_000} min`;
}

function toldRefusal(refusal: Refusal): string {
  const { reason } = refusal;
  switch (reason) {
    case 'wrong_channel':
      return `${reason}: ${toldChannels(refusal.channels)}`;
    case 'not_permitted':
      return `${reason}: ${toldPeople(refusal.permitted)} in ${toldChannels(refusal.channels)}`;
    case 'not_an_approver':
    case 'own_request':
      return `${reason}: ${toldPeople(refusal.permitted)}`;
    case 'approval_needed':
      return `${reason}: ${refusal.count} of ${toldPeople(refusal.permitted)}`;
    case 'too_few_approvers':
      return `${reason}: ${refusal.count}, ${refusal.rule}`;
    case 'reason_required':
    case 'reason_mismatch':
      return `${reason}: ${refusal.rule}`;
    case 'frozen': {
      const by = refusal.request === null ? '' : ` by ${refusal.request}`;
      return `${reason} until ${toldTime(refusal.until)}${by}: ${refusal.because}`;
    }
    case 'lookup_failed':
      return `${reason}: ${refusal.failed === 'group' ? toldGroups(refusal.groups) : toldLookup(refusal)}`;
    default:
      return reason;
  }
}

function toldLookup({ failed, person }: { failed: string; person?: string }): string {
  return person === undefined ? failed : `${failed} ${short(person)}`;
}

/** Like `2026-03-10 12:00`, with seconds only where there are any. UTC. */
export function toldTime(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', '').replace('.000', '').replace(/:00$/, '');
}

function toldPeople({ users, groups }: People): string {
  const all = [...[...users].map(short), ...[...groups].map((id) => `@${short(id)}`)];
  return all.length === 0 ? 'nobody' : all.sort().join(' ');
}

function toldGroups(groups: readonly string[]): string {
  return toldPeople({ users: new Set(), groups: new Set(groups) });
}

function toldChannels(ids: readonly string[]): string {
  return ids.length === 0 ? 'no channel' : ids.map((id) => `#${short(id)}`).join(' ');
}

/** `U0ALICE` is `alice`. */
function short(id: string): string {
  return id.slice(2).toLowerCase();
}
