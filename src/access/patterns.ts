import { RE2JS } from 're2js';

/** What stands for all workflows at once, where a command is about a whole environment. No ID looks like it. */
export const allWorkflows = '*';

/** Workflows: an ID in which `*` stands for any characters, in one environment or (null) in any. */
export type WorkflowPattern = { readonly id: string; readonly environment: string | null };

/**
 * Whether the pattern has this workflow. IDs that differ by case alone are one workflow to Campaign, so a stricter
 * rule cannot be got around by typing another case. What is about all workflows is matched by `*` alone.
 */
export function hasWorkflow(pattern: WorkflowPattern, workflowId: string, environment: string): boolean {
  return isIn(pattern, environment) && covers(pattern.id, workflowId);
}

/** Whether the pattern stands for workflows of this environment. */
export function isIn(pattern: WorkflowPattern, environment: string): boolean {
  return pattern.environment === null || pattern.environment === environment;
}

/** Whether everything that `other` stands for is had by `pattern`, too. Both may have `*`; any case. In linear time. */
export function covers(pattern: string, other: string): boolean {
  const text = other.toLowerCase();
  const [first = '', ...parts] = pattern.toLowerCase().split('*');
  const last = parts.pop();
  if (last === undefined) return text === first;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  return holdsInOrder(text.slice(first.length, text.length - last.length), parts);
}

/** Each as early as it can be: what is left for the others is never less than in any other way. */
function holdsInOrder(text: string, parts: readonly string[]): boolean {
  let from = 0;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return true;
}

/** Whether it is a pattern of RE2's syntax: its engine takes time linear to the reason, whatever the pattern. */
export function isReasonPattern(pattern: string): boolean {
  try {
    RE2JS.compile(pattern);
    return true;
  } catch {
    return false;
  }
}

/** Whether the reason holds, somewhere, what the pattern describes. */
export function holdsPattern(reason: string, pattern: string): boolean {
  return RE2JS.compile(pattern).matcher(reason).find();
}
