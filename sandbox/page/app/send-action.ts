import type { Action } from '../actions.ts';
import type { Result } from '../snapshot.ts';

const unreachable: Result = {
  ok: false,
  problem: 'The sandbox cannot be reached. If it was stopped, restart it with npm run sandbox.',
};

const failed: Result = { ok: false, problem: 'The sandbox failed. Its terminal has the error.' };

/** Sends an action to the sandbox. It never rejects: each failure is a problem to show. */
export async function sendAction(action: Action): Promise<Result> {
  const answer = await post(action);
  if (answer === null) return unreachable;
  try {
    // The server is part of this program.
    return (await answer.json()) as Result;
  } catch {
    return failed;
  }
}

async function post(action: Action): Promise<Response | null> {
  try {
    return await fetch('/actions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(action),
    });
  } catch {
    return null;
  }
}
