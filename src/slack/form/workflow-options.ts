import { createHash } from 'node:crypto';
import { isVerb, type Rule } from '../../access/policy.ts';
import { type Verb, verbs } from '../../commands/command.ts';
import { resolveWorkflow } from '../../commands/grammar/resolve-workflow.ts';
import { isGivenWorkflowId, isWorkflowId } from '../../commands/vocabulary/ids.ts';
import { type Alias, findAlias, type Vocabulary } from '../../commands/vocabulary/vocabulary.ts';
import type { Request } from '../../requests/request.ts';
import type { Rights } from '../answers/invocation.ts';
import type { NamedEnvironment } from '../listener-ports.ts';

/** A workflow to choose, by alias or ID. If `environment` is null, the person chooses it in its own field. */
export type WorkflowOption =
  | {
      readonly kind: 'alias';
      readonly name: string;
      readonly workflowId: string;
      readonly environment: string | null;
      readonly label: string | null;
    }
  | { readonly kind: 'id'; readonly workflowId: string; readonly environment: string | null };

type Permissions = { readonly asks: readonly Rule[]; readonly may: Rights['may'] };

/** The commands that some rule permits this person to request. */
export function commandChoices(asks: readonly Rule[]): readonly Verb[] {
  return verbs.filter((verb) => asks.some(({ actions }) => actions.has(verb)));
}

/** The environments in which some rule permits this person a command, in the order of the configuration. */
export function environmentChoices(asks: readonly Rule[], { environments }: Vocabulary): readonly string[] {
  return environments.filter((name) =>
    asks.some((rule) => rule.environments.has(name) && [...rule.actions].some(isVerb)),
  );
}

/**
 * The workflows that match the text typed so far: aliases and recent workflows for which this person has a permitted
 * command, and the text itself if the slash command would accept it as an ID.
 */
export function workflowChoices(
  query: string,
  { asks, may }: Permissions,
  vocabulary: Vocabulary,
  recent: readonly WorkflowOption[],
): readonly WorkflowOption[] {
  const { aliases, environments } = vocabulary;
  const known: readonly WorkflowOption[] = [
    ...aliases.map((alias) => ({ kind: 'alias', ...alias }) as const),
    ...recent,
  ];
  const permitted = (choice: WorkflowOption) => isPermitted(choice, environments, { asks, may });
  const fitting = known.filter((choice) => fits(choice, query) && permitted(choice));
  const typed = typedChoice(query.trim(), vocabulary);
  const isNew = typed !== null && !fitting.some((choice) => nameOf(choice) === nameOf(typed));
  return isNew && permitted(typed) ? [...fitting, typed] : fitting;
}

/** The typed ID; for a probable typing error, the alias or ID that was meant. */
function typedChoice(text: string, vocabulary: Vocabulary): WorkflowOption | null {
  const resolved = resolveWorkflow({ text, at: 0 }, [], vocabulary);
  if (resolved.ok) {
    const { id, alias } = resolved.value.name;
    return alias === null ? { kind: 'id', workflowId: id, environment: null } : named(alias, vocabulary);
  }
  const { error } = resolved;
  if (error.problem !== 'bad_workflow' || error.suggestion === null) return null;
  const { suggestion } = error;
  return (
    named(suggestion, vocabulary) ??
    (isGivenWorkflowId(suggestion) ? { kind: 'id', workflowId: suggestion, environment: null } : null)
  );
}

function named(name: string, vocabulary: Vocabulary): WorkflowOption | null {
  const alias = findAlias(vocabulary, name);
  return alias === null ? null : { kind: 'alias', ...alias };
}

/** The workflows of recent requests, each once, in their environments' current names. */
export function recentChoices(
  requests: readonly Request[],
  environments: readonly NamedEnvironment[],
): readonly WorkflowOption[] {
  const found = new Map<string, WorkflowOption>();
  for (const { order } of requests) {
    const environment = environments.find(({ organization }) => organization === order.organization)?.name;
    if (environment === undefined || !isWorkflowId(order.workflowId)) continue;
    const choice: WorkflowOption = { kind: 'id', workflowId: order.workflowId, environment };
    found.set(`${environment}/${order.workflowId}`.toLowerCase(), choice);
  }
  return [...found.values()];
}

export function nameOf(choice: WorkflowOption): string {
  return choice.kind === 'alias' ? choice.name : choice.workflowId;
}

function fits(choice: WorkflowOption, query: string): boolean {
  const label = choice.kind === 'alias' ? choice.label : null;
  const text = [nameOf(choice), choice.workflowId, label ?? ''].join(' ').toLowerCase();
  return text.includes(query.trim().toLowerCase());
}

/** Whether this person may request some command for it in some environment; a freeze or a missing reason does not hide it. */
function isPermitted(
  { workflowId, environment }: WorkflowOption,
  environments: readonly string[],
  { asks, may }: Permissions,
): boolean {
  const places = environment === null ? environments : [environment];
  return places.some((place) => commandChoices(asks).some((action) => isAllowed(action, place, workflowId, may)));
}

function isAllowed(action: Verb, environment: string, workflowId: string, may: Rights['may']): boolean {
  const decision = may({ action, environment, workflowId, hasReason: true });
  return decision.permitted || decision.refusal.reason === 'frozen';
}

/** A choice as the value of an option, at most 150 characters: `alias nightly-load 0a1b2c3d`, `id WKF110 prod`, `id WKF110`. */
export function optionValue(choice: WorkflowOption): string {
  if (choice.kind === 'alias') return `alias ${choice.name} ${fingerprintOf(choice)}`;
  return ['id', choice.workflowId, ...(choice.environment === null ? [] : [choice.environment])].join(' ');
}

/** A choice that has changed since: the alias means another workflow (`change`), or the name is gone (`removal`). */
export type Outdated = { readonly kind: 'outdated'; readonly by: 'change' | 'removal'; readonly name: string };

/** The choice of an option's value in the current configuration; null if the value is not one of ours. */
export function choiceOf(value: string, vocabulary: Vocabulary): WorkflowOption | Outdated | null {
  const [kind, name = '', rest = null] = value.split(' ');
  if (kind === 'alias') return fromAlias(findAlias(vocabulary, name), name, rest);
  if (kind !== 'id' || !isWorkflowId(name)) return null;
  if (rest !== null && !vocabulary.environments.includes(rest)) return { kind: 'outdated', by: 'removal', name: rest };
  return { kind: 'id', workflowId: name, environment: rest };
}

function fromAlias(alias: Alias | null, name: string, meaning: string | null): WorkflowOption | Outdated {
  if (alias === null) return { kind: 'outdated', by: 'removal', name };
  return fingerprintOf(alias) === meaning ? { kind: 'alias', ...alias } : { kind: 'outdated', by: 'change', name };
}

/** Identifies workflow and environment of an alias in eight characters: their names could be too long for a value. */
function fingerprintOf({ workflowId, environment }: Pick<Alias, 'workflowId' | 'environment'>): string {
  return createHash('sha256')
    .update(`${workflowId} ${environment ?? ''}`)
    .digest('hex')
    .slice(0, 8);
}
