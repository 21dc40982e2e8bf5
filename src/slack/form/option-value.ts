import { type Alias, findAlias, type Vocabulary } from '../../commands/vocabulary.ts';
import { isWorkflowId } from '../../commands/workflow-id.ts';
import type { Choice } from './choices.ts';

/** A choice as the value of an option, at most 150 characters: `alias nightly-load`, `id WKF110 prod`, `id WKF110`. */
export function optionValue(choice: Choice): string {
  if (choice.kind === 'alias') return `alias ${choice.name}`;
  return ['id', choice.workflowId, ...(choice.environment === null ? [] : [choice.environment])].join(' ');
}

/** The choice that a value stands for by the configuration of now; null where there is none like it any more. */
export function choiceOf(value: string, vocabulary: Vocabulary): Choice | null {
  const [kind, name = '', environment = null] = value.split(' ');
  if (kind === 'alias') return fromAlias(findAlias(vocabulary, name));
  if (kind !== 'id' || !isWorkflowId(name)) return null;
  const isKnown = environment === null || vocabulary.environments.includes(environment);
  return isKnown ? { kind: 'id', workflowId: name, environment } : null;
}

function fromAlias(alias: Alias | null): Choice | null {
  return alias === null ? null : { kind: 'alias', ...alias };
}
