import type { Decision, Refusal } from '../../src/access/decision.ts';
import type { Approval, People } from '../../src/access/policy.ts';

/** A decision in the notation of the specification tables. */
export function formatDecision(decision: Decision): string {
  if (!decision.permitted) return `✗ ${formatRefusal(decision.refusal)}`;
  return decision.approval === null
    ? `✓ ${decision.rule}`
    : `✓ ${decision.rule} [${formatApproval(decision.approval)}]`;
}

function formatApproval({ from, count, requesterMayApprove, withinMs }: Approval): string {
  const who = from === 'requester' ? 'themselves' : formatPeople(from);
  const others = requesterMayApprove ? '' : ', others only';
  return `${count} of ${who}${others}, ${withinMs / 60_000} min`;
}

function formatRefusal(refusal: Refusal): string {
  const { reason } = refusal;
  switch (reason) {
    case 'wrong_channel':
      return `${reason}: ${formatChannels(refusal.channels)}`;
    case 'not_permitted':
      return `${reason}: ${formatPeople(refusal.permitted)} in ${formatChannels(refusal.channels)}`;
    case 'not_an_approver':
    case 'own_request':
    case 'not_in_emergency':
    case 'not_a_reviewer':
    case 'own_emergency':
      return `${reason}: ${formatPeople(refusal.permitted)}`;
    case 'not_asked_yet':
      return `${reason}: ${formatTime(refusal.at)}`;
    case 'approval_needed':
      return `${reason}: ${refusal.count} of ${formatPeople(refusal.permitted)}`;
    case 'protected_workflow':
      return `${reason}: ${refusal.protection}`;
    case 'too_few_approvers':
      return `${reason}: ${refusal.count}, ${refusal.rule}`;
    case 'too_early_for_emergency':
      return `${reason}: from ${formatTime(refusal.from)}`;
    case 'no_emergency':
    case 'reason_required':
    case 'one_at_a_time':
    case 'reason_mismatch':
      return `${reason}: ${refusal.rule}`;
    case 'frozen': {
      const by = refusal.request === null ? '' : ` by ${refusal.request}`;
      return `${reason} until ${formatTime(refusal.until)}${by}: ${refusal.because}`;
    }
    case 'lookup_failed':
      return `${reason}: ${refusal.failed === 'group' ? formatGroups(refusal.groups) : formatLookUp(refusal)}`;
    default:
      return reason;
  }
}

function formatLookUp({ failed, person }: { failed: string; person?: string }): string {
  return person === undefined ? failed : `${failed} ${short(person)}`;
}

/** Like `2026-03-10 12:00`, with seconds only where there are any. UTC. */
export function formatTime(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', '').replace('.000', '').replace(/:00$/, '');
}

function formatPeople({ users, groups }: People): string {
  const all = [...[...users].map(short), ...[...groups].map((id) => `@${short(id)}`)];
  return all.length === 0 ? 'nobody' : all.sort().join(' ');
}

function formatGroups(groups: readonly string[]): string {
  return formatPeople({ users: new Set(), groups: new Set(groups) });
}

function formatChannels(ids: readonly string[]): string {
  return ids.length === 0 ? 'no channel' : ids.map((id) => `#${short(id)}`).join(' ');
}

/** `U0ALICE` is `alice`. */
function short(id: string): string {
  return id.slice(2).toLowerCase();
}
