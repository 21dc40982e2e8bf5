import { RE2JS } from 're2js';

/** All workflows of an environment, for environment-wide commands. Never a valid ID. */
export const allWorkflows = '*';

/** An ID in which `*` matches any characters, in one environment or (null) in any. */
export type WorkflowPattern = { readonly id: string; readonly environment: string | null };

/**
 * Whether the pattern matches this workflow. Ignores case, as Campaign does, so that another case cannot bypass a
 * stricter rule. Environment-wide commands (`allWorkflows`) are matched by `*` only.
 */
export function hasWorkflow(pattern: WorkflowPattern, workflowId: string, environment: string): boolean {
  return isIn(pattern, environment) && covers(pattern.id, workflowId);
}

/** Whether the pattern applies to this environment. */
export function isIn(pattern: WorkflowPattern, environment: string): boolean {
  return pattern.environment === null || pattern.environment === environment;
}

/** Whether `pattern` matches everything that `other` matches. Both may contain `*`. Ignores case. Takes linear time. */
export function covers(pattern: string, other: string): boolean {
  const text = other.toLowerCase();
  const [first = '', ...parts] = pattern.toLowerCase().split('*');
  const last = parts.pop();
  if (last === undefined) return text === first;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  return containsInOrder(text.slice(first.length, text.length - last.length), parts);
}

/** Greedy: the earliest match of each part leaves the most text for the rest. */
function containsInOrder(text: string, parts: readonly string[]): boolean {
  let from = 0;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return true;
}

/** Whether it is valid RE2 syntax. RE2 matches in time linear to the reason, whatever the pattern. */
export function isReasonPattern(pattern: string): boolean {
  try {
    RE2JS.compile(pattern);
    return true;
  } catch {
    return false;
  }
}

/** Whether the pattern matches anywhere in the reason. */
export function holdsPattern(reason: string, pattern: string): boolean {
  return RE2JS.compile(pattern).matcher(reason).find();
}
