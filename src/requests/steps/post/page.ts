import type { Event } from '../../events.ts';
import type { Claim } from '../../ledger/ledger.ts';
import type { Ports, Recording, Step, StepResult } from '../../ports.ts';
import type { Request } from '../../request.ts';
import { lookUpReachable, mostMessaged } from '../../rules/approver-lookup.ts';
import { isLastLookUp, leftInDoubt, logUnasked, nextListingAt, sendDirectly } from './direct-messages.ts';
import { pageEmergency } from './page-emergency.ts';

/** Sends direct messages to those whom stages ask while a question waits, or to those who are named of an emergency. */
export const page: Step = (request, ports, claim) =>
  (request.emergency === null ? pageStages : pageEmergency)(request, ports, claim);

/** Whoever is known gets a message before Slack is asked again who else there is. */
async function pageStages(request: Request, ports: Ports, claim: Claim): Promise<StepResult> {
  const { escalation } = request;
  if (escalation.paging.length > 0) return leftInDoubt(request, escalation, ports);
  if (escalation.unpaged.length === 0) return listStage(request, ports, claim);
  return sendDirectly(request, escalation, (begun, person) => ports.messenger.page(begun, person), ports, claim);
}

/** A stage has asked before Slack told who is in its groups. */
async function listStage(request: Request, ports: Ports, { attempts }: Claim): Promise<StepResult> {
  const { stages, unlisted: left } = request.escalation;
  const [first] = left;
  if (first === undefined) return undefined;
  const { stage, groups } = first;
  const found = await lookUpReachable(request, { users: new Set(), groups: new Set(groups) }, ports);
  const known = stages.find((one) => one.stage === stage)?.people ?? [];
  const others = found.people.filter((id) => id !== request.requester && !known.includes(id));
  const people = others.slice(0, mostMessaged - known.length);
  const { unlisted } = found;
  const isNew = unlisted.length < groups.length;
  if (!isNew && !isLastLookUp(attempts)) return nextListingAt(found, attempts, ports);
  if (!isNew) logUnasked(request, { groups: unlisted }, ports);
  const rest = { ...(unlisted.length > 0 && { unlisted }), ...(!isNew && { isFinal: true as const }) };
  return whileAsked({ type: 'listed', data: { stage, people, ...rest } });
}

function whileAsked(event: Event): Recording {
  return { record: ({ state }) => (state === 'awaiting_approval' ? [event] : []) };
}
