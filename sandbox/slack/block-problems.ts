import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** Slack's own wording, as far as it is known from its answers. */
export function problemsOf(error: z.ZodError): string[] {
  return error.issues.map((issue) => `${wordingOf(issue)} [json-pointer:/${['blocks', ...issue.path].join('/')}]`);
}

function wordingOf(issue: Issue): string {
  switch (issue.code) {
    case 'too_big':
      return issue.origin === 'string'
        ? `must be less than ${Number(issue.maximum) + 1} characters`
        : `no more than ${issue.maximum} items allowed`;
    case 'too_small':
      return issue.origin === 'string'
        ? `must be more than ${Number(issue.minimum) - 1} characters`
        : `no fewer than ${issue.minimum} items allowed`;
    case 'invalid_union':
      return `unsupported type: ${JSON.stringify(typeNamed(issue.input)) ?? 'none'}`;
    case 'unrecognized_keys':
      return `invalid additional property: ${issue.keys.join(', ')}`;
    case 'invalid_type':
      return issue.input === undefined ? `missing required field: ${lastOf(issue)}` : issue.message;
    default:
      return issue.message;
  }
}

function typeNamed(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input;
  return 'type' in input ? input.type : undefined;
}

function lastOf(issue: Issue): string {
  return String(issue.path.at(-1) ?? 'blocks');
}
