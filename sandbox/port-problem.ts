const problems: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use',
  EACCES: 'may not be opened by you',
};

/** Why a server cannot listen, as a text. null: another error. */
export function portProblem(error: unknown): string | null {
  if (!Error.isError(error) || !('code' in error) || !('port' in error)) return null;
  const problem = problems[String(error.code)];
  return problem === undefined
    ? null
    : `Port ${error.port} ${problem}: take another with --port, or leave it out for a free one.`;
}
