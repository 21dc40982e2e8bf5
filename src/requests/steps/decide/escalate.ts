import type { AskedStage, Event } from '../../events.ts';
import type { Ports, Recording, Step, StepResult } from '../../ports.ts';
import { confirmers, type Request } from '../../request.ts';
import { backoffMs, limits, nextApproverLookUpAt, nextLookUpAt } from '../../retry-policy.ts';
import { lookUpStage } from '../../rules/approver-lookup.ts';
import { isTemporary, mayAsk } from '../../rules/authorization.ts';
import { dueReminder, isNextStageDue, type Nudge, nextTimeAfter, nudgeAt } from '../../rules/nudge.ts';

/**
 * The time of a reminder or of a stage has come. What is recorded here decides who may confirm; the messages that tell it
 * follow. Whom a stage asks is decided by the rules of now. One that the rules of now do not have, or in which they name
 * nobody, waits: a faulty rule file is mended, and a rotation begins.
 */
export const escalate: Step = async (request, ports, { attempts }) => {
  const nudge = nudgeAt(request, ports.now());
  if (nudge === null) return undefined;
  // Presses in time are still judged; then the question expires.
  if (ports.now() >= (request.grant?.expiresAt ?? 0)) return { notBefore: ports.now() + limits.escalation.recheckMs };
  if (nudge.kind === 'reminder') return remind(request, nudge);
  return askStage(request, nudge, ports, attempts);
};

function remind(request: Request, { number }: Nudge): Recording {
  return ifStill(request, { type: 'reminded', data: { reminder: number } });
}

async function askStage(request: Request, nudge: Nudge, ports: Ports, attempts: number): Promise<StepResult> {
  const asked = await mayAsk(request, ports);
  if (!asked.permitted) {
    const notBefore = nextLookUpAt(asked.refusal, { since: nudge.at, attempts }, ports);
    if (notBefore !== null) return { notBefore };
    // A freeze that began meanwhile may end before the question does, and somebody may invite the bot again.
    if (isTemporary(asked.refusal)) return { notBefore: ports.now() + limits.escalation.recheckMs };
    return untilNamed(request, ports, attempts);
  }
  const { rule, approval } = asked;
  const stage = approval && (await lookUpStage(request, { rule, approval }, nudge.number - 1, ports));
  if (stage === null) return untilNamed(request, ports, attempts);
  const notBefore = nextApproverLookUpAt(stage, { since: nudge.at, attempts }, ports);
  if (notBefore !== null) return { notBefore };
  // The next stage does not wait for one that names nobody.
  if (isEmpty(stage.asked) && !isNextStageDue(request, ports.now())) return untilNamed(request, ports, attempts);
  return ifStill(request, { type: 'escalated', data: withoutConfirmers(stage.asked, request) });
}

/** Looks again later, for as long as the question waits. Nothing is recorded of that, and reminders do not wait for it. */
function untilNamed(request: Request, ports: Ports, attempts: number): StepResult {
  const reminder = dueReminder(request, ports.now());
  if (reminder !== null) return remind(request, reminder);
  const pauseMs = Math.max(limits.escalation.recheckMs, backoffMs(attempts, ports.random()));
  return { notBefore: Math.min(ports.now() + pauseMs, nextTimeAfter(request, ports.now())) };
}

function isEmpty({ to: { users, groups } }: AskedStage): boolean {
  return users.length + groups.length === 0;
}

/** Whoever has confirmed already is not asked again. */
function withoutConfirmers(stage: AskedStage, request: Request): AskedStage {
  const isLeft = (person: string) => !confirmers(request).includes(person);
  const { asked, people } = stage;
  return { ...stage, asked: { ...asked, users: asked.users.filter(isLeft) }, people: people.filter(isLeft) };
}

/** Only if it is still the same question, and nothing was done of it meanwhile. */
function ifStill(request: Request, event: Event): Recording {
  const { askedAt, escalation } = request;
  return {
    record: (current) =>
      current.state === 'awaiting_approval' &&
      current.askedAt === askedAt &&
      current.escalation.stages.length === escalation.stages.length &&
      current.escalation.reminders === escalation.reminders
        ? [event]
        : [],
  };
}
