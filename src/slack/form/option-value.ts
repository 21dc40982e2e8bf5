import { createHash } from 'node:crypto';
import { type Alias, findAlias, type Vocabulary } from '../../commands/vocabulary.ts';
import { isWorkflowId } from '../../commands/workflow-id.ts';
import type { Choice } from './choices.ts';

/** A choice as the value of an option, at most 150 characters: `alias nightly-load 0a1b2c3d`, `id WKF110 prod`, `id WKF110`. */
export function optionValue(choice: Choice): string {
  if (choice.kind === 'alias') return `alias ${choice.name} ${meaningOf(choice)}`;
  return ['id', choice.workflowId, ...(choice.environment === null ? [] : [choice.environment])].join(' ');
}

/** The choice that a value stands for by the configuration of now; null where there is none like it any more. */
export function choiceOf(value: string, vocabulary: Vocabulary): Choice | null {
  const [kind, name = '', rest = null] = value.split(' ');
  if (kind === 'alias') return fromAlias(findAlias(vocabulary, name), rest);
  if (kind !== 'id' || !isWorkflowId(name)) return null;
  const isKnown = rest === null || vocabulary.environments.includes(rest);
  return isKnown ? { kind: 'id', workflowId: name, environment: rest } : null;
}

/** An alias that means another workflow by now is not what was chosen. */
function fromAlias(alias: Alias | null, meaning: string | null): Choice | null {
  return alias === null || meaningOf(alias) !== meaning ? null : { kind: 'alias', ...alias };
}

/** What an alias stands for, in eight characters: workflow and environment themselves could be too long. */
function meaningOf({ workflowId, environment }: Pick<Alias, 'workflowId' | 'environment'>): string {
  return createHash('sha256')
    .update(`${workflowId} ${environment ?? ''}`)
    .digest('hex')
    .slice(0, 8);
}
