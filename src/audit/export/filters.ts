import { actions, type RequestedAction } from '../../access/policy.ts';
import type { Translator } from '../../locales/translator.ts';
import { type Outcome, outcomes } from '../../requests/outcome.ts';
import { confirmers, type Request } from '../../requests/request.ts';
import { oneOf } from '../one-of.ts';
import { cancelledBy } from './row.ts';

const verbs: readonly RequestedAction[] = [...actions, 'form'];

/** `open`: it has no outcome yet. */
const ends: readonly (Outcome | 'open')[] = [...outcomes, 'open'];

type Typed = {
  readonly workflow?: readonly string[];
  readonly person?: readonly string[];
  readonly outcome?: readonly string[];
  readonly verb?: readonly string[];
  readonly environment?: readonly string[];
};

/** Whether a request is asked for: by any value of each filter that was given. Throws a UsageFailure for an unknown verb or outcome. */
export function readFilters(typed: Typed, translator: Translator): (request: Request) => boolean {
  const wantedVerbs = typed.verb?.map((verb) => oneOf(verbs, verb, '--verb', translator));
  const wantedOutcomes = typed.outcome?.map((outcome) => oneOf(ends, outcome, '--outcome', translator));
  const workflows = typed.workflow?.map(folded);
  const environments = typed.environment?.map(folded);
  return (request) => {
    const { order, end } = request;
    return (
      isAmong(wantedVerbs, order.verb) &&
      isAmong(wantedOutcomes, end?.outcome ?? 'open') &&
      isAmong(workflows, folded(order.workflowId), folded(order.alias ?? order.workflowId)) &&
      isAmong(environments, folded(order.environment)) &&
      isAmong(typed.person, ...peopleOf(request))
    );
  };
}

/** Who asked for it, confirmed it or took it back. */
function peopleOf(request: Request): readonly string[] {
  const by = cancelledBy(request);
  return [request.requester, ...confirmers(request), ...(by === null ? [] : [by])];
}

function isAmong<T>(wanted: readonly T[] | undefined, ...values: readonly T[]): boolean {
  return wanted === undefined || values.some((value) => wanted.includes(value));
}

function folded(name: string): string {
  return name.toLowerCase();
}
