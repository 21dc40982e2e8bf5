import { type Action, isVerb } from '../../access/policy.ts';
import { isWorkflowId } from '../../commands/vocabulary/ids.ts';
import { type Alias, aliasOf, type Vocabulary } from '../../commands/vocabulary/vocabulary.ts';
import type { Request } from '../../requests/request.ts';
import type { AnswerPorts, NamedEnvironment } from '../listener-ports.ts';
import { maySeeRequest } from './history.ts';
import { readAtOnce } from './history-page.ts';
import type { Invocation, Rights } from './invocation.ts';

/** A workflow in one environment. `last`: its newest request in the channel, if that is among the newest of the channel. */
export type WorkflowHere = {
  readonly workflowId: string;
  readonly environment: string;
  readonly organization: string;
  readonly alias: string | null;
  readonly label: string | null;
  readonly last: Request | null;
};

/** What is asked for: workflows for which the person has one of these actions, in one environment or (null) in any. */
export type Wanted = { readonly actions: readonly Action[]; readonly environment: string | null };

/**
 * The workflows that this person may act on in this channel: those of recent requests that this person may see, the newest
 * first, then the other aliases. A freeze hides none.
 */
export async function workflowsHere(
  { actions, environment }: Wanted,
  { channel }: Pick<Invocation, 'channel'>,
  rights: Rights,
  sources: AnswerPorts,
): Promise<readonly WorkflowHere[]> {
  const requests = await sources.ledger.recent({ channel, workflowKey: null, refused: false, limit: readAtOnce });
  const visible = requests.filter(maySeeRequest(rights, sources));
  const places = sources.environments().filter(({ name }) => environment === null || name === environment);
  const vocabulary = sources.vocabulary();
  const known = new Map<string, WorkflowHere>();
  for (const one of [...ofRequests(visible, places, vocabulary), ...ofAliases(places, vocabulary)]) {
    const key = `${one.organization} ${one.workflowId}`.toLowerCase();
    if (!known.has(key) && actions.some((action) => mayAct(action, one, rights))) known.set(key, one);
  }
  return [...known.values()];
}

function ofRequests(
  requests: readonly Request[],
  places: readonly NamedEnvironment[],
  vocabulary: Vocabulary,
): readonly WorkflowHere[] {
  return requests.flatMap((last) => {
    const { workflowId } = last.order;
    const place = places.find(({ organization }) => organization === last.order.organization);
    if (place === undefined || !isWorkflowId(workflowId)) return [];
    const alias = aliasOf({ workflowId, environment: place.name }, vocabulary);
    return [{ ...named(alias), workflowId, ...where(place), last }];
  });
}

function ofAliases(places: readonly NamedEnvironment[], { aliases }: Vocabulary): readonly WorkflowHere[] {
  return aliases.flatMap((alias) =>
    places
      .filter(({ name }) => alias.environment === null || alias.environment === name)
      .map((place) => ({ ...named(alias), workflowId: alias.workflowId, ...where(place), last: null })),
  );
}

function named(alias: Alias | null): Pick<WorkflowHere, 'alias' | 'label'> {
  return { alias: alias?.name ?? null, label: alias?.label ?? null };
}

function where({ name: environment, organization }: NamedEnvironment) {
  return { environment, organization };
}

function mayAct(action: Action, { environment, workflowId }: WorkflowHere, { may }: Rights): boolean {
  const decision = may({ action, environment, workflowId, hasReason: isVerb(action) });
  return decision.permitted || decision.refusal.reason === 'frozen';
}
