/** Slack's URLs for private replies (https://docs.slack.dev/interactivity/handling-user-interaction, "Message responses"). */
export type ResponseUrls = {
  issue(): string;
  /** Slack's answer to a reply. What was replied is not kept. */
  use(id: string, body: string): { readonly status: number; readonly body: string };
};

const mostUses = 5;
const lifetimeMs = 30 * 60_000;

type Issued = { readonly expiresAt: number; usesLeft: number };

/** @param now milliseconds since the epoch */
export function createResponseUrls(baseUrl: string, now: () => number = Date.now): ResponseUrls {
  /** By ID, in the order of issue. Those that have expired are forgotten, so it does not grow for more than half an hour. */
  const issued = new Map<number, Issued>();
  let serial = 0;

  function forgetExpired(): void {
    for (const [id, { expiresAt }] of issued) {
      if (expiresAt > now()) return;
      issued.delete(id);
    }
  }

  const wasIssued = (id: string) => Number(id) >= 1 && Number(id) <= serial;

  return {
    issue() {
      forgetExpired();
      serial += 1;
      issued.set(serial, { expiresAt: now() + lifetimeMs, usesLeft: mostUses });
      return `${baseUrl}/${serial}`;
    },
    use(id, body) {
      forgetExpired();
      const known = issued.get(Number(id));
      if (known === undefined) return { status: 404, body: wasIssued(id) ? 'expired_url' : 'no_service' };
      if (known.usesLeft === 0) return { status: 404, body: 'used_url' };
      const problem = problemOf(body);
      if (problem !== null) return { status: 400, body: problem };
      known.usesLeft -= 1;
      return { status: 200, body: 'ok' };
    },
  };
}

function problemOf(body: string): 'invalid_payload' | 'no_text' | null {
  try {
    const { text, blocks } = JSON.parse(body);
    return text || blocks?.length > 0 ? null : 'no_text';
  } catch {
    return 'invalid_payload';
  }
}
