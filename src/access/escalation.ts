import { onCallAt } from './on-call.ts';
import { type Approval, everAsked, nobody, type People, plus, type Stage, united } from './policy.ts';

/** For how long a question waits where the rule does not say. */
const usualWithinMs = 300_000;

/** For how long a question waits where the rule does not say: as long after the last stage of its escalation as without one. */
export function usualExpiry(stagesAfterMs: readonly number[]): number {
  return Math.max(0, ...stagesAfterMs) + usualWithinMs;
}

export function stagesOf({ escalation = [] }: Pick<Approval, 'escalation'>): readonly Stage[] {
  return escalation;
}

/** Whom a stage asks at a moment, in milliseconds since the epoch. */
export function askedAt({ to, onCall }: Stage, at: number): People {
  return onCall === null ? to : plus(to, onCallAt(onCall, at));
}

/** Everybody beside the first approvers who may come to confirm what a rule asks for. */
export function laterApprovers(approval: Approval): People {
  return united(stagesOf(approval).map(everAsked));
}

/** The stages, by their place from 0, that name only people who may confirm before. */
export function idleStages(approval: Approval): readonly number[] {
  let before = approval.from === 'requester' ? nobody : approval.from;
  return stagesOf(approval).flatMap((stage, index) => {
    const all = united([before, everAsked(stage)]);
    const isIdle = all.users.size === before.users.size && all.groups.size === before.groups.size;
    before = all;
    return isIdle ? [index] : [];
  });
}

/**
 * Whom escalation lets confirm: those who were asked, as far as the rule still names them in one of its stages.
 *
 * @param asked whom each stage has asked so far
 */
export function escalatedTo(approval: Approval, asked: readonly People[]): People {
  const [were, are] = [united(asked), laterApprovers(approval)];
  return { users: were.users.intersection(are.users), groups: were.groups.intersection(are.groups) };
}
