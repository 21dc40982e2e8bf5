import { RE2JS } from 're2js';

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
