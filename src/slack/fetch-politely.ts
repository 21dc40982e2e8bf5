/**
 * Like `fetch`, except that every 429 says how long to wait, in seconds: one without would be an error to Slack's client
 * that looks like a fault of ours.
 *
 * @param usualSeconds what is said after a 429 that does not say
 */
export function fetchPolitely(usualSeconds: number): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (response.status !== 429 || saysHowLong(response)) return response;
    await response.body?.cancel();
    return new Response(null, { status: 429, headers: { 'retry-after': String(usualSeconds) } });
  };
}

function saysHowLong({ headers }: Response): boolean {
  return !Number.isNaN(Number.parseInt(headers.get('retry-after') ?? '', 10));
}
