import type { AskedStage, Event } from '../../events.ts';
import type { Ports, Recording, Step, StepResult } from '../../ports.ts';
import { confirmers, type Request } from '../../request.ts';
import { limits, nextApproverLookUpAt, nextLookUpAt } from '../../retry-policy.ts';
import { lookUpStage } from '../../rules/approver-lookup.ts';
import { isTemporary, mayAsk } from '../../rules/authorization.ts';
import { type Nudge, nudgeAt } from '../../rules/nudge.ts';

/**
 * The time of a reminder or of a stage has come. What is recorded here decides who may confirm; the messages that tell it
 * follow. Whom a stage asks is decided by the rules of now.
 */
export const escalate: Step = async (request, ports, { attempts }) => {
  const nudge = nudgeAt(request, ports.now());
  if (nudge === null) return undefined;
  // Presses in time are still judged; then the question expires.
  if (ports.now() >= (request.grant?.expiresAt ?? 0)) return { notBefore: ports.now() + limits.escalation.recheckMs };
  if (nudge.kind === 'reminder') return ifStill(request, { type: 'reminded', data: { reminder: nudge.number } });
  return askStage(request, nudge, ports, attempts);
};

async function askStage(request: Request, nudge: Nudge, ports: Ports, attempts: number): Promise<StepResult> {
  const asked = await mayAsk(request, ports);
  if (!asked.permitted) {
    const since = { since: nudge.at, attempts };
    const notBefore = nextLookUpAt(asked.refusal, since, ports);
    // A freeze that began meanwhile may end before the question does, and somebody may invite the bot again.
    if (isTemporary(asked.refusal)) return { notBefore: notBefore ?? ports.now() + limits.escalation.recheckMs };
    return ifStill(request, { type: 'escalated', data: nobodyIn(nudge.number) });
  }
  const { rule, approval } = asked;
  const stage = approval && (await lookUpStage(request, { rule, approval }, nudge.number - 1, ports));
  if (stage === null) return ifStill(request, { type: 'escalated', data: nobodyIn(nudge.number) });
  const notBefore = nextApproverLookUpAt(stage, { since: nudge.at, attempts }, ports);
  if (notBefore !== null) return { notBefore };
  return ifStill(request, { type: 'escalated', data: withoutConfirmers(stage.asked, request) });
}

/** Whoever has confirmed already is not asked again. */
function withoutConfirmers(stage: AskedStage, request: Request): AskedStage {
  const isLeft = (person: string) => !confirmers(request).includes(person);
  const { asked, people } = stage;
  return { ...stage, asked: { ...asked, users: asked.users.filter(isLeft) }, people: people.filter(isLeft) };
}

/** The rule does not have this stage any more. */
function nobodyIn(stage: number): AskedStage {
  const nobody = { users: [], groups: [] };
  return { stage, to: nobody, asked: { ...nobody, except: [] }, people: [] };
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
