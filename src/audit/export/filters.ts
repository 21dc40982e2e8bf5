import { actions, alertAnswers, type RequestedAction } from '../../access/policy.ts';
import { code } from '../../locales/phrase.ts';
import type { Translator } from '../../locales/translator.ts';
import type { RecordedEvent } from '../../requests/events.ts';
import { type Outcome, outcomes } from '../../requests/outcome.ts';
import type { Request } from '../../requests/request.ts';
import { slackId, slackLetters } from '../../settings/formats.ts';
import { UsageFailure } from '../failure.ts';
import { oneOf } from '../one-of.ts';
import { cancelledBy } from './row.ts';

const verbs: readonly RequestedAction[] = [...actions, ...alertAnswers, 'form'];

/** `open`: it has no outcome yet. */
const ends: readonly (Outcome | 'open')[] = [...outcomes, 'open'];

type Typed = {
  readonly workflow?: readonly string[];
  readonly person?: readonly string[];
  readonly outcome?: readonly string[];
  readonly verb?: readonly string[];
  readonly environment?: readonly string[];
};

/** Whether a request is asked for: by any value of each filter that was given. Throws a UsageFailure for an unknown verb or outcome, and for a person without an ID. */
export function readFilters(
  typed: Typed,
  translator: Translator,
): (request: Request, events: readonly RecordedEvent[]) => boolean {
  const wantedVerbs = typed.verb?.map((verb) => oneOf(verbs, verb, '--verb', translator));
  const wantedOutcomes = typed.outcome?.map((outcome) => oneOf(ends, outcome, '--outcome', translator));
  const people = typed.person?.map((person) => personId(person, translator));
  const workflows = typed.workflow?.map(folded);
  const environments = typed.environment?.map(folded);
  return (request, events) => {
    const { order, end } = request;
    return (
      isAmong(wantedVerbs, order.verb) &&
      isAmong(wantedOutcomes, end?.outcome ?? 'open') &&
      isAmong(workflows, folded(order.workflowId), folded(order.alias ?? order.workflowId)) &&
      isAmong(environments, folded(order.environment)) &&
      isAmong(people, ...peopleOf(request, events))
    );
  };
}

/** A name would match nobody, and an empty export would look like an answer. */
function personId(typed: string, { translate }: Translator): string {
  const id = typed.toUpperCase();
  if (!slackId(slackLetters.user).test(id)) {
    throw new UsageFailure(translate('audit.export.not_a_person', { typed: [code(typed)] }));
  }
  return id;
}

/** Who asked for it or decided on it, declared an emergency or reviewed it: also where that did not count, because their names and texts are there. */
function peopleOf(request: Request, events: readonly RecordedEvent[]): readonly string[] {
  const decided = events.flatMap((event) =>
    'by' in event.data && event.type !== 'text_erased' ? [event.data.by] : [],
  );
  // A restored ledger can know who reviewed it without an event of theirs.
  const all = [request.requester, cancelledBy(request), request.emergency?.review?.by ?? null, ...decided];
  return all.filter((id) => id !== null);
}

function isAmong<T>(wanted: readonly T[] | undefined, ...values: readonly T[]): boolean {
  return wanted === undefined || values.some((value) => wanted.includes(value));
}

function folded(name: string): string {
  return name.toLowerCase();
}
