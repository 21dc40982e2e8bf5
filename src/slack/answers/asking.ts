import { decide } from '../../access/decide.ts';
import type { Decision } from '../../access/decision.ts';
import { type Action, groupsNamed, type Policy } from '../../access/policy.ts';
import type { Ledger } from '../../requests/ledger/ledger.ts';
import type { Campaign, Directory } from '../../requests/ports.ts';
import type { Request } from '../../requests/request.ts';
import type { Voice } from '../messages/voice.ts';

/** Who asks, and where. */
export type Asking = { readonly person: string; readonly channel: string };

/** What the answers to reading commands draw on. */
export type Sources = {
  readonly ledger: Ledger;
  readonly directory: Directory;
  readonly policy: () => Policy;
  readonly campaign: (environment: string) => Campaign | null;
  readonly organizationOf: (environment: string) => string | null;
  /** The words, with links to these requests. */
  readonly voice: (requests: readonly Request[]) => Promise<Voice>;
};

/** What this person may do here, action by action, by one look at who and where. */
export async function rightsOf(
  { person, channel }: Asking,
  { directory, policy }: Pick<Sources, 'directory' | 'policy'>,
): Promise<(action: Action, workflowId?: string) => Decision> {
  const rules = policy();
  const [who, place] = await Promise.all([directory.person(person, groupsNamed(rules)), directory.place(channel)]);
  return (action, workflowId) => decide(rules, { action, workflowId: workflowId ?? null, channel, person: who, place });
}
