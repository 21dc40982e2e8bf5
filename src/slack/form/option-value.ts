import { createHash } from 'node:crypto';
import { type Alias, findAlias, type Vocabulary } from '../../commands/vocabulary.ts';
import { isWorkflowId } from '../../commands/workflow-id.ts';
import type { WorkflowOption } from './choices.ts';

/** A choice as the value of an option, at most 150 characters: `alias nightly-load 0a1b2c3d`, `id WKF110 prod`, `id WKF110`. */
export function optionValue(choice: WorkflowOption): string {
  if (choice.kind === 'alias') return `alias ${choice.name} ${meaningOf(choice)}`;
  return ['id', choice.workflowId, ...(choice.environment === null ? [] : [choice.environment])].join(' ');
}

/** What is not any more what it was when it was chosen: an alias means another workflow, or a name means nothing. */
export type Outdated = { readonly kind: 'outdated'; readonly by: 'change' | 'removal'; readonly name: string };

/** The choice that a value stands for by the configuration of now; null where it stands for none. */
export function choiceOf(value: string, vocabulary: Vocabulary): WorkflowOption | Outdated | null {
  const [kind, name = '', rest = null] = value.split(' ');
  if (kind === 'alias') return fromAlias(findAlias(vocabulary, name), name, rest);
  if (kind !== 'id' || !isWorkflowId(name)) return null;
  if (rest !== null && !vocabulary.environments.includes(rest)) return { kind: 'outdated', by: 'removal', name: rest };
  return { kind: 'id', workflowId: name, environment: rest };
}

function fromAlias(alias: Alias | null, name: string, meaning: string | null): WorkflowOption | Outdated {
  if (alias === null) return { kind: 'outdated', by: 'removal', name };
  return meaningOf(alias) === meaning ? { kind: 'alias', ...alias } : { kind: 'outdated', by: 'change', name };
}

/** What an alias stands for, in eight characters: workflow and environment themselves could be too long. */
function meaningOf({ workflowId, environment }: Pick<Alias, 'workflowId' | 'environment'>): string {
  return createHash('sha256')
    .update(`${workflowId} ${environment ?? ''}`)
    .digest('hex')
    .slice(0, 8);
}
