import { decide, standingHere } from '../../access/decide.ts';
import { confirmableBy } from '../../access/decide-press.ts';
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

/** What this person may do here, by one look at who and where. */
export type Rights = {
  may(action: Action): Decision;
  /** What others ask for and this person may confirm. */
  readonly confirmable: readonly Action[];
};

export async function rightsOf(
  { person, channel }: Asking,
  { directory, policy }: Pick<Sources, 'directory' | 'policy'>,
): Promise<Rights> {
  const rules = policy();
  const [who, place] = await Promise.all([directory.person(person, groupsNamed(rules)), directory.place(channel)]);
  const known = standingHere({ person: who, place });
  return {
    may: (action) => decide(rules, { action, workflowId: null, channel, person: who, place }),
    confirmable: 'person' in known ? confirmableBy(rules, channel, known.person) : [],
  };
}
