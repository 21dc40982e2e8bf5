import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** Problems in Slack's own wording, as far as it is known. `root`: the path of the checked value in the arguments. */
export function problemsOf(error: z.ZodError, root: readonly string[]): string[] {
  return error.issues.map((issue) => {
    const path = [...root, ...issue.path];
    return `${wordingOf(issue, path)} [json-pointer:/${path.join('/')}]`;
  });
}

function wordingOf(issue: Issue, path: readonly PropertyKey[]): string {
  switch (issue.code) {
    case 'too_big':
      return tooMuch(issue.origin, Number(issue.maximum));
    case 'too_small':
      return tooLittle(issue.origin, Number(issue.minimum));
    case 'invalid_union':
      return `unsupported type: ${JSON.stringify(typeNamed(issue.input)) ?? 'none'}`;
    case 'unrecognized_keys':
      return `invalid additional property: ${issue.keys.join(', ')}`;
    case 'invalid_type':
      return issue.input === undefined ? `missing required field: ${String(path.at(-1))}` : issue.message;
    default:
      return issue.message;
  }
}

function typeNamed(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input;
  return 'type' in input ? input.type : undefined;
}

function tooMuch(origin: string, most: number): string {
  if (origin === 'string') return `must be less than ${most + 1} characters`;
  return origin === 'array' ? `no more than ${most} items allowed` : `must be no more than ${most}`;
}

function tooLittle(origin: string, least: number): string {
  if (origin === 'string') return `must be more than ${least - 1} characters`;
  return origin === 'array' ? `no fewer than ${least} items allowed` : `must be no less than ${least}`;
}
