/** The format of Slack's responses. */
export type Answer = Success | Failure;
type Success = { ok: true; [field: string]: unknown };
export type Failure = { ok: false; error: string; [field: string]: unknown };

/** Slack repeats the problems of blocks and arguments in two places; its client logs those in `response_metadata`. */
export function failure(error: string, problems: readonly string[] = []): Failure {
  if (problems.length === 0) return { ok: false, error };
  const messages = problems.map((problem) => `[ERROR] ${problem}`);
  return { ok: false, error, errors: problems, response_metadata: { messages } };
}

export function missingScope(needed: string, provided: readonly string[]): Failure {
  return { ok: false, error: 'missing_scope', needed, provided: provided.join(',') };
}
