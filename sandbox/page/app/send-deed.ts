import type { Deed } from '../deeds.ts';
import type { Result } from '../snapshot.ts';

const unreachable: Result = {
  ok: false,
  problem: 'The sandbox cannot be reached. If it was ended, start it again with npm run sandbox.',
};

const failed: Result = { ok: false, problem: 'The sandbox itself failed with this; its terminal says more.' };

/** Does what somebody did on the page. It never rejects: whatever goes wrong is a problem to be told. */
export async function sendDeed(deed: Deed): Promise<Result> {
  const answer = await post(deed);
  if (answer === null) return unreachable;
  try {
    // The server is the other half of this program.
    return (await answer.json()) as Result;
  } catch {
    return failed;
  }
}

async function post(deed: Deed): Promise<Response | null> {
  try {
    return await fetch('/deeds', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(deed),
    });
  } catch {
    return null;
  }
}
